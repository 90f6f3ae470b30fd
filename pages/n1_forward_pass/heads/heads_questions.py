"""What the Heads lesson asks: answered by the live weights, an ablated pass and the shapes."""

from __future__ import annotations

from figures.numbers import percent, signed
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
    return favourite_question(now), removal_question(now), cost_question(now)


def favourite_question(now: Reader) -> Question:
    """How many different words do the heads of one layer read most?"""
    row = min(now.token, SHOWN - 1)
    layers = trace(now.model_name, now.token_ids[:SHOWN]).blocks
    favourites = layers[now.layer].attention.weights[0, :, row].argmax(-1).tolist()
    n_heads, different = len(favourites), len(set(favourites))
    listed = ", ".join(
        f"head {head + 1} {quoted(now.pieces[key])}" for head, key in enumerate(favourites[:12])
    )
    found = (
        f"Most read from {quoted(now.pieces[row])}, by head: {listed}. That makes {different} "
        f"different {_plural('place', different)} in the text. One head has one softmax per word, "
        "so it has one favourite."
    )
    counts = sorted({1, 2, n_heads, different, max(1, different - 1), min(n_heads, different + 1)})
    return Question(
        f"One word, {n_heads} heads",
        f"Each of the {n_heads} heads of layer {now.layer + 1} has one place that "
        f"{quoted(now.pieces[row])} reads most. How many different places are these?",
        tuple(Option(str(count), count == different, found) for count in counts),
    )


def removal_question(now: Reader) -> Question:
    """What becomes of the likeliest next token without a head that the page does not show off?"""
    loaded, ids = load(now.model_name), now.token_ids[:SHOWN]
    heads = unasked(now.model_name, ids)
    found = removed(now.model_name, ids, heads)
    layer, head = other_head(now, heads)
    row = found.heads.index((layer, head))
    guess = int(found.next_ids[0, 0])
    before, after = float(found.chances[row, 0]), float(found.chances_without[row, 0])
    word = quoted(loaded.tokenizer.pieces([guess])[0])
    points = round(100 * (after - before), 1)  # as they are printed, so that the answer fits them
    name = f"{layer + 1}.{head + 1}"
    why = (
        f"With every head {word} has {percent(before)}, without head {name} {percent(after)}: a "
        f"change of about {signed(points, 1)} points. What one head gives up, others may still "
        "know; and some heads speak against a word."
    )
    return Question(
        f"Without head {name}",
        f"After {quoted(now.pieces[len(ids) - 1])} the model's first guess is {word} with "
        f"{percent(before)}. Suppose head {name} fell silent: what happens to that share?",
        (
            Option("It falls by more than 2 points", points < -2, why),
            Option("It stays within 2 points", -2 <= points <= 2, why),
            Option("It rises by more than 2 points", points > 2, why),
        ),
    )


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
        "What has to be kept",
        "While text is written, a layer keeps the keys and values of every token. Layer "
        f"{now.layer + 1} has {config.n_heads} query heads of {config.d_head} numbers and "
        f"{config.n_kv_heads} key-value {_plural('head', config.n_kv_heads)}. How many numbers "
        "does this one layer keep per token?",
        tuple(Option(f"{size:,}", size == kept, _kept(config)) for size in sorted(_sizes(config))),
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


def _kept(config: TransformerConfig) -> str:
    said = (
        f"2 × {config.n_kv_heads} × {config.d_head} = {layer_cost(config).cached:,}: a key and a "
        "value for each key-value head of one layer. "
    )
    if config.n_kv_heads == config.n_heads:
        return said + "Here every query head has its own; in the modern model three share one."
    return said + (
        f"With a pair for each query head it would be {2 * config.n_heads * config.d_head:,}; "
        f"{config.n_heads // config.n_kv_heads} query heads share one."
    )


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"
