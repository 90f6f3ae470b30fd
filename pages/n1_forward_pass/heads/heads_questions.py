"""What the Heads lesson asks: worked out by hand or reasoned, then shown in the reader's run."""

from __future__ import annotations

from figures.numbers import percent
from pages.n1_forward_pass.heads.head_parts import SHOWN
from pages.n1_forward_pass.heads.removal_board import removed, unasked
from transformer_core.config import TransformerConfig
from transformer_core.lens.ablation import Head
from transformer_core.lens.head_arithmetic import layer_cost
from ui.check import Option, Question
from ui.frame import reader
from ui.models import load, trace
from ui.prose import quoted
from ui.state import Reader


def heads_questions() -> tuple[Question, ...]:
    """About the word, layer and head that the reader looks at now."""
    now = reader()
    return budget_question(now), induction_question(), effect_question(now), cost_question(now)


def budget_question(now: Reader) -> Question:
    """How much is left for all other tokens of one row?"""
    row = min(now.token, len(now.token_ids[:SHOWN]) - 1)
    weights = trace(now.model_name, now.token_ids[:SHOWN]).blocks[now.layer].attention.weights
    tenths = min(9, max(1, round(10 * float(weights[0, now.head, row].max()))))
    given, left = f"0.{tenths}", f"0.{10 - tenths}"
    shown = quoted(now.pieces[int(weights[0, now.head, row].argmax())])
    found = (
        f"The weights of a row add up to 1, so 1 − {given} = {left} is left. To attend strongly to "
        "two tokens at once takes two heads. In your sentence, head "
        f"{_name(now.layer, now.head)} gives {percent(float(weights[0, now.head, row].max()))} to "
        f"{shown} when the token is {quoted(now.pieces[row])}."
    )
    wrong = {
        "1": f"That would need a second head, with a softmax of its own. {found}",
        given: f"Another token may seem to have the same right. But the sum is fixed. {found}",
    }
    return Question(
        "By hand: one row of one head",
        f"A head gives one token an attention weight of {given}. How much can it give to all other "
        "tokens together?",
        (
            Option("1", False, wrong["1"]),
            *([] if given == left else [Option(given, False, wrong[given])]),
            Option(left, True, found),
        ),
        show={"layer": str(now.layer + 1), "head": str(now.head + 1), "token": str(row + 1)},
        see=f"head {_name(now.layer, now.head)} and the row of {quoted(now.pieces[row])}.",
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
    favourite, name = quoted(now.pieces[int(weights.argmax())]), _name(layer, head)
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
        show={"layer": str(layer + 1), "head": str(head + 1), "token": str(len(ids))},
        see=f"head {name} and the row of the last token.",
    )


def _name(layer: int, head: int) -> str:
    return f"{layer + 1}.{head + 1}"


def other_head(now: Reader, heads: tuple[Head, ...]) -> Head:
    """A head that the removal board does not show at first: neither the reader's nor the first."""
    config = load(now.model_name).config
    if len(heads) == config.n_layers * config.n_heads:
        layer = (now.layer + config.n_layers // 2) % config.n_layers
        return layer, (now.head + 1) % config.n_heads
    return next(each for each in heads[1:] if each != (now.layer, now.head))


def cost_question(now: Reader) -> Question:
    """What the cache keeps per token and layer."""
    config = load(now.model_name).config
    kept = layer_cost(config).cached
    return Question(
        "By hand: what has to be kept",
        "While text is written, a layer keeps the keys and values of every token. Layer "
        f"{now.layer + 1} has {config.n_heads} query heads of {config.d_head} numbers and "
        f"{config.n_kv_heads} key-value {_plural('head', config.n_kv_heads)}. How many numbers "
        "does this layer keep for each token?",
        tuple(
            Option(f"{size:,}", size == kept, f"{_why(config, size)}{_kept(config)}")
            for size in sorted(_sizes(config))
        ),
    )


def _sizes(config: TransformerConfig) -> set[int]:
    """The right answer; a pair for each query head; keys only; one pair for all; and far more."""
    per_head = 2 * config.d_head
    return {
        config.n_kv_heads * per_head,
        config.n_heads * per_head,
        config.n_kv_heads * config.d_head,
        per_head,
        config.n_heads * config.n_kv_heads * per_head,
    }


def _why(config: TransformerConfig, size: int) -> str:
    """What a wrong answer has counted."""
    per_head = 2 * config.d_head
    if size == config.n_kv_heads * per_head:
        return ""
    if size == config.n_heads * per_head:
        return "That keeps a key and a value for each query head. "
    if size == config.n_kv_heads * config.d_head:
        return "That counts the keys and forgets the values. "
    if size == per_head:
        return "That is one key and one value only. "
    return "That multiplies query heads by key-value heads, but a query is not kept. "


def _kept(config: TransformerConfig) -> str:
    said = (
        f"2 × {config.n_kv_heads} × {config.d_head} = {layer_cost(config).cached:,}: a key and a "
        "value for each key-value head of the layer. "
    )
    if config.n_kv_heads == config.n_heads:
        return said + "Here every query head has its own. In fable-modern three share one."
    return said + (
        f"With a pair for each query head it would be {2 * config.n_heads * config.d_head:,}; "
        f"{config.n_heads // config.n_kv_heads} query heads share one."
    )


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"
