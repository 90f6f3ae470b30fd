"""Both halves of induction and its circuit against hooks, whole passes and a head made by hand."""

import json
from pathlib import Path

import pytest
import torch

from tests.small_models import CONFIGS
from transformer_core.checkpoints import load_checkpoint
from transformer_core.lens.head_roles import mean_weight_on, role_target
from transformer_core.lens.induction import SWITCHED_OFF, copying, find_circuit
from transformer_core.shipped_vocabulary import load_shipped
from transformer_core.training.induction_scores import induction_record
from transformer_core.transformer import Transformer

IDS = torch.tensor([[40, 41, 42, 43, 44, 40, 41, 42, 43, 44, 40]])
ASSETS = Path("assets")
both_models = pytest.mark.parametrize("name", CONFIGS)


def made(name: str) -> Transformer:
    torch.manual_seed(0)
    model = Transformer(CONFIGS[name]).eval().requires_grad_(False)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return model


@both_models
def test_copying_is_what_the_logits_lose_when_the_last_layers_head_is_subtracted(name):
    """The norm's divisor held: the stream is scaled by hand as the norm scaled it."""
    model = made(name)
    trace = model.trace(IDS)
    target = role_target("induction", IDS, load_shipped())[0]
    found = copying(model, trace, target)
    last, d = len(model.blocks) - 1, model.config.d_head
    attention = trace.blocks[last].attention
    x = trace.blocks[last].resid_post[0]
    for head in range(model.config.n_heads):
        rows = model.blocks[last].attention.out_proj.weight[head * d : (head + 1) * d]
        added = attention.mixed_values[0, head] @ rows
        centred = model.config.norm == "layer_norm"
        shift = (x - x.mean(-1, keepdim=True)) if centred else x
        added = added - added.mean(-1, keepdim=True) if centred else added
        size = shift.square().mean(-1, keepdim=True).add(model.config.constants.norm_eps).sqrt()
        logits = model.unembed(added / size * model.final_norm.gain)
        raised = []
        for query in target.any(-1).nonzero().flatten().tolist():
            keys = target[query].nonzero().flatten().tolist()
            key = max(keys, key=lambda j: attention.weights[0, head, query, j].item())
            raised.append((logits[query, IDS[0, key]] - logits[query].mean()).item())
        assert found[last, head].item() == pytest.approx(sum(raised) / len(raised), abs=2e-4)


@both_models
def test_the_circuits_passes_are_those_of_a_model_with_edited_weights(name):
    model = made(name)
    circuit = find_circuit(model, model.trace(IDS), load_shipped())
    layer, head = circuit.induction
    assert layer > 0
    assert all(each[0] < layer for each in (*circuit.previous, *circuit.others))
    assert not set(circuit.previous) & set(circuit.others)
    d = model.config.d_head
    gone = ((), circuit.previous[:1], circuit.previous, circuit.others)
    for heads, found, chance in zip(gone, circuit.found, circuit.probability, strict=True):
        edited = Transformer(model.config).eval().requires_grad_(False)
        edited.load_state_dict(model.state_dict())
        for a, b in heads:
            edited.blocks[a].attention.out_proj.weight[b * d : (b + 1) * d] = 0
        run = edited.trace(IDS)
        for query in range(IDS.shape[1]):
            keys = circuit.target[query].nonzero().flatten().tolist()
            if not keys:
                assert found[query] == chance[query] == 0
                continue
            whole = model.trace(IDS).blocks[layer].attention.weights[0, head, query]
            key = max(keys, key=lambda j, row=whole: row[j].item())
            weight = run.blocks[layer].attention.weights[0, head, query, key]
            torch.testing.assert_close(found[query], weight, atol=1e-5, rtol=1e-4)
            likely = run.logits[0, query].softmax(-1)[IDS[0, key]]
            torch.testing.assert_close(chance[query], likely, atol=1e-5, rtol=1e-4)


def test_without_any_repetition_nothing_is_found():
    model = made("fable-classic")
    trace = model.trace(torch.arange(40, 48)[None])
    circuit = find_circuit(model, trace, load_shipped())
    assert not circuit.found.any()
    assert not circuit.raised.any()
    assert not copying(model, trace, circuit.target).any()
    assert len(circuit.previous) <= SWITCHED_OFF


def test_of_heads_with_both_halves_the_best_match_is_the_induction_head():
    model, tokenizer = made("fable-classic"), load_shipped()
    trace = model.trace(IDS)
    target = role_target("induction", IDS, tokenizer)
    weights = mean_weight_on(trace.blocks[1].attention.weights, target)
    among = [(1, 0), (1, 2)]
    best = max(among, key=lambda at: float(weights[at[1]]))
    assert find_circuit(model, trace, tokenizer, among).induction == best
    assert find_circuit(model, trace, tokenizer, among[:1]).induction == among[0]


@pytest.mark.parametrize("name", ["fable-classic", "fable-modern"])
def test_the_trained_models_circuit_fails_without_the_heads_that_feed_it(name):
    """And not without as many other heads of the same layers."""
    model, tokenizer = load_checkpoint(ASSETS / "models" / name), load_shipped()
    words = " ".join(["red stone cat river lamp green door song"] * 2)
    trace = model.trace(torch.tensor([tokenizer.encode(words)]))
    circuit = find_circuit(model, trace, tokenizer)
    whole, _, fed, control = circuit.found[:, circuit.target.any(-1)].mean(-1).tolist()
    assert whole > 0.6
    assert fed < 0.65 * whole
    assert control > 0.85 * whole
    assert circuit.raised[circuit.target.any(-1)].mean() > 1


@pytest.mark.parametrize("name", ["fable-classic", "fable-modern"])
def test_the_recorded_halves_are_those_of_the_stored_weights(name):
    folder = ASSETS / "models" / name
    record = json.loads((folder / "induction.json").read_text("utf-8"))
    text = (ASSETS / record["text"]).read_text("utf-8")
    again = induction_record(load_checkpoint(folder), load_shipped(), text)
    assert {key: record[key] for key in ("tokens", "queries")} == {
        key: again[key] for key in ("tokens", "queries")
    }
    for half in ("prefix_matching", "copying"):
        torch.testing.assert_close(
            torch.tensor(record[half]), torch.tensor(again[half]), atol=5e-3, rtol=0
        )
