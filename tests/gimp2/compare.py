#!/usr/bin/env python3
"""Hold findings from GIMP against the command line's on the same pixels.
usage: compare.py SMEARSCOPE WORK SAID: lines `compare<TAB>file<TAB>(x y w h)<TAB>json`. A file
with a tilde before it holds nearly the same pixels, off by rounding."""

import json
import os
import subprocess
import sys

# One level of 255 here and there moves a probability by less.
ROUNDING = 0.02
KEYS = ('class', 'probabilities', 'malignant', 'confidence', 'verdict', 'model', 'model_sha256')


def reference (program, path, region, model):
    command = [program, 'classify', '--json', '--model', model]
    if region:
        command += ['--region', ','.join (region)]
    return json.loads (subprocess.run (command + [path], stdout=subprocess.PIPE,
                                       check=True).stdout)


def differences (finding, other, nearly):
    if not nearly:
        return [key for key in KEYS if finding[key] != other[key]]
    return [name for name, value in finding['probabilities'].items ()
            if abs (value - other['probabilities'][name]) > ROUNDING]


def main (program, work, said):
    compared = failed = 0
    with open (said, encoding='utf-8') as lines:
        for line in lines:
            if not line.startswith ('compare\t'):
                continue
            _, name, region, finding = line.rstrip ('\n').split ('\t', 3)
            finding = json.loads (finding)
            path = os.path.join (work, name.lstrip ('~'))
            other = reference (program, path, region.strip ('()').split (), finding['model'])
            wrong = differences (finding, other, name.startswith ('~'))
            compared += 1
            failed += bool (wrong)
            print ('FAILED' if wrong else 'ok', f'as the command line judges {name} {region}',
                   *([f"\n  {wrong}: {finding['probabilities']}, should be {other['probabilities']}"]
                    if wrong else []))
    return compared == 0 or failed > 0


if __name__ == '__main__':
    sys.exit (main (*sys.argv[1:]))
