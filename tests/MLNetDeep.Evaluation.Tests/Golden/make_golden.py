"""Golden values of metrics, calibrations and tests, by scikit-learn and SciPy (Debian: python3-sklearn).

Run: python3 make_golden.py > golden.json
"""
import json
import warnings

import numpy as np
from scipy import optimize, special, stats
from sklearn import metrics as m
from sklearn.calibration import _sigmoid_calibration
from sklearn.isotonic import IsotonicRegression

warnings.simplefilter("error")


def f32(values):
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def ece(y, p, w, bins=10):
    edges = np.linspace(0, 1, bins + 1)
    index = np.searchsorted(edges[1:-1], p)
    return sum(abs(np.sum(w[index == b] * (p[index == b] - y[index == b]))) for b in range(bins)) / np.sum(w)


def gain(y, score, w, share):
    """Share of the positives in the best-scored share of the rows; rows of one score count evenly."""
    groups = sorted(set(score), reverse=True)
    rows = np.concatenate([[0], np.cumsum([np.sum(w[score == g]) for g in groups])])
    found = np.concatenate([[0], np.cumsum([np.sum(w[(score == g)] * y[score == g]) for g in groups])])
    return np.interp(share * rows[-1], rows, found) / found[-1]


def binary(y, score, p, hat, w):
    k = {"sample_weight": w}
    tn, fp, fn, tp = m.confusion_matrix(y, hat, **k).ravel()
    precision, recall, _ = m.precision_recall_curve(y, score, **k)
    w1 = np.ones(len(y)) if w is None else w
    return {
        "accuracy": m.accuracy_score(y, hat, **k),
        "balanced_accuracy": m.balanced_accuracy_score(y, hat, **k),
        "precision": m.precision_score(y, hat, **k),
        "recall": m.recall_score(y, hat, **k),
        "specificity": m.recall_score(y, hat, pos_label=0, **k),
        "negative_predictive_value": m.precision_score(y, hat, pos_label=0, **k),
        "f1": m.f1_score(y, hat, **k),
        "f2": m.fbeta_score(y, hat, beta=2, **k),
        "f0.5": m.fbeta_score(y, hat, beta=0.5, **k),
        "g_mean": np.sqrt(m.recall_score(y, hat, **k) * m.recall_score(y, hat, pos_label=0, **k)),
        "mcc": m.matthews_corrcoef(y, hat, **k),
        "kappa": m.cohen_kappa_score(y, hat, **k),
        "youden": m.recall_score(y, hat, **k) + m.recall_score(y, hat, pos_label=0, **k) - 1,
        "roc_auc": m.roc_auc_score(y, score, **k),
        "average_precision": m.average_precision_score(y, score, **k),
        "pr_auc": m.auc(recall, precision),
        "brier": m.brier_score_loss(y, p, **k),
        "log_loss": m.log_loss(y, p, **k),
        "ece": ece(y, p, w1),
        "gain_0.1": gain(y, score, w1, 0.1),
        "lift_0.25": gain(y, score, w1, 0.25) / 0.25,
        "cost": 7 * fn + 2 * fp - 1 * tp + 0.5 * tn,
        "f1_macro": m.f1_score(y, hat, average="macro", **k),
        "f1_micro": m.f1_score(y, hat, average="micro", **k),
        "f1_weighted": m.f1_score(y, hat, average="weighted", **k),
    }


def multiclass(y, p, hat, w, classes):
    k = {"sample_weight": w}
    w1 = np.ones(len(y)) if w is None else w
    c = m.confusion_matrix(y, hat, labels=range(classes), **k)
    specificity = [(c.sum() - c[i].sum() - c[:, i].sum() + c[i, i]) / (c.sum() - c[i].sum()) for i in range(classes)]
    recalls = m.recall_score(y, hat, average=None, **k)
    result = {
        "accuracy": m.accuracy_score(y, hat, **k),
        "balanced_accuracy": m.balanced_accuracy_score(y, hat, **k),
        "g_mean": stats.gmean(recalls),
        "mcc": m.matthews_corrcoef(y, hat, **k),
        "kappa": m.cohen_kappa_score(y, hat, **k),
        "kappa_linear": m.cohen_kappa_score(y, hat, weights="linear", **k),
        "kappa_quadratic": m.cohen_kappa_score(y, hat, weights="quadratic", **k),
        "specificity_macro": np.mean(specificity),
        "log_loss": m.log_loss(y, p, **k),
        "brier": np.average(np.sum((p - np.eye(classes)[y]) ** 2, axis=1), weights=w1),
        "ece": ece((np.argmax(p, axis=1) == y).astype(float), p.max(axis=1), w1),
        "roc_auc_ovr_weighted": m.roc_auc_score(y, p, multi_class="ovr", average="weighted", **k),
        "roc_auc_ovr": m.roc_auc_score(y, p, multi_class="ovr", average="macro", **k),
        "average_precision_macro": np.mean([m.average_precision_score(y == i, p[:, i], **k) for i in range(classes)]),
        "top_2": m.top_k_accuracy_score(y, p, k=2, **k),
        "top_3": m.top_k_accuracy_score(y, p, k=3, **k),
    }
    if w is None:
        result["roc_auc_ovo"] = m.roc_auc_score(y, p, multi_class="ovo", average="macro")
        result["roc_auc_ovo_weighted"] = m.roc_auc_score(y, p, multi_class="ovo", average="weighted")
    for average in ("macro", "micro", "weighted"):
        result[f"precision_{average}"] = m.precision_score(y, hat, average=average, **k)
        result[f"recall_{average}"] = m.recall_score(y, hat, average=average, **k)
        result[f"f1_{average}"] = m.f1_score(y, hat, average=average, **k)
        result[f"f2_{average}"] = m.fbeta_score(y, hat, beta=2, average=average, **k)
    precision, recall, f1, support = m.precision_recall_fscore_support(y, hat, **k)
    result["per_class"] = [[float(v) for v in row] for row in zip(precision, recall, f1, support)]
    return result


def regression(y, p, w):
    k = {"sample_weight": w}
    w1 = np.ones(len(y)) if w is None else w
    return {
        "mae": m.mean_absolute_error(y, p, **k),
        "rmse": np.sqrt(m.mean_squared_error(y, p, **k)),
        "r2": m.r2_score(y, p, **k),
        "explained_variance": m.explained_variance_score(y, p, **k),
        "mape": m.mean_absolute_percentage_error(y, p, **k),
        "bias": np.average(p - y, weights=w1),
        "max_error": m.max_error(y, p),
    }


def beta_calibration(p, y):
    """Kull et al. 2017: logistic regression on ln p and -ln(1 - p) without penalty; slopes not below zero."""
    x = np.stack([np.log(p), -np.log1p(-p)], axis=1)

    def loss(t):
        z = x @ t[:2] + t[2]
        return np.sum(np.logaddexp(0, z) - y * z), np.append(x.T @ (special.expit(z) - y), np.sum(special.expit(z) - y))

    best = optimize.minimize(loss, [1.0, 1.0, 0.0], jac=True, method="L-BFGS-B", bounds=[(0, None), (0, None), (None, None)], options={"ftol": 1e-16, "gtol": 1e-12, "maxiter": 10000})
    return best.x


def main():
    random = np.random.RandomState(7)
    n = 150
    y = (random.rand(n) < 0.25).astype(int)
    score = f32(np.round(random.randn(n) * 1.4 + 1.6 * y - 1.2, 1))
    p = f32(special.expit(0.8 * score - 0.1))
    hat = (p > 0.4).astype(int)
    w = f32(np.round(random.rand(n) * 3 + 0.25, 2))

    classes = 4
    ym = np.concatenate([np.arange(classes), random.choice(classes, n - classes, p=[0.55, 0.25, 0.15, 0.05])])
    logits = random.randn(n, classes) + 1.3 * np.eye(classes)[ym]
    pm = f32(special.softmax(logits, axis=1))
    pm[:, 3] = 1 - pm[:, :3].sum(axis=1)
    pm = f32(pm)
    hatm = np.argmax(pm, axis=1)

    yr = f32(random.randn(n) * 3 + 10)
    pr = f32(yr + random.randn(n))

    slope, intercept = _sigmoid_calibration(score, y)
    isotonic = IsotonicRegression(out_of_bounds="clip", y_min=0, y_max=1).fit(score, y)
    temperature = optimize.minimize_scalar(lambda t: m.log_loss(y, special.expit(score / t)), bounds=(0.05, 20), method="bounded", options={"xatol": 1e-10}).x
    logs = np.log(pm)
    soft = optimize.minimize_scalar(lambda t: -np.mean(special.log_softmax(logs / t, axis=1)[np.arange(n), ym]), bounds=(0.05, 20), method="bounded", options={"xatol": 1e-10}).x

    a = np.array([0.81, 0.79, 0.84, 0.80, 0.77, 0.83, 0.82, 0.78, 0.85, 0.80])
    b = np.array([0.78, 0.80, 0.81, 0.77, 0.76, 0.80, 0.83, 0.75, 0.80, 0.79])
    d = a - b
    ratio = 1 / 4
    se = np.sqrt((1 / len(d) + ratio) * d.var(ddof=1))
    t = d.mean() / se

    at = np.linspace(-4, 4, 17)
    print(json.dumps({
        "binary": {"label": y.tolist(), "score": score.tolist(), "probability": p.tolist(), "predicted": hat.tolist(), "weight": w.tolist(),
                   "plain": binary(y, score, p, hat, None), "weighted": binary(y, score, p, hat, w)},
        "multiclass": {"label": ym.tolist(), "score": pm.tolist(), "predicted": hatm.tolist(), "weight": w.tolist(),
                       "plain": multiclass(ym, pm, hatm, None, classes), "weighted": multiclass(ym, pm, hatm, w, classes)},
        "regression": {"label": yr.tolist(), "score": pr.tolist(), "weight": w.tolist(), "plain": regression(yr, pr, None), "weighted": regression(yr, pr, w)},
        "calibration": {"at": at.tolist(),
                        "platt": special.expit(-(slope * at + intercept)).tolist(),
                        "isotonic": isotonic.predict(at).tolist(),
                        "temperature": special.expit(at / temperature).tolist(),
                        "beta": beta_calibration(p, y).tolist(),
                        "multiclass_temperature": soft},
        "tests": {"a": a.tolist(), "b": b.tolist(), "test_share_ratio": ratio, "t": t, "p": 2 * stats.t.sf(abs(t), len(d) - 1),
                  "low": d.mean() - stats.t.ppf(0.975, len(d) - 1) * se, "high": d.mean() + stats.t.ppf(0.975, len(d) - 1) * se,
                  "mcnemar_exact": stats.binomtest(6, 21).pvalue, "mcnemar_chi2": stats.chi2.sf((abs(60 - 95) - 1) ** 2 / (60 + 95), 1)},
    }, separators=(",", ":")))


main()
