// @ts-check
// As long as answers are on their way, the reader is told so.

export class Waiting {
  #awaited = 0;

  /** @param {HTMLElement} root whose style shows a sign while it is busy */
  constructor(root) {
    this.root = root;
  }

  /**
   * @template T
   * @param {Promise<T>} answer
   */
  async during(answer) {
    this.#count(1);
    try {
      return await answer;
    } finally {
      this.#count(-1);
    }
  }

  /** @param {1 | -1} by */
  #count(by) {
    this.#awaited += by;
    this.root.ariaBusy = String(this.#awaited > 0);
  }
}
