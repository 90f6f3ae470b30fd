"""Published vocabularies: ids equal those of Hugging Face's `tokenizers` on any text."""

import json
import shutil
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import AddedToken, Regex, normalizers, pre_tokenizers
from tokenizers import Tokenizer as TheirTokenizer
from tokenizers.models import BPE, WordPiece
from tokenizers.normalizers import NFC, NFKC, Lowercase
from tokenizers.trainers import BpeTrainer

from transformer_core.hugging_face_tokenizer import load_hugging_face_tokenizer
from transformer_core.published import word_patterns
from transformer_core.published.tiktoken_files import (
    _cached_paths,
    available_encodings,
    load_tiktoken,
)
from transformer_core.tokenizer import TokenizerError

TEXT = (
    "the theme of the thesis: don't think, there's  1234 more\n\n to say 567 Straße, naïve 東京 🙂 "
)
BYTES = {"add_prefix_space": False}


def split(pattern: str):
    return pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(pattern), "isolated"),
            pre_tokenizers.ByteLevel(**BYTES, use_regex=False),
        ]
    )


WAYS = {
    "gpt2": pre_tokenizers.ByteLevel(**BYTES),
    "digits": pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(**BYTES)]
    ),
    "llama3": split(word_patterns.LLAMA3),
    "qwen2": split(word_patterns.QWEN2),
    "letters only": split(r"\p{L}+"),
}


def trained(way, without=(), **options) -> TheirTokenizer:
    """Without tokens for these bytes, as small vocabularies are."""
    tokenizer = TheirTokenizer(BPE(**options))
    tokenizer.pre_tokenizer = way
    kept = [c for c in pre_tokenizers.ByteLevel.alphabet() if c not in without]
    trainer = BpeTrainer(
        vocab_size=330,
        initial_alphabet=kept,
        limit_alphabet=len(kept),
        special_tokens=["<|endoftext|>", "<|start|>"],
        show_progress=False,
    )
    tokenizer.train_from_iterator([TEXT] * 3, trainer)
    tokenizer.add_special_tokens([AddedToken("<|extra|>", special=True)])
    return tokenizer


def with_normal_form(form) -> TheirTokenizer:
    tokenizer = trained(WAYS["qwen2"])
    tokenizer.normalizer = form
    return tokenizer


def with_unmerged_words() -> TheirTokenizer:
    """As Llama 3: " zyzzyva" is a token, and merges lead to parts of it only."""
    recorded = json.loads(trained(WAYS["llama3"]).to_str())
    recorded["model"]["ignore_merges"] = True
    words = ["Ġzyzzyva", "zyzzyva", "987", "Ã©Ã©"]
    free = 1 + max(each["id"] for each in recorded["added_tokens"])
    free = max(free, 1 + max(recorded["model"]["vocab"].values()))
    recorded["model"]["vocab"] |= {word: free + i for i, word in enumerate(words)}
    return TheirTokenizer.from_str(json.dumps(recorded))


def with_added_words() -> TheirTokenizer:
    tokenizer = trained(WAYS["gpt2"])
    tokenizer.normalizer = NFC()
    tokenizer.add_tokens(
        [
            AddedToken("theme", normalized=False),
            AddedToken("the", normalized=False, single_word=True),
            AddedToken("  ", normalized=False),
            AddedToken("e\u0301t", normalized=True),
            AddedToken("more", normalized=True, lstrip=True, rstrip=True),
            AddedToken("<|endoftext|>e", normalized=False),
            AddedToken("end", normalized=True),
        ]
    )
    return tokenizer


LACKING = ["\u0104", "À", "Ã", "ð", "t", "Ġ"]  # bytes 4, C0, C3, F0, "t", the blank
MADE = {
    **{name: lambda way=way: trained(way) for name, way in WAYS.items()},
    "bytes left out": lambda: trained(WAYS["digits"], LACKING),
    "bytes unknown": lambda: trained(WAYS["digits"], LACKING, unk_token="<|endoftext|>"),
    "unknown fused": lambda: trained(WAYS["gpt2"], LACKING, unk_token="<|start|>", fuse_unk=True),
    "NFC": lambda: with_normal_form(NFC()),
    "NFKC in a sequence": lambda: with_normal_form(normalizers.Sequence([NFKC()])),
    "unmerged words": with_unmerged_words,
    "added words": with_added_words,
}


@pytest.fixture(scope="module", params=MADE.values(), ids=MADE)
def pair(request, tmp_path_factory):
    theirs = request.param()
    theirs.encode_special_tokens = True  # as plain text
    folder = tmp_path_factory.mktemp("vocabulary")
    theirs.save(str(folder / "tokenizer.json"))
    return theirs, load_hugging_face_tokenizer(folder)


# What Unicode has taken in since Python's tables were made is cut by other tables elsewhere.
CHARACTERS = st.characters(exclude_categories=["Cs", "Cn"])
PARTS = [
    *"the  12½\n\t'sßé\u0301東🙂\x04_",
    "the",
    " there",
    "theme",
    "more",
    "'t",
    "'\u017f",
    "123",
    "987",
]
PARTS += [" zyzzyva", "zyzzyva", "<|endoftext|>", "end", "\r\n", "\u3000", "\u0c4d", "\uff21", "éé"]


@given(text=st.lists(st.sampled_from(PARTS) | CHARACTERS, max_size=20).map("".join))
@example(text="".join(map(chr, range(0x250))))
@example(text="the the theme <|endoftext|>end e\u0301t \u00e9t  more  thethe the.the")
@example(text="0123456789 ١٢٣ ⅷ ²³ 12345 1 2")
@example(text="don't DON'T 'll'LL '\u017f 'S's'")
@example(text="e\u0301\u0327 \ufb01 \u212b \uac00 \u1100\u1161")
def test_tokens_are_theirs(pair, text):
    theirs, ours = pair
    assert ours.encode(text) == theirs.encode(text, add_special_tokens=False).ids


@pytest.mark.parametrize("pair", ["gpt2", "llama3", "unmerged words"], indirect=False)
def test_every_text_comes_back(pair, tmp_path):
    MADE[pair]().save(str(tmp_path / "tokenizer.json"))
    ours = load_hugging_face_tokenizer(tmp_path)
    for text in (TEXT, "\x00\x04 \U0010ffff zyzzyva<|extra|>"):
        assert ours.decode(ours.encode(text)) == text


def test_a_whole_text_is_theirs(pair):
    theirs, ours = pair
    assert ours.encode(TEXT * 50) == theirs.encode(TEXT * 50).ids
    assert len(ours.encode(TEXT)) < len(TEXT.encode())


@pytest.mark.parametrize("text", ["a" * 100_000, " " * 100_000, "\n " * 50_000, "?!" * 50_000])
def test_monotonous_texts_do_not_hang(tmp_path, text):
    trained(WAYS["llama3"]).save(str(tmp_path / "tokenizer.json"))
    ours, start = load_hugging_face_tokenizer(tmp_path), time.process_time()
    assert ours.decode(ours.encode(text)) == text
    assert time.process_time() - start < 10


def load(tmp_path, tokenizer, **config):
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "config.json").write_text(json.dumps(config))
    return load_hugging_face_tokenizer(tmp_path)


def test_a_byte_without_a_token_is_shown_as_the_unknown_token(tmp_path):
    ours = load(tmp_path, MADE["bytes unknown"]())
    ids = ours.encode("ee\x04e")
    assert ours.pieces(ids) == ["e", "e", "<|endoftext|>", "e"]
    left_out = load(tmp_path, MADE["bytes left out"]())
    assert left_out.pieces(left_out.encode("ee\x04e")) == ["e", "e", "e"]


def test_a_word_that_no_merge_reaches_is_whole(tmp_path):
    ours = load(tmp_path, with_unmerged_words())
    assert ours.pieces(ours.encode("a zyzzyva")) == ["a", " zyzzyva"]
    assert len(ours.encode("zyzzyvas")) > 1


def test_special_tokens_have_names_and_are_never_encoded(tmp_path):
    theirs = trained(WAYS["gpt2"])
    ours = load(tmp_path, theirs)
    extra = theirs.token_to_id("<|extra|>")
    assert ours.special_tokens == {"<|endoftext|>": 0, "<|start|>": 1, "<|extra|>": extra}
    assert ours.end_of_text == 0
    assert ours.decode([extra]) == "<|extra|>"
    assert extra not in ours.encode("<|extra|>")


def test_stop_ids_are_the_named_ones_and_those_known_to_end_a_text(tmp_path):
    theirs = trained(WAYS["gpt2"])
    theirs.add_special_tokens(["<|im_end|>", "<|eot_id|>"])
    known = {0, theirs.token_to_id("<|im_end|>"), theirs.token_to_id("<|eot_id|>")}
    assert load(tmp_path, theirs).stop_ids == known
    assert load(tmp_path, theirs, eos_token_id=7).stop_ids == known | {7}
    generation = tmp_path / "generation_config.json"
    generation.write_text(json.dumps({"eos_token_id": [8, 9]}))
    assert load(tmp_path, theirs, eos_token_id=7).stop_ids == known | {7, 8, 9}


def test_the_chat_template_is_read_from_any_of_its_places(tmp_path):
    theirs = trained(WAYS["gpt2"])
    assert load(tmp_path, theirs).chat_template is None
    settings = tmp_path / "tokenizer_config.json"
    settings.write_text(json.dumps({"chat_template": "{{ one }}"}))
    assert load(tmp_path, theirs).chat_template == "{{ one }}"
    several = [{"name": "tools", "template": "t"}, {"name": "default", "template": "{{ d }}"}]
    settings.write_text(json.dumps({"chat_template": several}))
    assert load(tmp_path, theirs).chat_template == "{{ d }}"
    (tmp_path / "chat_template.jinja").write_text("{{ own file }}")
    assert load(tmp_path, theirs).chat_template == "{{ own file }}"


def test_rows_without_a_token_are_told_apart(tmp_path):
    recorded = json.loads(trained(WAYS["gpt2"]).to_str())
    recorded["added_tokens"][-1]["id"] += 2  # two holes below it
    last = recorded["added_tokens"][-1]["id"]
    theirs = TheirTokenizer.from_str(json.dumps(recorded))
    (tmp_path / "tokenizer.json").write_text(json.dumps(recorded))
    (tmp_path / "config.json").write_text(json.dumps({"vocab_size": last + 6}))
    ours = load_hugging_face_tokenizer(tmp_path)
    assert ours.n_vocab == last + 6
    ids = [last - 1, *ours.encode("the"), last + 5]
    pieces = [f"⟨unused {last - 1}⟩", *ours.pieces(ids[1:-1]), f"⟨unused {last + 5}⟩"]
    assert ours.pieces(ids) == pieces
    assert ours.decode(ids) == theirs.decode(ids) == "the"
    for beyond in (-1, last + 6):
        with pytest.raises(KeyError):
            ours.token_bytes(beyond)


def test_a_vocabulary_larger_than_the_model_is_refused(tmp_path):
    theirs = trained(WAYS["gpt2"])
    n = theirs.get_vocab_size()
    assert load(tmp_path, theirs, vocab_size=n).n_vocab == n
    with pytest.raises(
        TokenizerError, match=rf"ids up to {n - 1}, but the model knows {n - 1} tok"
    ):
        load(tmp_path, theirs, vocab_size=n - 1)


def test_ranks_are_what_merges_lead_to(tmp_path):
    ours = load(tmp_path, MADE["bytes left out"]())
    assert len(ours.ranks) == len(set(ours.ranks.values()))
    assert b"\x04" not in ours.ranks
    assert {len(token) for token in ours.ranks} > {1, 2}
    assert all(ours.token_bytes(token_id) == token for token, token_id in ours.ranks.items())


def test_the_pair_of_older_files(tmp_path):
    theirs = trained(WAYS["gpt2"])
    theirs.model.save(str(tmp_path))
    ours = load_hugging_face_tokenizer(tmp_path)
    assert ours.encode(TEXT) == theirs.encode(TEXT).ids
    assert (ours.end_of_text, ours.stop_ids) == (0, {0})


@pytest.mark.skipif(not available_encodings()["gpt2"], reason="GPT-2's vocabulary is not here")
def test_gpt2s_own_files_are_tiktokens_gpt2(tmp_path):
    for source, name in zip(_cached_paths("gpt2"), ("merges.txt", "vocab.json"), strict=True):
        shutil.copy(source, tmp_path / name)
    ours, published = load_hugging_face_tokenizer(tmp_path), load_tiktoken("gpt2")
    assert ours.encode(TEXT) == published.encode(TEXT)
    assert (ours.n_vocab, ours.end_of_text) == (50257, 50256)


def test_normal_forms_are_unicodes(tmp_path):
    ours = load(tmp_path, with_normal_form(NFC()))
    assert ours.decode(ours.encode("e\u0301")) == unicodedata.normalize("NFC", "e\u0301") == "é"


def refuse(tmp_path, message: str):
    with pytest.raises(TokenizerError, match=message) as refused:
        load_hugging_face_tokenizer(tmp_path)
    assert str(tmp_path) not in str(refused.value)


def test_other_kinds_of_vocabulary_are_refused_with_a_reason(tmp_path):
    refuse(tmp_path, r"There is no tokenizer\.json, and no vocab\.json with merges\.txt")
    (tmp_path / "tokenizer.model").write_bytes(b"\n")
    refuse(tmp_path, "SentencePiece")
    path = tmp_path / "tokenizer.json"
    TheirTokenizer(WordPiece({"[UNK]": 0}, unk_token="[UNK]")).save(str(path))
    refuse(tmp_path, "WordPiece")
    TheirTokenizer(BPE(byte_fallback=True)).save(str(path))
    refuse(tmp_path, "SentencePiece")
    recorded = json.loads(trained(WAYS["gpt2"]).to_str())
    recorded["model"]["end_of_word_suffix"] = "</w>"
    path.write_text(json.dumps(recorded))
    refuse(tmp_path, "end_of_word_suffix")
    with_normal_form(Lowercase()).save(str(path))
    refuse(tmp_path, r"changes texts first \(Lowercase\)")
    trained(pre_tokenizers.ByteLevel(add_prefix_space=True)).save(str(path))
    refuse(tmp_path, r"unknown way \(ByteLevel\)")


DAMAGE = {
    "merges of nothing": lambda r: r["model"]["merges"].append(["the", "never"]),
    "a merge of three": lambda r: r["model"]["merges"].append(["t", "h", "e"]),
    "an id that is none": lambda r: r["model"]["vocab"].update(the="7"),
    "an id below 0": lambda r: r["model"]["vocab"].update(the=-7),
    "no model": lambda r: r.pop("model"),
    "no words": lambda r: r.update(pre_tokenizer=None),
    "no names": lambda r: r["added_tokens"].append({}),
    "tokens in a list": lambda r: r["model"].update(vocab=[]),
    "unknown unknown": lambda r: r["model"].update(unk_token="<unk>"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damage_is_told_in_a_sentence(tmp_path, damage):
    recorded = json.loads(trained(WAYS["gpt2"]).to_str())
    damage(recorded)
    (tmp_path / "tokenizer.json").write_text(json.dumps(recorded))
    refuse(tmp_path, "damaged")


def test_a_file_that_is_no_json_and_a_pattern_that_is_none(tmp_path):
    path = tmp_path / "tokenizer.json"
    path.write_text("{")
    refuse(tmp_path, "damaged")
    recorded = json.loads(trained(WAYS["llama3"]).to_str())
    recorded["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = "("
    path.write_text(json.dumps(recorded))
    refuse(tmp_path, "a pattern that is none")


def test_ids_out_of_order_are_refused(tmp_path):
    path = tmp_path / "tokenizer.json"
    trained(WAYS["gpt2"]).save(str(path))
    recorded = json.loads(path.read_text())
    recorded["model"]["merges"].reverse()
    path.write_text(json.dumps(recorded))
    refuse(tmp_path, "merges' order")
