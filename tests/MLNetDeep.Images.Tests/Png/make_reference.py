#!/usr/bin/env python3
"""Writes reference.json: PNG files of every colour type, bit depth, filter and interlace, and the pixels that they show.

Written from the PNG standard with zlib alone, independently of the reader under test.
"""
import base64, json, os, random, struct, zlib

WIDTH, HEIGHT = 13, 9
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def pack(samples, depth):
    if depth == 16:
        return b"".join(struct.pack(">H", s) for s in samples)
    bits = "".join(format(s, f"0{depth}b") for s in samples)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))


def paeth(a, b, c):
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]


def filtered(kind, row, above, step):
    out = bytearray([kind])
    for i, value in enumerate(row):
        left = row[i - step] if i >= step else 0
        corner = above[i - step] if i >= step else 0
        up = above[i]
        guess = [0, left, up, (left + up) // 2, paeth(left, up, corner)][kind]
        out.append((value - guess) & 255)
    return bytes(out)


def scan(pixels, width, color, depth, start):
    """The filtered rows of one pass; pixels are rows of tuples of samples."""
    step = max(1, CHANNELS[color] * depth // 8)
    data, above = b"", None
    for number, line in enumerate(pixels):
        row = pack([s for p in line for s in p], depth)
        above = above or bytes(len(row))
        data += filtered((start + number) % 5, row, above, step)
        above = row
    return data


def make(color, depth, interlace, transparent, seed):
    rng = random.Random(seed)
    most = (1 << depth) - 1
    palette = [tuple(rng.randrange(256) for _ in range(3)) for _ in range(min(1 << depth, 200))] if color == 3 else None
    alphas = [rng.randrange(256) for _ in range(max(1, len(palette) // 2))] if palette and transparent else None
    top = len(palette) - 1 if palette else most
    pixels = [[tuple(rng.randint(0, top) for _ in range(CHANNELS[color])) for _ in range(WIDTH)] for _ in range(HEIGHT)]
    key = pixels[4][6] if transparent and color in (0, 2) else None

    body = b""
    if interlace:
        for x, y, dx, dy in PASSES:
            part = [row[x::dx] for row in pixels[y::dy]]
            if part and part[0]:
                body += scan(part, len(part[0]), color, depth, seed)
    else:
        body = scan(pixels, WIDTH, color, depth, seed)
    packed = zlib.compress(body, 9)
    half = len(packed) // 2
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, color, 0, 0, interlace))
    png += chunk(b"tEXt", b"Comment\0not needed")
    if palette:
        png += chunk(b"PLTE", bytes(c for p in palette for c in p))
    if alphas:
        png += chunk(b"tRNS", bytes(alphas))
    if key:
        png += chunk(b"tRNS", b"".join(struct.pack(">H", s) for s in key))
    png += chunk(b"IDAT", packed[:half]) + chunk(b"IDAT", packed[half:]) + chunk(b"IEND", b"")

    def scale(s):
        return int(s * 255 / most + 0.5)

    rgba = bytearray()
    for row in pixels:
        for p in row:
            if color == 3:
                a = alphas[p[0]] if alphas and p[0] < len(alphas) else 255
                rgba += bytes(palette[p[0]]) + bytes([a])
            elif color in (0, 2):
                colors = [scale(s) for s in p] * (3 if color == 0 else 1)
                rgba += bytes(colors) + bytes([0 if p == key else 255])
            else:
                colors = [scale(s) for s in p[:-1]] * (3 if color == 4 else 1)
                rgba += bytes(colors) + bytes([scale(p[-1])])
    name = f"color type {color}, {depth} bits, {'interlaced' if interlace else 'plain'}{', transparency' if transparent else ''}"
    return {"name": name, "width": WIDTH, "height": HEIGHT, "png": base64.b64encode(png).decode(), "rgba": base64.b64encode(bytes(rgba)).decode()}


cases = []
for color, depths in DEPTHS.items():
    for depth in depths:
        for interlace in (0, 1):
            for transparent in ((False, True) if color in (0, 2, 3) else (False,)):
                cases.append(make(color, depth, interlace, transparent, len(cases)))
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "reference.json"), "w", encoding="utf-8") as file:
    json.dump(cases, file, indent=1)
    file.write("\n")
