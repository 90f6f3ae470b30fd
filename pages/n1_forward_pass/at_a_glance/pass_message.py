"""The messages between this page and its picture; `pass_message.js` is the script's description.

A test holds both equal in names and kinds.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict

import numpy as np


class Sentence(TypedDict):
    """What a pass is of: the parameters of its address."""

    model: str
    text: str
    more: str


class View(TypedDict):
    """Where the reader looks; layer, head and token from 1. None: chosen from the pass."""

    layer: int | None
    head: int | None
    token: int
    step: str
    temperature: float
    top_p: float


class Told(TypedDict):
    """What a run of the app tells the picture, which then asks `passes` for the pass.

    Below that address, `/layer` has another layer's numbers and `/lens` another token's guesses.

    `noticed`: whether the frame says something about the sentence; `longest`: how many characters
    of a text are read.
    """

    passes: str
    sentence: Sentence
    noticed: bool
    longest: int
    view: View


class Append(TypedDict):
    """What the picture asks the app for: one more token, clicked or drawn.

    `length`: of the tokens that the reader saw when asking.
    """

    length: int
    token: NotRequired[int]
    temperature: NotRequired[float]
    top_p: NotRequired[float]


class ModelShape(TypedDict):
    """The model as the notes speak of it."""

    name: str
    parameters: int
    vocab_size: int
    most_tokens: int
    n_layers: int
    n_heads: int
    n_kv_heads: int
    d_model: int
    d_head: int
    d_ff: int
    position: str
    norm: str
    activation: str
    bias: bool
    tied_embeddings: bool


class RoleHere(TypedDict):
    """A head's role: the mean attention weight measured for it, and the same on this text.

    here: None where the text gives such a head nothing to attend to; shown: whether it is at least
    half of what was measured.
    """

    name: str
    measured: float
    here: float | None
    shown: bool


class PassHeader(TypedDict):
    """What travels beside the numbers of a pass.

    `roles` [layer][head]; `telling`: the layer and head that tell most of this text; `layer`:
    whose numbers came along; `tokens`: after which the layers' guesses did; `every_lens`: whether
    those after all tokens may be asked for at once; `resting`: the mean share that rests on the
    first token; `bins`: where each row of a small map begins, and the end; `pieces` by token id;
    `bytes` [position]; one of `last_logits` stands for `group` tokens from `exact` on; of the
    tokens `computed` were run through the model just now and the last `sampled` were not typed.
    """

    model: ModelShape
    roles: list[list[RoleHere | None]]
    telling: tuple[int, int]
    layer: int
    tokens: list[int]
    every_lens: bool
    resting: float
    bins: list[int]
    pieces: dict[str, str]
    bytes: list[list[int]]
    exact: int
    group: int
    computed: int
    sampled: int
    noticed: bool


class PassArrays(TypedDict):
    """What is known of a whole pass, [position, ...] all but the last two."""

    token_ids: np.ndarray
    next_ids: np.ndarray  # the likeliest next tokens, [guess]
    next_logits: np.ndarray
    log_sum: np.ndarray  # logarithm of the sum of e^logit over the vocabulary
    token_embedded: np.ndarray
    position_added: np.ndarray
    embedded: np.ndarray
    embedding_size: np.ndarray  # lengths of these three
    final_norm: np.ndarray  # [number]
    final_norm_scale: np.ndarray
    maps: np.ndarray  # small maps, [layer, head, m (m + 1) / 2]: roots of shares, of 255
    last_logits: np.ndarray  # of the last position, from the largest on


class LayerArrays(TypedDict):
    """One layer's numbers, [position, ...] all but the last."""

    q: np.ndarray  # [head, number]
    k: np.ndarray
    v: np.ndarray
    attention_norm: np.ndarray  # [number], as the seven below
    attention_norm_scale: np.ndarray
    attention_output: np.ndarray
    attention_output_scale: np.ndarray
    resid_mid: np.ndarray
    resid_mid_scale: np.ndarray
    feed_forward_norm: np.ndarray
    feed_forward_norm_scale: np.ndarray
    hidden: np.ndarray
    hidden_scale: np.ndarray
    feed_forward_output: np.ndarray
    feed_forward_output_scale: np.ndarray
    resid_pre: np.ndarray
    resid_pre_scale: np.ndarray
    resid_post: np.ndarray
    resid_post_scale: np.ndarray
    size: np.ndarray  # lengths of x, attention, x + that, MLP, x + that
    norm_input: np.ndarray  # mean, deviation, root mean square, [norm, 3]
    neurons: np.ndarray  # index and value of the strongest, [rank, 2]
    shares: np.ndarray  # of 65,535, [head, n (n + 1) / 2]: row after row


class LensHeader(TypedDict):
    """After which tokens the layers' guesses are, and what they say."""

    tokens: list[int]
    pieces: dict[str, str]


class LensArrays(TypedDict):
    """The likeliest next token after each layer and its share, [token, layer]."""

    lens_ids: np.ndarray
    lens_shares: np.ndarray


class LayerHeader(TypedDict):
    """Whose numbers they are."""

    layer: int
