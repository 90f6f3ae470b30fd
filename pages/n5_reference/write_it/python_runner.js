// @ts-check
// A reader's code, run in a worker: started when it is first asked for, ended when it takes too long.

/** @typedef {{passed: boolean, got: string, error: string}} Result */
/** @typedef {{error: string, printed: string, results: Result[]}} Outcome of all tests, as harness.py tells it */
/** @typedef {{outcome: Outcome} | {stopped: "slow" | "absent" | "broken"}} Answer */
/** @typedef {import("./python_worker.js").Job} Job */

const START = 60_000; // milliseconds that Python may take to arrive
export const LONGEST = 5_000; // milliseconds that the code may take

/**
 * `run` answers once; a job that comes while another one is at work ends that one.
 * @param {string} python where Pyodide's files are
 * @param {string} harness
 * @param {() => Worker} [makeWorker]
 */
export function createRunner(python, harness, makeWorker = ownWorker) {
  /** @type {{worker: Worker, ready: Promise<boolean>} | undefined} */
  let place;

  const end = () => {
    place?.worker.terminate();
    place = undefined;
  };
  const begin = () => {
    const worker = makeWorker();
    const ready = heard(worker, START).then((said) => Boolean(said?.ready));
    worker.postMessage({ python: new URL(python, location.origin).href, harness });
    return { worker, ready };
  };

  return {
    end,
    isReady: () => place?.ready ?? Promise.resolve(false),
    /**
     * @param {Job} job
     * @returns {Promise<Answer>}
     */
    async run(job) {
      place ??= begin();
      const { worker, ready } = place;
      if (!(await ready)) {
        end();
        return { stopped: "absent" };
      }
      const answer = heard(worker, LONGEST);
      worker.postMessage(job);
      const said = await answer;
      if (said?.outcome) return { outcome: JSON.parse(said.outcome) };
      end(); // an endless loop, or a Python that is no longer sound
      return { stopped: said ? "broken" : "slow" };
    },
  };
}

const ownWorker = () => new Worker(new URL("./python_worker.js", import.meta.url), { type: "module" });

/**
 * What a worker says next; null if it says nothing in time.
 * @param {Worker} worker
 * @param {number} most milliseconds
 * @returns {Promise<{ready?: boolean, outcome?: string, failed?: string} | null>}
 */
function heard(worker, most) {
  return new Promise((resolve) => {
    const clock = setTimeout(() => resolve(null), most);
    const tell = (/** @type {any} */ said) => {
      clearTimeout(clock);
      resolve(said);
    };
    worker.onmessage = ({ data }) => tell(data);
    worker.onerror = () => tell({ failed: "the worker could not be started" });
  });
}
