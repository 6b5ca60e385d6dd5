#!/usr/bin/env python3
"""Writes digits.csv from scikit-learn's copy of the UCI handwritten digits.

Usage: make_digits.py [FOLDER]     (default: the folder of this script)
Needs scikit-learn; any version will do, the data set has not changed since 2011.
"""
import pathlib
import sys

from sklearn.datasets import load_digits

folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent
digits = load_digits()
assert digits.data.shape == (1797, 64) and digits.data.min() == 0 and digits.data.max() == 16

rows = [",".join(["Label"] + [f"Pixel{i}" for i in range(64)])]
for label, pixels in zip(digits.target, digits.data):
    rows.append(",".join([str(int(label))] + [str(int(p)) for p in pixels]))

with open(folder / "digits.csv", "w", encoding="ascii", newline="\n") as f:
    f.write("\n".join(rows) + "\n")
print(f"{len(rows) - 1} rows written to {folder / 'digits.csv'}")
