#!/usr/bin/env python3
"""Writes golden.json: Grad-CAM and occlusion maps of a tiny convolutional network, computed by PyTorch.

Usage: make_golden.py     writes the file beside this script

Needs PyTorch 1.13 or later, CPU only. Weights and pixels are multiples of 1/64. Kernels are written as
(height, width, in, out) and pictures as height, width, channels, which is how our own networks have them.
"""
import json
import pathlib

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
generator = torch.Generator().manual_seed(2017)


def normal(*shape, scale=1.0):
    return torch.round(torch.randn(*shape, generator=generator) * scale * 64) / 64


def uniform(low, high, *shape):
    return torch.round((torch.rand(*shape, generator=generator) * (high - low) + low) * 64) / 64


HEIGHT, WIDTH, CLASSES = 10, 8, 3
conv1, bias1 = normal(4, 3, 3, 3, scale=0.4), normal(4, scale=0.2)
gamma, beta = uniform(0.5, 1.5, 4), normal(4, scale=0.3)
mean, variance = normal(4, scale=0.3), uniform(0.5, 1.5, 4)
conv2, bias2 = normal(6, 4, 3, 3, scale=0.4), normal(6, scale=0.2)
dense, bias3 = normal(5 * 4 * 6, CLASSES, scale=0.3), normal(CLASSES, scale=0.2)
pictures = uniform(0, 1, 3, HEIGHT, WIDTH, 3)


def forward(x):
    """Pictures (batch, height, width, channels) to the activations of both convolutions and the logits."""
    x = x.permute(0, 3, 1, 2)
    first = F.relu(F.batch_norm(F.conv2d(x, conv1, bias1, padding=1), mean, variance, gamma, beta, eps=1e-3))
    second = F.relu(F.conv2d(F.max_pool2d(first, 2), conv2, bias2, padding=1))
    return first, second, second.permute(0, 2, 3, 1).flatten(1) @ dense + bias3


def grad_cam(picture, layer, index):
    x = picture[None].clone().requires_grad_()
    first, second, logits = forward(x)
    maps = first if layer == 0 else second
    index = int(logits.argmax()) if index is None else index
    gradient = torch.autograd.grad(logits[0, index], maps)[0]
    cam = F.relu((maps * gradient.mean((2, 3), keepdim=True)).sum(1, keepdim=True))
    cam = F.interpolate(cam, (HEIGHT, WIDTH), mode="bilinear", align_corners=False)[0, 0]
    return (cam / cam.max() if cam.max() > 0 else cam).detach()


def positions(size, patch, stride):
    return [*range(0, size - patch, stride), size - patch]


def occlusion(picture, patch, stride, fill, index):
    whole = forward(picture[None])[2].softmax(1)[0]
    index = int(whole.argmax()) if index is None else index
    hide = picture.mean((0, 1)) if fill is None else fill
    total, count = torch.zeros(HEIGHT, WIDTH), torch.zeros(HEIGHT, WIDTH)
    for top in positions(HEIGHT, patch, stride):
        for left in positions(WIDTH, patch, stride):
            hidden = picture.clone()
            hidden[top:top + patch, left:left + patch] = hide
            drop = whole[index] - forward(hidden[None])[2].softmax(1)[0, index]
            total[top:top + patch, left:left + patch] += drop
            count[top:top + patch, left:left + patch] += 1
    heat = (total / count).clamp(min=0)
    return heat / heat.max() if heat.max() > 0 else heat


def data(x):
    return [float(f"{v:.9g}") for v in x.detach().flatten().tolist()]


def of_each(function, *arguments):
    return [data(function(picture, *arguments)) for picture in pictures]


def kernel(x):
    return x.permute(2, 3, 1, 0)


golden = {
    "pictures": [data(p) for p in pictures],
    "weights": {
        "first/kernel": data(kernel(conv1)), "first/bias": data(bias1),
        "norm/gamma": data(gamma), "norm/beta": data(beta), "norm/moving_mean": data(mean), "norm/moving_variance": data(variance),
        "second/kernel": data(kernel(conv2)), "second/bias": data(bias2),
        "classes/kernel": data(dense), "classes/bias": data(bias3),
    },
    "predicted": forward(pictures)[2].argmax(1).tolist(),
    "gradCamLast": of_each(grad_cam, 1, None),
    "gradCamFirstOfClass2": of_each(grad_cam, 0, 2),
    "occlusion": of_each(occlusion, 3, 2, 0.25, None),
    "occlusionMeanOfClass0": of_each(occlusion, 4, 3, None, 0),
}
path = pathlib.Path(__file__).with_name("golden.json")
path.write_text("{\n" + ",\n".join(f" {json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in golden.items()) + "\n}\n")
print(path.stat().st_size, golden["predicted"], [max(m) for m in golden["gradCamLast"]])
