// @ts-check
// A configuration as code: every tensor of the model, and how a block joins its parts.

import { expertLayers, hasNormBias, headWidth, isDecoder, isLatent, matrices } from "./blueprint.js";
import { totalParameters } from "./consequences.js";

/** @typedef {import("./blueprint.js").Blueprint} Blueprint */

const number = (/** @type {number} */ n) => n.toLocaleString("en").replaceAll(",", "_");
const STEP = "        ";

/**
 * Python that makes the model without memory for its numbers, and counts them.
 * @param {Blueprint} plan
 */
export function planCode(plan) {
  const classes = [attention(plan), mlp(plan), expertLayers(plan) ? experts(plan) : "", ...blocks(plan), model(plan)];
  return `${[head(plan), ...classes.filter(Boolean), count(plan)].join("\n\n\n")}\n`;
}

/** @param {Blueprint} plan */
function head(plan) {
  const width = headWidth(plan);
  const lines = [
    "import torch",
    "from torch import nn",
    "from torch.nn import functional as F",
    "",
    `vocab_size, context_length = ${number(plan.vocab_size)}, ${number(plan.context_length)}`,
    `d_model, n_layers, d_ff = ${number(plan.d_model)}, ${number(plan.n_layers)}, ${number(plan.d_ff)}`,
  ];
  if (isLatent(plan)) {
    lines.push(
      `n_heads, d_head, d_rope, d_value = ${[plan.n_heads, width, plan.rope_width, plan.value_width].join(", ")}`,
    );
    lines.push(`q_rank, kv_rank = ${plan.q_rank}, ${plan.kv_rank}`);
  } else lines.push(`n_heads, n_kv_heads, d_head = ${plan.n_heads}, ${plan.n_kv_heads}, ${width}`);
  if (expertLayers(plan))
    lines.push(
      `n_experts, n_active = ${plan.n_experts}, ${plan.n_active}`,
      `n_shared, d_expert = ${plan.n_shared}, ${number(plan.d_expert)}`,
      `n_dense_layers = ${plan.n_dense_layers}`,
    );
  return lines.join("\n");
}

/**
 * @param {string} name
 * @param {readonly string[]} made
 * @param {{given?: string, more?: readonly string[]}} [parts]
 */
const module = (name, made, { given = "", more = [] } = {}) =>
  [
    `class ${name}(nn.Module):`,
    `    def __init__(self${given}):`,
    `${STEP}super().__init__()`,
    ...made.map((line) => STEP + line),
    ...more.map((line) => (line ? `    ${line}` : "")),
  ].join("\n");

/**
 * @param {string} name
 * @param {string} from
 * @param {string} to
 * @param {boolean} bias
 */
const linear = (name, from, to, bias) => `self.${name} = nn.Linear(${from}, ${to}${bias ? "" : ", bias=False"})`;

/**
 * @param {Blueprint} plan
 * @param {string} [width]
 */
function norm(plan, width = "d_model") {
  if (plan.norm === "rms_norm") return `nn.RMSNorm(${width})`;
  return `nn.LayerNorm(${width}${hasNormBias(plan) && width === "d_model" ? "" : ", bias=False"})`;
}

/** @param {Blueprint} plan */
function attention(plan) {
  const bias = plan.attention_bias;
  if (isLatent(plan)) return latentAttention(plan, bias);
  const made = [
    linear("q_proj", "d_model", "n_heads * d_head", bias),
    linear("k_proj", "d_model", "n_kv_heads * d_head", bias),
    linear("v_proj", "d_model", "n_kv_heads * d_head", bias),
    linear("out_proj", "n_heads * d_head", "d_model", bias),
  ];
  return module("Attention", [...remarks(plan), ...made, ...(plan.qk_norm ? queryNorms(plan, "d_head") : [])]);
}

/**
 * What attention does without a tensor for it.
 * @param {Blueprint} plan
 */
function remarks(plan) {
  const turned = isLatent(plan) ? "the d_rope part of queries and keys" : "queries and keys";
  const whole = plan.global_every ? `, but for layers ${plan.global_every}, ${2 * plan.global_every}, …` : "";
  return [
    ...(plan.position === "rope" ? [`# rotary positions turn ${turned}`] : []),
    ...(plan.position === "alibi" ? ["# ALiBi lowers each score with the distance"] : []),
    ...(plan.sliding_window ? [`# a token sees the last ${number(plan.sliding_window)} tokens${whole}`] : []),
  ];
}

/**
 * @param {Blueprint} plan
 * @param {string} width
 */
const queryNorms = (plan, width) => [`self.q_norm = ${norm(plan, width)}`, `self.k_norm = ${norm(plan, width)}`];

/**
 * @param {Blueprint} plan
 * @param {boolean} bias
 */
function latentAttention(plan, bias) {
  const query = "n_heads * (d_head + d_rope)";
  const queries = plan.q_rank
    ? [
        linear("q_down", "d_model", "q_rank", bias),
        `self.q_rank_norm = ${norm(plan, "q_rank")}`,
        linear("q_up", "q_rank", query, false),
      ]
    : [linear("q_proj", "d_model", query, false)];
  return module("Attention", [
    ...remarks(plan),
    ...queries,
    linear("kv_down", "d_model", "kv_rank + d_rope", bias),
    `self.kv_rank_norm = ${norm(plan, "kv_rank")}`,
    linear("kv_up", "kv_rank", "n_heads * (d_head + d_value)", false),
    linear("out_proj", "n_heads * d_value", "d_model", bias),
    ...(plan.qk_norm ? queryNorms(plan, "d_head + d_rope") : []),
  ]);
}

/** @param {Blueprint} plan */
function mlp(plan) {
  const bias = plan.feed_forward_bias;
  const gate = matrices(plan) === 3 ? [linear("gate_proj", "d_model", "width", bias)] : [];
  return module(
    "MLP",
    [...gate, linear("up_proj", "d_model", "width", bias), linear("down_proj", "width", "d_model", bias)],
    { given: ", width", more: ["", "def forward(self, x):", `    return self.down_proj(${inside(plan)})`] },
  );
}

/** @param {Blueprint} plan */
function inside({ activation }) {
  const [gate, up] = ["self.gate_proj(x)", "self.up_proj(x)"];
  if (activation === "swiglu") return `F.silu(${gate}) * ${up}`;
  if (activation === "geglu") return `F.gelu(${gate}, approximate="tanh") * ${up}`;
  if (activation === "relu") return `F.relu(${up})`;
  return `F.gelu(${up}${activation === "gelu_tanh" ? ', approximate="tanh"' : ""})`;
}

/** @param {Blueprint} plan */
const experts = (plan) =>
  module("Experts", [
    "self.router = nn.Linear(d_model, n_experts, bias=False)",
    ...(plan.router_bias ? ["self.router_bias = nn.Parameter(torch.empty(n_experts))"] : []),
    "self.experts = nn.ModuleList(MLP(d_expert) for _ in range(n_experts))",
    ...(plan.n_shared ? ["self.shared = nn.ModuleList(MLP(d_expert) for _ in range(n_shared))"] : []),
  ]);

/** @param {Blueprint} plan */
function blocks(plan) {
  if (isDecoder(plan)) return [block(plan, "Block", false)];
  return [block(plan, "EncoderBlock", false), block(plan, "DecoderBlock", true)];
}

/**
 * @param {Blueprint} plan
 * @param {string} name
 * @param {boolean} crosses
 */
function block(plan, name, crosses) {
  const routed = expertLayers(plan) > 0;
  const some = routed && plan.n_dense_layers > 0;
  const wide = routed ? "Experts()" : "MLP(d_ff)";
  const sublayers = crosses ? ["attention", "cross_attention", "feed_forward"] : ["attention", "feed_forward"];
  /** @type {Record<string, string>} */
  const kinds = { attention: "Attention()", cross_attention: "Attention()" };
  const made = sublayers.flatMap((each) => [
    ...(plan.block === "both_norms"
      ? [`self.${each}_norm = ${norm(plan)}`, `self.${each}_norm_after = ${norm(plan)}`]
      : [`self.${each}_norm = ${norm(plan)}`]),
    `self.${each} = ${kinds[each] ?? (some ? `MLP(d_ff) if layer < n_dense_layers else ${wide}` : wide)}`,
  ]);
  const given = crosses ? "x, source" : "x";
  const joins = sublayers.map((each) => joined(plan, each));
  const more = ["", `def forward(self, ${given}):`, ...joins.map((line) => `    ${line}`), "    return x"];
  return module(name, made, { given: some ? ", layer" : "", more });
}

/**
 * @param {Blueprint} plan
 * @param {string} sublayer
 */
function joined(plan, sublayer) {
  const source = sublayer === "cross_attention" ? ", source" : "";
  if (plan.block === "post_norm") return `x = self.${sublayer}_norm(x + self.${sublayer}(x${source}))`;
  const done = `self.${sublayer}(self.${sublayer}_norm(x)${source})`;
  return plan.block === "both_norms" ? `x = x + self.${sublayer}_norm_after(${done})` : `x = x + ${done}`;
}

/** @param {Blueprint} plan */
function model(plan) {
  const made = ["self.embedding = nn.Embedding(vocab_size, d_model)"];
  const some = expertLayers(plan) > 0 && plan.n_dense_layers > 0;
  const stacks = isDecoder(plan)
    ? [["blocks", "Block"]]
    : [
        ["encoder", "EncoderBlock"],
        ["decoder", "DecoderBlock"],
      ];
  const ends = isDecoder(plan) ? ["final_norm"] : ["encoder_norm", "decoder_norm"];
  for (const [name] of plan.position === "learned" ? stacks : [])
    made.push(`self.${isDecoder(plan) ? "" : `${name}_`}positions = nn.Embedding(context_length, d_model)`);
  for (const [name, kind] of stacks)
    made.push(
      `self.${name} = nn.ModuleList(${kind}(${some ? "layer" : ""}) for ${some ? "layer" : "_"} in range(n_layers))`,
    );
  if (plan.block !== "post_norm") made.push(...ends.map((name) => `self.${name} = ${norm(plan)}`));
  made.push("self.unembedding = nn.Linear(d_model, vocab_size, bias=False)");
  if (plan.tied_embeddings) made.push("self.unembedding.weight = self.embedding.weight");
  return module("Transformer", made);
}

/** @param {Blueprint} plan */
const count = (plan) =>
  [
    'with torch.device("meta"):  # shapes without memory',
    "    model = Transformer()",
    `n_parameters = sum(each.numel() for each in model.parameters())  # ${number(totalParameters(plan))}`,
  ].join("\n");
