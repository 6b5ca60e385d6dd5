"""The parts of a variational autoencoder's loss and their gradients by PyTorch, in double precision: vae.json."""
import json
import torch
from torch.distributions import Bernoulli, Normal, kl_divergence

torch.manual_seed(5)
torch.set_default_dtype(torch.float64)


def values(t):
    return dict(shape=list(t.shape), data=[float(f"{v:.9g}") for v in t.detach().flatten().tolist()])


def case(name, attributes, inputs, output, by):
    grads = torch.autograd.grad(output.sum(), [inputs[n] for n in by], retain_graph=True)
    return dict(name=name, attributes=attributes, inputs={n: values(t) for n, t in inputs.items()}, outputs={"loss": values(output)},
                gradients={n: values(g) for n, g in zip(by, grads)})


mean, log_variance = torch.randn(4, 3, requires_grad=True), torch.randn(4, 3, requires_grad=True)
divergence = kl_divergence(Normal(mean, (log_variance / 2).exp()), Normal(0.0, 1.0)).sum(1).mean()
x, targets, shares = torch.randn(4, 5, requires_grad=True), torch.randn(4, 5), torch.rand(4, 5)
likelihood = lambda s: -Normal(x, s).log_prob(targets).sum(1)
json.dump([
    case("kl", {"weight": 1}, {"mean": mean, "log_variance": log_variance}, divergence, ["mean", "log_variance"]),
    case("kl_beta", {"weight": 0.25}, {"mean": mean, "log_variance": log_variance}, 0.25 * divergence, ["mean", "log_variance"]),
    case("gaussian", {"deviation": 0.5}, {"predictions": x, "targets": targets}, likelihood(torch.tensor(0.5)), ["predictions"]),
    case("gaussian_best", {}, {"predictions": x, "targets": targets}, likelihood(((x - targets) ** 2).mean().sqrt()), ["predictions"]),
    case("bernoulli", {}, {"predictions": x, "targets": shares}, -(shares * Bernoulli(logits=x).logits - torch.nn.functional.softplus(x)).sum(1), ["predictions"]),
], open("vae.json", "w"))
