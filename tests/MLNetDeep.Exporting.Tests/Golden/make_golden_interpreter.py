"""Writes interpreter.json: what PyTorch and NumPy make of the operations that the reference interpreter of TensorFlow graphs knows.

Layouts are TensorFlow's (NHWC, filters HWIO); SAME is padded here by its definition, the odd cell after. Run: python3 make_golden_interpreter.py
"""
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

torch.manual_seed(1)
rng = np.random.default_rng(1)
cases = []


def numbers(*dims):
    return torch.tensor(rng.uniform(-2, 2, dims), dtype=torch.float64).float().double()


def tensor(value):
    value = value.detach() if isinstance(value, torch.Tensor) else torch.as_tensor(value)
    kind = "bool" if value.dtype == torch.bool else "float" if value.is_floating_point() else "int"
    return {"type": kind, "dims": list(value.shape), "values": [v if kind == "int" else int(v) if kind == "bool" else float("%.9g" % v) for v in value.flatten().tolist()]}


def case(op, attributes, inputs, outputs):
    cases.append({"op": op, "attributes": attributes, "inputs": [tensor(i) for i in inputs], "outputs": [tensor(o) for o in outputs]})


def ints(*values):
    return torch.tensor(values, dtype=torch.int32)


def gradient(run, x, dy):
    x = x.clone().requires_grad_()
    y = run(x)
    return torch.autograd.grad(y, x, dy)[0]


# Products.
for ta in (False, True):
    for tb in (False, True):
        a, b = numbers(*((3, 2) if ta else (2, 3))), numbers(*((4, 3) if tb else (3, 4)))
        case("MatMul", {"transpose_a": ta, "transpose_b": tb}, [a, b], [(a.T if ta else a) @ (b.T if tb else b)])
        a, b = numbers(*((2, 1, 3, 2) if ta else (2, 1, 2, 3))), numbers(*((3, 4, 3) if tb else (3, 3, 4)))
        case("BatchMatMulV2", {"adj_x": ta, "adj_y": tb}, [a, b], [(a.mT if ta else a) @ (b.mT if tb else b)])


# Windows.
def pads(size, kernel, stride, dilation, padding, given):
    reach = (kernel - 1) * dilation + 1
    if padding == "SAME":
        needed = max((-(-size // stride) - 1) * stride + reach - size, 0)
        return needed // 2, needed - needed // 2
    return given if padding == "EXPLICIT" else (0, 0)


def padded(x, k, strides, dilations, padding, given, value=0.0):
    (t, b), (l, r) = (pads(x.shape[1 + i], k[i], strides[i], dilations[i], padding, given[i]) for i in (0, 1))
    return F.pad(x.permute(0, 3, 1, 2), (l, r, t, b), value=value)


def convolve(x, w, strides, dilations, padding, given, depthwise):
    x = padded(x, w.shape[:2], strides, dilations, padding, given)
    if depthwise:
        w = w.permute(2, 3, 0, 1).reshape(-1, 1, w.shape[0], w.shape[1])
        return F.conv2d(x, w, stride=strides, dilation=dilations, groups=x.shape[1]).permute(0, 2, 3, 1)
    return F.conv2d(x, w.permute(3, 2, 0, 1), stride=strides, dilation=dilations).permute(0, 2, 3, 1)


for strides, dilations, padding, given in (
    ((1, 1), (1, 1), "VALID", ((0, 0), (0, 0))),
    ((2, 3), (1, 1), "SAME", ((0, 0), (0, 0))),
    ((2, 1), (1, 1), "EXPLICIT", ((1, 2), (0, 1))),
    ((1, 1), (2, 2), "SAME", ((0, 0), (0, 0))),
):
    attributes = {"strides": [1, *strides, 1], "dilations": [1, *dilations, 1], "padding": padding, "data_format": "NHWC"}
    if padding == "EXPLICIT":
        attributes["explicit_paddings"] = [0, 0, *given[0], *given[1], 0, 0]
    x, w = numbers(2, 5, 6, 2), numbers(3, 2, 2, 3)
    run = lambda x, w: convolve(x, w, strides, dilations, padding, given, False)
    y = run(x, w)
    case("Conv2D", attributes, [x, w], [y])
    if dilations == (1, 1):
        dy = numbers(*y.shape)
        case("Conv2DBackpropInput", attributes, [ints(*x.shape), w, dy], [gradient(lambda x: run(x, w), x, dy)])
        case("Conv2DBackpropFilter", attributes, [x, ints(*w.shape), dy], [gradient(lambda w: run(x, w), w, dy)])
    if dilations == (1, 1) and strides[0] == strides[1]:
        run = lambda x, w: convolve(x, w, strides, dilations, padding, given, True)
        y = run(x, w)
        dy = numbers(*y.shape)
        case("DepthwiseConv2dNative", attributes, [x, w], [y])
        case("DepthwiseConv2dNativeBackpropInput", attributes, [ints(*x.shape), w, dy], [gradient(lambda x: run(x, w), x, dy)])
        case("DepthwiseConv2dNativeBackpropFilter", attributes, [x, ints(*w.shape), dy], [gradient(lambda w: run(x, w), w, dy)])


def max_pool(x, k, strides, padding):
    return F.max_pool2d(padded(x, k, strides, (1, 1), padding, ((0, 0), (0, 0)), value=-np.inf), k, strides).permute(0, 2, 3, 1)


def avg_pool(x, k, strides, padding):
    sums, counts = (F.avg_pool2d(padded(t, k, strides, (1, 1), padding, ((0, 0), (0, 0))), k, strides, divisor_override=1) for t in (x, torch.ones_like(x)))
    return (sums / counts).permute(0, 2, 3, 1)


for k, strides, padding in (((2, 2), (2, 2), "VALID"), ((3, 2), (2, 1), "SAME"), ((2, 3), (1, 2), "SAME")):
    attributes = {"ksize": [1, *k, 1], "strides": [1, *strides, 1], "padding": padding, "data_format": "NHWC"}
    x = numbers(2, 5, 5, 2)
    for name, pool in (("Max", max_pool), ("Avg", avg_pool)):
        y = pool(x, k, strides, padding)
        dy = numbers(*y.shape)
        dx = gradient(lambda x: pool(x, k, strides, padding), x, dy)
        case(name + "Pool", attributes, [x], [y])
        case(name + "PoolGrad", attributes, [x, y, dy] if name == "Max" else [ints(*x.shape), dy], [dx])

# Functions of each element, and their gradients as functions of gradient and input or output.
x, dy = numbers(3, 7), numbers(3, 7)
positive = numbers(3, 7).abs() + 0.1
for op, run in (
    ("Neg", torch.neg), ("Abs", torch.abs), ("Sign", torch.sign), ("Square", torch.square), ("Exp", torch.exp), ("Expm1", torch.expm1), ("Erf", torch.erf), ("Sin", torch.sin),
    ("Cos", torch.cos), ("Floor", torch.floor), ("Ceil", torch.ceil), ("Relu", F.relu), ("Relu6", F.relu6), ("Elu", F.elu), ("Selu", F.selu), ("Softplus", F.softplus),
    ("Sigmoid", torch.sigmoid), ("Tanh", torch.tanh), ("Softmax", lambda x: F.softmax(x, -1)), ("LogSoftmax", lambda x: F.log_softmax(x, -1)),
):
    case(op, {}, [x], [run(x)])
for op, run in (("Sqrt", torch.sqrt), ("Rsqrt", torch.rsqrt), ("Reciprocal", torch.reciprocal), ("Log", torch.log), ("Log1p", torch.log1p)):
    case(op, {}, [positive], [run(positive)])
case("LeakyRelu", {"alpha": 0.25}, [x], [F.leaky_relu(x, 0.25)])
case("ReluGrad", {}, [dy, x], [gradient(F.relu, x, dy)])
case("Relu6Grad", {}, [dy, 4 * x], [gradient(F.relu6, 4 * x, dy)])
case("LeakyReluGrad", {"alpha": 0.25}, [dy, x], [gradient(lambda x: F.leaky_relu(x, 0.25), x, dy)])
case("EluGrad", {}, [dy, F.elu(x)], [gradient(F.elu, x, dy)])
case("SeluGrad", {}, [dy, F.selu(x)], [gradient(F.selu, x, dy)])
case("SoftplusGrad", {}, [dy, x], [gradient(F.softplus, x, dy)])
case("SigmoidGrad", {}, [torch.sigmoid(x), dy], [gradient(torch.sigmoid, x, dy)])
case("TanhGrad", {}, [torch.tanh(x), dy], [gradient(torch.tanh, x, dy)])
case("SqrtGrad", {}, [positive.sqrt(), dy], [gradient(torch.sqrt, positive, dy)])
case("RsqrtGrad", {}, [positive.rsqrt(), dy], [gradient(torch.rsqrt, positive, dy)])

# Of two, stretched.
a, b = numbers(2, 1, 3), numbers(4, 1)
for op, run in (
    ("AddV2", torch.add), ("Sub", torch.sub), ("Mul", torch.mul), ("RealDiv", torch.div), ("Maximum", torch.maximum), ("Minimum", torch.minimum), ("FloorDiv", lambda a, b: torch.floor(a / b)),
    ("FloorMod", torch.remainder), ("SquaredDifference", lambda a, b: (a - b) ** 2), ("Greater", torch.gt), ("LessEqual", torch.le), ("NotEqual", torch.ne),
):
    case(op, {}, [a, b], [run(a, b)])
m, n = ints(-7, 7, -7, 7), ints(2, 2, -2, -2)
case("FloorDiv", {}, [m, n], [torch.floor_divide(m.double(), n.double()).floor().int()])
case("FloorMod", {}, [m, n], [torch.remainder(m, n)])
case("BitwiseXor", {}, [m, n], [m ^ n])
case("RightShift", {}, [m, ints(1, 1, 2, 2)], [m >> ints(1, 1, 2, 2)])
case("SelectV2", {}, [torch.tensor([True, False, True]), a, b], [torch.where(torch.tensor([True, False, True]), a, b)])

# Along axes.
x = numbers(2, 3, 4)
for op, run in (("Sum", torch.sum), ("Mean", torch.mean), ("Max", torch.amax), ("Min", torch.amin)):
    for keep in (False, True):
        case(op, {"keep_dims": keep}, [x, ints(-1, 0)], [run(x, dim=(-1, 0), keepdim=keep)])
case("ArgMax", {"output_type": "int"}, [x, ints(1)[0]], [x.argmax(1).int()])
for exclusive, reverse in ((False, False), (True, True)):
    y = torch.from_numpy(np.flip(np.cumsum(np.flip(x.numpy(), 1), 1), 1).copy()) - x if reverse else x.cumsum(1)
    case("Cumsum", {"exclusive": exclusive, "reverse": reverse}, [x, ints(1)[0]], [y])

# Movement.
case("Reshape", {}, [x, ints(4, -1)], [x.reshape(4, -1)])
case("Transpose", {}, [x, ints(2, 0, 1)], [x.permute(2, 0, 1)])
case("ConcatV2", {"N": 2}, [x, x[:, :1], ints(1)[0]], [torch.cat([x, x[:, :1]], 1)])
case("Pack", {"N": 3, "axis": 1}, [x[0], x[1], x[0]], [torch.stack([x[0], x[1], x[0]], 1)])
case("Unpack", {"num": 3, "axis": -2}, [x], list(x.unbind(1)))
case("Split", {"num_split": 2}, [ints(2)[0], x], list(x.split(2, 2)))
case("Slice", {}, [x, ints(0, 1, 2), ints(2, -1, 1)], [x[0:2, 1:, 2:3]])
case("Pad", {}, [x[0], torch.tensor([[1, 0], [0, 2]], dtype=torch.int32)], [F.pad(x[0], (0, 2, 1, 0))])
case("Tile", {}, [x[0], ints(2, 3)], [x[0].repeat(2, 3)])
case("BroadcastTo", {}, [x[:, :1], ints(5, 2, 3, 4)], [x[:, :1].expand(5, 2, 3, 4)])
case("ReverseV2", {}, [x, ints(0, -1)], [x.flip(0, 2)])
case("StridedSlice", {"begin_mask": 1, "end_mask": 4, "ellipsis_mask": 0, "new_axis_mask": 0, "shrink_axis_mask": 2}, [x, ints(9, -1, 1), ints(1, 0, 9), ints(1, 1, 2)], [x[:1, -1, 1::2]])
case("StridedSlice", {"begin_mask": 0, "end_mask": 0, "ellipsis_mask": 1, "new_axis_mask": 2, "shrink_axis_mask": 0}, [x, ints(0, 0, 3), ints(0, 0, 0), ints(1, 1, -1)], [torch.from_numpy(x.numpy()[..., None, 3:0:-1].copy())])
case("GatherV2", {"batch_dims": 0}, [x, torch.tensor([[2, 0], [1, 1]], dtype=torch.int32), ints(1)[0]], [x[:, torch.tensor([[2, 0], [1, 1]])]])
case("GatherV2", {"batch_dims": 1}, [x, torch.tensor([[2], [0]], dtype=torch.int32), ints(1)[0]], [torch.stack([x[0, [2]], x[1, [0]]])])
case("OneHot", {"axis": -1}, [ints(1, -1, 3), ints(4)[0], torch.tensor(2.0).double(), torch.tensor(0.5).double()], [torch.tensor([[0.5, 2, 0.5, 0.5], [0.5] * 4, [0.5, 0.5, 0.5, 2]])])
ids = ints(2, 0, 2)
case("UnsortedSegmentSum", {}, [x[:, :, 0].T, ids, ints(4)[0]], [torch.zeros(4, 2, dtype=torch.float64).index_add(0, ids.long(), x[:, :, 0].T)])

# Probabilities and normalisation.
logits, labels = numbers(3, 4), ints(3, 0, 2)
z = logits.clone().requires_grad_()
loss = F.cross_entropy(z, labels.long(), reduction="none")
case("SparseSoftmaxCrossEntropyWithLogits", {}, [logits, labels], [loss, torch.autograd.grad(loss.sum(), z)[0]])
x, scale, offset, dy = numbers(2, 3, 2, 3), numbers(3), numbers(3), numbers(2, 3, 2, 3)
run = lambda x, s, o: F.batch_norm(x.permute(0, 3, 1, 2), None, None, s, o, True, 0, 0.01).permute(0, 2, 3, 1)
x.requires_grad_(), scale.requires_grad_(), offset.requires_grad_()
y = run(x, scale, offset)
mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2), unbiased=False)
empty = torch.zeros(0, dtype=torch.float64)
case("FusedBatchNormV3", {"epsilon": 0.01, "is_training": True}, [x, scale, offset, empty, empty], [y, mean, x.var((0, 1, 2)), mean, variance, empty])
case("FusedBatchNormGradV3", {"epsilon": 0.01, "is_training": True}, [dy, x, scale, mean, variance, empty], list(torch.autograd.grad(y, (x, scale, offset), dy)))

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "interpreter.json"), "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
