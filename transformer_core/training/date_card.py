"""What is kept of a date writer's training: weights, measurements on held-out dates, a card."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, cast

import torch
import torch.nn.functional as F

from transformer_core.checkpoints import load_encoder_decoder, save_checkpoint
from transformer_core.dates import (
    N_TARGET,
    START,
    any_date,
    ids_of,
    is_held_out,
    text_of,
    written,
)
from transformer_core.encoder_decoder import EncoderDecoder
from transformer_core.masks import padding_mask
from transformer_core.records.json_file import write_record
from transformer_core.rewriting import FREE, write
from transformer_core.training.loop import Run

N_MEASURED = 4_000
KINDS = {
    "month as a word": r".*[a-z]{3}(?!day).*\d",
    "digits, day first": r"\d\d?[/.-]\d",
    "digits, year first": r"\d{4}[ /-]\d",
    "year of two digits": r"(?!.*\d{4})",
}
SAMPLES = ("3 March 1987", "March 3rd, 1987", "03/03/87", "the 29th of Feb., 2000", "12/31/1999")


def export(run: Run, out: Path, command: str, hardware: str) -> None:
    """Write a run's model in float16, and what is measured on exactly these weights."""
    save_checkpoint(cast(EncoderDecoder, run.model), out)
    model = load_encoder_decoder(out)
    record: dict[str, Any] = {
        "command": command,
        "hardware": hardware,
        "torch": torch.__version__.split("+")[0],
        "config": model.config.to_dict(),
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "steps": run.progress.step,
        "batch_size": run.recipe.batch_size,
        "learning_rate": run.recipe.learning_rate,
        "seed": run.recipe.seed,
        "seconds": round(run.progress.seconds),
        "curve": [point for point in run.progress.curve if point["step"] % 50 == 0],
        "held_out": measured(model),
        "samples": dict(zip(SAMPLES, rewritten(model, SAMPLES), strict=True)),
    }
    write_record(out / "training.json", record)
    (out / "README.md").write_text(card(out.name, record), "utf-8")


def rewritten(model: EncoderDecoder, texts: Sequence[str]) -> list[str]:
    """What the model makes of each text, all in one padded batch."""
    lengths = torch.tensor([len(text) for text in texts])
    longest = int(lengths.max())
    ids = [F.pad(torch.tensor(ids_of(text)), (0, longest - len(text))) for text in texts]
    fixed = torch.full((len(texts), N_TARGET), FREE)
    with torch.inference_mode():
        source = model.encode(torch.stack(ids), padding_mask(lengths, longest))
        made = write(model, source, START, fixed).ids
    return [text_of(row) for row in made.tolist()]


def measured(model: EncoderDecoder) -> dict[str, dict[str, int]]:
    """How many held-out dates are rewritten without a single wrong character, by their form."""
    random = Random("held out")
    days = [day for day in (any_date(random) for _ in range(30 * N_MEASURED)) if is_held_out(day)]
    pairs = [(written(day, random), day.isoformat()) for day in days[:N_MEASURED]]
    texts = [text for text, _ in pairs]
    found = [
        each for i in range(0, len(texts), 250) for each in rewritten(model, texts[i : i + 250])
    ]
    right = [wanted == made for (_, wanted), made in zip(pairs, found, strict=True)]
    counts = {"all": {"dates": len(right), "right": sum(right)}}
    for kind, form in KINDS.items():
        of_kind = [
            hit for text, hit in zip(texts, right, strict=True) if re.match(form, text.lower())
        ]
        counts[kind] = {"dates": len(of_kind), "right": sum(of_kind)}
    return counts


def card(name: str, record: dict[str, Any]) -> str:
    """README.md of the model."""
    return (
        "\n\n".join((_opening(name, record), _training(record), _held_out(record), _limits()))
        + "\n"
    )


def _opening(name: str, record: dict[str, Any]) -> str:
    shapes = "\n".join(f"| {field} | {value} |" for field, value in record["config"].items())
    return (
        f"# {name}\n\n"
        f"An encoder-decoder of {record['parameters'] / 1e6:.2f} million parameters that rewrites "
        'a date as ISO 8601 writes it ("March 3rd, 1987" becomes "1987-03-03"), one character a '
        "token. It was trained from scratch for this project, so that a reader can watch "
        "cross-attention on a task whose answers can be checked by eye. Written by `python -m "
        "transformer_core.training.dates`; every number below is measured on the weights as they "
        "are stored (16-bit).\n\n"
        "## Architecture\n\n`transformer_core/encoder_decoder.py`: each half has as many blocks as "
        f"`n_layers` says.\n\n| field | value |\n|---|---|\n{shapes}"
    )


def _training(record: dict[str, Any]) -> str:
    return (
        "## Data and training\n\n"
        "Dates of the years 1000 to 2999 are drawn at random, half of them from 1930 to 2029. Each "
        "is written in one of many forms (`transformer_core/dates.py`), about half of them after "
        "some blanks, so that all positions are learnt. In digits the day comes before the month, "
        "unless the year comes first. A year of two digits lies between 1930 and 2029. One date in "
        "twenty is held out in every form. No text of other people was used.\n\n"
        f"{record['steps']:,} steps of {record['batch_size']} dates by teacher forcing; "
        f"{record['seconds'] / 60:.0f} minutes on {record['hardware']}; torch {record['torch']}. "
        "Muon for the matrices of the blocks, AdamW for the rest, peak learning rate "
        f"{record['learning_rate']:g}, linear warm-up over 2 % of the run, then flat, then linear "
        f"decay over the last 40 %.\n\n```\n{record['command']}\n```"
    )


def _held_out(record: dict[str, Any]) -> str:
    rows = "\n".join(
        f"| {kind} | {n['dates']:,} | {n['right']:,} | {n['right'] / n['dates']:.1%} |"
        for kind, n in record["held_out"].items()
    )
    samples = "\n".join(f"| {text} | {made} |" for text, made in record["samples"].items())
    return (
        "## Held-out dates\n\nRight means that no character is wrong. The forms overlap.\n\n"
        f"| form | dates | right | |\n|---|---|---|---|\n{rows}\n\n"
        "These texts were fixed beforehand. The last one has no right answer, as there is no month "
        "31:\n\n"
        f"| text | the model writes |\n|---|---|\n{samples}"
    )


def _limits() -> str:
    return (
        "## Limits and licence\n\nIt knows no other task. For a text that is no date it still "
        "writes something that looks like one. It reads 03/04/1987 as the 3rd of April. The "
        "weights are under this repository's licence."
    )
