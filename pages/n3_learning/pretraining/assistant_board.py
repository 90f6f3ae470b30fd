"""The same question alone and in the form of a conversation, and how the model continues each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import streamlit as st

from transformer_core.generation import GenerationStep, Sampling
from transformer_core.published.chatml import ChatML, chatml_of
from transformer_core.tokenizer import Tokenizer
from ui.frame import reader
from ui.known_models import REAL_MODEL, catalogue
from ui.models import LoadedModel, load
from ui.prose import plain
from ui.serving.address import whole_number
from ui.serving.component import component
from ui.state import Reader, setting
from ui.writing import Order, Writing, write_on, writing_of

QUESTIONS = (
    "What is the capital of France?",
    "What is the opposite of hot?",
    "What is the capital of Velmoria?",  # there is no such country
)
OWN, LONGEST = "Your text", 128  # tokens of a text that can be a question
WRITTEN = 32  # tokens at most
BEST = 4  # candidates told for the first token
MORE, ASKED = "assistant-more", "question"


class ReadToken(TypedDict):
    """A token that the model reads or has written."""

    piece: str
    special: bool


class AnswerStep(TypedDict):
    """A token that the model has written, its probability, and the likeliest ones at its place."""

    piece: str
    special: bool
    probability: float
    best: list[tuple[str, float]]


class AnswerSide(TypedDict):
    """What the model reads, and what it has written after it; `stopped`: with a stop token."""

    prompt: list[ReadToken]
    steps: list[AnswerStep]
    done: bool
    stopped: bool


class AssistantData(TypedDict):
    """Both sides of the question `chosen`; at most `asked` tokens are written on each."""

    pass_key: str
    questions: tuple[str, ...]
    chosen: int
    alone: AnswerSide
    form: AnswerSide
    asked: int


def show_assistant(now: Reader) -> None:
    """For a model with a form for conversations; of any other, a sentence."""
    loaded = load(now.model_name)
    form = chatml_of(loaded.tokenizer)
    if form is None:
        st.markdown(why_there_is_none(loaded))
        return
    stops = sorted(loaded.tokenizer.stop_ids)
    names = " or ".join(f"“{plain(name)}”" for name in loaded.tokenizer.pieces(stops))
    st.markdown(
        "An assistant runs as the same next-token prediction. A program writes the question into "
        "a fixed **form** and lets the model continue. The answer ends when the model predicts a "
        f"**stop token**, here {names}."
    )
    show_assistant_board()
    st.caption(
        "The form, ChatML, is the one that the model's publisher gives. The board shows what the "
        "form does. It cannot show what fine-tuning did, because that needs the model from before. "
        "Velmoria is made up: each fact that the model states about it is a hallucination."
    )


def why_there_is_none(loaded: LoadedModel) -> str:
    """Why this model is no assistant here, and which one is."""
    known = catalogue().offered
    title = plain(known[loaded.name].title)
    if loaded.tokenizer.chat_template:
        why = f"The files of {title} write conversations in another form than ChatML, the only one "
        why += "that is shown here."
    else:
        why = (
            f"{title} is a language model only: it continues texts, and no form for conversations "
        )
        why += "comes with it."
    if REAL_MODEL in known and loaded.name != REAL_MODEL:
        why += f" Choose {known[REAL_MODEL].title} above to see one that answers."
    return why


@st.fragment
def show_assistant_board() -> None:
    """Nothing is written until the reader asks, and then a stretch at a time."""
    more = st.session_state.pop(MORE, False)
    now = reader()
    form = chatml_of(load(now.model_name).tokenizer)
    if form is None:
        return
    questions = questions_of(now)
    chosen = question_asked(setting(ASKED), len(questions))
    sides = ordered_sides(now, form, list(questions.values())[chosen])
    if more:
        write_on(sides)
    component(__file__)(
        key="assistant-board",
        data=describe_sides(tuple(questions), chosen, sides),
        on_more_change=_more,
        on_ask_change=_ask,
    )


def _more() -> None:
    st.session_state[MORE] = True


def _ask() -> None:
    """The choice itself is enough: the fragment reads it from the address."""


def questions_of(now: Reader) -> dict[str, str]:
    """By what they are called: prepared ones, and the reader's text unless it is too long."""
    length = len(load(now.model_name).tokenizer.encode(now.text))
    own = {OWN: now.text} if length <= LONGEST else {}
    return {question: question for question in QUESTIONS} | own


def question_asked(raw: str, n: int) -> int:
    """Which of `n` questions the address asks for, counted from 1 there."""
    return min(whole_number(raw) or 1, n) - 1


def ordered_sides(now: Reader, form: ChatML, question: str) -> tuple[Writing, Writing]:
    """To be gone on with, always by the likeliest token: the question alone, and in the form."""
    tokenizer = load(now.model_name).tokenizer
    alone, inside = (
        writing_of(
            f"assistant-{name}",
            Order(now.model_name, tuple(ids), Sampling(temperature=0), WRITTEN, 0, _describe),
        )
        for name, ids in (
            ("alone", tokenizer.encode(question)),
            ("form", form.encode(tokenizer, question)),
        )
    )
    return alone, inside


def describe_sides(
    questions: tuple[str, ...], chosen: int, sides: Sequence[Writing]
) -> AssistantData:
    """Both sides as far as they are written."""
    model_name = sides[0].order.model_name
    tokenizer = load(model_name).tokenizer
    alone, form = (_side(tokenizer, writing) for writing in sides)
    return {
        "pass_key": f"{model_name} {[writing.order.token_ids for writing in sides]}",
        "questions": questions,
        "chosen": chosen,
        "alone": alone,
        "form": form,
        "asked": WRITTEN,
    }


def _side(tokenizer: Tokenizer, writing: Writing) -> AnswerSide:
    ids = writing.order.token_ids
    special = set(tokenizer.special_tokens.values())
    pieces = zip(ids, tokenizer.pieces(list(ids)), strict=True)
    return {
        "prompt": [{"piece": piece, "special": i in special} for i, piece in pieces],
        "steps": list(writing.steps),
        "done": writing.done,
        "stopped": writing.stopped,
    }


def _describe(loaded: LoadedModel, step: GenerationStep) -> AnswerStep:
    tokenizer, chances = loaded.tokenizer, step.logits.softmax(-1)
    best = chances.topk(BEST)
    return {
        "piece": tokenizer.pieces([step.token_id])[0],
        "special": step.token_id in tokenizer.special_tokens.values(),
        "probability": float(chances[step.token_id]),
        "best": list(
            zip(tokenizer.pieces(best.indices.tolist()), best.values.tolist(), strict=True)
        ),
    }
