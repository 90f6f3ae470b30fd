// @ts-check
// The component table: what can be set, what each setting means, and which of them matter for a plan.

/** @typedef {import("./blueprint.js").Blueprint} Blueprint */
/** @typedef {import("./blueprint.js").Field} Field */
/** @typedef {{field: Field, label: string, says: string}} Row */

/** @param {Blueprint} plan */
const always = (plan) => Boolean(plan);
/** @param {Blueprint} plan */
const latent = (plan) => plan.attention === "latent";
/** @param {Blueprint} plan */
const windowed = (plan) => plan.sliding_window > 0;
/**
 * Whether any layer has one MLP for all tokens.
 * @param {Blueprint} plan
 */
const plain = (plan) => plan.n_experts === 0 || plan.n_dense_layers > 0;
/** @param {Blueprint} plan */
const routed = (plan) => plan.n_experts > 0;

/** `matters`: whether a plan is read there. @type {{row: Row, matters: (plan: Blueprint) => boolean}[]} */
const ALL = [
  ...list(always, [
    ["vocab_size", "vocabulary", "How many tokens there are, each with a vector of its own in the embedding."],
    [
      "context_length",
      "longest text",
      "How many tokens the model reads at most. Learned positions need a vector for each.",
    ],
    ["d_model", "width", "Numbers in the vector of a token, all the way through the residual stream."],
    ["n_layers", "layers", "How many blocks follow one another."],
    ["n_heads", "heads", "How many heads a layer has, each with queries of its own."],
  ]),
  ...list(
    (plan) => !latent(plan),
    [
      [
        "n_kv_heads",
        "key-value heads",
        "How many heads have keys and values of their own. The other heads share them (GQA, MQA).",
      ],
    ],
  ),
  ...list(always, [
    [
      "head_width",
      "width of a head",
      "Numbers of a query and a key. With “auto”, the heads share the width of the model.",
    ],
  ]),
  ...list(plain, [
    ["d_ff", "width of the MLP", "Neurons of an MLP: the numbers between its first and its last matrix."],
  ]),
  ...list(always, [
    ["stack", "stacks", "The Transformer of 2017 has an encoder and a decoder. Most later models are a decoder alone."],
    [
      "attention",
      "attention",
      "Heads keep keys and values. Latent attention (MLA) keeps one short vector and computes both from it.",
    ],
    ["position", "positions", "Learned positions are parameters. The other schemes have none."],
    ["norm", "norm", "LayerNorm has a gain and usually a bias for each number. RMSNorm has a gain alone."],
    ["block", "place of norms", "Before each sublayer (pre-norm), after it (post-norm), or both, as in Gemma 2."],
    ["activation", "activation", "SwiGLU and GeGLU have a gate, which is a third matrix in each MLP."],
    ["attention_bias", "biases, attention", "Whether the maps of attention add a bias to each number."],
    ["feed_forward_bias", "biases, MLP", "Whether the maps of the MLP add a bias to each number."],
    [
      "tied_embeddings",
      "tied embeddings",
      "Whether the embedding’s matrix is used again at the end, in place of an unembedding.",
    ],
    ["qk_norm", "norm of Q and K", "Whether each head’s queries and keys pass a norm of their own."],
    ["sliding_window", "window", "How many tokens a layer looks back at. With “none”, it looks at all of them."],
  ]),
  ...list(windowed, [
    [
      "global_every",
      "whole view every",
      "Every so many layers, one looks at all tokens without the window. With “none”, no layer does.",
    ],
  ]),
  ...list(latent, [
    [
      "q_rank",
      "rank of queries",
      "Numbers of the short vector that queries are computed from. With “none”, they come from the token itself.",
    ],
    [
      "kv_rank",
      "rank of keys, values",
      "Numbers of the short vector that is kept of each token in place of keys and values.",
    ],
    [
      "rope_width",
      "rotary width",
      "How many numbers of a query carry the position. They meet one key of this width, shared by all heads.",
    ],
    ["value_width", "width of a value", "Numbers of the value of one head."],
  ]),
  ...list(always, [
    [
      "n_experts",
      "experts",
      "How many MLPs a layer chooses from for each token. With “none”, there is one MLP for all tokens.",
    ],
  ]),
  ...list(routed, [
    ["n_active", "chosen experts", "How many experts the router chooses for each token."],
    ["n_shared", "shared experts", "How many experts work on every token besides the chosen ones."],
    ["d_expert", "width of an expert", "Neurons of one expert."],
    ["n_dense_layers", "dense layers", "How many layers at the bottom have one MLP instead of experts."],
    ["router_bias", "router’s bias", "One number for each expert, moved during training so that all experts get work."],
  ]),
];

/**
 * @param {(plan: Blueprint) => boolean} matters
 * @param {[Field, string, string][]} rows
 */
function list(matters, rows) {
  return rows.map(([field, label, says]) => ({ row: { field, label, says }, matters }));
}

export const FIELDS = ALL.map(({ row }) => row);

/**
 * What a size of 0 is called, where it has a meaning of its own.
 * @type {Record<string, string>}
 */
export const ZERO = {
  head_width: "auto",
  sliding_window: "none",
  global_every: "none",
  q_rank: "none",
  n_experts: "none",
};

/**
 * Whether a plan is read at a field.
 * @param {Blueprint} plan
 * @param {Field} field
 */
export const matters = (plan, field) => Boolean(ALL.find(({ row }) => row.field === field)?.matters(plan));

/**
 * The rows that matter for any of the plans.
 * @param {readonly Blueprint[]} plans
 */
export const rowsFor = (plans) => ALL.filter(({ matters }) => plans.some(matters)).map(({ row }) => row);

/**
 * The rows in which two plans differ, among those that matter for any of them.
 * @param {Blueprint} a
 * @param {Blueprint} b
 */
export const differing = (a, b) =>
  ALL.filter(({ row, matters }) => {
    const here = [a, b].map(matters);
    return here[0] !== here[1] || (here[0] && a[row.field] !== b[row.field]);
  }).map(({ row }) => row.field);

/** What a choice is called. @type {Record<string, string>} */
export const NAMES = {
  decoder: "decoder",
  encoder_decoder: "encoder, decoder",
  heads: "heads",
  latent: "latent (MLA)",
  none: "none",
  sinusoidal: "sinusoidal",
  learned: "learned",
  rope: "rotary (RoPE)",
  alibi: "ALiBi",
  layer_norm: "LayerNorm",
  rms_norm: "RMSNorm",
  pre_norm: "before",
  post_norm: "after",
  both_norms: "before and after",
  relu: "ReLU",
  gelu: "GELU",
  gelu_tanh: "GELU (tanh)",
  swiglu: "SwiGLU",
  geglu: "GeGLU",
};
