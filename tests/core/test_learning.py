"""One look at a model against its own forward pass and PyTorch's cross entropy and divergence."""

import torch
import torch.nn.functional as F

from tests.small_models import CONFIGS
from transformer_core.lens.learning import count_for, look_at
from transformer_core.lens.pair_statistics import count_pairs
from transformer_core.transformer import Transformer

IDS = torch.tensor([5, 9, 5, 9, 7])


def test_a_look_is_the_models_own_pass():
    torch.manual_seed(0)
    model = Transformer(CONFIGS["fable-classic"]).eval().requires_grad_(False)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    vocab = model.config.vocab_size
    counted = count_for(count_pairs([(IDS, 1.0)], vocab, 10), IDS)
    look = look_at(model, IDS, counted)
    logits = model(IDS[None])[0]
    losses = F.cross_entropy(logits[:-1], IDS[1:], reduction="none")
    torch.testing.assert_close(look.losses, losses, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(look.probabilities, logits[-1].softmax(-1), atol=1e-5, rtol=1e-3)
    said = logits.log_softmax(-1)
    for found, statistic in zip(look.distances, counted.all, strict=True):
        wanted = F.kl_div(said, statistic, reduction="none").sum(-1).mean()
        torch.testing.assert_close(found, wanted, atol=1e-4, rtol=1e-3)
    assert look.weights.shape == (model.config.n_layers, model.config.n_heads, 5, 5)


def test_a_single_token_has_no_loss():
    model = Transformer(CONFIGS["fable-classic"]).eval().requires_grad_(False)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    ids = IDS[:1]
    look = look_at(model, ids, count_for(count_pairs([(IDS, 1.0)], 4096, 10), ids))
    assert look.losses.shape == (0,)
