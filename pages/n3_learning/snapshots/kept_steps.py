"""The snapshots of two trainings: read when they are asked for, and only so many kept."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from itertools import combinations, product
from pathlib import Path
from typing import Any

from transformer_core.checkpoints import CheckpointError, load_checkpoint
from transformer_core.lens.ablation import Head
from transformer_core.lens.pair_statistics import PairStatistics, load_pairs
from transformer_core.transformer import Transformer
from ui.models import ModelUnavailableError

MODELS = Path(__file__).parents[3] / "assets" / "models"
STORIES = MODELS / "fable-tiny"
COPYING = MODELS / "copying"
FALL = 100  # steps
MOST_OF_IT = 0.5


@lru_cache(maxsize=26)  # 8 of 3.7 MB, 18 of 0.2 MB
def _model(folder: Path) -> Transformer:
    return load_checkpoint(folder)


def model_at(folder: Path) -> Transformer:
    """One snapshot; ModelUnavailableError where it cannot be read."""
    try:
        return _model(folder)
    except CheckpointError as error:
        raise ModelUnavailableError(f"A snapshot cannot be shown. {error}") from error


@cache
def pair_statistics() -> PairStatistics:
    """Of the texts that fable-tiny learnt from."""
    return load_pairs(STORIES / "pairs.safetensors")


@cache
def _json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def story_steps() -> list[dict[str, Any]]:
    """What is recorded of each snapshot of fable-tiny."""
    steps: list[dict[str, Any]] = _json(STORIES / "steps" / "steps.json")["steps"]
    return steps


def story_prompt() -> str:
    """What every recorded sample goes on from."""
    return str(_json(STORIES / "steps" / "steps.json")["prompt"])


def pair_losses() -> dict[str, dict[str, float]]:
    """Held-out losses of both statistics by source, in nats per token."""
    losses: dict[str, dict[str, float]] = _json(STORIES / "pairs.json")["held_out"]
    return losses


def copying_record() -> dict[str, Any]:
    """The training of the model that learns to copy."""
    record: dict[str, Any] = _json(COPYING / "training.json")
    return record


def copying_steps() -> list[int]:
    """The steps of which there are weights."""
    return list(copying_record()["snapshots"])


def look_of(step: int) -> dict[str, Any]:
    """What was measured at a step of that training."""
    looks: dict[int, dict[str, Any]] = {look["step"]: look for look in copying_record()["looks"]}
    return looks[step]


@cache
def steepest_fall() -> tuple[dict[str, Any], dict[str, Any]]:
    """The two looks, at most FALL steps apart, between which the second copy's loss falls most.

    The first steps, in which characters' frequencies are learnt, do not count.
    """
    looks = [look for look in copying_record()["looks"] if look["step"] >= FALL]
    near = ((a, b) for a, b in combinations(looks, 2) if b["step"] - a["step"] <= FALL)
    return max(near, key=lambda pair: pair[0]["second_copy"] - pair[1]["second_copy"])


@cache
def circuit_heads() -> tuple[Head, Head]:
    """The previous-token head and the induction head.

    As measured at the end of the training: by the weight on the token before in the first layer,
    and on the token after the earlier copy in the second.
    """
    last = look_of(copying_steps()[-1])
    back, matches = last["looks_back"][0], last["matches"][1]
    return (0, back.index(max(back))), (1, matches.index(max(matches)))


@cache
def inducing_heads() -> tuple[Head, ...]:
    """The heads of the second layer that give what followed earlier most of their weight."""
    matches = look_of(copying_steps()[-1])["matches"][1]
    return tuple((1, head) for head, weight in enumerate(matches) if weight > MOST_OF_IT)


@cache
def ablations() -> tuple[tuple[Head, ...], ...]:
    """The runs of each pattern: with all heads, without each one, without all that induce."""
    config = model_at(COPYING / f"step_{copying_steps()[0]:06}").config
    each = [(head,) for head in product(range(config.n_layers), range(config.n_heads))]
    return ((), *each, inducing_heads())
