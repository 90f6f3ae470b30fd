// @ts-check
// What a designer may change at each step.

/** @import { StageId } from "./stages.js" */
/** @typedef {readonly [name: string, what: string]} Lever */

/** @satisfies {Partial<Record<StageId | "overview", readonly Lever[]>>} */
export const LEVERS = {
  overview: [
    [
      "depth",
      "More layers let later steps build on earlier ones, but they run one after the other, while the numbers " +
        "within a layer can be computed side by side.",
    ],
    [
      "KV cache",
      "When a text is written token by token, the keys and values of past tokens are kept. Each new token then " +
        "costs one row instead of the whole sentence, for memory that grows with the text.",
    ],
    [
      "long context",
      "Scores grow with the square of the text. Windows, chunks and sparse patterns keep only some pairs; " +
        "grouped heads shrink the cache.",
    ],
  ],
  tokens: [
    [
      "vocabulary size",
      "A larger vocabulary makes shorter sequences, so fewer steps and a smaller n², but a larger embedding " +
        "table. GPT-2 has 50,257 entries, Llama 3 has 128,256.",
    ],
    [
      "bytes instead",
      "Any text can be spelt in bytes. The sequence becomes several times longer, and attention pays for it " +
        "twice over.",
    ],
  ],
  embed: [
    [
      "learned positions",
      "One trained vector per place, added here (GPT-2). Nothing exists beyond the last place that was trained.",
    ],
    [
      "RoPE",
      "Queries and keys are turned by an angle that grows with their place, so that a score depends on the " +
        "distance. Used by Llama and most models since.",
    ],
    [
      "ALiBi",
      "Each score loses a fixed amount per step of distance. No vectors are added, and the model can be run on " +
        "texts longer than it was trained on.",
    ],
  ],
  norm: [
    [
      "pre- or post-norm",
      "Norm before the sublayer (here) leaves the stream untouched and trains stably when deep. Norm after the " +
        "addition, as in the first Transformer, needs a careful warm-up.",
    ],
    [
      "RMSNorm",
      "Leaves out the mean and the bias: a little cheaper, about as good. Used by Llama; this app's modern model " +
        "has it.",
    ],
  ],
  qkv: [
    ["number of heads", "Heads split the same width: more heads see more kinds of relation, each with fewer numbers."],
    [
      "GQA, MQA",
      "Several query heads share one key and value head. Quality falls little, the cache shrinks by the same " +
        "factor. The modern model here shares each among three.",
    ],
  ],
  scores: [
    [
      "n² attention",
      "Twice the text makes four times the pairs. Scores and mixing catch up with the matrices of a layer only " +
        "near n = 6·d tokens, beyond the context of the models here; at 100,000 tokens the square decides.",
    ],
    [
      "fused kernels",
      "FlashAttention computes scores, softmax and mix in tiles and never stores the n² table: same result, " +
        "memory linear in n.",
    ],
  ],
  scale: [
    [
      "1 / √d_head",
      "Keeps the deviation of the scores near 1 if queries and keys have deviation 1, whatever the width of a " +
        "head.",
    ],
    ["QK norm", "Some recent models also norm queries and keys, which bounds the scores during training."],
  ],
  mask: [
    [
      "sliding window",
      "Each token sees only the last w: cost n·w. With depth, information still travels w tokens per layer.",
    ],
    ["chunks, sparse", "Blocks, strides or a few global tokens keep a fraction of the pairs for long texts."],
    [
      "prefix, none",
      "An encoder needs no mask: it may look both ways, but cannot be trained to predict the next token so.",
    ],
  ],
  softmax: [
    [
      "attention sink",
      "Shares must add up to 1. A head with nothing to read often parks its attention on the first token.",
    ],
    [
      "linear attention",
      "Replacing softmax by a product of features makes the cost linear in n, at some loss of exact recall.",
    ],
  ],
  mix: [
    [
      "KV cache",
      "In decoding, keys and values of past tokens are stored and read, not recomputed. In a large model that " +
        "serves few texts at a time, memory traffic, not arithmetic, then sets the speed.",
    ],
    [
      "cache size",
      "2 · layers · kv heads · d_head numbers per token. Fewer kv heads, a window, or 8-bit storage make it " +
        "smaller.",
    ],
  ],
  add: [
    [
      "residual stream",
      "Because sublayers only add, a deep stack starts close to the identity, and the gradient has a direct path " +
        "back to the first layer.",
    ],
    [
      "parallel blocks",
      "Some models let attention and MLP read the same input and add both at once: fewer steps in sequence.",
    ],
  ],
  mlp: [
    [
      "width d_ff",
      "Usually four times d_model, or 8/3 with a gate, which has a third matrix. Here sit most weights of a " +
        "large model.",
    ],
    [
      "mixture of experts",
      "Many MLPs, of which each token uses only a few: more weights for nearly the same arithmetic.",
    ],
  ],
  add2: [
    [
      "depth",
      "The stack can be made deeper without changing a shape. Scaling laws say how to split a budget between " +
        "size and data.",
    ],
  ],
  layers: [
    [
      "depth or width",
      "Depth is serial and sets the time of a token; width is parallel and fills the processor. Small models " +
        "gain most from a balance.",
    ],
    [
      "local and global layers",
      "Some models let most layers see a window only and every few layers everything, which cuts n² and the " +
        "cache.",
    ],
  ],
  unembed: [
    [
      "tied embeddings",
      "The unembedding may be the embedding table itself: fewer weights, used here and in GPT-2. Larger models " +
        "often untie them.",
    ],
    ["last row only", "In decoding only the last position is unembedded, since only its guess is needed."],
  ],
  sample: [
    [
      "temperature",
      "Divides the logits. Towards 0 the likeliest token always wins; above 1 unlikely ones get their turn.",
    ],
    [
      "top-p",
      "Keeps the smallest set of tokens that together reach p, drops the long tail and draws from what is left.",
    ],
    [
      "speculative decoding",
      "A small model drafts several tokens and the large one checks them in one pass: same distribution, fewer " +
        "steps.",
    ],
  ],
};
