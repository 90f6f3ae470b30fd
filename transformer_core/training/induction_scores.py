"""Score both halves of induction, for every head, on a text that was not made for it.

``python -m transformer_core.training.induction_scores TEXT_FILE --model NAME --out FOLDER`` writes
induction.json; ``--model`` names a preset with its checkpoint in assets, or a GGUF file.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from transformer_core.checkpoints import CheckpointError, load_checkpoint
from transformer_core.lens.head_roles import chance, mean_weight_on, role_target
from transformer_core.lens.induction import copying
from transformer_core.published.local_models import load_published
from transformer_core.records.json_file import RecordError, write_record
from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.tokenizer import Tokenizer, TokenizerError
from transformer_core.transformer import Transformer

MODELS = Path(__file__).parents[2] / "assets" / "models"
LONGEST = 256  # tokens


@torch.inference_mode()
def induction_record(model: Transformer, tokenizer: Tokenizer, text: str) -> dict[str, Any]:
    """Prefix matching and copying, [layer][head], to four decimals, and what uniform heads get."""
    ids = torch.tensor([tokenizer.encode(text)[: min(LONGEST, model.config.context_length)]])
    trace, target = model.trace(ids), role_target("induction", ids, tokenizer)
    matching = [mean_weight_on(block.attention.weights, target) for block in trace.blocks]
    return {
        "tokens": ids.shape[1],
        "queries": int(target.any(-1).sum()),
        "chance": round(chance(tokenizer, ids, ("induction",))["induction"], 4),
        "prefix_matching": _rounded(torch.stack(matching)),
        "copying": _rounded(copying(model, trace, target[0])),
    }


def _rounded(scores: Tensor) -> list[list[float]]:
    return [[round(score, 4) for score in layer] for layer in scores.tolist()]


def main() -> None:
    """Read the command line and measure; an expected error is one line and status 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text_file", type=Path)
    parser.add_argument("--model", required=True, help="a preset's name, or a GGUF file")
    parser.add_argument("--out", type=Path, required=True, help="folder named as the model")
    options = parser.parse_args()
    try:
        own = MODELS / options.model
        if own.is_dir():
            model, tokenizer = load_checkpoint(own), load_shipped()
        else:
            model, tokenizer = load_published(Path(options.model))
        record = {
            "command": "python -m transformer_core.training.induction_scores "
            f"{options.text_file} --model {Path(options.model).name} --out FOLDER",
            "text": options.text_file.name,
        }
        made = induction_record(model, tokenizer, options.text_file.read_text("utf-8"))
        write_record(options.out / "induction.json", record | made)
    except (CheckpointError, TokenizerError, RecordError, OSError) as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
