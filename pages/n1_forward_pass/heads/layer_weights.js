// @ts-check
// Each layer's weights on one text: some come with an answer, the others when they are looked at.

import { Parts } from "../../../ui/kit/parts.js";
import { slice } from "../../../ui/kit/tensors.js";

/** @import { HeadsView } from "./head_place.js" */
/** @import { Packed, Tensor } from "../../../ui/kit/tensors.js" */

/** @typedef {{layers: number[]}} LayerHeader */
/** @typedef {{weights: Tensor}} WeightArrays of the layers sent, [layer, head, rows one after another] */

export class LayerWeights {
  /**
   * @param {HTMLElement} root
   * @param {HeadsView} view
   * @param {Record<string, string>} sentence
   */
  constructor(root, view, sentence) {
    /** @type {Parts<Tensor>} */
    this.parts = new Parts(root, `${view.numbers}/weights`, sentence, (packed) => {
      const { arrays } = /** @type {Packed<LayerHeader, WeightArrays>} */ (packed);
      return arrays.weights;
    });
  }

  /**
   * Those of some layers, as they came.
   * @param {readonly number[]} layers
   * @param {Tensor} weights
   */
  take(layers, weights) {
    layers.forEach((layer, at) => {
      this.parts.add(layer, { shape: [1, ...weights.shape.slice(1)], values: slice(weights, at) });
    });
  }

  /** @param {number} layer */
  of(layer) {
    return this.parts.get(layer);
  }

  /**
   * Call `then` once a layer that was not here has come.
   * @param {number} layer
   * @param {() => void} then
   */
  bring(layer, then) {
    if (this.of(layer)) return;
    this.parts.ask(layer, { layer: layer + 1 }).then((here) => here && then());
  }
}
