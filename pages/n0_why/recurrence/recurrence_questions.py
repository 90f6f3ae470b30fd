"""What the Recurrence lesson asks: a way, a product and a wait by hand; a cache and a state."""

from __future__ import annotations

from figures.numbers import count
from pages.n0_why.recurrence.state_board import StateData, describe_states
from transformer_core.laws.path_length import KERNEL, convolution_path, dilated_path
from ui.answers.check import Option, Question
from ui.frame import reader

DISTANCE = 8  # tokens, in the question about convolutions
STEPS = 10  # back, in the question about the gradient


def recurrence_questions() -> tuple[Question, ...]:
    """Three by hand, one about the reader's model."""
    return (
        path_question(),
        gradient_question(),
        waiting_question(),
        state_question(describe_states(reader())),
    )


def path_question() -> Question:
    """How many layers of convolutions lie between two words?"""
    plain, dilated = convolution_path(DISTANCE), dilated_path(DISTANCE)
    found = (
        f"Each layer carries information {KERNEL - 1} tokens on, and "
        f"{DISTANCE} ÷ {KERNEL - 1} = {plain}."
    )
    return Question(
        "By hand: a way through convolutions",
        f"A convolution reads its own token and the {KERNEL - 1} before it. How many layers of it "
        f"are needed until information from a word reaches one that stands {DISTANCE} tokens "
        "later?",
        (
            Option(
                f"{dilated}",
                False,
                "That holds for dilated convolutions, whose tokens lie 1 and then 3 apart: "
                f"2 + 6 = 8. {found}",
            ),
            Option(f"{plain}", True, found),
            Option(f"{DISTANCE}", False, f"That is the way in an RNN. {found}"),
        ),
        show={"from": "1", "to": str(DISTANCE + 1)},
        see="the table. It counts the steps of each kind between the two words that are marked.",
    )


def gradient_question() -> Question:
    """What is left of a gradient that halves with each step?"""
    found = (
        f"Each step multiplies by ½, and factors are multiplied: (½)^{STEPS} = "
        f"1/{2**STEPS:,}, which is about 0.1 %."
    )
    return Question(
        "By hand: ten steps back",
        f"A forget gate lets half of an LSTM’s cell through at each step. How much of the "
        f"gradient arrives {STEPS} steps back along the cell?",
        (
            Option(f"1/{2 * STEPS}", False, f"That is ½ ÷ {STEPS}. {found}"),
            Option(f"1/{2**STEPS:,}", True, found),
            Option("One half", False, f"That is left after a single step. {found}"),
        ),
        show={"bias": "0.0"},
        see="the LSTM’s curve. With a bias of 0, its forget gates let about one half through.",
    )


def waiting_question() -> Question:
    """Twice the text on hardware that is as parallel as one could wish."""
    found = (
        "The LSTM’s steps wait for one another, and there are twice as many of them. All tokens of "
        "a Transformer layer are computed at once. Only sums over all tokens, as in softmax, take "
        "one round more. The operations still have to be paid for: 2 times as many, and for the "
        "attention scores 4 times."
    )
    return Question(
        "By hand: twice the text",
        "Imagine hardware that does any number of operations at once, as long as none waits for "
        "another. A training text becomes twice as long. What happens to the time of one layer?",
        (
            Option("It doubles for the LSTM, and hardly changes for the Transformer", True, found),
            Option(
                "It doubles for both",
                False,
                f"That would hold if only one operation could be done at a time. {found}",
            ),
            Option(
                "It doubles for the LSTM, and becomes 4 times as long for the Transformer",
                False,
                f"That is the number of scores, not the number of steps. {found}",
            ),
        ),
    )


def state_question(data: StateData) -> Question:
    """From which token on is the reader's cache larger than an LSTM's state?"""
    per_token, state = int(data["per_token"]), data["lstm"]
    first = state // per_token + 1
    found = (
        f"The cache grows by {count(per_token)} numbers with each token, and the state always has "
        f"{count(state)}. {count(state)} ÷ {count(per_token)} = {state / per_token:.3g}, so the "
        f"cache is larger from token {first} on."
    )
    return Question(
        "By hand: the cache and the state",
        f"This model keeps {count(per_token)} numbers for each token. An LSTM of its width and "
        f"depth would keep {count(state)} numbers in all. From which token on is the cache larger?",
        (
            Option(f"Token {first}", True, found),
            Option(
                f"Token {count(data['d_model'])}",
                False,
                f"That is the width of the model, which both sizes contain. {found}",
            ),
            Option("Never", False, f"The cache grows, and the state does not. {found}"),
        ),
        show={"length": str(first)},
        see="the bars at this length. Move the slider up: only two of them grow.",
    )
