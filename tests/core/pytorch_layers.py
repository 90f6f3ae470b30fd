"""Our blocks' weights under the names and in the shapes of PyTorch's layers."""

import torch


def attention_weights(ours, prefix: str = "") -> dict[str, torch.Tensor]:
    projections = (ours.q_proj, ours.k_proj, ours.v_proj)
    weights = {
        "in_proj_weight": torch.cat([p.weight.T for p in projections]),
        "out_proj.weight": ours.out_proj.weight.T,
    }
    if ours.q_proj.bias is not None:
        weights["in_proj_bias"] = torch.cat([p.bias for p in projections])
        weights["out_proj.bias"] = ours.out_proj.bias
    return {prefix + name: weight for name, weight in weights.items()}


def block_weights(ours) -> dict[str, torch.Tensor]:
    weights = attention_weights(ours.attention, "self_attn.")
    norms = [ours.attention_norm, ours.feed_forward_norm]
    if hasattr(ours, "cross_attention"):
        weights |= attention_weights(ours.cross_attention, "multihead_attn.")
        norms.insert(1, ours.cross_attention_norm)
    for number, norm in enumerate(norms, start=1):
        weights |= {f"norm{number}.weight": norm.gain, f"norm{number}.bias": norm.bias}
    for name, linear in (
        ("linear1", ours.feed_forward.up_proj),
        ("linear2", ours.feed_forward.down_proj),
    ):
        weights |= {f"{name}.weight": linear.weight.T, f"{name}.bias": linear.bias}
    return weights
