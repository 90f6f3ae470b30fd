"""A portrait of each neuron listed: its weights, what it writes, where it answers most."""

from __future__ import annotations

from functools import lru_cache
from typing import NotRequired, TypedDict, cast

import torch
from torch import Tensor

from pages.n1_forward_pass.mlp.probes import probe_activations
from transformer_core.feed_forward import FeedForwardTrace
from transformer_core.lens.neurons import neuron_weights, strongest_neurons, token_effects
from ui.models import HEAVY_PASSES, LoadedModel, trace

EFFECTS = 5  # tokens that a neuron pushes up most, and as many that it pushes down
CONTEXTS = 3  # places in the probe sentences where it answers most


class NeuronPortraits(TypedDict):
    """One row for each neuron `listed`, which is a layer and a neuron.

    `weights`: the fields of `NeuronWeights`; `effects`: on the logits of `effect_ids`; `context`:
    the strongest activations in the probe sentences, at the tokens `context_at` counted through,
    if those have been run; `listed_pre` and `listed_up`: their steps over all tokens, [row,
    position], where not all vectors were sent.
    """

    listed: Tensor
    weights: Tensor
    effect_ids: Tensor
    effects: Tensor
    context_at: NotRequired[Tensor]
    context: NotRequired[Tensor]
    listed_pre: NotRequired[Tensor]
    listed_up: NotRequired[Tensor]


@lru_cache(maxsize=32)
def neuron_portraits(
    loaded: LoadedModel,
    ids: tuple[int, ...],
    layers: tuple[int, ...],
    also: tuple[int, int] | None,
    probed: bool,
) -> NeuronPortraits:
    """The strongest neurons of each token, and `also` one (layer, neuron) asked for."""
    blocks = trace(loaded.name, ids).blocks
    fired = probe_activations(loaded) if probed else None
    with HEAVY_PASSES, torch.inference_mode():
        listed = []
        for i in layers:
            steps = blocks[i].feed_forward
            neurons = _listed(steps.hidden[0], i, also)
            listed.append(_portraits(loaded, i, neurons) | _moments(loaded, fired, i, neurons))
            if not loaded.is_small:
                listed[-1] |= _over_tokens(steps, neurons)
    joined = {name: torch.cat([each[name] for each in listed]) for name in listed[0]}
    return cast(NeuronPortraits, joined)


def _listed(hidden: Tensor, layer: int, also: tuple[int, int] | None) -> Tensor:
    strongest = strongest_neurons(hidden, neurons_per_token(len(hidden)))
    if also is None or also[0] != layer:
        return strongest
    return torch.cat((strongest, torch.tensor([also[1]]))).unique()


def neurons_per_token(n_tokens: int) -> int:
    """So many that a short text fills the picture too and a long one does not swell it."""
    return min(24, max(4, -(-64 // n_tokens)))


def _portraits(loaded: LoadedModel, layer: int, neurons: Tensor) -> dict[str, Tensor]:
    """For each neuron its weights' lengths and the tokens it writes."""
    weights = neuron_weights(loaded.model.blocks[layer].feed_forward)
    effects = token_effects(loaded.model, layer, neurons)
    up, down = effects.topk(EFFECTS), effects.topk(EFFECTS, largest=False)
    return {
        "listed": torch.stack((torch.full_like(neurons, layer), neurons), dim=1),
        "weights": torch.stack([each[neurons] for each in vars(weights).values()], dim=1),
        "effect_ids": torch.cat((up.indices, down.indices), dim=1),
        "effects": torch.cat((up.values, down.values), dim=1),
    }


def _moments(
    loaded: LoadedModel, fired: Tensor | None, layer: int, neurons: Tensor
) -> dict[str, Tensor]:
    """Where each neuron answers most in the probe sentences, once those have been run."""
    if fired is None:
        return {}
    answers = fired[layer][:, neurons].float()
    # Only behind a gate is a large negative value an answer.
    most = (answers.abs() if loaded.config.is_gated else answers).topk(CONTEXTS, dim=0).indices.T
    return {"context_at": most, "context": answers.T.gather(1, most)}


def _over_tokens(steps: FeedForwardTrace, neurons: Tensor) -> dict[str, Tensor]:
    """The neurons' steps over all tokens, which the vectors of one token leave out."""
    pre = {"listed_pre": steps.pre_activation[0][:, neurons].T}
    return pre if steps.up is None else pre | {"listed_up": steps.up[0][:, neurons].T}
