"""Run one: ``python -m transformer_core.training.experiments NAME TOKENS_FOLDER``.

Prepare the tokens first with ``python -m transformer_core.training.corpus``. The same command
started again goes on after the last measurement that was kept. What comes out is numbers; what they
say is written by a person, into the record's "remark".
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from transformer_core.checkpoints import CheckpointError
from transformer_core.laws.points import FittingError
from transformer_core.records.json_file import RecordError
from transformer_core.training.corpus import CorpusError
from transformer_core.training.experiments.experiment import Place
from transformer_core.training.experiments.registry import EXPERIMENTS
from transformer_core.training.state import TrainingError

ROOT = Path(__file__).parents[3]
TO_DO = {
    False: 'Its "remark" is empty: write there in a few sentences what came out.',
    True: 'Its "remark" is kept from before: see whether each sentence and number still holds.',
}


def main() -> None:
    """Read the command line and run; an expected error is one line and status 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=sorted(EXPERIMENTS))
    parser.add_argument("tokens_folder", type=Path, help="what training.corpus prepared")
    parser.add_argument("--quick", action="store_true", help="a small version, for the machinery")
    parser.add_argument("--out", type=Path, help="the result; without it runs/NAME.json")
    parser.add_argument("--models", type=Path, default=ROOT / "assets" / "models")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    out = options.out or ROOT / "runs" / f"{options.name}.json"
    place = Place(options.tokens_folder, options.models, out.with_suffix(".trainings"))
    try:
        result = EXPERIMENTS[options.name].run(place, out, options.quick)
    except (TrainingError, RecordError, CorpusError, CheckpointError, FittingError) as error:
        parser.exit(1, f"{error}\n")
    logging.info(f"{out} is written. {TO_DO[bool(result.remark)]}")


if __name__ == "__main__":
    main()
