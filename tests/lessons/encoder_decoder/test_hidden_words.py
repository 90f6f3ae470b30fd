"""A hidden token told by two models: what is sent is theirs, and odd texts get a sentence."""

import math

import pytest
import torch

from pages.n2_architectures.encoder_decoder import hidden_pass
from pages.n2_architectures.encoder_decoder.hidden_board import (
    EXAMPLES,
    FIRST_GUESSES,
    packed_hidden,
)
from pages.n2_architectures.encoder_decoder.hidden_pass import (
    MOST,
    NotToldError,
    causal_model,
    hidden,
    masked_model,
    tellable,
)
from tests.lessons.test_lessons import HOSTILE, boards, said, visit
from tests.ui.unpacking import unpack
from transformer_core.checkpoints import CheckpointError
from transformer_core.shipped_vocabulary import load_shipped

PAGE = "pages/n2_architectures/encoder_decoder/encoder_decoder.py"
REFUSED = {
    **{"empty": "", "blank": "  \t ", "one token": "The", "long": "word " * 100},
    **{f"{MOST + 1} tokens": " the" * (MOST + 1), "control": "\x00\x07"},
}


@pytest.mark.parametrize("text", EXAMPLES)
def test_what_is_sent_is_what_each_model_says(text):
    header, _ = unpack(packed_hidden({"sentence": text}))
    ids = load_shipped().encode(text)
    assert "".join(header["pieces"]) == text
    assert not header["problem"]
    for i, right in enumerate(ids):
        row = torch.tensor(ids)
        row[i] = masked_model().mask_token
        both = masked_model()(row[None])[0, i, :-1].log_softmax(-1)
        before = [load_shipped().end_of_text, *ids[:i]]
        left = causal_model()(torch.tensor([before]))[0, -1].log_softmax(-1)
        for name, logprobs in (("both_ways", both), ("before_only", left)):
            guess = header[name][i]
            assert guess["nats"] == pytest.approx(-logprobs[right].item(), abs=1e-3)
            assert guess["rank"] == int((logprobs > logprobs[right]).sum())
            assert len(guess["first"]) == FIRST_GUESSES
            assert guess["first"][0][1] == pytest.approx(logprobs.max().exp().item(), abs=1e-4)


def test_the_examples_show_what_reading_both_ways_is_worth():
    for text in EXAMPLES:
        header, _ = unpack(packed_hidden({"sentence": text}))
        both, before = (
            math.fsum(guess["nats"] for guess in header[name])
            for name in ("both_ways", "before_only")
        )
        assert both < before
        place = header["place"]
        assert place > 0
        assert header["both_ways"][place]["nats"] < header["before_only"][place]["nats"] - 1


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_told(text):
    with pytest.raises(NotToldError):
        tellable(text)
    header, _ = unpack(packed_hidden({"sentence": text, "asked": "1"}))
    assert header["problem"].endswith(".")
    assert header["pieces"] == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_sentences_are_read_or_refused(text):
    header, _ = unpack(packed_hidden({"sentence": text, "asked": "1"}))
    assert bool(header["problem"]) != bool(header["pieces"])
    if header["pieces"]:
        assert all(math.isfinite(each["nats"]) for each in header["both_ways"])


def test_without_the_model_the_rest_of_the_page_stands(monkeypatch):
    def missing(folder):
        raise CheckpointError("model.safetensors is missing.")

    hidden_pass.masked_model.cache_clear()
    hidden.cache_clear()
    monkeypatch.setattr(hidden_pass, "load_masked_model", missing)
    page = visit(PAGE)
    assert "The masked-word model cannot be shown." in said(page)
    assert "An interpreter reads a whole letter" in said(page)
    assert len(boards(page)) == 1
    hidden_pass.masked_model.cache_clear()
