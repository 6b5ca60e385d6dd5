#!/usr/bin/env python3
"""Runs the GraphDefs and SavedModels that the tests write on TensorFlow itself, and compares with the CPU engine's recorded numbers.

    MLNETDEEP_GRAPHDEF_FOLDER=/tmp/cases dotnet test tests/MLNetDeep.Exporting.Tests -c Release --filter RecordedCaseTests
    python3 tools/check_graphdef.py /tmp/cases

Each folder in there is a case: graph.pb, with initial values, training steps and scoring; case.json, with the batches and what came of them; saved_model, with the
trained weights. A case passes where all fetched losses and outputs are within 1e-4 (relative, and absolute below 1) and all weights after training within 1e-3.

Needs TensorFlow 2.4 or later and NumPy. Exit status: 0 all cases pass; 1 a case does not; 2 there are no cases; 77 there is no TensorFlow (skipped).
"""
import argparse
import json
import os
import sys
import traceback

LOSS_TOLERANCE = 1e-4
WEIGHT_TOLERANCE = 1e-3


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="what MLNETDEEP_GRAPHDEF_FOLDER was when the tests ran")
    parser.add_argument("cases", nargs="*", help="names of cases; default: all")
    parser.add_argument("--gpu", action="store_true", help="let TensorFlow use GPUs (default: the processor alone)")
    return parser.parse_args()


def value(np, recorded):
    """A recorded tensor as an array."""
    return np.array(recorded["values"], dtype=np.float64).astype(recorded["type"]).reshape(recorded["shape"])


class Mismatch(Exception):
    pass


def compare(np, what, expected, actual, tolerance):
    """The largest difference, relative or below 1 absolute, of which the tolerance must not be less."""
    expected = value(np, expected).astype(np.float64)
    actual = np.asarray(actual)
    if actual.shape != expected.shape:
        raise Mismatch(f"{what} has shape {actual.shape}, expected {expected.shape}")
    actual = actual.astype(np.float64)
    if not np.isfinite(actual).all():
        raise Mismatch(f"{what} has values that are not finite")
    difference = np.abs(actual - expected) / np.maximum(1, np.abs(expected))
    worst = float(difference.max()) if difference.size else 0.0
    if worst > tolerance:
        at = np.unravel_index(int(difference.argmax()), difference.shape)
        raise Mismatch(f"{what}{list(map(int, at))} is {actual[at]:.7g}, expected {expected[at]:.7g}")
    return worst


def check_graph(tf, np, folder, case):
    """Training steps and scoring of graph.pb; returns the largest differences of fetches and weights."""
    with open(os.path.join(folder, "graph.pb"), "rb") as file:
        definition = tf.compat.v1.GraphDef.FromString(file.read())
    fetched = learned = 0.0
    graph = tf.Graph()
    with graph.as_default():
        tf.import_graph_def(definition, name="")
    with tf.compat.v1.Session(graph=graph) as session:
        if case.get("init"):
            session.run(graph.get_operation_by_name(case["init"]))
        for number, run in enumerate(case["runs"]):
            feeds = {name: value(np, tensor) for name, tensor in run["feeds"].items()}
            names = list(run["fetches"])
            wanted = [graph.get_tensor_by_name(name) for name in names]
            targets = [graph.get_operation_by_name(run["target"])] if run.get("target") else []
            results = session.run(wanted + targets, feeds)
            for name, result in zip(names, results):
                what = f"run {number} ({run['program']}): {name}"
                fetched = max(fetched, compare(np, what, run["fetches"][name], result, LOSS_TOLERANCE))
        names = list(case["variables"])
        for name, result in zip(names, session.run(names)):
            learned = max(learned, compare(np, f"after training: {name}", case["variables"][name], result, WEIGHT_TOLERANCE))
    return fetched, learned


def check_saved_model(tf, np, folder, serving):
    """The signature serving_default, as Python and Serving load it, and the same through a session, as ML.NET does."""
    path = os.path.join(folder, "saved_model")
    worst = 0.0
    loaded = tf.saved_model.load(path)
    serve = loaded.signatures["serving_default"]
    results = serve(**{name: tf.constant(value(np, tensor)) for name, tensor in serving["inputs"].items()})
    for name, expected in serving["outputs"].items():
        worst = max(worst, compare(np, f"serving_default: {name}", expected, results[name].numpy(), LOSS_TOLERANCE))

    with tf.compat.v1.Session(graph=tf.Graph()) as session:
        meta = tf.compat.v1.saved_model.load(session, ["serve"], path)
        signature = meta.signature_def["serving_default"]
        feeds = {signature.inputs[name].name: value(np, tensor) for name, tensor in serving["inputs"].items()}
        names = list(serving["outputs"])
        for name, result in zip(names, session.run([signature.outputs[name].name for name in names], feeds)):
            worst = max(worst, compare(np, f"session: {name}", serving["outputs"][name], result, LOSS_TOLERANCE))
        fetches = {name: signature.outputs[name].name for name in names}

    with open(os.path.join(path, "frozen_graph.pb"), "rb") as file:
        definition = tf.compat.v1.GraphDef.FromString(file.read())
    graph = tf.Graph()
    with graph.as_default():
        tf.import_graph_def(definition, name="")
    with tf.compat.v1.Session(graph=graph) as session:
        for name, result in zip(names, session.run([fetches[name] for name in names], feeds)):
            worst = max(worst, compare(np, f"frozen graph: {name}", serving["outputs"][name], result, LOSS_TOLERANCE))
    return worst


def main():
    options = arguments()
    names = options.cases or sorted(n for n in (os.listdir(options.folder) if os.path.isdir(options.folder) else []) if os.path.exists(os.path.join(options.folder, n, "case.json")))
    missing = [n for n in names if not os.path.exists(os.path.join(options.folder, n, "case.json"))]
    if not names or missing:
        print(f"No case.json for {', '.join(missing)}." if missing else f"There are no cases in '{options.folder}'; see --help for how the tests write them.", file=sys.stderr)
        return 2

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    try:
        import numpy as np
        import tensorflow as tf
    except ImportError as error:
        print(f"SKIPPED: this Python has no TensorFlow ({error}); {len(names)} cases were not run.")
        return 77
    if int(tf.__version__.split(".")[0]) < 2:
        print(f"SKIPPED: TensorFlow {tf.__version__} is installed, 2.4 or later is needed; {len(names)} cases were not run.")
        return 77
    if not options.gpu:
        tf.config.set_visible_devices([], "GPU")
    else:
        # Products of 10-bit mantissas would not agree with anything.
        tf.config.experimental.enable_tensor_float_32_execution(False)

    failed = []
    print(f"TensorFlow {tf.__version__}, {len(names)} cases")
    for name in names:
        folder = os.path.join(options.folder, name)
        try:
            with open(os.path.join(folder, "case.json"), encoding="utf-8") as file:
                case = json.load(file)
            fetched, learned = check_graph(tf, np, folder, case)
            served = check_saved_model(tf, np, folder, case["serving"]) if case.get("serving") else None
            line = f"ok      {name}: losses and outputs {fetched:.1e}, weights {learned:.1e}"
            print(line if served is None else f"{line}, saved model {served:.1e}")
        except Mismatch as mismatch:
            failed.append(name)
            print(f"FAILED  {name}: {mismatch}")
        except Exception:  # what TensorFlow throws has no common base, and the other cases are of interest too
            failed.append(name)
            print(f"FAILED  {name}:")
            traceback.print_exc()
    print(f"{len(names) - len(failed)} of {len(names)} cases pass." + (f" Failed: {', '.join(failed)}." if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
