"""What the Heads lesson asks: worked out by hand or reasoned, then shown in the reader's run."""

from __future__ import annotations

from figures.numbers import counted, percent
from pages.n1_forward_pass.heads.head_parts import SHOWN
from transformer_core.config import TransformerConfig
from transformer_core.lens.head_arithmetic import layer_cost
from ui.answers.check import Option, Question
from ui.frame import reader
from ui.head_roles import head_name
from ui.models import load, trace
from ui.prose import quoted
from ui.state import Reader


def heads_questions() -> tuple[Question, ...]:
    """About the word, layer and head that the reader looks at now."""
    now = reader()
    return budget_question(now), row_question(), cost_question(now)


def budget_question(now: Reader) -> Question:
    """How much is left for all other tokens of one row?"""
    row = min(now.token, len(now.token_ids[:SHOWN]) - 1)
    weights = trace(now.model_name, now.token_ids[:SHOWN]).blocks[now.layer].attention.weights
    tenths = min(9, max(1, round(10 * float(weights[0, now.head, row].max()))))
    given, left = f"0.{tenths}", f"0.{10 - tenths}"
    real = percent(float(weights[0, now.head, row].max()))
    shown = quoted(now.pieces[int(weights[0, now.head, row].argmax())])
    found = (
        f"The weights of a row add up to 1, so 1 − {given} = {left} is left. To attend strongly to "
        "two tokens at once takes two heads. In your sentence, head "
        f"{head_name(now.layer, now.head)} gives {real} to {shown} when the token is "
        f"{quoted(now.pieces[row])}."
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
        see=f"head {head_name(now.layer, now.head)} and the row of {quoted(now.pieces[row])}.",
    )


def row_question() -> Question:
    """Which rows of a map can change with the last token?"""
    found = (
        "Each token attends to itself and to the tokens before it. Rows 1 to 4 never see the fifth "
        "token, so they stay as they are, in every layer. Row 5 has a new query, and a new key for "
        "its own place. The picture of two sentences shows the same."
    )
    return Question(
        "Another last token",
        "A head’s map of five tokens has five rows, one for each token that attends. Now the fifth "
        "token is replaced by another one. How many rows can change in a model like this one?",
        (
            Option("None", False, f"The matrices stay. The vector of the token changes. {found}"),
            Option("One", True, found),
            Option("All five", False, f"That needs heads that see what comes later. {found}"),
        ),
    )


def cost_question(now: Reader) -> Question:
    """What the cache keeps per token and layer."""
    config = load(now.model_name).config
    kept = layer_cost(config).cached
    return Question(
        "By hand: what has to be kept",
        f"A layer keeps every token’s keys and values. Layer {now.layer + 1} has {config.n_heads} "
        f"query heads and {counted(config.n_kv_heads, 'key-value head')}. A key-value head makes a "
        f"key and a value of {config.d_head} numbers each. How many numbers are kept for a token?",
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
