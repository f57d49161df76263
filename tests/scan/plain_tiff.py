"""TIFF and BigTIFF of Deflate tiles in 8-bit RGB, read by hand: nothing here reads them as the
program does."""

import struct
import zlib

SIZES = {1: "B", 2: "B", 3: "H", 4: "I", 5: "II", 16: "Q"}


def pages (path):
    """Every directory of the file, each as a dictionary of its tags; and whether it is a BigTIFF."""
    data = open (path, "rb").read ()
    magic, = struct.unpack ("<H", data[2:4])
    assert data[:2] == b"II" and magic in (42, 43), data[:4]
    big = magic == 43
    count_code, entry_code, room = ("<Q", "<HHQ", 8) if big else ("<H", "<HHI", 4)
    at, = struct.unpack ("<Q", data[8:16]) if big else struct.unpack ("<I", data[4:8])
    found = []
    while at:
        n, = struct.unpack_from (count_code, data, at)
        at += struct.calcsize (count_code)
        tags = {}
        for _ in range (n):
            tag, kind, count = struct.unpack_from (entry_code, data, at)
            place = at + struct.calcsize (entry_code)
            at = place + room
            if kind not in SIZES:
                continue
            code = "<" + SIZES[kind] * count
            if struct.calcsize (code) > room:
                place, = struct.unpack_from ("<Q" if big else "<I", data, place)
            tags[tag] = struct.unpack_from (code, data, place)
        at, = struct.unpack_from ("<Q" if big else "<I", data, at)
        found.append (tags)
    return data, found, big


def pixel (data, tags, x, y):
    """Red, green and blue at X, Y of a page."""
    side = tags[322][0]
    assert tags[259][0] in (8, 32946) and tags[277][0] == 3 and tags[317][0] == 2
    index = y // side * -(-tags[256][0] // side) + x // side
    tile = zlib.decompress (data[tags[324][index]:][:tags[325][index]])
    row = tile[y % side * side * 3:][:(x % side + 1) * 3]
    return tuple (sum (row[c::3]) & 255 for c in range (3))
