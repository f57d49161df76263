"""Whole programs from start to end: milliseconds and peak memory of each."""

import glob
import os
import shutil
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
ROOM = os.path.join(BUILD, "bench")
DATA = os.environ.get("SMEARSCOPE_DATA", os.path.join(TOP, "../shared/data"))


class Failed(Exception):
    pass


def run(command, **environment):
    """Milliseconds and peak MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               env={**os.environ, **environment})
    said = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Failed(f"{os.path.basename(command[0])}: exit status {process.returncode}: "
                     + " ".join(said.split())[-200:])
    return 1000 * (time.perf_counter() - start), usage.ru_maxrss / 1024


def smearscope(*arguments):
    return run([os.path.join(BUILD, "smearscope"), *arguments])


def fresh_folder(name):
    path = os.path.join(ROOM, name)
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return path


def weights():
    """The shipped published CNN; while there is none, one with random values: speed does not
    depend on them."""
    shipped = os.path.join(TOP, "weights", "published-cnn.safetensors")
    if os.path.exists(shipped):
        return shipped
    drawn = fresh_folder("random-weights")
    run([os.path.join(BUILD, "tests/tools/random-model"), "published-cnn", "224", "1", drawn])
    return os.path.join(drawn, "model.safetensors")


def thousand_smears():
    """A folder of 1,000 JPEG files of 224x224 pixels: real ones where they are, else drawn."""
    real = sorted(glob.glob(os.path.join(DATA, "taleqani", "*", "*.jpg")))
    originals = real[::max(1, len(real) // 1000)]
    if not originals:
        drawn = fresh_folder("drawn")
        smearscope("synthesise", "--class", "all", "--count", "10", "--width", "224",
                   "--height", "224", "--um-per-pixel", "0.5", "--format", "jpg",
                   "--output", drawn)
        originals = sorted(glob.glob(os.path.join(drawn, "**", "*.jpg"), recursive=True))
    folder = fresh_folder("smears")
    for i in range(1000):
        shutil.copyfile(originals[i % len(originals)], os.path.join(folder, f"{i:04}.jpg"))
    return folder, "real smears" if real else "drawn smears"


def classify_folder(folder, model):
    """Milliseconds of the whole folder, with a table and without heat maps."""
    out = fresh_folder("classified")
    return smearscope("classify", "--model", model, "--csv", os.path.join(out, "results.csv"),
                      folder)[0]


def gimp_folder(folder, model):
    """The same in GIMP without display."""
    return run([os.path.join(TOP, "scripts/smearscope-batch"), "--no-heat-maps", "--model", model,
                folder, fresh_folder("gimp-out")], BUILD=BUILD)[0]


def gimp_calls():
    """Milliseconds of calls one after another in a GIMP that is already running."""
    found = subprocess.run([os.path.join(HERE, "gimp-calls")], stdout=subprocess.PIPE,
                           env={**os.environ, "BUILD": BUILD}, text=True)
    if found.returncode != 0:
        raise Failed((found.stdout.strip().splitlines() or ["no answer"])[-1])
    return [float(word) for word in found.stdout.split()]
