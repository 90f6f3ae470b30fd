"""The card of the model in which a circuit is born, written from what its run recorded."""

from __future__ import annotations

from typing import Any

from transformer_core.training.card import SOURCES

LICENCE = """## Licence

The weights are under this repository's licence. No training text is included. TinyStories is under
CDLA-Sharing-1.0, which puts no terms on results of computing with the data.
"""


def copying_card(record: dict[str, Any], source: str) -> str:
    """README.md of the snapshots; `source` is the text's name."""
    parts = [_opening(record), _data(record, source), _training(record), _scores(record), LICENCE]
    return "\n".join(parts)


def _opening(record: dict[str, Any]) -> str:
    return f"""# copying

A Transformer of {record["parameters"]:,} parameters in two layers of four heads, and
{len(record["snapshots"])} snapshots of its training, for the page that shows how the induction
circuit forms (Elhage et al. 2021, Olsson et al. 2022). Its tokens are the printable characters of
ASCII and the line break. It was made to learn to copy, not to model language. The weights are
stored with 16 bits.

```
python -m transformer_core.training.copying_run TEXT_FILE --out assets/models/copying
```
"""


def _data(record: dict[str, Any], source: str) -> str:
    title, licence, place = SOURCES.get(source, (source, "not recorded", ""))
    return f"""## Data

{record["tokens_seen"]:,} characters in {record["steps"]:,} steps of 32 sequences of 64.
Each is a window of {title}. Licence: {licence}. Source: {place}.

In {record["repeated"]:.0%} of the sequences the text ends in a pattern that repeats: 4 to 32
random characters, none twice. Only copying predicts the later copies, so the model has a strong
reason to learn it. The scores below are on such patterns, which are what it was trained for.
"""


def _training(record: dict[str, Any]) -> str:
    return f"""## Training

{record["seconds"]:,} seconds on one thread of a shared CPU, one seed; torch {record["torch"]}.
Muon for the matrices of the blocks, AdamW for the rest, peak learning rate 0.01, no weight decay,
linear decay over the last 40 % of the steps.

Five runs were looked at before one was kept: two heads a layer with seeds 1, 2 and 3, four heads
with seeds 1 and 2. In each, the loss of the second copy fell suddenly between steps 250 and 500,
and without the previous-token head the model could no longer copy. This run was kept because a
single head attends to the token before, and ablating any other head of its layer changes little.
"""


def _scores(record: dict[str, Any]) -> str:
    looks = [look for look in record["looks"] if look["step"] in record["snapshots"]]
    rows = "\n".join(map(_row, looks))
    return f"""## Scores

Measured on {record["patterns"]} patterns of {record["period"]} random characters, each read twice.

- first copy, second copy: loss in nats (natural-log units) a character
- text: loss on held-out text, in the same unit
- token before: mean attention weight on the character before, of the head where it is highest
- after the earlier copy: mean attention weight, from the second copy, on the character that
  followed the same one in the first copy (prefix matching), of the head where it is highest

Heads are written layer.head, counted from 1.

| step | first copy | second copy | text | token before | after the earlier copy |
|---|---|---|---|---|---|
{rows}
"""


def _row(look: dict[str, Any]) -> str:
    losses = " | ".join(f"{look[name]:.2f}" for name in ("first_copy", "second_copy", "text"))
    return f"| {look['step']:,} | {losses} | {_strongest(look['looks_back'])} | " + (
        f"{_strongest(look['matches'])} |"
    )


def _strongest(scores: list[list[float]]) -> str:
    score, layer, head = max(
        (score, layer, head) for layer, row in enumerate(scores) for head, score in enumerate(row)
    )
    return f"{layer + 1}.{head + 1}: {score:.2f}"
