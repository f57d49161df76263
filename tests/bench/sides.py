"""Programs that take turns at the same task, and the table of what came out."""

import json
import os
import statistics
import subprocess
import time

# Rivals' threads spin for a while after their work; ours would share the cores with them.
REST = 0.03


class Side:
    """A program that answers a line "TASK BATCH THREADS" with one number."""

    def __init__(self, name, command, **environment):
        self.name = name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, env={**os.environ, **environment})

    def run(self, task, batch, threads):
        try:
            self.process.stdin.write(f"{task} {batch} {threads}\n")
            self.process.stdin.flush()
            return float(self.process.stdout.readline())
        except (BrokenPipeError, ValueError) as error:
            raise RuntimeError(f"{self.name} ended at “{task} {batch} {threads}”") from error

    def job(self, task, batch, threads, per=1):
        return lambda: self.run(task, batch, threads) / per

    def peak_mb(self):
        """The most memory it had so far; the system counts."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def take_turns(jobs, seconds, burst=5, least=3):
    """Medians of callables that give milliseconds, for about so many seconds.

    They take turns, each time in the other order; in its turn each runs a few times, the first
    not counted where it is short: caches are the other's then.
    """
    times = [[] for _ in jobs]
    for job in jobs:
        job()
    end = time.monotonic() + seconds
    turns = 0
    while turns < least or time.monotonic() < end:
        order = list(zip(jobs, times))
        for job, taken in order if turns % 2 == 0 else reversed(order):
            time.sleep(REST)
            first = job()
            taken.extend([first] if first > 300 else [job() for _ in range(burst)])
        turns += 1
    return [statistics.median(taken) for taken in times]


class Table:
    """Rows as they come; the first table is what was promised, the second what explains it."""

    def __init__(self, title):
        self.rows = []
        print(f"\n{title:29}{'ours':>10} {'':10}{'rival':>10} {'ratio':>8}  {'goal':15}rival is")

    def add(self, name, unit, ours, rival=None, rival_name=None, *, ratio_most=None,
            ratio_least=None, most=None, least=None):
        """The limits: two of ours / rival, two of ours."""
        ratio = ours / rival if rival else None
        goal, reached = None, None
        if ratio_most and ratio is not None:
            goal, reached = f"ratio <= {ratio_most:.3g}", ratio <= ratio_most
        elif ratio_least and ratio is not None:
            goal, reached = f"ratio >= {ratio_least:.3g}", ratio >= ratio_least
        elif most:
            goal, reached = f"<= {most:g} {unit}", ours <= most
        elif least:
            goal, reached = f">= {least:g} {unit}", ours >= least
        self.rows.append({"name": name, "unit": unit, "ours": ours, "rival": rival,
                          "rival_name": rival_name, "ratio": ratio, "goal": goal,
                          "reached": reached})
        print(f"{name:29}{ours:10.3f} {unit:10}"
              + (f"{rival:10.3f} {ratio:8.3f}" if rival else " " * 19)
              + f"  {goal or '':15}{rival_name or ''}"
              + ("  NOT REACHED" if reached is False else ""), flush=True)

    def miss(self, name, why):
        """A row that could not be measured here."""
        print(f"{name:29}{'-':>10} {why}", flush=True)
        self.rows.append({"name": name, "unit": None, "ours": None, "rival": None,
                          "rival_name": None, "ratio": None, "why": why})


def write(path, machine, tables):
    rounded = json.loads(json.dumps({"machine": machine, **tables}),
                         parse_float=lambda text: round(float(text), 4))
    with open(path, "w") as out:
        json.dump(rounded, out, indent=1, ensure_ascii=False)
        out.write("\n")
