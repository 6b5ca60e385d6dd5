"""Golden values of comparisons of tables and of mixtures of normal distributions, by SciPy, NumPy and scikit-learn (Debian: python3-sklearn).

Run: python3 make_golden.py > golden.json
"""
import json
import warnings

import numpy as np
from scipy import stats
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import roc_auc_score
from sklearn.mixture import BayesianGaussianMixture

QUANTITIES = ["Income", "Age"]
CATEGORIES = ["Job", "Home"]
BINS = 10


def table(rows, seed, shift):
    """Numbers of few digits, so that JSON, float and double agree on them; some are missing. The words' NaN is ''."""
    r = np.random.default_rng(seed)
    job = r.choice(["clerk", "nurse", "smith", ""], rows, p=[0.4, 0.3 - shift, 0.2 + shift, 0.1])
    age = r.integers(20, 60, rows).astype(float)
    income = np.round((age * (2 - 4 * shift) + 40 * (job == "smith") + r.normal(0, 12, rows)) * 4) / 4
    income[r.random(rows) < 0.1] = np.nan
    home = np.where(r.random(rows) < 0.3 + 0.4 * (job == "nurse"), "own", "rent")
    return {"Income": income, "Age": age, "Job": job, "Home": home}


def present(a, b):
    return ~np.isnan(a) & ~np.isnan(b)


def shape(name, real, made):
    a, b = real[name], made[name]
    if name in QUANTITIES:
        return 1 - stats.ks_2samp(a[~np.isnan(a)], b[~np.isnan(b)]).statistic
    values = sorted(set(a) | set(b))
    return 1 - np.abs([np.mean(a == v) - np.mean(b == v) for v in values]).sum() / 2


def bins(name, real, made):
    """Codes of categories, or bins of quantities between the least and the greatest real value; missing is one of its own."""
    a, b = real[name], made[name]
    if name in CATEGORIES:
        values = sorted(set(a) | set(b))
        return np.searchsorted(values, a), np.searchsorted(values, b), len(values)
    edges = np.linspace(np.nanmin(a), np.nanmax(a), BINS + 1)
    return *(np.where(np.isnan(v), BINS, np.clip(np.searchsorted(edges, v, side="right") - 1, 0, BINS - 1)) for v in (a, b)), BINS + 1


def trend(first, second, real, made):
    if first in QUANTITIES and second in QUANTITIES:
        r = [stats.pearsonr(t[first][present(t[first], t[second])], t[second][present(t[first], t[second])])[0] for t in (real, made)]
        return 1 - abs(r[0] - r[1]) / 2
    ra, ma, na = bins(first, real, made)
    rb, mb, nb = bins(second, real, made)
    cells = [np.histogram2d(a, b, bins=[np.arange(na + 1) - 0.5, np.arange(nb + 1) - 0.5])[0] / len(a) for a, b in ((ra, rb), (ma, mb))]
    return 1 - np.abs(cells[0] - cells[1]).sum() / 2


def distances(first, second, real):
    """Gower's: (rows of the first, rows of the second)."""
    total = 0
    for name in QUANTITIES + CATEGORIES:
        a, b = first[name][:, None], second[name][None, :]
        if name in QUANTITIES:
            apart = np.minimum(np.abs(a - b) / (np.nanmax(real[name]) - np.nanmin(real[name])), 1)
            total = total + np.where(np.isnan(a) & np.isnan(b), 0, np.where(np.isnan(a) | np.isnan(b), 1, apart))
        else:
            total = total + (a != b)
    return total / len(QUANTITIES + CATEGORIES)


def tables():
    real, made, holdout = table(60, 1, 0), table(45, 2, 0.1), table(30, 3, 0)
    for name in real:  # Two copies, and one of the rows held out.
        made[name][:2] = real[name][5:7]
        holdout[name][0] = real[name][9]
    names = QUANTITIES + CATEGORIES
    to_real, held = distances(made, real, real).min(axis=1), distances(holdout, real, real).min(axis=1)

    # As many real rows as held-out ones, evenly taken.
    fair = [i * 60 // 30 for i in range(30)]
    nearer_real = distances(made, {n: real[n][fair] for n in names}, real).min(axis=1)
    nearer_held = distances(made, holdout, real).min(axis=1)
    return {
        "real": rows(real), "made": rows(made), "holdout": rows(holdout),
        "shapes": {n: shape(n, real, made) for n in names},
        "trends": [[a, b, trend(a, b, real, made)] for i, a in enumerate(names) for b in names[i + 1:]],
        "copies": int(np.sum(to_real == 0)), "holdout_copies": int(np.sum(held == 0)),
        "median_distance": np.median(to_real), "holdout_median_distance": np.median(held),
        "close_share": np.mean(to_real < np.sort(held)[int(0.05 * len(held))]),
        "nearer_to_real_share": np.mean(np.where(np.isclose(nearer_real, nearer_held, rtol=0, atol=1e-12), 0.5, nearer_real < nearer_held)),
    }


def rows(t):
    return [[None if isinstance(v, float) and np.isnan(v) else v for v in (t["Income"][i], t["Age"][i], str(t["Job"][i]), str(t["Home"][i]))] for i in range(len(t["Age"]))]


def auc():
    r = np.random.default_rng(4)
    truth = (r.random(200) < 0.3).astype(int)
    score = np.round(truth + r.normal(0, 1, 200), 1)  # With ties.
    return {"truth": truth.tolist(), "score": score.tolist(), "auc": roc_auc_score(truth, score)}


class FromQuantiles(BayesianGaussianMixture):
    """scikit-learn's mixture from the k-means that starts at quantiles, rather than at random."""

    def _initialize_parameters(self, x, random_state):
        starts = np.sort(x[:, 0])[[int((k + 0.5) / self.n_components * len(x)) for k in range(self.n_components)]]
        labels = KMeans(self.n_components, init=starts[:, None], n_init=1, max_iter=50, tol=0, algorithm="lloyd").fit(x).labels_
        self._initialize(x, np.eye(self.n_components)[labels])


def mixture(name, values, components):
    """CTGAN's settings, on a scale of mean 0 and variance 1."""
    x = (values - values.mean()) / values.std()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        m = FromQuantiles(n_components=components, weight_concentration_prior_type="dirichlet_process", weight_concentration_prior=0.001, covariance_prior=[[1.0]]).fit(x[:, None])
    order = [k for k in np.argsort(m.means_[:, 0]) if m.weights_[k] > 0.005]
    return {
        "name": name, "components": components, "values": values.tolist(), "iterations": m.n_iter_,
        "weights": m.weights_[order].tolist(),
        "means": (m.means_[order, 0] * values.std() + values.mean()).tolist(),
        "deviations": (np.sqrt(m.covariances_[order, 0, 0]) * values.std()).tolist(),
    }


def mixtures():
    r = np.random.default_rng(5)
    return [
        mixture("apart", np.round(np.concatenate([r.normal(-50, 2, 200), r.normal(0, 0.5, 120), r.normal(30, 5, 80)]), 2), 10),
        mixture("skewed", np.round(np.exp(r.normal(3, 0.8, 400)), 2), 10),
        mixture("one", np.round(r.normal(1000, 3, 200), 1), 10),
        mixture("few", np.array([1.0, 2, 2, 3, 8, 9, 9.5]), 3),
    ]


print(json.dumps({"tables": tables(), "auc": auc(), "mixtures": mixtures()}, separators=(",", ":")))
