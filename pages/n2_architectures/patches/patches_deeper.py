"""Patches for engineers: the formulas, what tests compare, held-out shapes, the code that ran."""

import streamlit as st

from figures.numbers import count, percent
from pages.n2_architectures.patches.decoded import MOST_PIXELS, decoded
from pages.n2_architectures.patches.patch_board import FILE
from pages.n2_architectures.patches.picture_pass import MODEL, training_record
from transformer_core.sound import mel_spectrogram
from transformer_core.vision import VisionTransformer, patches, position_likeness
from ui.code_drawer import show_code
from ui.provenance import tag


def show_deeper() -> None:
    """Formulas, what was measured, then the code."""
    _show_formulas()
    _show_measured()
    show_code(patches, "A picture as rows")
    show_code(VisionTransformer.trace, "The Vision Transformer")
    show_code(position_likeness, "Cosines of positions")
    show_code(mel_spectrogram, "A sound as a picture")
    if st.session_state.get(FILE):
        show_code(decoded, "A file that may be no picture")


def _show_formulas() -> None:
    formulas, compared = st.columns(2)
    with formulas.container(border=True, height="stretch"):
        st.markdown(
            "**The model**  \n"
            "- `x = [class_token; patches(picture) @ W + b] + positions`\n"
            "- `x = x + attention(norm(x))`, no mask\n"
            "- `x = x + feed_forward(norm(x))`\n"
            "- `logits = norm(x)[0] @ W_head + b_head`\n\n"
            "The projection of patches is a convolution whose stride is its width, and libraries "
            f"write it so. {tag('published', 'Dosovitskiy et al. 2021, arXiv 2010.11929')}"
        )
    with compared.container(border=True, height="stretch"):
        st.markdown(
            "**What the tests compare**  \n"
            "- patches with `torch.nn.functional.unfold`, the projection with a `Conv2d`\n"
            "- the model with Hugging Face’s `ViTForImageClassification` on the same weights\n"
            "- the spectrogram with Hugging Face’s feature extractor for Whisper\n\n"
            "**What a file may not do**  \n"
            f"A small file can unpack to gigabytes. So the header is read first, and more than "
            f"{count(MOST_PIXELS)} pixels are refused before one is unpacked."
        )


def _show_measured() -> None:
    record = training_record()
    rows = "".join(
        f"\n| {kind} | {count(n['pictures'])} | {count(n['right'])} | "
        f"{percent(n['right'] / n['pictures'])} |"
        for kind, n in record["held_out"].items()
    )
    config = record["config"]
    st.markdown(
        f"**The shape reader** has {count(record['parameters'])} parameters: {config['n_layers']} "
        f"layers, {config['n_heads']} heads, vectors of {config['d_model']} numbers. It learnt "
        f"from {count(record['pictures'])} drawings in {count(record['steps'])} steps of "
        f"{record['batch_size']}, in {record['seconds'] / 60:.0f} minutes on {record['hardware']}. "
        f"{tag('measured', f'assets/models/{MODEL}/training.json')}\n\n"
        f"| held-out shape | pictures | right | |\n|---|---|---|---|{rows}\n\n"
        f"`{record['command']}`"
    )
