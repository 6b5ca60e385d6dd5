#!/usr/bin/env python3
"""Makes curves.json: the losses of 50 training steps in PyTorch, in its own 32-bit arithmetic.

Weights and batches are not stored: both sides make them from the hash below, exactly the same numbers.
Run: /usr/bin/python3 make_curves.py   (Debian's python3-torch)
"""
import json
import numpy
import torch
from torch import nn
import torch.nn.functional as F

STEPS = 50
torch.set_num_threads(1)


def numbers(seed, count):
    """Numbers in [-1, 1), the same in LossCurveTests.Numbers."""
    x = numpy.arange(count, dtype=numpy.uint32) * numpy.uint32(2654435761) + numpy.uint32(seed * 40503 + 1)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x = (x ^ (x >> numpy.uint32(shift))) * numpy.uint32(factor)
    x ^= x >> numpy.uint32(16)
    return (x >> numpy.uint32(8)).astype(numpy.float32) / numpy.float32(8388608) - numpy.float32(1)


def batch(step, rows, height, width, channels):
    """Pictures of ten classes: each has a pattern, under as much noise. Channels last, as ours."""
    labels = ((numbers(1000 + step, rows) + 1) * 5).astype(numpy.int64)
    size = height * width * channels
    patterns = numpy.stack([numbers(k, size) for k in range(10)])
    x = patterns[labels] + numbers(2000 + step, rows * size).reshape(rows, size)
    x = x.reshape(rows, height, width, channels).transpose(0, 3, 1, 2)
    return torch.from_numpy(numpy.ascontiguousarray(x)), torch.from_numpy(labels)


class Cnn(nn.Module):
    """The peer benchmark's convnet without dropout, which draws other numbers in each library."""
    def __init__(self):
        super().__init__()
        self.c1, self.c2 = nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3)
        self.d1, self.d2 = nn.Linear(64 * 12 * 12, 128), nn.Linear(128, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.c2(F.relu(self.c1(x)))), 2)
        return self.d2(F.relu(self.d1(x.permute(0, 2, 3, 1).flatten(1))))


class Normalized(nn.Module):
    """The network of samples/FashionMnist without dropout."""
    def __init__(self):
        super().__init__()
        layers, i = [], 1
        for o, pooled in ((32, True), (64, False), (64, True), (128, False), (128, False)):
            layers += [nn.Conv2d(i, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o, eps=1e-3), nn.ReLU()]
            layers += [nn.MaxPool2d(2)] if pooled else []
            i = o
        self.net = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 10))

    def forward(self, x):
        return self.net(x)


def initialize(model):
    """He's uniform limits for kernels in the order in which the layers are made, nothing for biases. Kernels are laid out (height, width, in, out) and (in, out)."""
    seed = 5000
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            o, i, h, w = module.weight.shape
            values = numbers(seed, o * i * h * w).reshape(h, w, i, o) * numpy.float32((6 / (i * h * w)) ** 0.5)
            module.weight.data = torch.from_numpy(numpy.ascontiguousarray(values.transpose(3, 2, 0, 1)))
        elif isinstance(module, nn.Linear):
            o, i = module.weight.shape
            values = numbers(seed, o * i).reshape(i, o) * numpy.float32((6 / i) ** 0.5)
            module.weight.data = torch.from_numpy(numpy.ascontiguousarray(values.T))
        else:
            continue
        if module.bias is not None:
            module.bias.data.zero_()
        seed += 1


def curve(model, optimizer, rows, height, width, channels):
    initialize(model)
    model.train()
    step = optimizer(model.parameters())
    losses = []
    for i in range(STEPS):
        x, labels = batch(i, rows, height, width, channels)
        step.zero_grad()
        loss = F.cross_entropy(model(x), labels)
        loss.backward()
        step.step()
        losses.append(float(loss.detach()))
    return losses


if __name__ == "__main__":
    curves = {
        "cnn": curve(Cnn(), lambda p: torch.optim.Adam(p, 1e-3), 32, 28, 28, 1),
        # At twice this rate PyTorch in 32 bits is 3e-3 away from itself in 64: nothing to compare with.
        "normalized": curve(Normalized(), lambda p: torch.optim.SGD(p, 0.01, momentum=0.9), 32, 28, 28, 1),
    }
    with open("curves.json", "w") as file:
        json.dump(curves, file, indent=1)
        file.write("\n")
    for name, losses in curves.items():
        print(name, " ".join(f"{v:.4f}" for v in losses))
