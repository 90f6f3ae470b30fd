"""Where the parameters sit: the reader's model beside published ones."""

from __future__ import annotations

from figures.numbers import percent, short
from figures.parameters import shares_figure
from transformer_core.laws.parameters import ParameterCount, count_parameters
from transformer_core.presets import PRESETS
from ui.chart import show_chart
from ui.known_models import catalogue
from ui.models import load

PUBLISHED = {"GPT-2 small": "gpt2", "Llama-2 7B": "llama-2-7b", "Llama-3 8B": "llama-3-8b"}


def show_parameter_chart(model_name: str) -> None:
    """One bar each for this model, GPT-2 small and two Llamas."""
    mine = catalogue().offered[model_name].title
    models = {mine: count_parameters(load(model_name).config)}
    models |= {name: count_parameters(PRESETS[preset]) for name, preset in PUBLISHED.items()}
    show_chart(
        shares_figure(models),
        key="parameter-chart",
        finding=(
            "The MLPs hold ",
            ("feed-forward", f"{_share(models[mine])} of this model’s parameters"),
            f", {_share(models['GPT-2 small'])} of GPT-2 small’s and "
            f"{_share(models['Llama-2 7B'])} of Llama-2 7B’s",
        ),
        alt="Shares of all parameters. " + " ".join(_told(*each) for each in models.items()),
        caption=(
            "Counted from the models’ configurations. In each layer, an MLP has two matrices of "
            "d_model × d_ff numbers, or three with a gate; attention has four of at most "
            "d_model × d_model. In a small model, the vocabulary’s embedding takes a large part. "
            "Where no unembedding is drawn, the embedding’s matrix serves for both.",
        ),
        kind="published",
    )


def _share(count: ParameterCount) -> str:
    return percent(count.feed_forward / count.total)


def _told(name: str, count: ParameterCount) -> str:
    parts = {part.replace("_", "-"): n for part, n in vars(count).items() if n}
    shares = ", ".join(f"{part} {percent(n / count.total)}" for part, n in parts.items())
    return f"{name}, {short(count.total)} parameters: {shares}."
