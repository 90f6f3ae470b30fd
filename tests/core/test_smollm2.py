"""The real model that comes as a package: SmolLM2-135M-Instruct, 4 bits a weight, in GGUF."""

import hashlib
import json
from pathlib import Path

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import AddedToken, decoders
from tokenizers import Tokenizer as TheirTokenizer
from tokenizers.models import BPE

from benchmarks.peers import llama_of_smollm2
from tests.core.test_hugging_face import continued
from tests.core.test_hugging_face_tokenizer import CHARACTERS, PARTS, WAYS
from tests.real_model import PATH, packaged
from transformer_core.gguf import describe_gguf
from transformer_core.lens.head_roles import ON_REPEATED, ON_TEXT, score_heads
from transformer_core.published.gguf_header import opened, read_header
from transformer_core.published.vocabulary import BYTES
from transformer_core.training.measurements import repeated_tokens
from transformer_core.training.published_roles import windows_of

ASSETS = Path(__file__).parents[2] / "assets"
LACKING = bytes.fromhex("04 06 13 14 16 1d c0 c1 f1 f2 f5 f6 f7 f8 f9 fa fb fc fd fe ff")


@pytest.fixture(scope="module")
def loaded():
    return packaged()


@pytest.fixture(scope="module")
def tokenizer() -> TheirTokenizer:
    """`tokenizers`, made of what the header says."""
    with opened(PATH) as file:
        said = read_header(file).values
    names = said["tokenizer.ggml.tokens"]
    unknown = names[said["tokenizer.ggml.unknown_token_id"]]
    merges = [tuple(merge.split(" ")) for merge in said["tokenizer.ggml.merges"]]
    made = TheirTokenizer(BPE({name: i for i, name in enumerate(names)}, merges, unk_token=unknown))
    made.pre_tokenizer, made.decoder = WAYS["digits"], decoders.ByteLevel()
    kinds = said["tokenizer.ggml.token_type"].tolist()
    special = [name for name, kind in zip(names, kinds, strict=True) if kind == 3]
    made.add_special_tokens([AddedToken(name, special=True) for name in special])
    made.encode_special_tokens = True
    return made


def test_it_is_what_it_is():
    described = describe_gguf(PATH)
    config = described.config
    assert (config.n_layers, config.n_heads, config.n_kv_heads) == (30, 9, 3)
    assert (config.d_model, config.d_ff, config.vocab_size) == (576, 1536, 49_152)
    assert (config.context_length, config.rope_base) == (8192, 100_000)
    assert (described.licence, described.kind) == ("apache-2.0", "Q4_1")
    assert described.n_parameters == 134_515_008
    assert described.n_bytes == PATH.stat().st_size


@pytest.mark.timeout(600)
def test_it_computes_what_theirs_computes(loaded):
    model, ours = loaded
    theirs = llama_of_smollm2(PATH)
    ids = torch.tensor([ours.encode("The capital of France is")])
    with torch.inference_mode():
        logits, expected = model(ids), theirs(ids).logits
        torch.testing.assert_close(logits, expected, atol=1e-4, rtol=1e-4)
        mine = continued(model, ids, 5)
        assert torch.equal(mine, continued(lambda ids: theirs(ids).logits, ids, 5))
    shares, best = logits[0, -1].softmax(-1).topk(2)
    assert ours.pieces(best.tolist()) == [" Paris", " the"]
    assert shares[0] == pytest.approx(0.77, abs=0.01)


def test_its_recorded_head_roles_are_those_of_the_file(loaded):
    """Two of the sixteen sequences again; the text whole.

    How much rests on a first token depends on which token it is.
    """
    model, ours = loaded
    record = json.loads((ASSETS / "models/smollm2/head_roles.json").read_text("utf-8"))
    assert record["sha256"] == hashlib.sha256(PATH.read_bytes()).hexdigest()
    places = [(layer, head) for layer in range(30) for head in range(9)]
    assert [(each["layer"], each["head"]) for each in record["heads"]] == places
    text = windows_of((ASSETS / "probe_sentences.txt").read_text("utf-8"), ours)
    again = {
        "repeated": (repeated_tokens(model, ours)[:2], ON_REPEATED, 0.03),
        "text": (text, ON_TEXT, 1e-4),
    }
    for on, (ids, roles, apart) in again.items():
        for role, scores in score_heads(model, ours, ids, roles).items():
            recorded = torch.tensor([each[on][role] for each in record["heads"]])
            most = 0.1 if (on, role) == ("repeated", "first_token") else apart
            assert (recorded - scores.flatten()).abs().mean() < most, (on, role)


def test_its_vocabulary(loaded):
    ours = loaded[1]
    assert ours.stop_ids == {0, 2}
    assert ours.special_tokens["<|im_start|>"] == 1
    assert ours.chat_template.startswith("{% for message in messages %}")
    assert bytes(set(range(256)) - {each[0] for each in ours.ranks if len(each) == 1}) == LACKING
    assert ours.pieces(ours.encode("a\x04b 12")) == ["a", "<|endoftext|>", "b", " ", "1", "2"]


@given(text=st.lists(st.sampled_from(PARTS) | CHARACTERS, max_size=20).map("".join))
@example(text="".join(map(chr, range(0x800))))
@example(text="\U00040000 \U0010ffff \ufdd0")
@example(text="Once upon a time, 12,345 naïve 東京 🙂\r\n\tdef f(x): return x + 1")
def test_tokens_are_theirs(loaded, tokenizer, text):
    ids = loaded[1].encode(text)
    assert ids == tokenizer.encode(text, add_special_tokens=False).ids


@given(
    text=st.text(st.sampled_from(sorted(BYTES)) | st.characters(exclude_categories=["Cs", "Cn"]))
)
def test_what_it_can_say_comes_back(loaded, text):
    ours = loaded[1]
    if 0 not in (ids := ours.encode(text)):
        assert ours.decode(ids) == text
