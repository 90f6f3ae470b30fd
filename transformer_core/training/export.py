"""Make a shipped model of a training run: weights, config, measurements and a model card.

``python -m transformer_core.training.export RUN_FOLDER TOKENS_FOLDER --out assets/models/NAME``;
with ``--steps`` the run's snapshots go to ``NAME/steps`` as well.
"""

from __future__ import annotations

import argparse
import os
import platform
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import torch

from transformer_core.checkpoints import CheckpointError, load_checkpoint, save_checkpoint
from transformer_core.config import TransformerConfig
from transformer_core.presets import PRESETS
from transformer_core.records.json_file import RecordError, write_record
from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.training.card import model_card
from transformer_core.training.corpus import CorpusError, read_index
from transformer_core.training.loss_curve import loss_svg
from transformer_core.training.measurements import (
    PROMPT,
    continuation,
    head_record,
    head_roles,
    head_roles_record,
    held_out_record,
    held_out_windows,
)
from transformer_core.training.state import STATE, Progress, Recipe, TrainingError, read_state
from transformer_core.transformer import Transformer

SAMPLES = ((0.0, 1), (0.8, 1), (0.8, 2))


@dataclass(frozen=True)
class SavedRun:
    """A state or snapshot of a run: its weights, how far it had come and with which settings."""

    model: Transformer
    recipe: Recipe
    progress: Progress

    @property
    def tokens_seen(self) -> int:
        """step * batch_size * context_length."""
        config = self.model.config
        return self.progress.step * self.recipe.batch_size * config.context_length


@dataclass(frozen=True)
class Told:
    """What a run's files do not know of it.

    `remark` is a sentence for the card; `earlier` are the shares of repeated passages that the run
    began with, as "until step:share".
    """

    hardware: str
    remark: str = ""
    earlier: tuple[str, ...] = ()


def read_run(path: Path) -> SavedRun:
    """A state or snapshot file; TrainingError if it is missing or damaged."""
    state = read_state(path)
    try:
        model = Transformer(TransformerConfig.from_dict(state.settings["config"]))
        model.load_state_dict(state.weights)
        return SavedRun(model, Recipe(**state.settings["recipe"]), state.progress)
    except (KeyError, ValueError, TypeError, RuntimeError) as error:
        raise TrainingError(f"{path} is damaged ({error}); train again.") from error


def command(run: SavedRun) -> str:
    """The command line that repeats a run."""
    presets = [name for name, config in PRESETS.items() if config == run.model.config]
    if not presets:
        raise TrainingError("The run's config is no preset, so no command line would repeat it.")
    options = {"preset": presets[0], "out": "RUN_FOLDER", "tokens": run.tokens_seen}
    for field in fields(Recipe):
        value = getattr(run.recipe, field.name)
        if field.name not in ("weights", "tokens") and value != field.default:
            options[field.name.replace("_", "-")] = value
    flags = " ".join(f"--{name} {value}" for name, value in options.items())
    return f"python -m transformer_core.training TOKENS_FOLDER {flags}"


def stages(run: SavedRun, earlier: tuple[str, ...]) -> list[dict[str, float]]:
    """The shares of repeated passages: `earlier` ones as "step:share", the last is the run's."""
    pairs = [part.split(":") for part in earlier]
    try:
        parts = [{"until_step": int(step), "repeated": float(share)} for step, share in pairs]
    except ValueError as error:
        raise TrainingError(
            f"--earlier takes STEP:SHARE, such as 600:0.1, not {' '.join(earlier)}."
        ) from error
    return [*parts, {"until_step": run.progress.step, "repeated": run.recipe.repeated}]


def training_record(run: SavedRun, tokens_folder: Path, told: Told) -> dict[str, Any]:
    """What training.json says of a run itself, before anything is measured on the weights."""
    curve = run.progress.curve
    return {
        "command": command(run),
        "hardware": told.hardware,
        "torch": torch.__version__.split("+")[0],
        "config": run.model.config.to_dict(),
        "recipe": {k: v for k, v in asdict(run.recipe).items() if k != "tokens"},
        "parameters": sum(p.numel() for p in run.model.parameters()),
        "steps": run.progress.step,
        "tokens_seen": run.tokens_seen,
        "seconds": round(run.progress.seconds),
        "corpus": read_index(tokens_folder)["sources"],
        "curve": [point for point in curve if "loss" in point],
        "held_out_curve": [point for point in curve if "loss" not in point],
        "stages": stages(run, told.earlier),
        "remark": told.remark,
    }


def export(
    run_folder: Path, tokens_folder: Path, out: Path, told: Told, max_tokens: int = 65_536
) -> None:
    """Write a run's weights in float16, and what is measured on exactly these weights.

    `max_tokens` of each held-out source are read.
    """
    run = read_run(run_folder / STATE)
    record = training_record(run, tokens_folder, told)
    save_checkpoint(run.model, out, torch.float16)
    model = load_checkpoint(out)
    record["held_out"] = held_out_record(model, tokens_folder, max_tokens)
    record["samples"] = [
        {"temperature": t, "seed": seed, "text": continuation(model, PROMPT, t, seed)}
        for t, seed in SAMPLES
    ]
    text = held_out_windows(tokens_folder, model.config)
    roles = head_roles_record(model, load_shipped(), text, "of every held-out text alike")
    write_record(out / "training.json", record)
    write_record(out / "head_roles.json", roles)
    (out / "loss.svg").write_text(loss_svg(record), encoding="utf-8")
    (out / "README.md").write_text(model_card(out.name, record, roles), encoding="utf-8")


def export_steps(run_folder: Path, tokens_folder: Path, out: Path, steps: list[int]) -> None:
    """Write snapshots below `out`/steps, and steps.json; the last step is `out` itself."""
    final = read_run(run_folder / STATE)
    text = held_out_windows(tokens_folder, final.model.config)
    records = []
    for step in sorted({*steps, final.progress.step}):
        folder = out / "steps" / f"step_{step:06}"
        if step == final.progress.step:
            folder = out
        else:
            run = read_run(run_folder / f"step_{step:06}.safetensors")
            save_checkpoint(run.model, folder, torch.float16)
        model = load_checkpoint(folder)
        records.append(
            {
                "step": step,
                "tokens_seen": step * final.tokens_seen // final.progress.step,
                "folder": os.path.relpath(folder, out),
                "held_out": held_out_record(model, tokens_folder, 16_384),
                "heads": [head_record(scores) for scores in head_roles(model, text)],
                "sample": continuation(model, PROMPT, 0.0, seed=1, n_tokens=60),
            }
        )
    write_record(out / "steps" / "steps.json", {"prompt": PROMPT, "steps": records})


def this_machine() -> str:
    """The kind of machine, in general words."""
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    capability = torch.backends.cpu.get_cpu_capability()
    return f"CPU, {platform.machine()}, {capability}, {os.cpu_count()} cores"


def main() -> None:
    """Read the command line and export; an expected error is one line and status 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run_folder", type=Path, help="--out of the training")
    parser.add_argument("tokens_folder", type=Path, help="what training.corpus prepared")
    parser.add_argument("--out", type=Path, required=True, help="folder named as the model")
    parser.add_argument("--hardware", default=this_machine(), help="what the run ran on")
    parser.add_argument("--remark", default="", help="a sentence for the card")
    parser.add_argument(
        "--earlier", nargs="*", default=[], help="shares of repeats so far, as UNTIL_STEP:SHARE"
    )
    parser.add_argument("--max-tokens", type=int, default=65_536, help="held-out tokens per source")
    parser.add_argument("--steps", type=int, nargs="*", default=[], help="snapshots")
    options = parser.parse_args()
    run_folder, tokens_folder, out = options.run_folder, options.tokens_folder, options.out
    told = Told(options.hardware, options.remark, tuple(options.earlier))
    try:
        export(run_folder, tokens_folder, out, told, options.max_tokens)
        if options.steps:
            export_steps(run_folder, tokens_folder, out, options.steps)
    except (TrainingError, RecordError, CorpusError, CheckpointError) as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
