"""Encoder and decoder for engineers: the formulas, the masks, accuracy, and the code that ran."""

import streamlit as st

from figures.numbers import count, number, percent
from pages.n2_architectures.encoder_decoder.date_pass import (
    MODEL,
    NEIGHBOUR,
    date_writer,
    padded_difference,
    training_record,
)
from pages.n2_architectures.encoder_decoder.encoder_decoder_questions import now_shown
from pages.n2_architectures.encoder_decoder.hidden_pass import MODEL as MASKED
from pages.n2_architectures.encoder_decoder.hidden_pass import masked_record
from transformer_core.checkpoints import CheckpointError
from transformer_core.decoder_block import PreNormDecoderBlock
from transformer_core.encoder_decoder import EncoderDecoder
from transformer_core.masked_words import hidden_logprobs
from transformer_core.masks import causal_mask, cross_mask, padding_mask
from transformer_core.rewriting import forced_logits, write
from ui.code_drawer import show_code
from ui.provenance import tag


def show_deeper() -> None:
    """Formulas, what padding changes, what was measured, then the code."""
    _show_formulas()
    _show_measured()
    _show_masked()
    show_code(PreNormDecoderBlock.trace, "A decoder block: three sublayers")
    show_code(EncoderDecoder.trace, "Both halves")
    show_code(write, "Generation")
    show_code(forced_logits, "Teacher forcing")
    show_code(padding_mask, "The padding mask")
    show_code(causal_mask, "The causal mask")
    show_code(cross_mask, "The mask of cross-attention")
    show_code(hidden_logprobs, "Each token told from all others")


def _show_formulas() -> None:
    formulas, padding = st.columns(2)
    now = now_shown()
    with formulas.container(border=True, height="stretch"):
        st.markdown(
            "**A decoder block**  \n"
            "- `x = x + attention(norm(x))`, causal\n"
            "- `x = x + attention(q = norm(x), k, v = memory)`, cross-attention\n"
            "- `x = x + feed_forward(norm(x))`\n\n"
            "`memory` is what the encoder returns. Every block of the decoder reads the same "
            "memory through its own key and value matrices. So these keys and values are computed "
            "once for each source and kept (a second KV cache). The paper of 2017 puts the norm "
            "after each sum. This model puts it before each sublayer."
        )
    with padding.container(border=True, height="stretch"):
        st.markdown(
            "**Padding changes nothing, up to rounding**  \n"
            f"Padded to {max(len(NEIGHBOUR), len(now.text))} tokens with its mask, your text gives "
            f"logits that differ by at most {number(padded_difference(now))} from those without "
            f"padding {tag('live')}.  \n"
            "The tests compare this encoder and decoder with `torch.nn.TransformerEncoder` and "
            "`TransformerDecoder` on the same weights, with padding and causal masks, in the "
            "shapes of this page too."
        )


def _show_measured() -> None:
    record = training_record()
    try:
        config = date_writer().config
    except CheckpointError:
        return  # the page says so where the picture would be
    rows = "".join(
        f"\n| {kind} | {count(n['dates'])} | {count(n['right'])} | "
        f"{percent(n['right'] / n['dates'])} |"
        for kind, n in record["held_out"].items()
    )
    st.markdown(
        f"**The date writer** has {count(record['parameters'])} parameters: {config.n_layers} "
        f"layers in each half, {config.n_heads} heads, vectors of {config.d_model} numbers and "
        f"{config.vocab_size} tokens. It learnt from {count(record['steps'])} batches of "
        f"{record['batch_size']} random dates in {record['seconds'] / 60:.0f} minutes on "
        f"{record['hardware']}. One date in twenty was held out in all of its forms. Right means "
        "that no character is wrong. The forms overlap. "
        f"{tag('measured', f'assets/models/{MODEL}/training.json')}\n\n"
        f"| held-out form | dates | right | |\n|---|---|---|---|{rows}\n\n"
        f"`{record['command']}`"
    )


def _show_masked() -> None:
    try:
        record = masked_record()
    except OSError:
        return  # the page says so where the picture would be
    st.markdown(
        "**The masked-word model** is the decoder-only Transformer of the other pages without its "
        "causal mask. In training, three tokens in ten of each passage of 64 are replaced by a "
        "mask token. The loss is the mean of −ln p of the hidden tokens only, so a pass teaches "
        "less than one of next-token prediction, which asks at every position. BERT asks for "
        "15\u00a0% of the tokens. It leaves a tenth of those as they are and replaces another "
        "tenth by a random token "
        f"{tag('published', 'Devlin et al. 2019, arXiv 1810.04805')}. On this page one token "
        "is hidden at a time, so a sentence of n tokens takes a batch of n rows. The other parts "
        "of a longer word stay in sight and give it away. "
        f"Trained in {record['seconds'] / 60:.0f} minutes on {record['hardware']}. "
        f"{tag('measured', f'assets/models/{MASKED}/training.json')}\n\n`{record['command']}`"
    )
