"""What the page asks: a unigram by hand, frequencies, a sudden fall, an ablation."""

from __future__ import annotations

from math import log

from figures.numbers import count, number, percent
from pages.n3_learning.snapshots.birth_board import FIRST, runs
from pages.n3_learning.snapshots.kept_steps import (
    FALL,
    ablations,
    circuit_heads,
    copying_steps,
    look_of,
    steepest_fall,
    story_steps,
)
from ui.answers.check import Option, Question
from ui.head_roles import head_name

FREQUENCIES = (1 / 2, 1 / 4, 1 / 4)
EARLY = 2  # the snapshot at which frequencies are learnt


def snapshots_questions() -> tuple[Question, ...]:
    """In the order of the page."""
    return (by_hand_question(), early_question(), sudden_question(), ablation_question())


def by_hand_question() -> Question:
    """What does a unigram lose?"""
    half, quarter = (-log(p) for p in FREQUENCIES[:2])
    right = sum(-p * log(p) for p in FREQUENCIES)
    worked = (
        f"½ · {number(half)} + ¼ · {number(quarter)} + ¼ · {number(quarter)} = {number(right)}. "
        "This mean is the entropy of the frequencies. No prediction that ignores the context loses "
        "less."
    )
    return Question(
        "By hand: the loss of a unigram",
        "A language has three tokens. One makes up half of all text, the others a quarter each. A "
        "model gives each token just these probabilities, whatever stands before. What is its mean "
        f"loss? (ln 2 = {number(half)}, ln 4 = {number(quarter)})",
        (
            Option(
                f"{number(log(3))} nats",
                False,
                f"That is ln 3, the loss of equal probabilities. {worked}",
            ),
            Option(f"{number(right)} nats", True, worked),
            Option(
                f"{number(half)} nats",
                False,
                f"That is the loss of the most frequent token alone. {worked}",
            ),
        ),
    )


def early_question() -> Question:
    """What does a model know that repeats one token?"""
    step = story_steps()[EARLY]
    why = (
        "It has learnt which tokens are frequent, but hardly yet which follows which. So the most "
        "probable token is the same frequent one again and again."
    )
    return Question(
        "A text of one word",
        f"After {count(step['step'])} steps the sample of the story model is “a a a a …”. What has "
        "it learnt so far?",
        (
            Option(
                "Nothing: its weights are still random",
                False,
                f"{why} Before training it repeated “pec”.",
            ),
            Option("How often each token occurs", True, why),
            Option("That “a” follows “a”", False, f"This pair hardly occurs in the texts. {why}"),
        ),
        show={"step": str(EARLY + 1)},
        see="the list of the model beside the unigram’s, and the distances below.",
    )


def sudden_question() -> Question:
    """Why does the loss fall suddenly?"""
    fall = steepest_fall()
    before, after = (look["step"] for look in fall)
    losses = [look["second_copy"] for look in fall]
    slow = look_of(before - 2 * FALL)["second_copy"] - losses[0]
    halfway = min(copying_steps(), key=lambda step: abs(step - (before + after) / 2))
    previous, induction = circuit_heads()
    why = (
        f"Head {head_name(*induction)} can only look for a note that head {head_name(*previous)} "
        "has written, and that note lowers the loss only if something reads it. Once both have "
        "begun to form, each makes the other more useful. This is an explanation that fits the "
        "curves; they do not prove it."
    )
    return Question(
        "Why so suddenly?",
        f"From step {before} to {after} the loss of the second copy falls from {number(losses[0])} "
        f"to {number(losses[1])} nats. In the {2 * FALL} steps before, it fell by {number(slow)}. "
        "What explains that?",
        (
            Option("Two parts are needed, and each pays only with the other", True, why),
            Option(
                "The learning rate was raised at that step",
                False,
                f"It was constant from step 24 to step 720. {why}",
            ),
            Option(
                "The model met these patterns for the first time",
                False,
                f"Patterns were in three of four sequences from the first step on. {why}",
            ),
        ),
        show={"birth": str(copying_steps().index(halfway) + 1), "without": "0"},
        see=f"both maps at step {halfway}, where the pattern of each head is half formed.",
    )


def ablation_question() -> Question:
    """What becomes of the induction head without the other?"""
    previous, induction = circuit_heads()
    run = ablations().index((previous,))
    whole, without = (float(runs(FIRST)[-1][i].matches[induction]) for i in (0, run))
    first, second = head_name(*previous), head_name(*induction)
    why = (
        f"For “{FIRST}” its attention weight on the target falls from {percent(whole)} to "
        f"{percent(without)}. Its matrices are the same as before, but what its keys are made from "
        "has changed."
    )
    return Question(
        "One head less",
        f"At the end of the training, head {first} is ablated: it attends, but its output is set "
        f"to zero. Head {second} is left as it is. What does {second} do?",
        (
            Option(
                "It copies as before, since its weights are unchanged",
                False,
                f"Attention depends on the vectors that arrive, too. {why}",
            ),
            Option("It no longer finds its target", True, why),
            Option(
                f"It takes over and attends to the token before, as {first} did",
                False,
                f"Ablation changes no weights, so the head learns nothing new. {why}",
            ),
        ),
        show={"birth": str(len(copying_steps())), "without": str(run)},
        see="the map of the induction head, and the costs of the second copy.",
    )
