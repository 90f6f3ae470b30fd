"""How large the reader's model's table is beside published ones."""

from __future__ import annotations

from figures.embedding_size import embedding_sizes, gigabytes, millions
from figures.numbers import count, percent
from transformer_core.laws.architectures import ARCHITECTURES
from transformer_core.laws.parameters import count_parameters
from ui.chart import show_chart
from ui.models import LoadedModel

PUBLISHED = ("GPT-2 small", "GPT-2 XL", "GPT-3")


def show_embedding_size(loaded: LoadedModel) -> None:
    """The reader's model on top, GPT-2 and GPT-3 below, with the same scale."""
    name = loaded.title
    configs = {name: loaded.config}
    configs |= {each.title: each.config for each in ARCHITECTURES if each.title in PUBLISHED}
    counts = {name: count_parameters(config) for name, config in configs.items()}
    shares = {title: percent(each.embedding / each.total) for title, each in counts.items()}
    times = counts["GPT-3"].embedding / counts[name].embedding
    show_chart(
        embedding_sizes(configs),
        key="embedding-size",
        finding=(
            ("attention", name),
            f" has {shares[name]} of its parameters in this table. GPT-3’s table is "
            f"{count(times)} times as large, but only {shares['GPT-3']} of GPT-3’s parameters",
        ),
        alt="; ".join(
            f"{each}: {config.vocab_size:,} by {config.d_model:,} is "
            f"{millions(counts[each].embedding)} numbers, "
            f"{gigabytes(4 * counts[each].embedding)} in float32, "
            f"{shares[each]} of all parameters"
            for each, config in configs.items()
        ),
        caption=(
            "In float32 a number takes 4 bytes. The table grows with the width of the model. The "
            "blocks grow with the square of the width and with the depth, so the table’s part of "
            "the model falls. Shapes: GPT-2 as released (Radford et al. 2019), GPT-3 from table "
            "2.1 of Brown et al. 2020.",
        ),
        kind="published",
    )
