"""Checks models by ONNX's own checker, types and shapes included. Each line of the input is a file; each line of the output "ok" or what is wrong with it."""
import sys

import onnx
import onnx.checker

for line in sys.stdin:
    try:
        onnx.checker.check_model(line.strip(), full_check=True)
        print("ok", flush=True)
    except Exception as error:  # whatever it is, it is the answer
        print(" ".join(str(error).split()), flush=True)
