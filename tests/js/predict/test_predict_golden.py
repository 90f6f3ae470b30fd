"""Predict's arithmetic against the core's: filters at their borders, groups, draws, surprise."""

import base64
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from transformers import (
    MinPLogitsWarper,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from pages.n1_forward_pass.predict.prediction_board import LISTED, pack_predictions
from pages.n1_forward_pass.predict.sampling_settings import RANGES, read_settings
from tests.js.golden import compare
from transformer_core.generation import Sampling, filter_steps
from transformer_core.lens.prediction import bits, rank_logits, token_losses
from ui.known_models import SHIPPED
from ui.models import trace
from ui.state import read_state

HERE = Path(__file__).parent
CAT = "The cat sat down because she was tired"
# Each setting at both its ends, and some between.
SAMPLINGS = [
    Sampling(),
    Sampling(temperature=0),
    Sampling(temperature=0, top_k=5, top_p=0.5),
    Sampling(temperature=RANGES["temperature"].step),
    Sampling(temperature=RANGES["temperature"].high),
    Sampling(top_k=1),
    Sampling(top_k=int(RANGES["top_k"].high)),
    Sampling(temperature=1.3, top_k=1, min_p=0.3),
    Sampling(top_p=RANGES["top_p"].low),
    Sampling(top_p=0.99),
    Sampling(top_p=1.0),
    Sampling(temperature=0.7, top_p=0.9),
    Sampling(temperature=1.6, top_p=0.99),
    Sampling(min_p=RANGES["min_p"].low),
    Sampling(min_p=RANGES["min_p"].step),
    Sampling(temperature=0.05, min_p=1.0),
    Sampling(temperature=2.0, top_k=100, top_p=0.8, min_p=0.1),
]


def settings(sampling: Sampling) -> dict[str, float]:
    """As the lesson has them: a filter that is off has the value of no cut."""
    off = {name: each.off for name, each in RANGES.items()}
    return {name: off[name] if x is None else x for name, x in asdict(sampling).items()}


def left(logits: torch.Tensor, sampling: Sampling) -> dict[str, Any]:
    """How many tokens each filter in use leaves, and the shares of those left at the end."""
    steps = filter_steps(logits, sampling)
    shares = steps[-1].probabilities.sort(descending=True).values
    kept = {step.name: int(step.kept.sum()) for step in steps}
    return {"settings": settings(sampling), "kept": kept, "shares": shares[: LISTED * 20].tolist()}


def logits_of(model: str) -> torch.Tensor:
    return trace(model, read_state({"text": CAT, "model": model}).token_ids).logits[0].double()


def test_filters_at_their_borders(tmp_path):
    drawn = []
    for model in SHIPPED:
        logits = logits_of(model)[4]
        drawn.append((logits, [left(logits, sampling) for sampling in SAMPLINGS]))
    # Equal logits, to be kept or cut together.
    ties = torch.tensor([2.0, 1.0, 1.0, 1.0, 0.0, -1.0], dtype=torch.float64)
    drawn.append((ties, [left(ties, Sampling(top_k=k)) for k in range(1, 7)]))
    cases = [
        {"logits": logits.sort(descending=True).values.tolist(), "left": found}
        for logits, found in drawn
    ]
    compare(HERE / "filters.golden.js", tmp_path, {"cases": cases})


def test_what_the_board_is_sent_gives_the_models_shares(tmp_path):
    """The tail travels with 16 bits; of a large vocabulary, in groups."""
    cases = []
    for model in SHIPPED:
        now = read_state({"text": CAT, "model": model})
        run = trace(model, now.token_ids)
        packed = pack_predictions(now, run, read_settings({})[0])
        places = [
            {"at": at, "left": [left(run.logits[0, at], sampling) for sampling in SAMPLINGS]}
            for at in (0, 4, len(now.token_ids) - 1)
        ]
        cases.append({"packed": base64.b64encode(packed).decode(), "places": places})
    compare(HERE / "prediction.golden.js", tmp_path, {"cases": cases})


def in_order(logits: torch.Tensor, filters: list[Any]) -> dict[str, Any]:
    """What Hugging Face's own filters leave, one after the other."""
    scores = logits[None]
    for each in filters:
        scores = each(torch.tensor([[0]]), scores)
    shares = scores[0].softmax(-1).sort(descending=True).values
    kept = int((scores[0] > -torch.inf).sum())
    return {"kept": kept, "shares": shares[: LISTED * 20].tolist()}


def test_both_orders_of_temperature_and_filters(tmp_path):
    """Temperature first, as Hugging Face and the core have it; and last, as llama.cpp has it."""
    logits = logits_of("fable-classic")[4]
    left = []
    for t, k, p, least in [
        *[(0.5, None, 0.9, None), (1.6, None, 0.9, None), (2.0, None, None, 0.1)],
        *[(0.7, 40, 0.95, 0.05), (1.5, 20, None, None), (1.0, 5, 0.8, 0.1)],
    ]:
        filters = [
            *([TopKLogitsWarper(k)] if k else []),
            *([TopPLogitsWarper(p)] if p else []),
            *([MinPLogitsWarper(least)] if least else []),
        ]
        heat = TemperatureLogitsWarper(t)
        both = {
            "first": in_order(logits, [heat, *filters]),
            "last": in_order(logits, [*filters, heat]),
        }
        left.append({"settings": settings(Sampling(t, k, p, least)), **both})
    cases = {"logits": logits.sort(descending=True).values.tolist(), "left": left}
    compare(HERE / "order.golden.js", tmp_path, cases)


def test_groups_of_a_large_vocabulary(tmp_path):
    logits = logits_of("fable-classic")[4]
    ranking = rank_logits(logits[None], n_exact=64, n_groups=300)
    cases = {
        "logits": [*ranking.first[0].tolist(), *ranking.rest[0].tolist()],
        "group": ranking.group,
        "exact": 64,
        "left": [
            left(logits, sampling)
            for sampling in (
                Sampling(temperature=1.5, top_p=0.95),
                Sampling(temperature=0.8, top_k=30),
            )
        ],
    }
    compare(HERE / "groups.golden.js", tmp_path, cases)


def test_surprise(tmp_path):
    model = "fable-classic"
    ids = torch.tensor(read_state({"text": CAT, "model": model}).token_ids)
    logits = logits_of(model)
    nats = token_losses(logits, ids)
    shares = logits.softmax(-1)[range(len(ids) - 1), ids[1:]]
    cases = {
        "nats": nats.tolist(),
        "shares": shares.tolist(),
        "bits": [bits(each) for each in nats.tolist()],
    }
    compare(HERE / "surprise.golden.js", tmp_path, cases)


def mulberry32(seed: int):
    """The generator once more, after its published C form."""
    whole = 0xFFFFFFFF
    while True:
        seed = (seed + 0x6D2B79F5) & whole
        t = ((seed ^ (seed >> 15)) * (seed | 1)) & whole
        t ^= (t + ((t ^ (t >> 7)) * (t | 61))) & whole
        yield ((t ^ (t >> 14)) & whole) / 2**32


def test_draws(tmp_path):
    """Each draw falls on the token whose stretch of the line from 0 to 1 it hits."""
    shares = logits_of("fable-modern")[2].softmax(-1).sort(descending=True).values
    ends = shares.cumsum(0)
    seeds = (0, 1, int(RANGES["draw_seed"].high))
    cases = {
        "logits": shares.log().tolist(),
        "runs": [
            {
                "seed": seed,
                "lots": list(islice(mulberry32(seed), 500)),
                "times": torch.searchsorted(
                    ends, torch.tensor(list(islice(mulberry32(seed), 1_000))).double(), right=True
                )
                .clamp(max=len(ends) - 1)
                .bincount(minlength=len(ends))
                .tolist(),
            }
            for seed in seeds
        ],
    }
    compare(HERE / "draws.golden.js", tmp_path, cases)
