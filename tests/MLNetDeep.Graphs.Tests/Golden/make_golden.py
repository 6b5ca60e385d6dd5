#!/usr/bin/env python3
"""Writes the golden files: values computed by PyTorch that our own code must reproduce.

Usage: make_golden.py [FOLDER]     write the JSON files (default: the folder of this script)
       make_golden.py --check      write nothing; compute everything in float64 too and print, for every
                                   file, how far float32 is from it: the least tolerance a test can ask for

Needs PyTorch 1.13 or later, CPU only. Everything is computed in float32 by torch, from inputs that are
multiples of 1/64 and so the same number in every precision. Runs are repeatable; another BLAS or
another version of torch may change the last digit.

A file is a list of cases:
  {"name":       unique within the file,
   "attributes": {every hyperparameter, and "formula" where conventions differ},
   "inputs":     {"x": {"shape": [4, 7], "data": [28 numbers, row-major]}, ...},
   "outputs":    {"y": {...}, ...},           the first is the one that gradients are of
   "gradients":  {"x": {...}, ...}}           d(sum(first output * inputs["upstream"])) / d(input)
"gradients" is empty, and there is no "upstream", where a case is not about gradients.
Data are written with nine significant digits, which single precision survives unchanged.
"""
import json
import math
import pathlib
import sys
import zlib

import torch
import torch.nn.functional as F
from torch.optim import lr_scheduler

torch.set_num_threads(1)
dtype = torch.float32


# ---- inputs ---------------------------------------------------------------------------------------------------

class Source:
    """Random multiples of 1/64, seeded by a name, so that adding a case leaves the others as they are."""

    def __init__(self, name):
        self.generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))

    def normal(self, *shape, scale=1.0):
        x = torch.randn(*shape, generator=self.generator) * scale
        return torch.round(x * 64).div(64).to(dtype)

    def uniform(self, low, high, *shape):
        x = torch.rand(*shape, generator=self.generator) * (high - low) + low
        return torch.round(x * 64).div(64).to(dtype)

    def bits(self, *shape):
        return torch.randint(2, shape, generator=self.generator).to(dtype)

    def glorot(self, rows, columns):
        limit = math.sqrt(6 / (rows + columns))
        return self.uniform(-limit, limit, rows, columns)


def tensor(values):
    return torch.tensor(values, dtype=dtype)


# ---- cases ----------------------------------------------------------------------------------------------------

def plain(name, attributes, inputs, outputs):
    """A case without gradients."""
    return dict(name=name, attributes=attributes, inputs=inputs, outputs=outputs, gradients={})


def differentiated(name, attributes, inputs, function, wanted, upstream=None):
    """A case with the gradients of function's first output with respect to the inputs named in wanted.

    function takes the inputs by name and returns its outputs by name.
    """
    leaves = {k: v.clone().requires_grad_(k in wanted) for k, v in inputs.items()}
    outputs = function(**leaves)
    first = next(iter(outputs.values()))
    if upstream is None:
        upstream = Source(name + "/upstream").normal(*first.shape) if first.dim() else torch.ones((), dtype=dtype)
    gradients = torch.autograd.grad(first, [leaves[k] for k in wanted], upstream)
    return dict(name=name, attributes=attributes, inputs={**inputs, "upstream": upstream},
                outputs={k: v.detach() for k, v in outputs.items()}, gradients=dict(zip(wanted, gradients)))


# ---- activations ----------------------------------------------------------------------------------------------

def activations():
    # Two ordinary rows, one of large values and one of huge ones: nothing may overflow or become NaN.
    x = torch.cat([
        Source("activations").normal(2, 7, scale=1.5),
        tensor([[-50, -20, -10.5, 0.015625, 8.25, 20.5, 50]]),
        tensor([[-10000, -1000, -30, 0.5, 30, 1000, 10000]])])
    assert (x != 0).all()
    # At exactly zero the gradient is a convention: zero for relu, the slope for leaky_relu.
    kink = tensor([[-1, -0.015625, 0, 0.015625, 1]])

    def case(name, function, values=x, **attributes):
        return differentiated(name, attributes, {"x": values}, lambda x: {"y": function(x)}, ["x"])

    leaky = [case(f"leaky_relu_{slope}", lambda x, s=slope: F.leaky_relu(x, s), negative_slope=slope)
             for slope in (0.01, 0.2, 0.3)]
    return [
        case("relu", F.relu),
        case("relu_at_zero", F.relu, kink),
        *leaky,
        case("leaky_relu_at_zero", lambda x: F.leaky_relu(x, 0.3), kink, negative_slope=0.3),
        case("elu", F.elu, alpha=1.0),
        case("selu", F.selu, alpha=1.6732632423543772, scale=1.0507009873554805),
        case("gelu", F.gelu, approximate=False, formula="x * (1 + erf(x / sqrt(2))) / 2"),
        case("gelu_approximate", lambda x: F.gelu(x, approximate="tanh"), approximate=True,
             formula="x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) / 2"),
        case("silu", F.silu),
        case("sigmoid", torch.sigmoid),
        case("tanh", torch.tanh),
        case("softplus", F.softplus),
        case("softmax", lambda x: F.softmax(x, -1), axis=-1),
        case("log_softmax", lambda x: F.log_softmax(x, -1), axis=-1),
    ]


# ---- layers ---------------------------------------------------------------------------------------------------

BATCH_NORMALIZATION = ("mean and (biased) variance over all axes but the last; y = gamma * (x - mean) / "
                       "sqrt(variance + epsilon) + beta; moving = momentum * moving + (1 - momentum) * batch, "
                       "with the biased batch variance")


def batch_normalization(x, gamma, beta, moving_mean, moving_variance, training, epsilon, momentum):
    """Keras' layer on the last axis; the updated moving statistics are only given in training."""
    flat = x.reshape(-1, x.shape[-1])
    if not training:
        y = F.batch_norm(flat, moving_mean, moving_variance, gamma, beta, False, 0.0, epsilon)
        return {"y": y.reshape(x.shape)}
    y = F.batch_norm(flat, None, None, gamma, beta, True, 0.0, epsilon).reshape(x.shape)
    mean, variance = flat.detach().mean(0), flat.detach().var(0, unbiased=False)
    return {"y": y,
            "moving_mean": momentum * moving_mean + (1 - momentum) * mean,
            "moving_variance": momentum * moving_variance + (1 - momentum) * variance}


def layers():
    cases = []

    for name, shape in (("dense", (5, 7)), ("dense_3d", (2, 3, 7))):
        s = Source(name)
        cases.append(differentiated(
            name, {"units": 3, "formula": "y = x . kernel + bias, over the last axis"},
            {"x": s.normal(*shape), "kernel": s.normal(7, 3, scale=0.5), "bias": s.normal(3)},
            lambda x, kernel, bias: {"y": F.linear(x, kernel.T, bias)}, ["x", "kernel", "bias"]))

    for name, shape, training in (("batch_normalization_training", (6, 4), True),
                                  ("batch_normalization_training_images", (2, 3, 2, 4), True),
                                  ("batch_normalization_inference", (6, 4), False),
                                  ("batch_normalization_inference_images", (2, 3, 2, 4), False)):
        s, n = Source(name), shape[-1]
        settings = dict(training=training, epsilon=1e-3, momentum=0.99)
        cases.append(differentiated(
            name, {**settings, "axis": -1, "formula": BATCH_NORMALIZATION},
            {"x": s.normal(*shape, scale=2) + tensor([3, -2, 0.5, 0]), "gamma": s.normal(n), "beta": s.normal(n),
             "moving_mean": s.normal(n), "moving_variance": s.uniform(0.5, 2, n)},
            lambda **inputs: batch_normalization(**inputs, **settings), ["x", "gamma", "beta"]))

    for name, shape in (("layer_normalization", (3, 5)), ("layer_normalization_3d", (2, 3, 8))):
        s, n = Source(name), shape[-1]
        cases.append(differentiated(
            name, {"epsilon": 1e-3, "axis": -1, "formula": "as batch normalization, with statistics over the last axis of each row"},
            {"x": s.normal(*shape, scale=2) + 1.5, "gamma": s.normal(n), "beta": s.normal(n)},
            lambda x, gamma, beta: {"y": F.layer_norm(x, x.shape[-1:], gamma, beta, 1e-3)}, ["x", "gamma", "beta"]))

    ids = tensor([[5, 0, 2, 5], [2, 2, 3, 0]])          # 2, 5 and 0 repeat, 1 and 4 are absent
    cases.append(differentiated(
        "embedding", {"input_dim": 6, "output_dim": 3}, {"ids": ids, "table": Source("embedding").normal(6, 3)},
        lambda ids, table: {"y": F.embedding(ids.long(), table)}, ["table"]))
    return cases


# ---- convolutions and what goes with them ---------------------------------------------------------------------

def sizes(values, names=("Depth", "Height", "Width")):
    """A window as our layers write it: a number for sequences, else an object."""
    return values[0] if len(values) == 1 else dict(zip(names[-len(values):], values))


def channels_first(x):
    return x.movedim(-1, 1)


def channels_last(x):
    return x.movedim(1, -1)


def sides(padding, size, kernel, stride, dilation):
    """Cells before and after along one axis. 'same' is TensorFlow's rule: the odd one goes behind."""
    reach = dilation * (kernel - 1) + 1
    if padding == "valid":
        return 0, 0
    if padding == "causal":
        return reach - 1, 0
    if padding == "same":
        total = max((reach - stride) if size % stride == 0 else (reach - size % stride), 0)
        return total // 2, total - total // 2
    raise ValueError(padding)


def padded(x, pairs, value=0.0):
    """x, channels first, with cells before and after each spatial axis."""
    flat = [n for pair in reversed(pairs) for n in pair]
    return F.pad(x, flat, value=value)


def pairs_of(padding, x, kernel, stride, dilation):
    if isinstance(padding, list):
        padding = padding * (len(kernel) if len(padding) == 2 else 1)
        return [tuple(padding[2 * i:2 * i + 2]) for i in range(len(kernel))]
    return [sides(padding, x.shape[i + 2], kernel[i], stride[i], dilation[i]) for i in range(len(kernel))]


def convolution(name, shape, filters, kernel, stride=None, dilation=None, groups=1, padding="valid"):
    n = len(kernel)
    stride, dilation = stride or (1,) * n, dilation or (1,) * n
    s = Source(name)

    def run(x, kernel, bias):
        x = channels_first(x)
        x = padded(x, pairs_of(padding, x, kernel.shape[:n], stride, dilation))
        weight = kernel.movedim(-1, 0).movedim(-1, 1)
        function = (F.conv1d, F.conv2d, F.conv3d)[n - 1]
        return {"y": channels_last(function(x, weight, bias, stride, 0, dilation, groups))}

    layer = {"$type": f"Conv{n}D", "Filters": filters, "KernelSize": sizes(kernel), "Strides": sizes(stride),
             "DilationRate": sizes(dilation), "Groups": groups, "Padding": padding}
    inputs = {"x": s.normal(*shape), "kernel": s.normal(*kernel, shape[-1] // groups, filters, scale=0.5), "bias": s.normal(filters)}
    return differentiated(name, {"layer": layer}, inputs, run, ["x", "kernel", "bias"])


def depthwise(x, kernel, padding, stride):
    x = channels_first(x)
    h, w, c, m = kernel.shape
    x = padded(x, pairs_of(padding, x, (h, w), stride, (1, 1)))
    return F.conv2d(x, kernel.permute(2, 3, 0, 1).reshape(c * m, 1, h, w), None, stride, 0, 1, c)


def depthwise_convolution(name, shape, kernel, multiplier, stride, padding):
    s, c = Source(name), shape[-1]
    layer = {"$type": "DepthwiseConv2D", "KernelSize": sizes(kernel), "Strides": sizes(stride), "Padding": padding, "DepthMultiplier": multiplier}
    inputs = {"x": s.normal(*shape), "kernel": s.normal(*kernel, c, multiplier, scale=0.5), "bias": s.normal(c * multiplier)}
    return differentiated(
        name, {"layer": layer}, inputs,
        lambda x, kernel, bias: {"y": channels_last(depthwise(x, kernel, padding, stride)) + bias}, ["x", "kernel", "bias"])


def separable_convolution(name, shape, filters, kernel, multiplier, stride, padding):
    s, c = Source(name), shape[-1]
    layer = {"$type": "SeparableConv2D", "Filters": filters, "KernelSize": sizes(kernel), "Strides": sizes(stride), "Padding": padding,
             "DepthMultiplier": multiplier}
    inputs = {"x": s.normal(*shape), "depthwise_kernel": s.normal(*kernel, c, multiplier, scale=0.5),
              "pointwise_kernel": s.normal(1, 1, c * multiplier, filters, scale=0.5), "bias": s.normal(filters)}

    def run(x, depthwise_kernel, pointwise_kernel, bias):
        y = depthwise(x, depthwise_kernel, padding, stride)
        return {"y": channels_last(F.conv2d(y, pointwise_kernel.permute(3, 2, 0, 1), bias))}

    return differentiated(name, {"layer": layer}, inputs, run, ["x", "depthwise_kernel", "pointwise_kernel", "bias"])


def transposed_convolution(name, shape, filters, kernel, stride, crop, output, padding, output_padding=None, dilation=None):
    """The full transposed convolution with crop (before, after) cells cut off each axis, and zeros added up to output cells."""
    n = len(kernel)
    dilation = dilation or (1,) * n
    s = Source(name)

    def run(x, kernel, bias):
        weight = kernel.movedim(-1, 0).movedim(-1, 1)
        function = (F.conv_transpose1d, F.conv_transpose2d)[n - 1]
        y = channels_last(function(channels_first(x), weight, None, stride, 0, 0, 1, dilation))
        for axis in range(n):
            first, count = crop[axis][0], output[axis]
            y = y.narrow(axis + 1, first, min(count, y.shape[axis + 1] - first))
            missing = count - y.shape[axis + 1]
            if missing:
                y = torch.cat([y, torch.zeros_like(y.narrow(axis + 1, 0, 1)).repeat_interleave(missing, axis + 1)], axis + 1)
        return {"y": y + bias}

    layer = {"$type": f"Conv{n}DTranspose", "Filters": filters, "KernelSize": sizes(kernel), "Strides": sizes(stride),
             "DilationRate": sizes(dilation), "Padding": padding}
    if output_padding is not None:
        layer["OutputPadding"] = sizes(output_padding)
    inputs = {"x": s.normal(*shape), "kernel": s.normal(*kernel, filters, shape[-1], scale=0.5), "bias": s.normal(filters)}
    return differentiated(name, {"layer": layer}, inputs, run, ["x", "kernel", "bias"])


def pool(name, shape, size, stride, padding, is_max):
    n = len(size)

    def run(x):
        x = channels_first(x)
        pairs = pairs_of(padding, x, size, stride, (1,) * n)
        if is_max:
            return {"y": channels_last((F.max_pool1d, F.max_pool2d, F.max_pool3d)[n - 1](padded(x, pairs, -math.inf), size, stride))}
        average = (F.avg_pool1d, F.avg_pool2d, F.avg_pool3d)[n - 1]
        return {"y": channels_last(average(padded(x, pairs), size, stride) / average(padded(torch.ones_like(x), pairs), size, stride))}

    layer = {"$type": f"{'Max' if is_max else 'Average'}Pool{n}D", "PoolSize": sizes(size), "Strides": sizes(stride), "Padding": padding}
    return differentiated(name, {"layer": layer}, {"x": Source(name).normal(*shape, scale=2)}, run, ["x"])


def images():
    def simple(name, layer, shape, function):
        return differentiated(
            name, {"layer": layer}, {"x": Source(name).normal(*shape)}, lambda x: {"y": channels_last(function(channels_first(x)))}, ["x"])

    def group_normalization(name, shape, groups):
        s, c = Source(name), shape[-1]
        return differentiated(
            name, {"layer": {"$type": "GroupNormalization", "Groups": groups}},
            {"x": s.normal(*shape, scale=2) + 1.5, "gamma": s.normal(c), "beta": s.normal(c)},
            lambda x, gamma, beta: {"y": channels_last(F.group_norm(channels_first(x), groups if groups > 0 else c, gamma, beta, 1e-3))},
            ["x", "gamma", "beta"])

    return [
        convolution("conv1d", (2, 7, 3), 4, (3,)),
        convolution("conv1d_causal", (2, 6, 2), 3, (3,), dilation=(2,), padding="causal"),
        convolution("conv1d_same_strides", (2, 7, 2), 3, (4,), stride=(2,), padding="same"),
        convolution("conv2d", (2, 5, 6, 3), 4, (3, 2)),
        convolution("conv2d_strides", (2, 6, 5, 2), 3, (3, 3), stride=(2, 1)),
        convolution("conv2d_dilation", (1, 7, 6, 2), 3, (3, 2), dilation=(2, 3)),
        convolution("conv2d_groups", (2, 4, 4, 6), 4, (3, 3), groups=2, padding="same"),
        convolution("conv2d_same", (2, 5, 4, 2), 3, (3, 4), padding="same"),
        convolution("conv2d_same_strides_even", (1, 6, 8, 2), 3, (3, 3), stride=(2, 2), padding="same"),
        convolution("conv2d_same_strides_odd", (1, 7, 5, 2), 3, (3, 5), stride=(2, 3), padding="same"),
        convolution("conv2d_same_stride_over_kernel", (1, 7, 6, 2), 3, (1, 2), stride=(3, 4), padding="same"),
        convolution("conv2d_asymmetric", (1, 4, 5, 2), 3, (3, 3), stride=(2, 2), padding=[1, 0, 0, 3]),
        convolution("conv2d_symmetric", (1, 6, 6, 3), 4, (3, 3), stride=(2, 2), padding=[1, 1]),
        convolution("conv2d_pointwise", (2, 3, 4, 5), 6, (1, 1)),
        convolution("conv3d", (1, 4, 4, 3, 2), 3, (2, 3, 2)),
        convolution("conv3d_same_strides", (1, 5, 4, 3, 2), 2, (3, 2, 2), stride=(2, 2, 1), padding="same"),
        convolution("conv3d_groups_dilation", (1, 4, 3, 3, 4), 4, (2, 2, 2), dilation=(2, 1, 2), groups=2),
        depthwise_convolution("depthwise_conv2d", (2, 5, 4, 3), (3, 2), 1, (1, 1), "valid"),
        depthwise_convolution("depthwise_conv2d_multiplier", (1, 6, 5, 3), (3, 3), 2, (2, 2), "same"),
        separable_convolution("separable_conv2d", (2, 5, 4, 3), 4, (3, 3), 2, (2, 1), "same"),
        # kernel 3, stride 2 over 3 cells: the full output has 7.
        transposed_convolution("conv1d_transpose", (2, 3, 2), 3, (3,), (2,), [(0, 0)], (7,), "valid"),
        transposed_convolution("conv2d_transpose", (2, 3, 2, 3), 2, (3, 2), (2, 3), [(0, 0), (0, 0)], (7, 6), "valid"),
        transposed_convolution("conv2d_transpose_same", (1, 3, 4, 3), 2, (4, 3), (2, 2), [(1, 1), (0, 1)], (6, 8), "same"),
        transposed_convolution("conv2d_transpose_same_output_padding", (1, 3, 3, 2), 2, (3, 3), (2, 2), [(1, 1), (0, 1)], (5, 6), "same", (0, 1)),
        transposed_convolution("conv2d_transpose_explicit", (1, 3, 2, 2), 3, (4, 4), (2, 2), [(1, 1), (1, 1)], (6, 4), [1, 1]),
        transposed_convolution("conv2d_transpose_dilation", (1, 3, 3, 2), 2, (2, 3), (1, 2), [(0, 0), (0, 0)], (5, 7), "valid", dilation=(2, 1)),
        pool("max_pool1d", (2, 7, 3), (2,), (2,), "valid", True),
        pool("max_pool2d", (2, 5, 6, 3), (2, 2), (2, 2), "valid", True),
        pool("max_pool2d_same", (2, 5, 6, 2), (3, 2), (2, 1), "same", True),
        pool("max_pool2d_explicit", (1, 6, 6, 2), (3, 3), (2, 2), [1, 1], True),
        pool("max_pool3d_same", (1, 3, 4, 5, 2), (2, 3, 2), (2, 2, 1), "same", True),
        pool("average_pool1d_same", (2, 7, 3), (3,), (2,), "same", False),
        pool("average_pool2d", (2, 5, 6, 3), (3, 2), (2, 2), "valid", False),
        pool("average_pool2d_same", (2, 5, 6, 2), (3, 4), (2, 1), "same", False),
        pool("average_pool3d_same", (1, 3, 4, 5, 2), (2, 3, 2), (2, 2, 1), "same", False),
        group_normalization("group_normalization", (2, 3, 2, 6), 3),
        group_normalization("instance_normalization", (2, 5, 4), -1),
        simple("adaptive_average_pool2d", {"$type": "AdaptiveAveragePool2D", "OutputSize": sizes((3, 2))}, (2, 5, 7, 2),
               lambda x: F.adaptive_avg_pool2d(x, (3, 2))),
        simple("adaptive_average_pool2d_up", {"$type": "AdaptiveAveragePool2D", "OutputSize": sizes((4, 5))}, (1, 3, 2, 2),
               lambda x: F.adaptive_avg_pool2d(x, (4, 5))),
        simple("up_sampling1d", {"$type": "UpSampling1D", "Size": 3}, (2, 3, 2), lambda x: F.interpolate(x, scale_factor=3)),
        simple("up_sampling2d", {"$type": "UpSampling2D", "Size": sizes((2, 3))}, (2, 3, 2, 2), lambda x: F.interpolate(x, scale_factor=(2, 3))),
        simple("up_sampling2d_bilinear", {"$type": "UpSampling2D", "Size": sizes((2, 3)), "Interpolation": "Bilinear"}, (2, 3, 4, 2),
               lambda x: F.interpolate(x, scale_factor=(2, 3), mode="bilinear", align_corners=False)),
        simple("up_sampling3d", {"$type": "UpSampling3D", "Size": sizes((2, 1, 3))}, (1, 2, 3, 2, 2), lambda x: F.interpolate(x, scale_factor=(2, 1, 3))),
        simple("zero_padding2d", {"$type": "ZeroPadding2D", "Padding": [1, 0, 2, 1]}, (1, 2, 3, 2), lambda x: F.pad(x, (2, 1, 1, 0))),
        simple("cropping2d", {"$type": "Cropping2D", "Cropping": [1, 0, 2, 1]}, (1, 4, 6, 2), lambda x: x[:, :, 1:, 2:-1]),
    ]


# ---- losses ---------------------------------------------------------------------------------------------------

def reduced(rows):
    """The mean over the rows of the batch, weighted or not: sum(rows) / N, Keras' sum_over_batch_size."""
    return {"loss": rows.sum() / rows.shape[0], "per_row": rows}


def cross_entropy(labels, predictions, smoothing=0.0):
    return F.cross_entropy(predictions, labels.long(), reduction="none", label_smoothing=smoothing)


def binary_cross_entropy(targets, predictions, smoothing=0.0):
    smoothed = targets * (1 - smoothing) + 0.5 * smoothing
    return F.binary_cross_entropy_with_logits(predictions, smoothed, reduction="none").mean(-1)


def focal(labels, predictions, gamma):
    log_p = F.log_softmax(predictions, -1).gather(1, labels.long()[:, None])[:, 0]
    return -(1 - log_p.exp()) ** gamma * log_p


def binary_focal(targets, predictions, gamma, alpha):
    bce = F.binary_cross_entropy_with_logits(predictions, targets, reduction="none")
    p = torch.sigmoid(predictions)
    p_true = targets * p + (1 - targets) * (1 - p)
    weight = targets * alpha + (1 - targets) * (1 - alpha)
    return (weight * (1 - p_true) ** gamma * bce).mean(-1)


def log_cosh(targets, predictions):
    e = predictions - targets
    return (e + F.softplus(-2 * e) - math.log(2)).mean(-1)


def quantile(targets, predictions, q):
    e = targets - predictions
    return torch.maximum(q * e, (q - 1) * e).mean(-1)


def losses():
    cases = []

    def case(name, inputs, rows, formula, sample_weight=None, **attributes):
        attributes = {"reduction": "sum_over_batch_size", "formula": formula, **attributes}
        if sample_weight is None:
            function = lambda **inputs: reduced(rows(**inputs))
        else:
            inputs = {**inputs, "sample_weight": sample_weight}
            attributes["weights"] = "per_row[i] = sample_weight[i] * loss of row i; loss = sum(per_row) / N, not / sum of weights"
            function = lambda sample_weight, **inputs: reduced(sample_weight * rows(**inputs))
        cases.append(differentiated(name, attributes, inputs, function, ["predictions"]))

    weights = tensor([0.5, 2, 1, 0, 1.5, 3])

    # Several classes: labels [6], predictions are logits [6, 4].
    s = Source("classes")
    several = {"labels": tensor([0, 3, 1, 2, 3, 3]), "predictions": s.normal(6, 4, scale=1.5)}
    formula = "-log(softmax(predictions)[label])"
    case("sparse_categorical_crossentropy", several, cross_entropy, formula, from_logits=True)
    case("sparse_categorical_crossentropy_large_logits",
         {"labels": tensor([0, 1, 2, 3, 0, 1]),
          "predictions": tensor([[1000, 0, -1000, 5], [1000, 0, -1000, 5], [-60, -40, -50, -45],
                                 [0, 0, 0, 0], [50, 50.5, 49.5, 50], [1e4, 1e4, 0, 0]])},
         cross_entropy, formula, from_logits=True)
    case("sparse_categorical_crossentropy_label_smoothing", several,
         lambda **i: cross_entropy(**i, smoothing=0.1),
         "-sum(t * log(softmax(predictions))), t = (1 - label_smoothing) * onehot + label_smoothing / classes",
         from_logits=True, label_smoothing=0.1)
    class_weights = [0.5, 1.0, 2.0, 0.75]
    cases.append(differentiated(
        "sparse_categorical_crossentropy_class_weights",
        {"reduction": "sum_over_batch_size", "formula": formula, "from_logits": True, "class_weights": class_weights,
         "weights": "per_row[i] = class_weights[label[i]] * loss of row i; loss = sum(per_row) / N, not / sum of weights"},
        several, lambda labels, predictions: reduced(tensor(class_weights)[labels.long()] * cross_entropy(labels, predictions)),
        ["predictions"]))
    case("sparse_categorical_crossentropy_sample_weight", several, cross_entropy, formula, weights, from_logits=True)
    case("categorical_focal_crossentropy", several, lambda **i: focal(**i, gamma=2),
         "-(1 - p)^gamma * log(p), p = softmax(predictions)[label]", from_logits=True, gamma=2.0, alpha=None)

    # Two classes: predictions are logits, one per row, and several independent ones per row.
    s = Source("binary")
    single = {"targets": tensor([[1], [0], [0], [1], [1], [0]]), "predictions": s.normal(6, 1, scale=2)}
    multiple = {"targets": s.bits(6, 3), "predictions": s.normal(6, 3, scale=2)}
    formula = "row mean of -(t * log(p) + (1 - t) * log(1 - p)), p = sigmoid(predictions)"
    smoothed = formula + ", t = targets * (1 - label_smoothing) + label_smoothing / 2"
    case("binary_crossentropy", single, binary_cross_entropy, formula, from_logits=True)
    case("binary_crossentropy_large_logits",
         {"targets": tensor([[1], [0], [1], [0], [1], [0]]),
          "predictions": tensor([[1000], [1000], [-1000], [-1000], [-30], [-30]])},
         binary_cross_entropy, formula, from_logits=True)
    case("binary_crossentropy_multilabel", multiple, binary_cross_entropy, formula, from_logits=True)
    case("binary_crossentropy_label_smoothing", single, lambda **i: binary_cross_entropy(**i, smoothing=0.1),
         smoothed, from_logits=True, label_smoothing=0.1)
    case("binary_crossentropy_sample_weight", single, binary_cross_entropy, formula, weights, from_logits=True)
    case("binary_focal_crossentropy", single, lambda **i: binary_focal(**i, gamma=2, alpha=0.25),
         "row mean of a * (1 - q)^gamma * binary cross-entropy, with q = p and a = alpha where the target is 1, "
         "q = 1 - p and a = 1 - alpha where it is 0, p = sigmoid(predictions)", from_logits=True, gamma=2.0, alpha=0.25)

    # Regression: targets and predictions [6, 3]; errors are small, around one and large.
    s = Source("regression")
    targets = s.normal(6, 3, scale=2)
    errors = s.normal(6, 3) + tensor([0, 0.25, 0]) + tensor([0, 0, 0, 0, 4, -40])[:, None]
    errors = torch.where((errors == 0) | (errors.abs() == 1), errors + 1 / 64, errors)      # away from the kinks
    assert (errors != 0).all() and (errors.abs() != 1).all()
    real = {"targets": targets, "predictions": targets + errors}
    mse = lambda targets, predictions: F.mse_loss(predictions, targets, reduction="none").mean(-1)
    mae = lambda targets, predictions: F.l1_loss(predictions, targets, reduction="none").mean(-1)
    huber = lambda targets, predictions: F.huber_loss(predictions, targets, reduction="none", delta=1.0).mean(-1)
    case("mean_squared_error", real, mse, "row mean of e^2, e = predictions - targets")
    case("mean_absolute_error", real, mae, "row mean of |e|")
    case("huber", real, huber, "row mean of e^2 / 2 where |e| <= delta, else delta * |e| - delta^2 / 2", delta=1.0)
    case("log_cosh", real, log_cosh, "row mean of e + softplus(-2 e) - log(2)")
    for q in (0.1, 0.5, 0.9):
        case(f"quantile_{q}", real, lambda targets, predictions, q=q: quantile(targets, predictions, q),
             "row mean of max(q * d, (q - 1) * d), d = targets - predictions", quantile=q)
    case("poisson", {"targets": tensor([[0, 1, 2], [3, 0, 7], [1, 1, 0], [12, 0, 1], [2, 5, 3], [0, 0, 0]]),
                     "predictions": s.uniform(0.25, 6, 6, 3)},
         lambda targets, predictions: (predictions - targets * torch.log(predictions + 1e-7)).mean(-1),
         "row mean of predictions - targets * log(predictions + epsilon); a prediction is the rate", epsilon=1e-7)
    case("mean_squared_error_sample_weight", real, mse, "row mean of e^2", weights)
    case("mean_absolute_error_sample_weight", real, mae, "row mean of |e|", weights)
    case("huber_sample_weight", real, huber, "as huber", weights, delta=1.0)
    return cases


# ---- optimizers -----------------------------------------------------------------------------------------------

MOMENTUM = "m = momentum * m + g (m = 0 at first); "
RMSPROP = "v = rho * v + (1 - rho) * g^2; "
ADAM = ("m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * g^2; mh = m / (1 - beta1^t); "
        "vh = v / (1 - beta2^t); w -= lr * mh / (sqrt(vh) + epsilon)")

STEPS = 10


class Nadam:
    """torch.optim.NAdam as it is from PyTorch 2.0 on; in 1.13 one factor, u[t], is in the product twice."""

    def __init__(self, parameters, lr, beta1=0.9, beta2=0.999, eps=1e-7, momentum_decay=4e-3):
        self.w, = parameters
        self.lr, self.beta1, self.beta2, self.eps, self.decay = lr, beta1, beta2, eps, momentum_decay
        self.m, self.v, self.product, self.t = torch.zeros_like(self.w), torch.zeros_like(self.w), 1.0, 0

    @torch.no_grad()
    def step(self):
        self.t += 1
        g, u = self.w.grad, [self.beta1 * (1 - 0.96 ** (t * self.decay) / 2) for t in (self.t, self.t + 1)]
        self.product *= u[0]
        self.m.mul_(self.beta1).add_(g, alpha=1 - self.beta1)
        self.v.mul_(self.beta2).addcmul_(g, g, value=1 - self.beta2)
        divisor = (self.v / (1 - self.beta2 ** self.t)).sqrt() + self.eps
        self.w -= self.lr * ((1 - u[0]) / (1 - self.product) * g + u[1] / (1 - self.product * u[1]) * self.m) / divisor


def optimizer_data():
    s = Source("optimizers")
    w, g = s.normal(4, 3), s.normal(STEPS, 4, 3)
    g[:2, 0, 0] = 0                                     # a weight whose gradient is zero at first
    g[:, 1, 1] *= 0.015625                              # one with small gradients
    g[:, 2, 2] *= 16                                    # and one with large ones
    return w, g


def optimized(name, build, attributes, formula, decay=0.0):
    w, g = optimizer_data()
    parameter = torch.nn.Parameter(w.clone())
    optimizer = build([parameter])
    after = []
    for t in range(STEPS):
        parameter.grad = g[t].clone()
        optimizer.step()
        after.append(parameter.detach().clone())
    return plain(name, {**attributes, "formula": formula}, {"w": w, "g": g}, {"w": torch.stack(after)})


def clipped(name, clip, attributes, formula):
    """Plain SGD on two tensors, with their gradients clipped first."""
    w1, g1 = optimizer_data()
    s = Source("clipping")
    w2, g2 = s.normal(5), s.normal(STEPS, 5)
    g1[:, 2, 2] /= 16
    scale = tensor([1, 0.125, 2, 0.0625, 1, 0, 8, 0.125, 1, 0.25])      # some steps are clipped, some are not
    g1, g2 = g1 * scale[:, None, None], g2 * scale[:, None]
    w, after = [w1.clone(), w2.clone()], [[], []]
    for t in range(STEPS):
        for i, g in enumerate(clip([g1[t], g2[t]])):
            w[i] = w[i] - 0.1 * g
            after[i].append(w[i])
    return plain(name, {"optimizer": "sgd", "learning_rate": 0.1, **attributes, "formula": formula},
                 {"w1": w1, "w2": w2, "g1": g1, "g2": g2},
                 {"w1": torch.stack(after[0]), "w2": torch.stack(after[1])})


def clip_norm(gradients, limit):
    """Scales the tensors by one factor, so that their joint norm is at most limit."""
    norm = torch.sqrt(sum((g * g).sum() for g in gradients))
    factor = limit / torch.clamp(norm, min=limit)
    return [g * factor for g in gradients]


def optimizers():
    o = torch.optim
    cases = []

    def case(name, build, formula, **attributes):
        cases.append(optimized(name, build, attributes, formula))

    case("sgd", lambda p: o.SGD(p, 0.1), "w -= lr * g", optimizer="sgd", learning_rate=0.1)
    case("sgd_momentum", lambda p: o.SGD(p, 0.1, momentum=0.9), MOMENTUM + "w -= lr * m",
         optimizer="sgd", learning_rate=0.1, momentum=0.9, nesterov=False)
    case("sgd_nesterov", lambda p: o.SGD(p, 0.1, momentum=0.9, nesterov=True), MOMENTUM + "w -= lr * (g + momentum * m)",
         optimizer="sgd", learning_rate=0.1, momentum=0.9, nesterov=True)
    case("sgd_l2", lambda p: o.SGD(p, 0.1, weight_decay=0.01), "g += weight_decay * w; w -= lr * g",
         optimizer="sgd", learning_rate=0.1, weight_decay=0.01, decoupled=False)
    case("adagrad", lambda p: o.Adagrad(p, 0.1, initial_accumulator_value=0.1, eps=1e-7),
         "a += g^2 (a = initial_accumulator at first); w -= lr * g / (sqrt(a) + epsilon)",
         optimizer="adagrad", learning_rate=0.1, initial_accumulator=0.1, epsilon=1e-7)
    for momentum in (0.0, 0.9):
        for centered in (False, True):
            case("rmsprop" + ("_momentum" if momentum else "") + ("_centered" if centered else ""),
                 lambda p: o.RMSprop(p, 0.01, alpha=0.9, eps=1e-7, momentum=momentum, centered=centered),
                 RMSPROP
                 + ("a = rho * a + (1 - rho) * g; d = sqrt(v - a^2) + epsilon; " if centered else "d = sqrt(v) + epsilon; ")
                 + ("m = momentum * m + g / d; w -= lr * m" if momentum else "w -= lr * g / d"),
                 optimizer="rmsprop", learning_rate=0.01, rho=0.9, momentum=momentum, centered=centered, epsilon=1e-7)
    adam = dict(learning_rate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-7)
    case("adam", lambda p: o.Adam(p, 0.01, eps=1e-7), ADAM, optimizer="adam", **adam, amsgrad=False)
    case("adam_amsgrad", lambda p: o.Adam(p, 0.01, eps=1e-7, amsgrad=True),
         ADAM.replace("vh = v / ", "x = max(x, v); vh = x / "), optimizer="adam", **adam, amsgrad=True)
    case("adamw", lambda p: o.AdamW(p, 0.01, eps=1e-7, weight_decay=0.01), "w -= lr * weight_decay * w; then as adam: " + ADAM,
         optimizer="adamw", **adam, weight_decay=0.01, decoupled=True, amsgrad=False)
    case("nadam", lambda p: Nadam(p, 0.01),
         "u[t] = beta1 * (1 - 0.96^(t * momentum_decay) / 2); U[t] = u[1] * ... * u[t]; m, v, vh as in adam; "
         "w -= lr * ((1 - u[t]) / (1 - U[t]) * g + u[t+1] / (1 - U[t] * u[t+1]) * m) / (sqrt(vh) + epsilon)",
         optimizer="nadam", **adam, momentum_decay=4e-3)
    cases += [
        clipped("clip_by_value", lambda g: [torch.clamp(x, -0.5, 0.5) for x in g], {"clip_value": 0.5},
                "g = min(max(g, -clip_value), clip_value); w -= lr * g"),
        clipped("clip_by_norm", lambda g: [clip_norm([x], 1.0)[0] for x in g], {"clip_norm": 1.0},
                "each tensor by itself: g *= clip_norm / max(norm(g), clip_norm); w -= lr * g"),
        clipped("clip_by_global_norm", lambda g: clip_norm(g, 1.0), {"global_clip_norm": 1.0},
                "n = sqrt(sum over both tensors of g^2); g *= global_clip_norm / max(n, global_clip_norm); w -= lr * g"),
    ]
    return cases


# ---- training -------------------------------------------------------------------------------------------------

def dense(x, w, name):
    y = x @ w[name + ".kernel"]
    return y + w[name + ".bias"] if name + ".bias" in w else y


def trained(name, attributes, inputs, weights, forward, loss, optimizer, moving=None, l2=0.0, global_clip_norm=None, scores=None):
    """Ten steps on one batch. forward(x, w, moving, training) gives the network's last values before the loss."""
    w = {k: torch.nn.Parameter(v.clone()) for k, v in weights.items()}
    state = {k: v.clone() for k, v in (moving or {}).items()}
    step = optimizer(list(w.values()))
    total, norms = [], []
    for _ in range(STEPS):
        step.zero_grad()
        value = loss(forward(inputs["x"], w, state, True))
        if l2:
            value = value + l2 * sum((v * v).sum() for k, v in w.items() if k.endswith(".kernel"))
        value.backward()
        total.append(value.detach())
        if global_clip_norm:
            gradients = [v.grad for v in w.values()]
            norms.append(torch.sqrt(sum((g * g).sum() for g in gradients)))
            for v, g in zip(w.values(), clip_norm(gradients, global_clip_norm)):
                v.grad = g
        step.step()
    outputs = {"loss": torch.stack(total)}
    if norms:
        outputs["global_norm"] = torch.stack(norms)
    with torch.no_grad():
        outputs["scores"] = scores(forward(inputs["x"], w, state, False))
    outputs.update({k: v.detach() for k, v in w.items()})
    outputs.update(state)
    attributes = {**attributes, "steps": STEPS, "loss_convention": "loss[k] is computed before update k; it includes any L2 penalty",
                  "outputs": "the weights after the last step; scores by the network in inference mode with them"}
    return plain(name, attributes, {**inputs, **weights, **(moving or {})}, outputs)


def training():
    adam = dict(optimizer="adam", learning_rate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-7)
    build_adam = lambda p: torch.optim.Adam(p, 0.01, eps=1e-7)
    cases = []

    # Three classes.
    s = Source("training_classes")
    inputs = {"x": s.normal(16, 6), "labels": torch.randint(3, (16,), generator=s.generator).to(dtype)}
    classes = lambda logits: F.cross_entropy(logits, inputs["labels"].long())
    softmax = lambda logits: F.softmax(logits, -1)
    weights = {"dense1.kernel": s.glorot(6, 8), "dense1.bias": s.normal(8, scale=0.1),
               "dense2.kernel": s.glorot(8, 3), "dense2.bias": s.normal(3, scale=0.1)}
    cases.append(trained(
        "multiclass", {"network": "dense1(8), relu, dense2(3), softmax", "loss": "sparse_categorical_crossentropy", **adam},
        inputs, weights, lambda x, w, *_: dense(F.relu(dense(x, w, "dense1")), w, "dense2"), classes, build_adam, scores=softmax))

    # The same with normalisation.
    s = Source("training_normalization")
    weights = {"dense1.kernel": s.glorot(6, 8),
               "batch_normalization.gamma": s.uniform(0.5, 1.5, 8), "batch_normalization.beta": s.normal(8, scale=0.2),
               "dense2.kernel": s.glorot(8, 8), "dense2.bias": s.normal(8, scale=0.1),
               "layer_normalization.gamma": s.uniform(0.5, 1.5, 8), "layer_normalization.beta": s.normal(8, scale=0.2),
               "dense3.kernel": s.glorot(8, 3), "dense3.bias": s.normal(3, scale=0.1)}
    moving = {"batch_normalization.moving_mean": torch.zeros(8, dtype=dtype),
              "batch_normalization.moving_variance": torch.ones(8, dtype=dtype)}

    def normalized(x, w, state, is_training):
        bn = "batch_normalization."
        result = batch_normalization(dense(x, w, "dense1"), w[bn + "gamma"], w[bn + "beta"], state[bn + "moving_mean"],
                                     state[bn + "moving_variance"], is_training, 1e-3, 0.99)
        if is_training:
            state[bn + "moving_mean"], state[bn + "moving_variance"] = result["moving_mean"], result["moving_variance"]
        x = dense(F.relu(result["y"]), w, "dense2")
        x = F.layer_norm(x, (8,), w["layer_normalization.gamma"], w["layer_normalization.beta"], 1e-3)
        return dense(F.relu(x), w, "dense3")

    cases.append(trained(
        "multiclass_normalization",
        {"network": "dense1(8, no bias), batch_normalization(epsilon 1e-3, momentum 0.99), relu, dense2(8), "
                    "layer_normalization(epsilon 1e-3), relu, dense3(3), softmax",
         "loss": "sparse_categorical_crossentropy", **adam,
         "moving_statistics": "updated once a step, with the biased batch variance"},
        inputs, weights, normalized, classes, build_adam, moving=moving, scores=softmax))

    # Two classes.
    s = Source("training_binary")
    binary = {"x": s.normal(16, 6), "targets": s.bits(16, 1)}
    weights = {"dense1.kernel": s.glorot(6, 8), "dense1.bias": s.normal(8, scale=0.1),
               "dense2.kernel": s.glorot(8, 1), "dense2.bias": s.normal(1, scale=0.1)}
    cases.append(trained(
        "binary", {"network": "dense1(8), relu, dense2(1), sigmoid", "loss": "binary_crossentropy", **adam},
        binary, weights, lambda x, w, *_: dense(F.relu(dense(x, w, "dense1")), w, "dense2"),
        lambda logits: F.binary_cross_entropy_with_logits(logits, binary["targets"]), build_adam, scores=torch.sigmoid))

    # Regression with everything on.
    s = Source("training_regression")
    x = s.normal(16, 6)
    regression = {"x": x, "targets": torch.round(64 * (2 * x[:, :1] - x[:, 1:2] * x[:, 2:3] + 0.5)).div(64)}
    weights = {"dense1.kernel": s.glorot(6, 8), "dense1.bias": s.normal(8, scale=0.1),
               "dense2.kernel": s.glorot(8, 1), "dense2.bias": s.normal(1, scale=0.1)}
    cases.append(trained(
        "regression",
        {"network": "dense1(8), tanh, dense2(1)", "loss": "huber", "delta": 1.0, **adam, "optimizer": "adamw",
         "weight_decay": 0.01, "weight_decay_applies_to": "all weights, biases too", "l2": 0.005,
         "l2_penalty": "l2 * sum(kernel^2), kernels only, added to the loss", "global_clip_norm": 0.75,
         "order": "gradient of the loss with penalty, clipping by global norm over all weights, AdamW step",
         "global_norm": "before clipping"},
        regression, weights, lambda x, w, *_: dense(torch.tanh(dense(x, w, "dense1")), w, "dense2"),
        lambda y: F.huber_loss(y, regression["targets"], delta=1.0),
        lambda p: torch.optim.AdamW(p, 0.01, eps=1e-7, weight_decay=0.01), l2=0.005, global_clip_norm=0.75,
        scores=lambda y: y))
    return cases


# ---- recurrent layers -----------------------------------------------------------------------------------------

def recurrent():
    """Cells of PyTorch with weights in Keras's layout: kernels (inputs, gates * units), the gates of a GRU in the order z, r, n."""
    rows, steps, features, units = 3, 5, 3, 4
    gates = {"lstm": 4, "gru": 3, "gru_reset_before": 3, "rnn_tanh": 1, "rnn_relu": 1}
    run = {"lstm": torch._VF.lstm, "gru": torch._VF.gru, "rnn_tanh": torch._VF.rnn_tanh, "rnn_relu": torch._VF.rnn_relu}

    def reordered(cell, w):
        if cell == "gru":
            z, r, n = w.chunk(3, -1)
            w = torch.cat([r, z, n], -1)
        return w.transpose(0, -1) if w.dim() == 2 else w

    def flat(cell, w, prefix):
        bias = w[prefix + "bias"]
        second = w[prefix + "recurrent_bias"] if cell == "gru" else torch.zeros_like(bias)
        return [reordered(cell, v).contiguous() for v in (w[prefix + "kernel"], w[prefix + "recurrent_kernel"], bias, second)]

    def reset_before(x, w):
        h = torch.zeros(rows, units, dtype=x.dtype)
        outputs = []
        for t in range(steps):
            az, ar, an = (x[:, t] @ w["kernel"] + w["bias"]).chunk(3, -1)
            uz, ur, un = w["recurrent_kernel"].chunk(3, -1)
            z, r = torch.sigmoid(az + h @ uz), torch.sigmoid(ar + h @ ur)
            h = z * h + (1 - z) * torch.tanh(an + (r * h) @ un)
            outputs.append(h)
        return {"y": torch.stack(outputs, 1), "h": h}

    def case(name, cell, bidirectional=False, lengths=None, initial=False, backwards=False):
        s = Source("recurrent_" + name)
        prefixes = ["forward/", "backward/"] if bidirectional else [""]
        inputs = {"x": s.normal(rows, steps, features)}
        for p in prefixes:
            inputs[p + "kernel"] = s.glorot(features, gates[cell] * units)
            inputs[p + "recurrent_kernel"] = s.normal(units, gates[cell] * units, scale=0.5)
            inputs[p + "bias"] = s.normal(gates[cell] * units, scale=0.5)
            if cell == "gru":
                inputs[p + "recurrent_bias"] = s.normal(gates[cell] * units, scale=0.5)
        if initial:
            inputs["h0"] = s.normal(rows, units, scale=0.5)
            if cell == "lstm":
                inputs["c0"] = s.normal(rows, units, scale=0.5)
        wanted = list(inputs)
        mask = torch.ones(rows, steps, dtype=dtype)
        if lengths:
            mask = (torch.arange(steps)[None] < torch.tensor(lengths)[:, None]).to(dtype)

        def function(x, **w):
            if cell == "gru_reset_before":
                return reset_before(x, w)
            zeros = torch.zeros(len(prefixes), rows, units, dtype=x.dtype)
            h0 = w["h0"][None] if initial else zeros
            hx = (h0, w["c0"][None] if initial else zeros) if cell == "lstm" else h0
            weights = sum((flat(cell, w, p) for p in prefixes), [])
            if backwards:
                x = x.flip(1)
            if lengths:
                packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True)
                y, *states = run[cell](packed.data, packed.batch_sizes, hx, weights, True, 1, 0.0, False, bidirectional)
                packed = torch.nn.utils.rnn.PackedSequence(y, packed.batch_sizes)
                y = torch.nn.utils.rnn.pad_packed_sequence(packed, batch_first=True, total_length=steps)[0]
            else:
                y, *states = run[cell](x, hx, weights, True, 1, 0.0, False, bidirectional, True)
            if backwards:
                y = y.flip(1)
            names = ["h", "c"]
            return {"y": y, **{names[i] + (str(d) if bidirectional else ""): state[d] for d in range(len(prefixes)) for i, state in enumerate(states)}}

        golden = differentiated(name, dict(cell=cell, units=units, bidirectional=bidirectional, backwards=backwards, initial=initial), inputs, function, wanted)
        if lengths:
            golden["inputs"]["mask"] = mask
            golden["inputs"]["upstream"] = golden["inputs"]["upstream"] * mask[..., None]
            golden["attributes"]["padding"] = "y is 0 at masked steps here; ours is the state there"
            golden["attributes"]["lengths"] = lengths
        return golden

    return [
        *[case(cell, cell) for cell in gates],
        *[case(cell + "_state", cell, initial=True) for cell in ("lstm", "gru", "rnn_tanh", "rnn_relu")],
        *[case(cell + "_lengths", cell, lengths=[5, 3, 1], initial=cell == "lstm") for cell in ("lstm", "gru", "rnn_tanh")],
        *[case(cell + "_bidirectional", cell, bidirectional=True) for cell in ("lstm", "gru")],
        *[case(cell + "_bidirectional_lengths", cell, bidirectional=True, lengths=[5, 4, 2]) for cell in ("lstm", "gru", "rnn_tanh")],
        *[case(cell + "_backwards", cell, backwards=True) for cell in ("lstm", "gru")],
    ]


# ---- schedules ------------------------------------------------------------------------------------------------

def schedules():
    cases = []

    def rates(base, build, count):
        """The rate in force at steps 0 to count - 1."""
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], base)
        schedule, result = build(optimizer), []
        for k in range(count):
            result.append(optimizer.param_groups[0]["lr"])
            if k + 1 < count:
                optimizer.step()
                schedule.step()
        return result

    def case(name, values, formula, inputs=None, **attributes):
        cases.append(plain(name, {**attributes, "formula": formula}, inputs or {}, {"learning_rate": tensor(values)}))

    case("step", rates(0.1, lambda o: lr_scheduler.StepLR(o, 4, 0.5), 16),
         "base * gamma^floor(k / step_size)", schedule="step", base=0.1, step_size=4, gamma=0.5)
    case("exponential", rates(0.1, lambda o: lr_scheduler.ExponentialLR(o, 0.9), 16),
         "base * gamma^k", schedule="exponential", base=0.1, gamma=0.9)
    for minimum in (0.0, 0.01):
        case("cosine" + ("_minimum" if minimum else ""),
             rates(0.1, lambda o: lr_scheduler.CosineAnnealingLR(o, 15, minimum), 16),
             "minimum + (base - minimum) * (1 + cos(pi * k / steps)) / 2, for k = 0 to steps",
             schedule="cosine", base=0.1, minimum=minimum, steps=15)
    for multiplier, minimum in ((1, 0.0), (2, 0.001)):
        case(f"cosine_restarts_{multiplier}",
             rates(0.1, lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 5, multiplier, minimum), 24),
             "minimum + (base - minimum) * (1 + cos(pi * j / T)) / 2; j counts from 0 in each period; "
             "the first period T has first_period steps, each later one is multiplier times as long",
             schedule="cosine_restarts", base=0.1, minimum=minimum, first_period=5, multiplier=multiplier)
    case("one_cycle",
         rates(0.1, lambda o: lr_scheduler.OneCycleLR(o, 0.1, total_steps=20, pct_start=0.3, anneal_strategy="cos",
                                                      cycle_momentum=False, div_factor=25.0, final_div_factor=1e4), 20),
         "start = maximum / div_factor; end = start / final_div_factor; peak = warmup_fraction * steps - 1; "
         "c(a, b, p) = b + (a - b) * (1 + cos(pi * p)) / 2; k <= peak: c(start, maximum, k / peak); "
         "else c(maximum, end, (k - peak) / (steps - 1 - peak)), for k = 0 to steps - 1",
         schedule="one_cycle", maximum=0.1, steps=20, warmup_fraction=0.3, div_factor=25.0, final_div_factor=1e4, three_phase=False)
    for start in (0.0, 0.01):
        base, minimum, warmup, steps = 0.1, 0.001, 5, 20
        case("warmup_cosine" + ("_start" if start else ""),
             [start + (base - start) * k / warmup if k < warmup
              else minimum + (base - minimum) * (1 + math.cos(math.pi * (k - warmup) / (steps - warmup))) / 2
              for k in range(steps + 1)],
             "k < warmup: start + (base - start) * k / warmup; else minimum + (base - minimum) * "
             "(1 + cos(pi * (k - warmup) / (steps - warmup))) / 2, for k = 0 to steps",
             schedule="warmup_cosine", start=start, base=base, minimum=minimum, warmup=warmup, steps=steps)

    falling = [1, 0.75, 0.75, 0.875, 0.75, 0.5, 0.625, 0.5, 0.5, 0.5, 0.75, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25]
    for name, mode, values, patience, cooldown, minimum in (
            ("plateau", "min", falling, 2, 0, 0.0),
            ("plateau_cooldown", "min", falling, 1, 2, 0.01),
            ("plateau_max", "max", [1 - v for v in falling], 2, 0, 0.02)):
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], 0.1)
        schedule = lr_scheduler.ReduceLROnPlateau(optimizer, mode, factor=0.5, patience=patience, threshold=0.0,
                                                  threshold_mode="abs", cooldown=cooldown, min_lr=minimum)
        result = [optimizer.param_groups[0]["lr"]]
        for value in values:
            schedule.step(value)
            result.append(optimizer.param_groups[0]["lr"])
        case(name, result,
             "learning_rate[0] = base, learning_rate[k] after metrics[0..k-1]. A strictly better metric sets bad = 0, else bad += 1; "
             "while cooling down, count down and set bad = 0; bad > patience (PyTorch; Keras: >=): rate = max(rate * factor, minimum), "
             "cool down for cooldown metrics, bad = 0",
             {"metrics": tensor(values)}, schedule="plateau", base=0.1, mode=mode, factor=0.5, patience=patience,
             cooldown=cooldown, minimum=minimum, threshold=0.0)
    return cases


# ---- writing --------------------------------------------------------------------------------------------------

FILES = [activations, layers, images, recurrent, losses, optimizers, training, schedules]


def write(path, cases):
    assert len({c["name"] for c in cases}) == len(cases)

    def number(value):
        assert math.isfinite(value)
        return "0" if value == 0 else f"{value:.9g}"

    def one(value):
        data = ",".join(number(v) for v in value.reshape(-1).tolist())
        return f'{{"shape":{json.dumps(list(value.shape))},"data":[{data}]}}'

    def group(values):
        if not values:
            return "{}"
        return "{\n" + ",\n".join(f"   {json.dumps(k)}:{one(v)}" for k, v in values.items()) + "}"

    text = ",\n".join(
        f'{{"name":{json.dumps(c["name"])},\n "attributes":{json.dumps(c["attributes"])},\n'
        + ",\n".join(f' "{part}":{group(c[part])}' for part in ("inputs", "outputs", "gradients")) + "}" for c in cases)
    json.loads("[" + text + "]")
    with open(path, "w", encoding="ascii", newline="\n") as f:
        f.write("[" + text + "]\n")
    print(f"{path.name}: {len(cases)} cases, {path.stat().st_size / 1024:.1f} KB")


def check():
    """Prints the largest error of float32 against float64 in every file, relative to 1 + |value|."""
    global dtype
    for build in FILES:
        dtype = torch.float32
        single = build()
        dtype = torch.float64
        worst = []
        for a, b in zip(single, build()):
            assert all(torch.equal(a["inputs"][k].double(), b["inputs"][k]) for k in a["inputs"] if k != "metrics"), a["name"]
            for part in ("outputs", "gradients"):
                for k in a[part]:
                    x, y = a[part][k].double(), b[part][k]
                    worst.append((((x - y).abs() / (1 + y.abs())).max().item(), f'{a["name"]} {part}.{k}'))
        worst.sort(reverse=True)
        print(build.__name__ + ": " + ", ".join(f"{e:.1e} ({where})" for e, where in worst[:3]))


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        check()
    else:
        target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent
        for build in FILES:
            write(target / (build.__name__ + ".json"), build())
