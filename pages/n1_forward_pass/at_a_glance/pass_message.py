"""The messages between this page and its picture; `pass_message.js` is the script's description.

A test holds both equal in names and kinds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NotRequired, TypedDict

import numpy as np
from numpy.typing import NDArray


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
    context_length: int
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


class PassHeader(TypedDict):
    """What travels beside the numbers of a pass.

    `roles` [layer][head]; `pieces` by token id; `bytes` [position]; of the tokens `computed` were
    run through the model just now and the last `sampled` were not typed.
    """

    model: ModelShape
    roles: list[list[str | None]]
    pieces: dict[str, str]
    bytes: list[list[int]]
    computed: int
    sampled: int
    noticed: bool


@dataclass(frozen=True)
class PassArrays:
    """The numbers of a pass: [position, ...] all but the last two.

    A row never changes when a token is appended, because no token sees the future. Of vectors as
    wide as the model or the MLP, the first numbers; 8-bit numbers are steps of the vector's scale.
    """

    token_ids: NDArray[np.int32]
    next_ids: NDArray[np.int32]  # the likeliest next tokens, [guess]
    next_logits: NDArray[np.float32]
    log_sum: NDArray[np.float32]  # logarithm of the sum of e^logit over the vocabulary
    lens_ids: NDArray[np.int32]  # the likeliest after each layer, [layer]
    lens_shares: NDArray[np.float32]
    token_embedded: NDArray[np.float16]
    position_added: NDArray[np.float16]
    embedded: NDArray[np.float16]
    embedding_size: NDArray[np.float32]  # lengths of these three
    q: NDArray[np.float16]  # [layer, head, number]
    k: NDArray[np.float16]
    v: NDArray[np.float16]
    attention_norm: NDArray[np.int8]  # [layer, number], as the six below
    attention_norm_scale: NDArray[np.float32]
    attention_output: NDArray[np.int8]
    attention_output_scale: NDArray[np.float32]
    resid_mid: NDArray[np.int8]
    resid_mid_scale: NDArray[np.float32]
    feed_forward_norm: NDArray[np.int8]
    feed_forward_norm_scale: NDArray[np.float32]
    hidden: NDArray[np.int8]
    hidden_scale: NDArray[np.float32]
    feed_forward_output: NDArray[np.int8]
    feed_forward_output_scale: NDArray[np.float32]
    resid_post: NDArray[np.int8]
    resid_post_scale: NDArray[np.float32]
    final_norm: NDArray[np.int8]  # [number]
    final_norm_scale: NDArray[np.float32]
    size: NDArray[np.float32]  # lengths of x, attention, x + that, MLP, x + that, [layer, 5]
    norm_input: NDArray[np.float32]  # mean, deviation, root mean square, [layer, norm, 3]
    neurons: NDArray[np.float32]  # index and value of the strongest, [layer, rank, 2]
    shares: NDArray[np.uint16]  # of 65,535, [layer, head, n (n + 1) / 2]: row after row
    last_logits: NDArray[np.float16]  # of the last position, [token]

    def followed_by(self, new: PassArrays, kept: int) -> PassArrays:
        """The first `kept` positions of these, then the new ones, which have seen those."""
        both = {
            name: np.concatenate((ours[:kept], vars(new)[name]))
            for name, ours in vars(self).items()
            if name not in ("shares", "last_logits")
        }
        seen = self.shares[..., : kept * (kept + 1) // 2]
        shares = np.concatenate((seen, new.shares), axis=-1)
        return PassArrays(**both, shares=shares, last_logits=new.last_logits)
