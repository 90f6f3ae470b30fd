"""Rewards that a program can check: a small model is trained on them when the reader presses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from pages.n3_learning.pretraining.reward_runs import (
    BETAS,
    GROUP,
    LENGTH,
    PROMPT,
    REWARDS,
    UPDATES,
    WORD,
    Look,
    happy,
    run_of,
)
from transformer_core.shipped_vocabulary import load_shipped
from ui.serving.address import base_path, whole_number
from ui.serving.component import component
from ui.serving.data import Answer, data_route
from ui.serving.transport import pack

RUNS = "/app/static/reward-runs"  # below the app's own address
AT_ONCE = 2  # looks in one answer
SHOWN = 6  # texts of a group
LIKELIEST = 5  # tokens told beside the rewarded one


class RewardData(TypedDict):
    """What can be trained, and where a run's looks are to be had."""

    numbers: str
    prompt: str
    word: str
    rewards: list[str]
    betas: list[float]
    updates: int
    group: int
    length: int


class WrittenText(TypedDict):
    """A text of the group: what it earned, and how much more than the others on average."""

    text: str
    earned: float
    advantage: float


class RewardLook(TypedDict):
    """Means over the group. kl: in nats a text; next: token, probability at the start and now."""

    reward: float
    kl: float
    different: float
    next: list[tuple[str, float, float]]
    texts: list[WrittenText]


class RewardHeader(TypedDict):
    """Looks from a number of updates on."""

    first: int
    looks: list[RewardLook]


def show_reward_board() -> None:
    """Two choices and a button; nothing is trained before it is pressed."""
    data: RewardData = {
        "numbers": f"{base_path()}{RUNS}",
        "prompt": PROMPT,
        "word": WORD.strip(),
        "rewards": list(REWARDS),
        "betas": list(BETAS),
        "updates": UPDATES,
        "group": GROUP,
        "length": LENGTH,
    }
    component(__file__)(key="reward-board", data=data)


def packed_looks(raw: Mapping[str, str]) -> bytes:
    """The next looks of a run; what is not offered is the first of what is."""
    reward = raw.get("reward", "")
    betas = {str(beta): beta for beta in BETAS} | {f"{beta:g}": beta for beta in BETAS}
    run = run_of(
        reward if reward in REWARDS else next(iter(REWARDS)), betas.get(raw.get("beta", ""), 0.0)
    )
    first = min(whole_number(raw.get("first", "")) or 0, UPDATES)
    looks = run.until(first + AT_ONCE)
    begin = looks[0]
    header: RewardHeader = {
        "first": first,
        "looks": [describe_look(look, begin) for look in looks[first:]],
    }
    return pack(header, {})


def describe_look(look: Look, begin: Look) -> RewardLook:
    """One look beside the first one."""
    tokenizer = load_shipped()
    likeliest = look.next.topk(LIKELIEST).indices.tolist()
    tokens = list(dict.fromkeys([happy(), *likeliest]))
    pieces = tokenizer.pieces(tokens)
    texts = [tokenizer.decode(ids) for ids in look.texts[:SHOWN].tolist()]
    earned = look.earned
    return {
        "reward": earned.rewards.mean().item(),
        "kl": earned.kl,
        "different": look.different,
        "next": [
            (piece, begin.next[token].item(), look.next[token].item())
            for piece, token in zip(pieces, tokens, strict=True)
        ],
        "texts": [
            {"text": text, "earned": reward, "advantage": advantage}
            for text, reward, advantage in zip(
                texts, earned.rewards.tolist(), earned.advantages.tolist(), strict=False
            )
        ],
    }


ROUTES = [data_route(RUNS, lambda raw: Answer(packed_looks(raw)))]
