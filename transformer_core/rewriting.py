"""An encoder-decoder at work: it writes by itself, or it is told the right past."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from transformer_core.decoder_block import Source
from transformer_core.encoder_decoder import DecoderCache, EncoderDecoder
from transformer_core.generation import likeliest

FREE = -1


@dataclass(frozen=True)
class Writing:
    """Tokens [batch, target], and the logits [batch, target, vocab] of which each is the largest.

    Where a token was fixed, the largest logit may be another's.
    """

    ids: Tensor
    logits: Tensor


def write(model: EncoderDecoder, source: Source, start: int, fixed: Tensor) -> Writing:
    """Generation: the most probable token is written, and read for the next one.

    Args:
        model: read only.
        source: what `encode` returned, for one text or as many as `fixed` has rows.
        start: the token before the first one.
        fixed: [batch, target], tokens that are written whatever the model says, `FREE` elsewhere.
    """
    cache = DecoderCache(model.config, source.memory.shape[1], len(fixed))
    memory = source.memory.expand(len(fixed), -1, -1)
    token, ids, logits = torch.full((len(fixed), 1), start), [], []
    for column in fixed.split(1, dim=1):
        logits.append(model.decode(token, Source(memory, source.mask), cache=cache))
        token = torch.where(column == FREE, likeliest(logits[-1]), column)
        ids.append(token)
    return Writing(torch.cat(ids, 1), torch.cat(logits, 1))


def forced_logits(model: EncoderDecoder, source: Source, start: int, targets: Tensor) -> Tensor:
    """Teacher forcing: each token of targets [batch, target] is predicted from the ones before it.

    One pass gives all logits, [batch, target, vocab], as in training (Williams and Zipser 1989,
    for recurrent networks).
    """
    memory = source.memory.expand(len(targets), -1, -1)
    return model.decode(shifted(targets, start), Source(memory, source.mask))


def shifted(targets: Tensor, start: int) -> Tensor:
    """What a decoder reads to predict targets [..., target]: the start, and all but the last."""
    return F.pad(targets[..., :-1], (1, 0), value=start)
