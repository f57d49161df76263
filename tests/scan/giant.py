#!/usr/bin/python3
"""Make a giant of a small tiled TIFF: a BigTIFF whose tiles are the small one's, again and again.

usage: giant.py SMALL GIANT TILES

GIANT has TILES times TILES tiles. It takes no more room than SMALL and a table of offsets.
"""

import struct
import sys

small, giant, n = sys.argv[1], sys.argv[2], int (sys.argv[3])
data = open (small, 'rb').read ()
assert data[:4] == b'II*\0', 'a classic little-endian TIFF is needed'
start = struct.unpack ('<I', data[4:8])[0]
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8}
tags = {}
for i in range (struct.unpack ('<H', data[start:start + 2])[0]):
    entry = data[start + 2 + 12 * i:][:12]
    tag, kind, count = struct.unpack ('<HHI', entry[:8])
    size = SIZES[kind] * count
    raw = entry[8:8 + size] if size <= 4 else data[struct.unpack ('<I', entry[8:])[0]:][:size]
    tags[tag] = (kind, count, raw)


def numbers (tag):
    kind, count, raw = tags[tag]
    return struct.unpack (f'<{count}{"H" if kind == 3 else "I"}', raw)


side, = numbers (322)
across = -(-numbers (256)[0] // side)
down = -(-numbers (257)[0] // side)
assert numbers (256)[0] == across * side and numbers (257)[0] == down * side, 'whole tiles are needed'
offsets, lengths = numbers (324), numbers (325)
body = bytearray (16) + data  # offsets move by the longer head
order = [row % down * across + column % across for row in range (n) for column in range (n)]
tags[256] = (4, 1, struct.pack ('<I', n * side))
tags[257] = (4, 1, struct.pack ('<I', n * side))
tags[324] = (16, n * n, b''.join (struct.pack ('<Q', offsets[i] + 16) for i in order))
tags[325] = (4, n * n, b''.join (struct.pack ('<I', lengths[i]) for i in order))
entries = b''
for tag, (kind, count, raw) in sorted (tags.items ()):
    if len (raw) > 8:
        place = len (body)
        body += raw
        raw = struct.pack ('<Q', place)
    entries += struct.pack ('<HHQ', tag, kind, count) + raw.ljust (8, b'\0')
body[:16] = b'II' + struct.pack ('<HHHQ', 43, 8, 0, len (body))
body += struct.pack ('<Q', len (tags)) + entries + bytes (8)
open (giant, 'wb').write (body)
