#!/usr/bin/env python3
"""Make a colour profile and what it means, without any colour management at hand.
usage: profile.py PPM ICC PNG LIKE: writes a profile with the primaries of Adobe RGB (1998) and a gamma
far from sRGB's, and the PPM's numbers, read by it, as a PNG in sRGB with the resolution of LIKE
       profile.py SRGB OTHER: whether raw heat maps, R G B A, have the same colours under sRGB and
       under it"""

import struct
import sys
import zlib

GAMMA = 358 / 256
# Primaries and white adapted to D50, as a profile has to state them.
COLORANTS = ((b'rXYZ', (0.60974, 0.31111, 0.01947)), (b'gXYZ', (0.20528, 0.62567, 0.06087)),
             (b'bXYZ', (0.14919, 0.06322, 0.74457)), (b'wtpt', (0.95045, 1.0, 1.08905)))
# The same for D65, and back to sRGB.
TO_XYZ = ((0.5766690, 0.1855582, 0.1882286), (0.2973450, 0.6273636, 0.0752915),
          (0.0270314, 0.0706889, 0.9913375))
FROM_XYZ = ((3.2404542, -1.5371385, -0.4985314), (-0.9692660, 1.8760108, 0.0415560),
            (0.0556434, -0.2040259, 1.0572252))


def fixed (value):
    return struct.pack ('>i', round (value * 65536))


def profile ():
    text = b'Profile of the tests'
    tags = [(name, b'XYZ \0\0\0\0' + b''.join (map (fixed, xyz))) for name, xyz in COLORANTS]
    curve = b'curv\0\0\0\0' + struct.pack ('>IHH', 1, round (GAMMA * 256), 0)
    tags += [(name, curve) for name in (b'rTRC', b'gTRC', b'bTRC')]
    tags += [(b'desc', b'desc\0\0\0\0' + struct.pack ('>I', len (text) + 1) + text + bytes (79)),
             (b'cprt', b'text\0\0\0\0free\0')]
    table, data, at = b'', b'', 128 + 4 + 12 * len (tags)
    for name, body in tags:
        body += bytes (-len (body) % 4)
        table += name + struct.pack ('>II', at + len (data), len (body))
        data += body
    head = struct.pack ('>I4sI4s4s4s', at + len (data), bytes (4), 0x02400000, b'mntr', b'RGB ',
                        b'XYZ ')
    head += struct.pack ('>6H4s', 2026, 1, 1, 0, 0, 0, b'acsp') + bytes (28)
    head += b''.join (map (fixed, (0.9642, 1.0, 0.8249)))
    return head + bytes (128 - len (head)) + struct.pack ('>I', len (tags)) + table + data


def to_srgb (pixel, seen={}):
    if pixel not in seen:
        linear = [(value / 255) ** GAMMA for value in pixel]
        xyz = [sum (a * b for a, b in zip (row, linear)) for row in TO_XYZ]
        rgb = [min (max (sum (a * b for a, b in zip (row, xyz)), 0), 1) for row in FROM_XYZ]
        seen[pixel] = bytes (round (255 * (12.92 * c if c <= 0.0031308
                                           else 1.055 * c ** (1 / 2.4) - 0.055)) for c in rgb)
    return seen[pixel]


def read_ppm (path):
    with open (path, 'rb') as file:
        words, data = [], file.read ()
    at = 0
    while len (words) < 4:
        end = data.index (b'\n', at)
        words += data[at:end].split (b'#')[0].split ()
        at = end + 1
    return int (words[1]), int (words[2]), data[at:]


def resolution (png):
    with open (png, 'rb') as file:
        data = file.read ()
    at = data.index (b'pHYs')
    return data[at - 4:at + 17]


def png (width, height, rgb, scale):
    def chunk (name, body):
        return struct.pack ('>I', len (body)) + name + body + struct.pack ('>I',
                                                                           zlib.crc32 (name + body))
    rows = b''.join (b'\0' + rgb[3 * width * y:3 * width * (y + 1)] for y in range (height))
    return (b'\x89PNG\r\n\x1a\n' + chunk (b'IHDR', struct.pack ('>IIBBBBB', width, height, 8, 2, 0,
                                                                0, 0))
            + scale + chunk (b'IDAT', zlib.compress (rows)) + chunk (b'IEND', b''))


def main (ppm, icc, out, like):
    width, height, data = read_ppm (ppm)
    rgb = b''.join (to_srgb (tuple (data[i:i + 3])) for i in range (0, 3 * width * height, 3))
    with open (icc, 'wb') as file:
        file.write (profile ())
    with open (out, 'wb') as file:
        file.write (png (width, height, rgb, resolution (like)))


# A level of 255 in the one is up to a few in the other.
ROUNDING = 5


def near (pixel, others):
    return any (max (abs (a - b) for a, b in zip (pixel, other)) <= ROUNDING for other in others)


def same (srgb, other):
    """Two heat maps in one colour map: each opacity stands for the same colours in both."""
    with open (srgb, 'rb') as a, open (other, 'rb') as b:
        a, b = a.read (), b.read ()
    wanted = {}
    for i in range (0, len (a), 4):
        wanted.setdefault (a[i + 3], set ()).add (a[i:i + 3])
    shown = set (b[i:i + 4] for i in range (0, len (b), 4) if b[i + 3] and b[i + 3] in wanted)
    # Were all numbers the same, nothing would have been converted.
    converted = sum (not near (pixel[:3], wanted[pixel[3]]) for pixel in shown)
    wrong = sum (not near (to_srgb (tuple (pixel[:3])), wanted[pixel[3]]) for pixel in shown)
    print (f'{len (shown)} colours, {converted} with other numbers, {wrong} wrong')
    return converted > len (shown) / 2 and not wrong


if __name__ == '__main__':
    sys.exit (main (*sys.argv[1:]) if len (sys.argv) > 3 else not same (*sys.argv[1:]))
