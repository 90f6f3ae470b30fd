"""The model card, written from what a run recorded and nothing else."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

SOURCES = {
    "tinystories": (
        "TinyStories, a part (Eldan and Li 2023, arXiv 2305.07759)",
        "CDLA-Sharing-1.0",
        "`roneneldan/TinyStories` on Hugging Face",
    ),
    "african_storybook": (
        "African Storybook, children's stories by many authors",
        "CC BY",
        "africanstorybook.org",
    ),
    "childrens_books": (
        "children's classics published by 1928",
        "public domain",
        "such texts: Project Gutenberg",
    ),
    "easy_prose": (
        "plainly written novels and tales of the 19th and early 20th century",
        "public domain",
        "such texts: Project Gutenberg",
    ),
    "tinyshakespeare": (
        'Shakespeare\'s plays, the "tinyshakespeare" selection',
        "public domain",
        "such texts: Project Gutenberg",
    ),
}


def model_card(
    name: str, record: dict[str, Any], roles: dict[str, Any], unseen: dict[str, Any] | None = None
) -> str:
    """README.md of a shipped model.

    Args:
        name: of the model.
        record: training.json.
        roles: head_roles.json.
        unseen: unseen_text.json; a model that has just been trained has none yet.
    """
    parts = [
        _opening(name, record),
        _architecture(record),
        _data(record),
        _training(record),
        _held_out(record),
        *([_unseen(unseen)] if unseen else []),
        _heads(roles),
        _samples(record),
        _limits(),
    ]
    return "\n\n".join(parts) + "\n"


def _opening(name: str, record: dict[str, Any]) -> str:
    millions = record["parameters"] / 1e6
    return (
        f"# {name}\n\n"
        f"A small English language model of {millions:.1f} million parameters, trained from "
        "scratch for this project so that a reader can watch a real Transformer at work. Written "
        "by `python -m transformer_core.training.export`; every number below is measured, on the "
        "weights as they are stored (16-bit), unless it says otherwise."
    )


def _architecture(record: dict[str, Any]) -> str:
    rows = [f"| {field} | {value} |" for field, value in record["config"].items()]
    return "## Architecture\n\n| field | value |\n|---|---|\n" + "\n".join(rows)


def _data(record: dict[str, Any]) -> str:
    weights, repeated = record["recipe"]["weights"], _mean_share(record["stages"])
    total = sum(weights.values())
    rows = []
    for source, weight in weights.items():
        title, licence, place = SOURCES.get(source, (source, "not recorded", ""))
        train = record["corpus"][source]["train"]
        times = (1 - repeated) * weight / total * record["tokens_seen"] / train["tokens"]
        rows.append(
            f"| {title} | {licence} | {place} | {train['documents']:,} | {train['tokens']:,} "
            f"| {weight / total:.0%} | {times:.1f} |"
        )
    return (
        "## Data\n\n"
        "| text | licence | to be had at | documents | tokens | share | times seen |\n"
        "|---|---|---|---|---|---|---|\n" + "\n".join(rows) + "\n\n"
        f"Sequences that repeat themselves: {_shares(record['stages'])}. Half of these repeat a "
        "passage of random tokens from start to end, half a passage of text after another. Only "
        "copying predicts them, which gives induction heads a reason to form (Olsson et al. 2022)."
        "\n\n"
        "Cleaning (`transformer_core/training/documents.py`): straight quotes, `--` for dashes, "
        "one line per paragraph, no picture captions and no control characters, twins removed. A "
        "part of the TinyStories text had lost its capitals, which a rule had put back. Authors "
        "and titles of the books are in [TEXTS.md](../TEXTS.md). Whole stories and books, 1.5 % of "
        "each source (of Shakespeare the last tenth), were held out before training. Vocabulary: "
        "`assets/tokenizer/fable.json`, byte-level BPE learnt from the same text."
    )


def _mean_share(stages: list[dict[str, Any]]) -> float:
    """The share of repeated sequences over the whole run."""
    starts = [0, *(stage["until_step"] for stage in stages)]
    lengths = [end - start for start, end in pairwise(starts)]
    shares = [stage["repeated"] for stage in stages]
    return sum(n * share for n, share in zip(lengths, shares, strict=True)) / starts[-1]


def _shares(stages: list[dict[str, Any]]) -> str:
    *earlier, last = stages
    parts = [f"{stage['repeated']:.0%} up to step {stage['until_step']:,}, " for stage in earlier]
    return "".join(parts) + f"{last['repeated']:.0%}" + (" from then on" if earlier else "")


def _commands(record: dict[str, Any]) -> str:
    *earlier, last = record["stages"]
    command = record["command"].replace(f" --repeated {last['repeated']}", "")
    lines = [
        f"{command} --repeated {stage['repeated']}  # stop it after step {stage['until_step']}"
        for stage in earlier
    ]
    return "\n".join([*lines, record["command"]])


def _training(record: dict[str, Any]) -> str:
    recipe = record["recipe"]
    remark = f"\n\n{record['remark']}" if record["remark"] else ""
    return (
        "## Training\n\n"
        f"{record['tokens_seen']:,} tokens in {record['steps']:,} steps of "
        f"{recipe['batch_size']} sequences of {record['config']['context_length']} tokens; "
        f"{record['seconds'] / 60:.0f} minutes on {record['hardware']}; torch {record['torch']}. "
        "Muon for the matrices of the blocks, AdamW for the rest, peak learning rate "
        f"{recipe['learning_rate']:g}, weight decay {recipe['weight_decay']:g} on those matrices; "
        "linear warm-up over 2 % of the run, then flat, then linear decay over the last 40 %. "
        "Matrix products in bfloat16 where the device computes them fast, all else in float32."
        f"{remark}\n\n"
        f"```\npython -m transformer_core.training.corpus CORPUS_FOLDER --out TOKENS_FOLDER\n"
        f"{_commands(record)}\n```\n\n"
        "![Loss in training and on held-out text](loss.svg)\n\n" + _curve_table(record)
    )


def _curve_table(record: dict[str, Any]) -> str:
    curve, n_rows = record["curve"], 10
    picked = sorted({round(i * (len(curve) - 1) / n_rows) for i in range(n_rows + 1)})
    rows = []
    for place in picked:
        near = curve[max(0, place - 4) : place + 1]
        loss = sum(point["loss"] for point in near) / len(near)
        rows.append(f"| {curve[place]['step']:,} | {curve[place]['tokens']:,} | {loss:.2f} |")
    return (
        "| step | tokens | training loss, mean of up to 5 records (nats per token) |\n"
        "|---|---|---|\n" + "\n".join(rows)
    )


def _held_out(record: dict[str, Any]) -> str:
    rows = [
        f"| {source} | {loss['nats_per_token']:.3f} | {loss['bits_per_byte']:.3f} "
        f"| {loss['tokens']:,} |"
        for source, loss in record["held_out"].items()
    ]
    return (
        "## Held-out loss\n\n"
        "| text | nats per token | bits per byte | tokens |\n|---|---|---|---|\n"
        + "\n".join(rows)
        + f"\n\nIn windows of {record['config']['context_length']} tokens that do not overlap; the "
        "first tokens of each window have little to go by."
    )


def _unseen(unseen: dict[str, Any]) -> str:
    return (
        "## Loss on a text of another kind\n\n"
        f"On a plain text of {unseen['words']} words that was written after the training, "
        f"`assets/{unseen['text']}`, the loss is {unseen['nats_per_token']:.3f} ± "
        f"{unseen['standard_error']:.3f} nats per token (perplexity {unseen['perplexity']:.1f}, "
        f"{unseen['bits_per_byte']:.3f} bits per byte; {unseen['tokens']:,} tokens in windows of "
        f"{unseen['window']}). `unseen_text.json` is the record, by `{unseen['command']}`."
    )


def _heads(roles: dict[str, Any]) -> str:
    rows = []
    for measured_on in ("repeated", "text"):
        for role, chance in roles["chance"][measured_on].items():
            best = sorted(roles["heads"], key=lambda head: -head[measured_on][role])[:3]
            heads = ", ".join(
                f"layer {h['layer'] + 1} head {h['head'] + 1}: {h[measured_on][role]:.2f}"
                for h in best
            )
            title = roles["roles"][role]["title"]
            rows.append(f"| {title} | {measured_on} | {heads} | {chance:.2f} |")
    meanings = "\n".join(f"- {r['title']}: {r['meaning']}." for r in roles["roles"].values())
    return (
        "## Head roles\n\nMean attention weight on the tokens that the role names; layers and "
        "heads are counted from 1; chance is the score of a head with uniform attention. All "
        f'scores: `head_roles.json`. "repeated": {roles["repeated"]}; "text": {roles["text"]}.\n\n'
        "| role | on | strongest heads | chance |\n|---|---|---|---|\n"
        + "\n".join(rows)
        + "\n\nInduction is scored here only by where a head attends (prefix matching), and "
        '"repeated" means made-up repeats like those of the training. Whether a head also copies '
        "is in `induction.json`, by `python -m transformer_core.training.induction_scores`."
        + f"\n\n{meanings}"
    )


def _samples(record: dict[str, Any]) -> str:
    quoted = []
    for sample in record["samples"]:
        how = f"temperature {sample['temperature']:g}, seed {sample['seed']}"
        how = how if sample["temperature"] else "greedy (temperature 0)"
        text = sample["text"].replace("\n", "\n> ")
        quoted.append(f"{how[0].upper()}{how[1:]}:\n\n> {text}")
    return "## Samples\n\nNot chosen among several.\n\n" + "\n\n".join(quoted)


def _limits() -> str:
    return (
        "## Limits and licence\n\n"
        "A teaching model: it writes short simple stories, knows no facts, loses the thread after "
        "some sentences, and understands neither questions nor instructions. It has learnt from "
        "novels of the 19th and early 20th century and may repeat the prejudices of their time. It "
        "knows no language but English. Do not rely on anything it says.\n\n"
        "The weights are under this repository's licence. No training text is included. "
        "TinyStories is under CDLA-Sharing-1.0, which puts no terms on results of computing with "
        "the data; African Storybook asks for attribution (CC BY), given here; the other texts are "
        "in the public domain."
    )
