"""How large the reader's model's table is beside published ones."""

from __future__ import annotations

from figures.embedding_size import embedding_sizes, gigabytes, millions
from transformer_core.laws.embedding_size import PUBLISHED, EmbeddingSize
from ui.chart import show_chart
from ui.models import LoadedModel


def size_of(loaded: LoadedModel) -> EmbeddingSize:
    """Counted in the model itself; a tied matrix counts once."""
    total = sum(parameter.numel() for parameter in loaded.model.parameters())
    config = loaded.config
    name = loaded.name.rsplit("/", 1)[-1]
    return EmbeddingSize(name, config.vocab_size, config.d_model, total)


def show_embedding_size(loaded: LoadedModel) -> None:
    """The reader's model on top, GPT-2 and GPT-3 below, with the same scale."""
    sizes = (size_of(loaded), *PUBLISHED)
    here, gpt3 = sizes[0], PUBLISHED[-1]
    show_chart(
        embedding_sizes(sizes),
        key="embedding-size",
        finding=(
            ("attention", here.name),
            f" keeps {100 * here.share:.0f} % of its numbers in this table; GPT-3’s table is "
            f"{gpt3.parameters / here.parameters:,.0f} times as large, yet "
            f"only {100 * gpt3.share:.2f} % of GPT-3",
        ),
        alt="; ".join(
            f"{size.name}: {size.vocab_size:,} by {size.d_model:,} is "
            f"{millions(size.parameters)} numbers, {gigabytes(size.float32_bytes)} in float32, "
            f"{100 * size.share:.2f} % of all parameters"
            for size in sizes
        ),
        caption=(
            "Bytes in float32, 4 per number. The table grows with the width, the blocks with its "
            "square and with the depth, so its share falls. Your model: counted. GPT-2: shapes as "
            "released (Radford et al. 2019); GPT-3: table 2.1 of arXiv 2005.14165; totals from "
            "those shapes.",
        ),
        kind="published",
        height=260,
    )
