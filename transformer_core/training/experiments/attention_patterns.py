"""Seven patterns of attention, trained alike on text: what a look further back is worth."""

from __future__ import annotations

from functools import partial

from torch import Tensor

from transformer_core.config import TransformerConfig
from transformer_core.laws.costs import forward_flops
from transformer_core.lens.longer_context import loss_by_position
from transformer_core.training.experiments.experiment import (
    Experiment,
    Measured,
    Place,
    Setting,
)
from transformer_core.training.experiments.pattern_findings import conclude, edges
from transformer_core.training.experiments.trainings import (
    DATA,
    N_VOCAB,
    Trials,
    held_out_windows,
)
from transformer_core.training.patterned import (
    PATTERNS,
    layer_patterns,
    pairs_share,
    patterned_transformer,
)
from transformer_core.transformer import Transformer


def settings(place: Place, quick: bool) -> list[Setting]:
    """One for each pattern."""
    return [
        {
            "pattern": pattern,
            "window": 3 if quick else 8,
            "d_model": 16 if quick else 64,
            "n_layers": 4,
            "n_heads": 4,
            "context_length": 16 if quick else 128,
            "batch_size": 8 if quick else 16,
            "tokens": 10 * 128 if quick else 819_200,
            "tuning_tokens": 10 * 128 if quick else 819_200,
            "optimizer": "muon",
            "learning_rate": 0.1 if quick else 1.6e-2,
            "seeds": [1] if quick else [1, 2],
            "windows": 4 if quick else 1024,
        }
        for pattern in PATTERNS
    ]


def config(setting: Setting, vocab_size: int = N_VOCAB) -> TransformerConfig:
    """Of every model here; the patterns have no parameters."""
    return TransformerConfig(
        vocab_size=vocab_size,
        context_length=setting["context_length"],
        d_model=setting["d_model"],
        n_layers=setting["n_layers"],
        n_heads=setting["n_heads"],
        n_kv_heads=setting["n_heads"],
        d_ff=4 * setting["d_model"],
        position="rope",
        norm="rms_norm",
        bias=False,
    )


def patterns_of(setting: Setting) -> Tensor:
    """[layer, query, key]."""
    names = ("pattern", "context_length", "window", "n_layers")
    return layer_patterns(*(setting[name] for name in names))


def model(setting: Setting, vocab_size: int, seed: int) -> Transformer:
    """The same start for every pattern."""
    made = patterned_transformer(config(setting, vocab_size), patterns_of(setting))
    made.initialise(seed)
    return made


def measure(setting: Setting, place: Place) -> Measured:
    """Loss by position of every seed, in bins that double; what the pattern looks at and costs."""
    windows = held_out_windows(place, setting["context_length"], setting["windows"])
    trials = Trials(setting, place, partial(model, setting, N_VOCAB))
    tuned = trials.tune()
    losses = [loss_by_position(run.model, windows) for run in trials.runs(tuned.learning_rate)]
    return {
        "learning_rate": tuned.learning_rate,
        "tried": tuned.tried,
        "parameters": sum(p.numel() for p in model(setting, N_VOCAB, 0).parameters()),
        "pairs": pairs_share(patterns_of(setting)),
        "flops": flops_share(setting),
        "mean": [round(float(loss.mean()), 4) for loss in losses],
        "nats": [_doubling(loss) for loss in losses],
    }


def flops_share(setting: Setting) -> float:
    """Of a pass over a whole window, where hidden pairs are skipped; of the full causal stack's.

    (linear + 4 d_model pairs) / (linear + 4 d_model causal pairs), unembedding included; as in
    `laws.costs`.
    """
    n = setting["context_length"]
    cost, causal = forward_flops(config(setting), n), (n + 1) / (2 * n)
    rest, all_pairs = cost.linear + cost.unembedding, cost.attention * causal
    return (rest + all_pairs * pairs_share(patterns_of(setting))) / (rest + all_pairs)


def _doubling(loss: Tensor) -> list[float]:
    parts = loss.tensor_split(edges(len(loss))[1:-1])
    return [round(float(part.mean()), 4) for part in parts]


EXPERIMENT = Experiment(
    name="attention_patterns",
    question="What does a text model lose that looks at few of its tokens?",
    varied="which earlier tokens each layer may look at",
    held_equal="parameters and their start for each seed, text and its order, tokens; the learning "
    "rate tuned for each pattern in trainings of full length. Query-key pairs: the window's, the "
    "chunks' and the blocks' are exactly as many, the dilated ones' up to 8 % fewer; full and "
    "3 : 1 look at more",
    measured="mean loss on held-out windows by the tokens of context, for two seeds; pairs are "
    "counted in the masks, FLOPs as if hidden pairs were skipped (this code computes and hides "
    "them)",
    data=DATA,
    settings=settings,
    measure=measure,
    conclude=conclude,
)
