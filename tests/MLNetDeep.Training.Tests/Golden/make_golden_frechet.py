"""Frechet distances of vectors by NumPy, through the eigenvalues of the product of both covariances: frechet.json."""
import json
import numpy as np

random = np.random.default_rng(4)
cases = []
for count, size, rank in ((40, 3, 3), (30, 6, 6), (50, 6, 2)):
    spread = random.normal(size=(rank, size))
    a, b = random.normal(size=(count, rank)) @ spread, 1.5 * random.normal(size=(count + 5, rank)) @ spread + random.normal(size=size)
    a, b = a.astype(np.float32), b.astype(np.float32)
    ca, cb = np.cov(a.astype(float), rowvar=False), np.cov(b.astype(float), rowvar=False)
    root = np.sqrt(np.maximum(np.linalg.eigvals(ca @ cb).real, 0)).sum()
    d = ((a.astype(float).mean(0) - b.astype(float).mean(0)) ** 2).sum() + np.trace(ca) + np.trace(cb) - 2 * root
    cases.append(dict(size=size, first=[float(v) for v in a.flat], second=[float(v) for v in b.flat], distance=float(d)))
json.dump(cases, open("frechet.json", "w"))
