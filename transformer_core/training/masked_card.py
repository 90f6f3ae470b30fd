"""What is kept of a masked-word model's training: weights, what was measured on them, a card."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor

from transformer_core.checkpoints import load_checkpoint, load_masked_model, save_checkpoint
from transformer_core.masked_words import MaskedModel, hidden_logprobs
from transformer_core.records.json_file import write_record
from transformer_core.training.corpus import held_out, read_index
from transformer_core.training.loop import Run
from transformer_core.transformer import Transformer

SOURCE, PASSAGES = "tinystories", 100
CAUSAL = "fable-tiny"  # which is measured on the same tokens


def export(run: Run, tokens_folder: Path, out: Path, command: str, hardware: str) -> None:
    """Write a run's model in float16, and what is measured on exactly these weights."""
    save_checkpoint(cast(MaskedModel, run.model), out)
    model = load_masked_model(out)
    record: dict[str, Any] = {
        "command": command,
        "hardware": hardware,
        "torch": torch.__version__.split("+")[0],
        "config": model.config.to_dict(),
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "weights": run.recipe.weights,
        "steps": run.progress.step,
        "tokens_seen": run.progress.step * run.recipe.batch_size * model.config.context_length,
        "batch_size": run.recipe.batch_size,
        "learning_rate": run.recipe.learning_rate,
        "seed": run.recipe.seed,
        "seconds": round(run.progress.seconds),
        "curve": [point for point in run.progress.curve if point["step"] % 50 == 0],
        "held_out": measured(
            model,
            passages(tokens_folder, model.config.context_length),
            read_index(tokens_folder)["end_of_text"],
        ),
    }
    write_record(out / "training.json", record)
    (out / "README.md").write_text(card(out.name, record), "utf-8")


def passages(tokens_folder: Path, length: int) -> Tensor:
    """The first held-out passages of a source, int64 [passage, length]."""
    tokens = held_out(tokens_folder, SOURCE).tokens
    n = min(PASSAGES, len(tokens) // length)
    return torch.from_numpy(tokens[: n * length].astype("int64")).reshape(n, length)


def measured(model: MaskedModel, texts: Tensor, start: int) -> dict[str, Any]:
    """Each token told from all others of its passage, and by a causal model from those before it.

    How often the most probable token is the right one, and the mean of -ln p of the right one.
    The causal model reads `start` first.
    """
    causal = load_checkpoint(Path(__file__).parents[2] / "assets" / "models" / CAUSAL)
    with torch.inference_mode():
        both = torch.cat([hidden_logprobs(model, text) for text in texts])
        left = torch.cat([told_from_before(causal, text, start) for text in texts])
    return {
        "source": SOURCE,
        "passages": len(texts),
        "tokens": texts.numel(),
        "both_ways": _scores(both, texts.flatten()),
        "before_only": {"model": CAUSAL} | _scores(left, texts.flatten()),
    }


def told_from_before(model: Transformer, text: Tensor, start: int) -> Tensor:
    """Log-probabilities [position, vocab] of a causal model at each token of [position]."""
    return model(F.pad(text[:-1], (1, 0), value=start)[None])[0].log_softmax(-1)


def _scores(logprobs: Tensor, right: Tensor) -> dict[str, Any]:
    return {
        "right": int((logprobs.argmax(-1) == right).sum()),
        "nats": round(-logprobs.gather(1, right[:, None]).mean().item(), 4),
    }


def card(name: str, record: dict[str, Any]) -> str:
    """README.md of the model."""
    return "\n\n".join((_opening(name, record), _training(record), _held_out(record), _LIMITS))


def _opening(name: str, record: dict[str, Any]) -> str:
    shapes = "\n".join(f"| {field} | {value} |" for field, value in record["config"].items())
    return (
        f"# {name}\n\n"
        f"A Transformer of {record['parameters'] / 1e6:.2f} million parameters without a causal "
        "mask. It reads a short text in which a token is hidden and tells what stands there. It "
        "was trained from scratch for this project, so that a reader can compare reading both ways "
        "with reading from the left. Written by `python -m transformer_core.training.masked_words`;"
        " every number below is measured on the weights as they are stored (16-bit).\n\n"
        "## Architecture\n\n`transformer_core/masked_words.py`. The last id of the vocabulary is "
        f"the mask token.\n\n| field | value |\n|---|---|\n{shapes}"
    )


def _training(record: dict[str, Any]) -> str:
    mixture = ", ".join(f"{source} {share:.0%}" for source, share in record["weights"].items())
    return (
        f"## Data and training\n\nPassages of {record['config']['context_length']} tokens of the "
        f"texts that `assets/models/TEXTS.md` lists: {mixture}. In each passage 30 % of the tokens "
        "are hidden and have to be told.\n\n"
        f"{record['steps']:,} steps of {record['batch_size']} passages "
        f"({record['tokens_seen'] / 1e6:.1f} million tokens); "
        f"{record['seconds'] / 60:.0f} minutes on {record['hardware']}; torch {record['torch']}. "
        "Muon for the matrices of the blocks, AdamW for the rest, peak learning rate "
        f"{record['learning_rate']:g}, linear warm-up over 2 % of the run, then flat, then linear "
        f"decay over the last 40 %.\n\n```\n{record['command']}\n```"
    )


def _held_out(record: dict[str, Any]) -> str:
    found = record["held_out"]
    both, before = found["both_ways"], found["before_only"]
    rows = "\n".join(
        f"| {name} | {scores['right'] / found['tokens']:.1%} | {scores['nats']:.2f} |"
        for name, scores in (
            ("this model, from all other tokens of the passage", both),
            (f"{before['model']}, from the tokens before it", before),
        )
    )
    return (
        f"## Held-out text\n\nEach of {found['tokens']:,} tokens, in {found['passages']} passages "
        f"of {found['source']}, is told once. The first column is how often the most probable "
        "token is the right one, the second the mean of -ln p of the right one, in nats.\n\n"
        f"| | right | nats |\n|---|---|---|\n{rows}\n\n"
        "The two models differ in more than the direction: in their width, in the mixture of "
        "texts, and in how long they were trained."
    )


_LIMITS = (
    "## Limits and licence\n\nIt knows the words and turns of simple English stories. It hides one "
    "token at a time; the parts of a longer word give each other away. The weights are under this "
    "repository's licence.\n"
)
