// @ts-check
// What a designer may change at each step.

/** @import { StageId } from "./stages.js" */
/** @typedef {readonly [name: string, what: string]} Lever */

/** @satisfies {Partial<Record<StageId | "overview", readonly Lever[]>>} */
export const LEVERS = {
  overview: [
    [
      "depth",
      "With more layers, later steps can build on earlier ones. Layers must run one after the other, while the " +
        "numbers within a layer can be computed side by side.",
    ],
    [
      "KV cache",
      "When a model writes a text token by token, it keeps the keys and values of past tokens. Each new token then " +
        "needs one row instead of the whole text. That row still reads all n keys. The memory for them grows with " +
        "the text.",
    ],
    [
      "long context",
      "The number of scores grows with the square of the text's length. Windows, chunks and sparse patterns keep " +
        "only some pairs. Heads that share keys and values make the cache smaller.",
    ],
  ],
  tokens: [
    [
      "vocabulary size",
      "With a larger vocabulary a text has fewer tokens, so there are fewer steps and fewer pairs. The embedding " +
        "table becomes larger. GPT-2 has 50,257 entries, Llama 3 has 128,256.",
    ],
    [
      "bytes instead",
      "Any text can be spelt in bytes. English text then has about four times as many tokens, and the number of " +
        "attention scores grows with the square of that.",
    ],
  ],
  embed: [
    [
      "learned positions",
      "GPT-2 has one trained vector for each position and adds it here. For positions beyond the trained length " +
        "there is no vector.",
    ],
    [
      "RoPE",
      "Queries and keys are turned by an angle that grows with their position, so of the positions, only the " +
        "distance between two tokens enters their score. Llama and most models since use it.",
    ],
    [
      "ALiBi",
      "Each score is lowered by a fixed amount per step of distance. No vectors are added. In the paper (Press et " +
        "al. 2021) such models also read longer texts than they were trained on.",
    ],
  ],
  norm: [
    [
      "pre- or post-norm",
      "With the norm before the sublayer, as here, the stream itself is never rescaled, and deep models train more " +
        "stably. The first Transformer normed after the addition. It needed a careful warm-up.",
    ],
    [
      "RMSNorm",
      "It leaves out the mean and the bias. It is a little cheaper and about as good. Llama uses it, and so do Fable " +
        "modern and SmolLM2 in this app.",
    ],
  ],
  qkv: [
    [
      "number of heads",
      "Heads divide the same width between them. More heads can follow more kinds of relation, each with fewer " +
        "numbers.",
    ],
    [
      "GQA, MQA",
      "Several query heads share one key and value head. The quality falls little and the cache shrinks by the same " +
        "factor. In Fable modern and in SmolLM2, three query heads share each.",
    ],
  ],
  scores: [
    [
      "n² attention",
      "A text of twice the length has about four times the pairs. In a layer with four-fold width and as many keys " +
        "as queries, scores and mixing cost as much as the matrices at n = 6·d tokens. In larger models this is " +
        "later: at 26,624 tokens in Llama 3 8B.",
    ],
    [
      "fused kernels",
      "FlashAttention (Dao et al. 2022) works on small tiles and never writes the n² table to slow memory. It is " +
        "faster mainly because it reads and writes less. The result is the same.",
    ],
  ],
  scale: [
    [
      "1 / √d_head",
      "If the numbers of queries and keys are independent, with mean 0 and variance 1, then the score has a standard " +
        "deviation of 1 for any width of the head. In a trained model this holds only roughly.",
    ],
    ["QK norm", "Some recent models also norm queries and keys. This bounds the scores during training."],
  ],
  mask: [
    [
      "sliding window",
      "Each token sees only the last w tokens, so the cost is n·w. Each layer carries information up to w tokens " +
        "further, so several layers reach beyond the window.",
    ],
    ["chunks, sparse", "Blocks, strides or a few global tokens keep only a fraction of the pairs of a long text."],
    [
      "prefix",
      "The prompt, or prefix, is read in both directions, and only what follows is causal. The model then predicts " +
        "only the tokens after the prefix.",
    ],
    [
      "encoder",
      "An encoder such as BERT reads in both directions. It needs only a padding mask, which hides the filler at the " +
        "end of short texts. It cannot learn by next-token prediction, because each answer is in sight.",
    ],
  ],
  softmax: [
    [
      "attention sink",
      "A row's attention weights must add up to 1. A head that finds nothing useful often puts its attention on the " +
        "first token (Xiao et al. 2023).",
    ],
    [
      "linear attention",
      "A product of features can take the place of the softmax. The cost then grows linearly with n, and exact " +
        "recall " +
        "gets worse.",
    ],
  ],
  mix: [
    [
      "KV cache",
      "While a model writes, it keeps the keys and values of past tokens and reads them again at each step. In " +
        "a large " +
        "model that serves few texts at a time, reading memory takes longer than the arithmetic.",
    ],
    [
      "cache size",
      "A token takes 2 · layers · kv heads · d_head numbers. Fewer kv heads, a window, or 8-bit storage make this " +
        "smaller.",
    ],
  ],
  add: [
    [
      "residual stream",
      "A layer only has to learn a change to x. The derivative of x + f(x) is I + ∂f/∂x. The I is a direct path for " +
        "the gradient back to the first layer.",
    ],
    [
      "parallel blocks",
      "In some models attention and MLP read the same input, and both results are added at once. This makes fewer " +
        "steps in sequence.",
    ],
  ],
  mlp: [
    [
      "width d_ff",
      "Usually four times d_model. With a gate there is a third matrix, so about 8/3 times d_model gives " +
        "equally many " +
        "parameters. Llama 3 8B uses 3.5 times, Fable modern 3.0 times.",
    ],
    [
      "mixture of experts",
      "There are many MLPs, and each token uses only a few of them. The model has more weights for nearly the same " +
        "arithmetic.",
    ],
  ],
  add2: [
    [
      "depth",
      "More blocks can be stacked without changing a shape. Scaling laws say how to divide a budget between " +
        "model size " +
        "and data.",
    ],
  ],
  layers: [
    [
      "depth or width",
      "Depth sets the number of steps in sequence. In decoding, the time of a token depends mostly on reading all " +
        "weights. Kaplan et al. 2020 found that shape hardly matters at equal size. Below a billion parameters, " +
        "Liu et " +
        "al. 2024 (MobileLLM) found deeper models better.",
    ],
    [
      "local and global layers",
      "In some models most layers see only a window, and every few layers one sees everything. This lowers the " +
        "number " +
        "of scores and the size of the cache.",
    ],
  ],
  unembed: [
    [
      "tied embeddings",
      "Weight tying: the unembedding is the embedding table itself, which saves weights. All models that come " +
        "with this app " +
        "do it, and so does GPT-2. Larger models often do not.",
    ],
    ["last row only", "In decoding only the last position is unembedded, because only its prediction is needed."],
  ],
  sample: [
    [
      "temperature",
      "The logits are divided by it. Near 0 the most probable token always wins. Above 1, unlikely tokens are " +
        "drawn more " +
        "often.",
    ],
    [
      "top-p",
      "Only the smallest set of tokens is kept whose probabilities add up to p. The token is drawn from that set.",
    ],
    [
      "speculative decoding",
      "A small model proposes several tokens, and the large one checks them in one pass. The distribution stays the " +
        "same, and the large model takes fewer steps.",
    ],
  ],
};
