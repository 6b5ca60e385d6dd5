"""Gradient penalties of small critics and their parameter gradients by PyTorch, in double precision: gradient_penalty.json."""
import json
import torch
from torch import nn

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)
ROLES = {nn.LayerNorm: ("gamma", "beta"), nn.BatchNorm2d: ("gamma", "beta")}


def case(kind, critic, layers, shape, rows=5):
    real, fake, share = torch.randn(rows, *shape), torch.randn(rows, *shape), torch.rand(rows)
    if kind == "interpolation":
        s = share.view(-1, *[1] * len(shape))
        x = (real * s + fake * (1 - s)).requires_grad_()
    else:
        x = real.clone().requires_grad_()
    g, = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    norms = g.flatten(1).norm(dim=1)
    penalty = 10 * ((norms - 1) ** 2).mean() if kind == "interpolation" else 10 / 2 * (norms ** 2).mean()
    weights = {f"{name}/{role}": p for name, layer in layers.items() for role, p in zip(ROLES.get(type(layer), ("kernel", "bias")), (layer.weight, layer.bias))}
    grads = torch.autograd.grad(penalty, list(weights.values()), allow_unused=True)
    rows_last = (lambda t: t.permute(0, 2, 3, 1)) if len(shape) == 3 else (lambda t: t)
    keras = lambda t: t.permute(2, 3, 1, 0) if t.dim() == 4 else t.t() if t.dim() == 2 else t
    numbers = lambda t: [float(f"{v:.9g}") for v in t.detach().flatten().tolist()]
    return dict(
        kind=kind, real=numbers(rows_last(real)), fake=numbers(rows_last(fake)), share=numbers(share), penalty=penalty.item(),
        weights={n: numbers(keras(p)) for n, p in weights.items()},
        gradients={n: numbers(keras(torch.zeros_like(p) if q is None else q)) for (n, p), q in zip(weights.items(), grads)})


class ChannelsLast(nn.Module):
    def forward(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


def dense():
    a, b = nn.Linear(3, 8), nn.Linear(8, 1)
    return nn.Sequential(a, nn.Softplus(), b), {"a": a, "b": b}, (3,)


def convolution():
    a, b = nn.Conv2d(2, 3, 4, 2, 1), nn.Linear(12, 1)
    return nn.Sequential(a, nn.LeakyReLU(0.2), ChannelsLast(), nn.Tanh(), b), {"a": a, "b": b}, (2, 4, 4)


def moved(norm):
    with torch.no_grad():
        norm.weight.uniform_(0.5, 1.5)
        norm.bias.normal_()
    return norm


def layer_normalization():
    a, n, b = nn.Linear(3, 8), moved(nn.LayerNorm(8)), nn.Linear(8, 1)
    return nn.Sequential(a, n, nn.Softplus(), b), {"a": a, "n": n, "b": b}, (3,)


def batch_normalization():
    a, n, b = nn.Conv2d(2, 3, 4, 2, 1), moved(nn.BatchNorm2d(3)), nn.Linear(12, 1)
    return nn.Sequential(a, n, nn.LeakyReLU(0.2), ChannelsLast(), nn.Tanh(), b), {"a": a, "n": n, "b": b}, (2, 4, 4)


def transposed():
    a, b = nn.ConvTranspose2d(2, 3, 4, 2, 1), nn.Linear(192, 1)
    return nn.Sequential(a, nn.Softplus(), ChannelsLast(), b), {"a": a, "b": b}, (2, 4, 4)


makes = [(kind, make) for made in ((dense, convolution), (layer_normalization, batch_normalization, transposed)) for kind in ("interpolation", "r1") for make in made]
json.dump({f"{kind} {make.__name__}": case(kind, *make()) for kind, make in makes}, open("gradient_penalty.json", "w"), indent=None)
