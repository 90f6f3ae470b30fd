"""The cache by kind of attention, and what a machine lets prefill and decode do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TypedDict

from pages.n4_scale.decoding.decoding_runs import BusyError, limits
from transformer_core.config import TransformerConfig
from transformer_core.laws.blueprint import Blueprint, Shape, blueprint
from transformer_core.laws.blueprints import BLUEPRINTS
from transformer_core.laws.costs import kv_cache_numbers, token_flops
from transformer_core.laws.decoding import cache_kinds, published_kind, weight_bytes
from transformer_core.laws.memory_traffic import A100, H100, Accelerator
from ui.known_models import catalogue
from ui.models import load
from ui.serving.address import base_path
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack
from ui.state import Reader

LIMITS = "/app/static/machine-limits"  # below the app's own address
KEPT_BY = ("llama-2-7b", "llama-3-8b", "llama-2-70b", "gemma-2b", "deepseek-v3")
ON_A_ROOF = ("llama-2-7b", "llama-3-8b")


class KindData(TypedDict):
    """Numbers kept of a token in one layer, and heads for keys and values; 0 with a latent."""

    numbers: int
    kv_heads: int


class KeptData(TypedDict):
    """A shape with each kind of attention; `own` is the published one."""

    title: str
    source: str
    own: str
    kinds: dict[str, KindData]
    n_heads: int
    n_layers: int
    latent: int
    rope: int


class KeptShapes(TypedDict):
    """The reader's model first."""

    shapes: list[KeptData]


class RoofShape(TypedDict):
    """What a pass takes: FLOP of the matrices for a token, of attention for a pair; in numbers.

    weights: read by each pass; cache: kept of each token.
    """

    title: str
    matrices: float
    pair: float
    weights: float
    cache: float


class RoofMachine(TypedDict):
    """FLOP and bytes for each second, of memory from and to; bytes of a number."""

    title: str
    source: str
    flops: float
    bandwidth: tuple[float, float]
    size: int


class RoofData(TypedDict):
    """Shapes, the reader's first; published machines; where this server's limits are measured."""

    shapes: list[RoofShape]
    machines: list[RoofMachine]
    numbers: str


class LimitsData(TypedDict):
    """Reached by one thread of this server; `busy` where another reader is measuring."""

    busy: bool
    flops: float
    bandwidth: float


def show_kept_board(reader: Reader) -> None:
    """One control of memory: from keys and values for each head to one short vector for all."""
    component(__file__, "kept_board")(key="kept-board", data=describe_kept(reader))


def show_roof_board(reader: Reader) -> None:
    """Prefill and decode under a machine's two limits."""
    component(__file__, "roof_board")(key="roof-board", data=describe_roof(reader))


def describe_kept(reader: Reader) -> KeptShapes:
    """The reader's model, then published ones."""
    title, config = _model(reader)
    own = kept_by_kind(title, "this model", blueprint(config))
    return {"shapes": [own, *_published_kept()]}


def _model(reader: Reader) -> tuple[str, TransformerConfig]:
    known = catalogue().offered[reader.model_name]
    return known.title, load(known.name).config


@cache
def _published_kept() -> tuple[KeptData, ...]:
    plans = {each.name: each for each in BLUEPRINTS}
    found = [plans[name] for name in KEPT_BY]
    return tuple(kept_by_kind(each.title, each.source, each.plan) for each in found)


def kept_by_kind(title: str, source: str, plan: Blueprint) -> KeptData:
    """A shape as the browser counts with it."""
    kinds = cache_kinds(plan)
    latent = kinds["MLA"]
    return {
        "title": title,
        "source": source,
        "own": published_kind(plan),
        "kinds": {
            name: {
                "numbers": int(kv_cache_numbers(each, 1)) // plan.n_layers,
                "kv_heads": 0 if each.is_latent else each.n_kv_heads,
            }
            for name, each in kinds.items()
        },
        "n_heads": plan.n_heads,
        "n_layers": plan.n_layers,
        "latent": latent.kv_rank,
        "rope": latent.rope_width,
    }


def describe_roof(reader: Reader) -> RoofData:
    """Published machines only: this server is measured on a press."""
    title, config = _model(reader)
    plans = {each.name: each for each in BLUEPRINTS}
    others = [on_a_roof(plans[name].title, plans[name].plan) for name in ON_A_ROOF]
    return {
        "shapes": [on_a_roof(title, config), *others],
        "machines": [
            _machine(A100, "Dao et al. 2022; Dao 2023"),
            _machine(H100, "NVIDIA, data sheet of the H100 SXM"),
        ],
        "numbers": f"{base_path()}{LIMITS}",
    }


def on_a_roof(title: str, shape: Shape) -> RoofShape:
    """A shape as the browser counts with it."""
    one = token_flops(shape, 1)
    return {
        "title": title,
        "matrices": one.total - one.attention,
        "pair": one.attention,
        "weights": weight_bytes(shape, size=1),
        "cache": kv_cache_numbers(shape, 1),
    }


def _machine(machine: Accelerator, source: str) -> RoofMachine:
    return {
        "title": machine.title,
        "source": source,
        "flops": machine.flops,
        "bandwidth": machine.bandwidth,
        "size": 2,
    }


def packed_limits(_: Mapping[str, str]) -> bytes:
    """Measured now."""
    try:
        found = limits()
    except BusyError:
        busy: LimitsData = {"busy": True, "flops": 0.0, "bandwidth": 0.0}
        return pack(busy, {})
    told: LimitsData = {"busy": False, "flops": found.flops, "bandwidth": found.bandwidth}
    return pack(told, {})


ROUTES = [data_route(LIMITS, lambda raw: Answer(packed_limits(raw)))]
