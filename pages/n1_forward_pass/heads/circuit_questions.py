"""What Circuits asks: by hand, about induction, and about a head of the reader's run."""

from __future__ import annotations

from dataclasses import dataclass, replace

from figures.numbers import number, percent, signed
from pages.n1_forward_pass.heads.head_parts import SHOWN
from pages.n1_forward_pass.heads.induction_board import TWICE, circuit_of, clear_copies, why_none
from pages.n1_forward_pass.heads.removal_board import removed, unasked
from transformer_core.lens.ablation import Head
from ui.answers.check import Option, Question
from ui.frame import reader
from ui.head_roles import head_name
from ui.models import load, trace
from ui.prose import quoted
from ui.state import Reader

WEIGHTS = (0.9, 0.1)  # of two tokens in one row
RAISED = (-1.0, 4.0)  # what each, fully attended to, would do to one logit


def circuit_questions() -> tuple[Question, ...]:
    """About the sentence, layer and head that the reader looks at now."""
    now = reader()
    mixture, induction = mixture_question(), induction_question()
    if not why_none(now.model_name):
        mixture = _both_circuits(mixture, _copy(now.model_name, 1))
        induction = _attended(induction, _copy(now.model_name, 0))
    return mixture, induction, effect_question(now)


@dataclass(frozen=True)
class Copy:
    """The circuit at a token that repeats: its position from 0, and what is to be seen there."""

    query: int
    head: str
    token: str
    next: str
    weight: str
    raised: str

    @property
    def show(self) -> dict[str, str]:
        """Where the picture goes."""
        return {"copy": str(self.query + 1)}


def _copy(model_name: str, rank: int) -> Copy:
    """One of the repeated tokens at which the circuit works best."""
    circuit, tokenizer = circuit_of(model_name), load(model_name).tokenizer
    ids = tuple(tokenizer.encode(TWICE))
    copies, pieces = clear_copies(model_name), tokenizer.pieces(list(ids))
    query = copies[min(rank, len(copies) - 1)]
    layer, head = circuit.induction
    weights = trace(model_name, ids).blocks[layer].attention.weights[0, head, query]
    return Copy(
        query,
        head_name(layer, head),
        quoted(pieces[query]),
        quoted(pieces[int((weights * circuit.target[query]).argmax())]),
        percent(float(circuit.found[0, query])),
        signed(float(circuit.raised[query])),
    )


def _attended(asked: Question, copy: Copy) -> Question:
    see = (
        f"the second {copy.token} of the repeating text. Head {copy.head} attends from there to "
        f"{copy.next}, which followed the first {copy.token}, with a weight of {copy.weight}."
    )
    return replace(asked, show=copy.show, see=see)


def _both_circuits(asked: Question, copy: Copy) -> Question:
    see = (
        f"the second {copy.token} of the repeating text. The QK circuit of head {copy.head} gives "
        f"{copy.next} a weight of {copy.weight} (step 3). The OV circuit makes of it a change of "
        f"the logit: {copy.raised} (step 4)."
    )
    return replace(asked, show=copy.show, see=see)


def mixture_question() -> Question:
    """What does a row of two weights do to a logit?"""
    parts = [weight * raised for weight, raised in zip(WEIGHTS, RAISED, strict=True)]
    worked = (
        f"{WEIGHTS[0]} × ({number(RAISED[0], 0)}) + {WEIGHTS[1]} × {number(RAISED[1], 0)} = "
        f"{number(parts[0], 1)} + {number(parts[1], 1)} = {number(sum(parts), 1)}. The QK circuit "
        "gives the weights, the OV circuit gives the changes."
    )
    return Question(
        "By hand: where and what",
        f"A head attends to “cup” with a weight of {WEIGHTS[0]} and to “moon” with {WEIGHTS[1]}. "
        "Attended to alone, with a weight of 1, “cup” would change the logit of “tea” by "
        f"{number(RAISED[0], 0)}, and “moon” would change it by +{number(RAISED[1], 0)}. By how "
        "much does the head change it? Count only what its output adds directly.",
        (
            Option(
                f"By {number(parts[0], 1)}",
                False,
                f"That leaves out “moon”, which gets little weight but brings much. {worked}",
            ),
            Option(f"By {number(sum(parts), 1)}", True, worked),
            Option(
                f"By +{number(sum(RAISED), 0)}",
                False,
                f"That adds the changes as if both weights were 1. {worked}",
            ),
        ),
    )


def induction_question() -> Question:
    """Where does an induction head attend?"""
    found = (
        "It attends to “moon”, the token after the earlier “cup”, and raises its logit. So the "
        "model can predict that “moon” follows again."
    )
    return Question(
        "An induction head",
        "The text is “cup moon fish cup”. An induction head is at the second “cup”. To which token "
        "does it attend?",
        (
            Option(
                "The first “cup”",
                False,
                f"A duplicate-token head does that. To copy “cup” would predict “cup cup”. {found}",
            ),
            Option("“moon”", True, found),
            Option(
                "“fish”",
                False,
                f"That is the token before, where a previous-token head attends. {found}",
            ),
        ),
    )


def effect_question(now: Reader) -> Question:
    """Does a large attention weight show what the prediction depends on?"""
    loaded, ids = load(now.model_name), now.token_ids[:SHOWN]
    heads = unasked(now.model_name, ids)
    found = removed(now.model_name, ids, heads)
    layer, head = other_head(now, heads)
    row = found.heads.index((layer, head))
    before, after = float(found.chances[row, 0]), float(found.chances_without[row, 0])
    word = quoted(loaded.tokenizer.pieces([int(found.next_ids[0, 0])])[0])
    weights = trace(now.model_name, ids).blocks[layer].attention.weights[0, head, -1]
    favourite, name = quoted(now.pieces[int(weights.argmax())]), head_name(layer, head)
    why = (
        f"Only an ablation tells. Without head {name}, the probability of {word} goes from "
        f"{percent(before)} to {percent(after)}."
    )
    return Question(
        "Attention and effect",
        f"In head {name}, the last token attends most to {favourite}, with a weight of "
        f"{percent(float(weights.max()))}. What does this say about how much the first guess, "
        f"{word}, depends on this head?",
        (
            Option(
                "The larger the weight, the more it depends on it",
                False,
                "A weight says where the value comes from. The value may be small, W_O may send it "
                f"in a direction that does not matter, or other heads bring the same. {why}",
            ),
            Option(
                "A small weight shows that the head does not matter",
                False,
                "Even a small part of a large value can matter, and so can many small weights "
                f"together. {why}",
            ),
            Option("By itself, nothing certain", True, why),
        ),
        show={"layer": str(layer + 1), "head": str(head + 1)},
        see=f"what head {name} changes when it is ablated.",
    )


def other_head(now: Reader, heads: tuple[Head, ...]) -> Head:
    """A head that the removal board does not show at first: neither the reader's nor the first."""
    config = load(now.model_name).config
    if len(heads) == config.n_layers * config.n_heads:
        layer = (now.layer + config.n_layers // 2) % config.n_layers
        return layer, (now.head + 1) % config.n_heads
    return next(each for each in heads[1:] if each != (now.layer, now.head))
