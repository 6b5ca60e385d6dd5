#!/usr/bin/env python3
"""Writes attention.json: attention, Transformer layers and losses over masked sequences, computed by PyTorch.

Usage: make_golden_attention.py [FOLDER]     (default: the folder of this script)

The file and its conventions are those of make_golden.py, which this script takes its tools from. A mask is an input
called "mask" (of the query) or "source_mask": 1 where a step is real. Weights are named and laid out as ours:
PyTorch's packed in_proj is cut in three and every matrix transposed. Where a row of the mask is all padding PyTorch
gives NaN; such rows are left to our own tests.
"""
import math
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import make_golden as golden
import torch
import torch.nn.functional as F
from torch import nn

Source = golden.Source


def lengths(*real, steps):
    return torch.tensor([[1.0 if i < n else 0.0 for i in range(steps)] for n in real])


def projections(source, prefix, features, width, value_width, out, kv=None, v=None):
    """Weights of multi-head attention, (in, out) as ours."""
    kv, v = kv or features, v or kv or features
    result = {}
    for name, a, b in (("query", features, width), ("key", kv, width), ("value", v, value_width), ("attention_output", value_width, out)):
        result[f"{prefix}{name}/kernel"] = source.normal(a, b, scale=1 / math.sqrt(a))
        result[f"{prefix}{name}/bias"] = source.normal(b, scale=0.25)
    return result


def attend(module_args, q, k, v, w, prefix="", mask=None, causal=False):
    """PyTorch's own function; weights as ours."""
    heads, width = module_args
    y, _ = F.multi_head_attention_forward(
        q.transpose(0, 1), k.transpose(0, 1), v.transpose(0, 1), width, heads, None,
        torch.cat([w[f"{prefix}{n}/bias"] for n in ("query", "key", "value")]), None, None, False, 0.0,
        w[f"{prefix}attention_output/kernel"].t(), w[f"{prefix}attention_output/bias"], training=False,
        key_padding_mask=None if mask is None else mask == 0, need_weights=False,
        attn_mask=torch.triu(torch.ones(q.shape[1], k.shape[1], dtype=torch.bool), 1) if causal else None,
        use_separate_proj_weight=True,
        q_proj_weight=w[f"{prefix}query/kernel"].t(), k_proj_weight=w[f"{prefix}key/kernel"].t(), v_proj_weight=w[f"{prefix}value/kernel"].t())
    return y.transpose(0, 1)


def case(name, attributes, inputs, function):
    wanted = [k for k in inputs if k not in ("mask", "source_mask")]

    def call(**leaves):
        return {"y": function(leaves)}
    return golden.differentiated(name, attributes, inputs, call, wanted)


def multi_head():
    for name, heads, size, steps, sources, causal, masked in (
            ("self", 2, 3, 5, None, False, False), ("self_odd", 1, 7, 1, None, False, False), ("self_causal", 2, 2, 7, None, True, False),
            ("self_masked", 2, 4, 6, None, False, True), ("self_causal_masked", 3, 2, 5, None, True, True), ("self_long", 2, 4, 37, None, False, True),
            ("cross", 2, 3, 4, 7, False, False), ("cross_masked", 1, 5, 3, 9, False, True)):
        s = Source("mha_" + name)
        width = heads * size
        x = dict(x=s.normal(3 if steps < 20 else 2, steps, width))
        real = [steps] * 3
        n = sources or steps
        if sources:
            x["source"] = s.normal(3, sources, 5)
        if masked:
            x["source_mask" if sources else "mask"] = lengths(n, n - 2, 1, steps=n)[:x["x"].shape[0]]
        x.update(projections(s, "", width, width, width, width, 5 if sources else None))

        def run(w, heads=heads, width=width, sources=sources, causal=causal, masked=masked):
            source = w["source"] if sources else w["x"]
            y = attend((heads, width), w["x"], source, source, w, mask=w.get("source_mask" if sources else "mask"), causal=causal)
            # Padded steps of the query are nobody's business.
            return y * w["mask"][:, :, None] if "mask" in w else y
        layer = {"$type": "MultiHeadAttention", "NumHeads": heads, "KeyDim": size, "UseCausalMask": causal}
        yield case("mha_" + name, dict(layer=layer), x, run)


def plain_attention():
    for name, masked, causal in (("attention", False, False), ("attention_masked", True, False), ("attention_causal", False, True)):
        s = Source(name)
        x = dict(x=s.normal(2, 5, 3), source=s.normal(2, 5 if causal else 7, 3))
        if masked:
            x["source_mask"] = lengths(7, 4, steps=7)

        def run(w, causal=causal):
            scores = w["x"] @ w["source"].transpose(1, 2)
            if "source_mask" in w:
                scores = scores.masked_fill(w["source_mask"][:, None] == 0, -math.inf)
            if causal:
                scores = scores.masked_fill(torch.triu(torch.ones(5, 5, dtype=torch.bool), 1), -math.inf)
            return torch.softmax(scores, -1) @ w["source"]
        yield case(name, dict(layer={"$type": "Attention", "UseCausalMask": causal}), x, run)

    s = Source("attention_scaled")
    x = dict(x=s.normal(2, 3, 3), source=s.normal(2, 4, 3), scale=torch.tensor(0.625))
    yield case("attention_scaled", dict(layer={"$type": "Attention", "UseScale": True}), x,
               lambda w: torch.softmax(w["scale"] * (w["x"] @ w["source"].transpose(1, 2)), -1) @ w["source"])

    for name, masked in (("additive", False), ("additive_masked", True)):
        s = Source(name)
        x = dict(x=s.normal(2, 3, 5), source=s.normal(2, 7, 5), scale=s.normal(5))
        if masked:
            x["source_mask"] = lengths(7, 2, steps=7)

        def run(w):
            scores = (w["scale"] * torch.tanh(w["x"][:, :, None] + w["source"][:, None])).sum(-1)
            if "source_mask" in w:
                scores = scores.masked_fill(w["source_mask"][:, None] == 0, -math.inf)
            return torch.softmax(scores, -1) @ w["source"]
        yield case(name, dict(layer={"$type": "AdditiveAttention"}), x, run)


# Ours, and where PyTorch's layer has it. in_proj is taken apart by hand.
ENCODER = {"self_attention": "self_attn", "self_attention_layer_norm": "norm1", "feedforward_layer_norm": "norm2",
           "feedforward_intermediate_dense": "linear1", "feedforward_output_dense": "linear2"}
DECODER = {"self_attention": "self_attn", "cross_attention": "multihead_attn", "self_attention_layer_norm": "norm1", "cross_attention_layer_norm": "norm2",
           "feedforward_layer_norm": "norm3", "feedforward_intermediate_dense": "linear1", "feedforward_output_dense": "linear2"}


def transformer_weights(source, names, d, ff):
    w = {}
    for ours in names:
        if ours.endswith("attention"):
            w.update(projections(source, ours + "/", d, d, d, d))
        elif ours.endswith("norm"):
            w[ours + "/gamma"], w[ours + "/beta"] = source.uniform(0.5, 1.5, d), source.normal(d, scale=0.25)
        else:
            a, b = (d, ff) if "intermediate" in ours else (ff, d)
            w[ours + "/kernel"], w[ours + "/bias"] = source.normal(a, b, scale=1 / math.sqrt(a)), source.normal(b, scale=0.25)
    return w


def as_torch(names, w):
    """Our weights as the state of PyTorch's layer."""
    state = {}
    for ours, theirs in names.items():
        if ours.endswith("attention"):
            state[theirs + ".in_proj_weight"] = torch.cat([w[f"{ours}/{n}/kernel"].t() for n in ("query", "key", "value")])
            state[theirs + ".in_proj_bias"] = torch.cat([w[f"{ours}/{n}/bias"] for n in ("query", "key", "value")])
            state[theirs + ".out_proj.weight"], state[theirs + ".out_proj.bias"] = w[ours + "/attention_output/kernel"].t(), w[ours + "/attention_output/bias"]
        elif ours.endswith("norm"):
            state[theirs + ".weight"], state[theirs + ".bias"] = w[ours + "/gamma"], w[ours + "/beta"]
        else:
            state[theirs + ".weight"], state[theirs + ".bias"] = w[ours + "/kernel"].t(), w[ours + "/bias"]
    return state


def transformers():
    d, heads, ff = 6, 2, 9
    for kind, names, module, type_name in (("encoder", ENCODER, nn.TransformerEncoderLayer, "TransformerEncoder"),
                                           ("decoder", DECODER, nn.TransformerDecoderLayer, "TransformerDecoder")):
        for first in (False, True):
            for activation, masked in (("relu", False), ("gelu", True)):
                name = f"{kind}_{'pre' if first else 'post'}_norm{'_masked' if masked else ''}"
                s = Source(name)
                x = dict(x=s.normal(2, 5, d))
                if kind == "decoder":
                    x["source"] = s.normal(2, 7, d)
                if masked:
                    x["mask"] = lengths(5, 3, steps=5)
                    if kind == "decoder":
                        x["source_mask"] = lengths(4, 7, steps=7)
                x.update(transformer_weights(s, names, d, ff))
                layer = module(d, heads, ff, dropout=0.0, activation=activation, batch_first=True, norm_first=first).train()

                def run(w, kind=kind, names=names, layer=layer):
                    padding = None if "mask" not in w else w["mask"] == 0
                    if kind == "encoder":
                        arguments, options = (w["x"],), dict(src_key_padding_mask=padding)
                    else:
                        arguments = (w["x"], w["source"])
                        options = dict(tgt_mask=torch.triu(torch.ones(5, 5, dtype=torch.bool), 1), tgt_key_padding_mask=padding,
                                       memory_key_padding_mask=None if "source_mask" not in w else w["source_mask"] == 0)
                    y = torch.nn.utils.stateless.functional_call(layer, as_torch(names, w), arguments, options)
                    return y if padding is None else y * w["mask"][:, :, None]
                settings = {"$type": type_name, "IntermediateDim": ff, "NumHeads": heads, "NormalizeFirst": first, "Activation": {"$type": activation.title()}}
                yield case(name, dict(layer=settings), x, run)


def positions():
    s = Source("rotary")

    def rotate(w):
        x = w["x"]
        size = x.shape[-1]
        angles = torch.arange(x.shape[1])[:, None] * 100.0 ** (-torch.arange(0, size, 2) / size)
        turn = torch.polar(torch.ones_like(angles), angles)
        z = torch.view_as_complex(torch.stack([x[..., :size // 2], x[..., size // 2:]], -1)) * turn
        return torch.cat([z.real, z.imag], -1)
    yield case("rotary", dict(layer={"$type": "RotaryEmbedding", "MaxWavelength": 100}), dict(x=s.normal(2, 7, 6)), rotate)

    def waves(w):
        x = w["x"]
        steps, size = x.shape[1:]
        pe = torch.zeros(steps, size)
        angles = torch.arange(steps)[:, None] * torch.exp(torch.arange(0, size, 2) * (-math.log(10000.0) / size))
        pe[:, 0::2], pe[:, 1::2] = torch.sin(angles), torch.cos(angles)
        return x + pe
    yield case("sine", dict(layer={"$type": "SinePositionEncoding"}), dict(x=Source("sine").normal(2, 5, 4)), waves)


def sequence_loss():
    """Cross-entropy of every real step; the mean over all of them."""
    s = Source("sequence_loss")
    mask, labels = lengths(5, 2, 4, steps=5), torch.randint(3, (3, 5), generator=s.generator)
    x = dict(x=s.normal(3, 5, 3), mask=mask, labels=labels.float())

    def run(w):
        target = labels.masked_fill(mask == 0, -100)
        return F.cross_entropy(w["x"].reshape(-1, 3), target.reshape(-1))

    def call(**leaves):
        return {"y": run(leaves)}
    yield golden.differentiated("sequence_loss", {}, x, call, ["x"])


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent
    cases = [*multi_head(), *plain_attention(), *transformers(), *positions(), *sequence_loss()]
    golden.write(folder / "attention.json", cases)
