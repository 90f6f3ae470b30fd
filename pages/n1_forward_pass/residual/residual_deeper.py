"""What Residual holds for engineers: the code that ran."""

from transformer_core.block import PreNormBlock
from transformer_core.lens.norm_arithmetic import norm_steps
from transformer_core.lens.removal import run_without
from transformer_core.lens.residual_stream import pushes
from ui.code_drawer import show_code


def show_deeper() -> None:
    """One block, its norm, what pushes a logit, and the run without some parts."""
    show_code(PreNormBlock.trace, "One block")
    show_code(norm_steps, "The norm, step by step")
    show_code(pushes, "Direct logit attribution")
    show_code(run_without, "The run with parts switched off")
