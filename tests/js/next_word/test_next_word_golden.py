"""What the Next word board works out in the browser, against the core's own."""

from math import exp, log
from pathlib import Path

import torch

from pages.n0_why.next_word.blanks import cut_known, describe_text
from pages.n0_why.next_word.known_texts import texts_for
from tests.js.golden import compare
from transformer_core.lens.guessing import staked_cost
from ui.known_models import SHIPPED
from ui.models import load

HERE = Path(__file__).parent
NATS = (0.0, 1e-6, 0.5, log(4), 12.5, 60.0)


def test_bets_and_sums(tmp_path):
    bets = [
        {"nats": nats, "right": right, "stake": stake, "paid": staked_cost(nats, right, stake)}
        for nats in NATS
        for right in (True, False)
        for stake in (0.01, 0.5, 0.99)
    ]
    usual = [
        {"nats": nats, "right": right, "paid": staked_cost(nats, right)}
        for nats in NATS
        for right in (True, False)
    ]
    texts = []
    for model in SHIPPED:
        loaded = load(model)
        vocab = loaded.config.vocab_size
        for known in texts_for(model):
            nats = describe_text(model, cut_known(known, loaded))["nats"]
            total = float(torch.tensor(nats, dtype=torch.float64).sum())
            mean = total / len(nats)
            texts.append(
                {"nats": nats, "vocab": vocab, "total": total, "mean": mean}
                | {"perplexity": exp(mean), "uniform": log(vocab)}
            )
    cases = {"bets": bets, "usual": usual, "texts": texts}
    compare(HERE / "guess_score.golden.js", tmp_path, cases)
