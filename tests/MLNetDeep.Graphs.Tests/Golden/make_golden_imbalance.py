"""Golden values of losses for rare classes, by the formulas of their papers in PyTorch 1.13: python3 make_golden_imbalance.py > imbalance.json"""
import json
import torch
import torch.nn.functional as F

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
z = (torch.rand(6, 4) * 4 - 2).requires_grad_()
y = torch.tensor([0, 3, 1, 2, 0, 3])
counts = torch.tensor([900.0, 50.0, 45.0, 5.0])
logit = (torch.rand(6, 1) * 4 - 2).requires_grad_()
t = torch.tensor([0.0, 1, 0, 0, 1, 0]).reshape(6, 1)
two = torch.tensor([950.0, 50.0])
prior = counts / counts.sum()
one_hot = F.one_hot(y, 4).double()


def margins(n, most):  # LDAMLoss of github.com/kaidic/LDAM-DRW
    m = 1.0 / torch.sqrt(torch.sqrt(n))
    return m * (most / m.max())


cases = []


def add(name, options, loss, variable):
    (gradient,) = torch.autograd.grad(loss.sum(), variable)
    cases.append(dict(name=name, options=options, loss=loss.flatten().tolist(), gradient=gradient.flatten().tolist()))


for tau in (1.0, 1.5):
    add("sparse", dict(LogitAdjustment=tau), F.cross_entropy(z + tau * prior.log(), y, reduction="none"), z)
for most, scale in ((0.5, 1.0), (0.5, 30.0)):
    add("sparse", dict(Margin=most, MarginScale=scale), F.cross_entropy(scale * (z - one_hot * margins(counts, most)), y, reduction="none"), z)
both = F.cross_entropy(2 * (z + prior.log() - one_hot * margins(counts, 0.4)), y, reduction="none")
add("sparse", dict(LogitAdjustment=1.0, Margin=0.4, MarginScale=2.0, FocalGamma=2.0), (1 - (-both).exp()) ** 2 * both, z)
shift = (two[1] / two[0]).log()
m = margins(two, 0.5)
add("binary", dict(LogitAdjustment=1.0), F.binary_cross_entropy_with_logits(logit + shift, t, reduction="none"), logit)
add("binary", dict(Margin=0.5, MarginScale=3.0), F.binary_cross_entropy_with_logits(3 * (logit + (1 - t) * m[0] - t * m[1]), t, reduction="none"), logit)

# Class-balanced focal loss (Cui et al. 2019): weights by effective numbers, of mean 1, times the focal loss.
beta = 0.999
weights = (1 - beta) / (1 - beta ** counts)
weights = weights / weights.sum() * 4
ce = F.cross_entropy(z, y, reduction="none")
focal = weights[y] * (1 - (-ce).exp()) ** 2 * ce
print(json.dumps(dict(
    logits=z.flatten().tolist(), labels=y.tolist(), counts=counts.tolist(), logit=logit.flatten().tolist(), targets=t.flatten().tolist(), two=two.tolist(), cases=cases,
    effective=dict(beta=beta, weights=weights.tolist(), loss=focal.tolist()))))
