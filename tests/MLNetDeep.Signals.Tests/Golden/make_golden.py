#!/usr/bin/env python3
"""Writes golden.json: spectra by torch.stft, mel filters, cosine transform, slopes and resampling written out in numpy after librosa's and torchaudio's definitions.

Usage: make_golden.py [FILE]

Needs PyTorch 1.13 or later and numpy. Everything is computed in float64 from signals that are multiples of 1/256, and written with eight significant digits.
A case: {"name", "kind", "sampleRate", "options": as the C# options are named, "signal": [...], "shape": [frames, bins], "values": row-major}.
"""
import json
import math
import pathlib
import sys

import numpy as np
import torch


def signal(n, seed):
    random = np.random.default_rng(seed)
    t = np.arange(n)
    x = 0.5 * np.sin(0.05 * t + 0.0004 * t * t) + 0.2 * np.sin(1.3 * t) + 0.1 * random.standard_normal(n)
    return np.round(x * 256) / 256


WINDOWS = {"Rectangular": lambda n: torch.ones(n, dtype=torch.float64), "Hann": lambda n: torch.hann_window(n, dtype=torch.float64),
           "Hamming": lambda n: torch.hamming_window(n, dtype=torch.float64), "Blackman": lambda n: torch.blackman_window(n, dtype=torch.float64)}


def power(x, o):
    n_fft = o.get("FftLength") or 1 << (o["FrameLength"] - 1).bit_length()
    padding = o.get("Padding", "Zeros")
    s = torch.stft(torch.tensor(x), n_fft, hop_length=o.get("HopLength") or o["FrameLength"] // 4, win_length=o["FrameLength"], window=WINDOWS[o.get("Window", "Hann")](o["FrameLength"]),
                   center=padding != "None", pad_mode="reflect" if padding == "Reflect" else "constant", return_complex=True)
    p = s.abs().numpy().T ** (1 if o.get("Scale") == "Magnitude" else 2)
    return p, n_fft


def scaled(p, o, scale):
    if scale == "Log":
        return np.log(p + 1e-6)
    if scale != "Decibel":
        return p
    db = 10 * np.log10(np.maximum(1e-10, p))
    if o.get("RelativeToMaximum"):
        db = db - 10 * np.log10(max(1e-10, p.max()))
    top = o.get("TopDecibels", 80)
    return db if top is None else np.maximum(db, db.max() - top)


def hz_to_mel(f, scale):
    if scale == "Htk":
        return 2595 * np.log10(1 + f / 700)
    return f * 3 / 200 if f < 1000 else 15 + np.log(f / 1000) / (np.log(6.4) / 27)


def mel_to_hz(m, scale):
    m = np.asarray(m)
    if scale == "Htk":
        return 700 * (10 ** (m / 2595) - 1)
    return np.where(m < 15, m * 200 / 3, 1000 * np.exp(np.log(6.4) / 27 * (m - 15)))


def mel_filters(sr, n_fft, o):
    """librosa.filters.mel."""
    scale, n = o.get("MelScale", "Slaney"), o["MelBins"]
    points = mel_to_hz(np.linspace(hz_to_mel(o.get("MinFrequency", 0), scale), hz_to_mel(o.get("MaxFrequency") or sr / 2, scale), n + 2), scale)
    bins = np.arange(n_fft // 2 + 1) * sr / n_fft
    ramps = points[:, None] - bins[None, :]
    differences = np.diff(points)
    weights = np.maximum(0, np.minimum(-ramps[:-2] / differences[:-1, None], ramps[2:] / differences[1:, None]))
    if o.get("NormalizeArea", True):
        weights *= (2 / (points[2:] - points[:-2]))[:, None]
    return weights


def mel(x, sr, o):
    p, n_fft = power(x, o)
    return p @ mel_filters(sr, n_fft, o).T


def dct(n_in, n_out):
    k, m = np.arange(n_out)[:, None], np.arange(n_in)[None, :]
    d = np.cos(np.pi * k * (2 * m + 1) / (2 * n_in)) * math.sqrt(2 / n_in)
    d[0] /= math.sqrt(2)
    return d


def deltas(c):
    """torchaudio.functional.compute_deltas, win_length=5, mode='replicate'; frames first."""
    padded = np.concatenate([c[:1], c[:1], c, c[-1:], c[-1:]])
    return sum(i * padded[2 + i:len(c) + 2 + i] for i in range(-2, 3)) / 10


def mfcc(x, sr, o):
    c = scaled(mel(x, sr, o), o, o.get("Scale", "Decibel")) @ dct(o["MelBins"], o["Coefficients"]).T
    parts = [c]
    for _ in range(o.get("Deltas", 0)):
        parts.append(deltas(parts[-1]))
    return np.concatenate(parts, 1)


def resample(x, orig, new, width=16, rolloff=0.99):
    """torchaudio.functional.resample with sinc_interp_hann: each output sample written out."""
    g = math.gcd(orig, new)
    orig, new = orig // g, new // g
    if orig == new:
        return x
    base = min(orig, new) * rolloff
    out = np.zeros(-(-len(x) * new // orig))
    k = np.arange(len(x))
    for i in range(len(out)):
        t = np.clip((k / orig - i / new) * base, -width, width)
        out[i] = (x * np.sinc(t) * np.cos(t * np.pi / width / 2) ** 2).sum() * base / orig
    return out


cases = []


def add(name, kind, n, seed, sr, o):
    x = signal(n, seed)
    if kind == "Spectrogram":
        y = scaled(power(x, o)[0], o, o.get("Scale", "Power"))
    elif kind == "MelSpectrogram":
        y = scaled(mel(x, sr, o), o, o.get("Scale", "Power"))
    elif kind == "Mfcc":
        y = mfcc(x, sr, o)
    else:
        y = resample(x, o["From"], o["To"])[None]
    cases.append({"name": name, "kind": kind, "sampleRate": sr, "options": o, "signal": x.tolist(), "shape": list(y.shape), "values": [float(f"{v:.8g}") for v in y.ravel()]})


for padding in ("None", "Zeros", "Reflect"):
    add(f"power, padding {padding}", "Spectrogram", 331, 1, 0, {"FrameLength": 64, "Padding": padding})
for window in ("Rectangular", "Hamming", "Blackman"):
    add(f"magnitude, {window}", "Spectrogram", 300, 2, 0, {"FrameLength": 64, "HopLength": 40, "Window": window, "Scale": "Magnitude"})
add("a window shorter than the transform", "Spectrogram", 300, 3, 0, {"FrameLength": 49, "HopLength": 30, "FftLength": 64, "Padding": "Reflect"})
add("a transform of 50 points", "Spectrogram", 300, 4, 0, {"FrameLength": 50, "HopLength": 25, "FftLength": 50})
add("a transform of 45 points", "Spectrogram", 300, 4, 0, {"FrameLength": 45, "HopLength": 25, "FftLength": 45, "Padding": "None"})
add("a transform of 2048 points", "Spectrogram", 2000, 5, 0, {"FrameLength": 2000, "HopLength": 2001})
add("a transform of 1500 points", "Spectrogram", 1599, 5, 0, {"FrameLength": 1500, "FftLength": 1500, "HopLength": 1600})
add("decibels", "Spectrogram", 300, 6, 0, {"FrameLength": 64, "HopLength": 50, "Scale": "Decibel", "TopDecibels": 40})
add("decibels without a floor", "Spectrogram", 300, 6, 0, {"FrameLength": 64, "HopLength": 50, "Scale": "Decibel", "TopDecibels": None})
add("decibels relative to the highest", "Spectrogram", 300, 6, 0, {"FrameLength": 64, "HopLength": 50, "Scale": "Decibel", "RelativeToMaximum": True})
add("logarithm", "Spectrogram", 300, 6, 0, {"FrameLength": 64, "HopLength": 50, "Scale": "Log"})
M = {"FrameLength": 256, "HopLength": 150, "MelBins": 20}
for scale in ("Slaney", "Htk"):
    for area in (True, False):
        add(f"mel, {scale}, area {area}", "MelSpectrogram", 700, 7, 8000, {**M, "MelScale": scale, "NormalizeArea": area})
add("mel between two frequencies, decibels", "MelSpectrogram", 700, 8, 8000, {**M, "MinFrequency": 300, "MaxFrequency": 3000, "Scale": "Decibel"})
add("mel of magnitudes", "MelSpectrogram", 700, 8, 8000, {**M, "Scale": "Magnitude"})
add("mel, logarithm, reflected, HTK: torchaudio's way", "MelSpectrogram", 700, 9, 8000, {**M, "Scale": "Log", "MelScale": "Htk", "NormalizeArea": False, "Padding": "Reflect"})
add("mfcc", "Mfcc", 900, 10, 8000, {**M, "Coefficients": 13})
add("mfcc with one slope, logarithm", "Mfcc", 900, 11, 8000, {**M, "Coefficients": 5, "Deltas": 1, "Scale": "Log"})
add("mfcc with two slopes", "Mfcc", 900, 12, 8000, {**M, "Coefficients": 5, "Deltas": 2})
for a, b in ((44100, 16000), (16000, 22050), (3, 2), (8000, 8000), (16000, 8000), (7919, 8011)):
    add(f"{a} Hz to {b} Hz", "Resample", 200, 13, 0, {"From": a, "To": b})

file = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "golden.json")
file.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
