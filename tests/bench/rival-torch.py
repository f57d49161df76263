#!/usr/bin/python3
"""PyTorch as the other side of a benchmark, on the published network.

Speaks like bench-network.c: lines "classify B T" or "train B T", each answered with the
milliseconds of one run. Of the two layouts it knows for pictures, channels first and channels
last, it takes the one that was faster in the first runs of a task.
"""

import sys
import time

import torch
from torch import nn


def published_cnn():
    layers = []
    for before, after in ((3, 32), (32, 64), (64, 128)):
        layers += [nn.Conv2d(before, after, 3, padding=1), nn.ReLU(),
                   nn.BatchNorm2d(after, eps=1e-3), nn.MaxPool2d(2)]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 128), nn.ReLU(),
               nn.Dropout(0.5), nn.Linear(128, 4)]
    return nn.Sequential(*layers)


def trainer(batch, layout):
    network = published_cnn().to(memory_format=layout)
    images = torch.rand(batch, 3, 224, 224).contiguous(memory_format=layout)
    classes = torch.randint(4, (batch,))
    adam = torch.optim.Adam(network.parameters(), lr=0.001, eps=1e-7)
    loss = nn.CrossEntropyLoss()

    def step():
        adam.zero_grad(set_to_none=True)
        loss(network(images), classes).backward()
        adam.step()
    return step


def classifier(batch, layout):
    network = published_cnn().eval().to(memory_format=layout)
    still = torch.jit.optimize_for_inference(torch.jit.script(network))
    images = torch.rand(batch, 3, 224, 224).contiguous(memory_format=layout)

    def run():
        with torch.no_grad():
            still(images)
    return run


def milliseconds(run):
    start = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - start)


def faster(make, batch):
    """The better layout's run, each tried warm."""
    tried = []
    for layout in (torch.contiguous_format, torch.channels_last):
        run = make(batch, layout)
        milliseconds(run)
        tried.append((min(milliseconds(run) for _ in range(2)), str(layout), run))
    best = min(tried)
    print(f"PyTorch: {best[1]} of {', '.join(f'{t[1]} {t[0]:.0f} ms' for t in tried)}",
          file=sys.stderr)
    return best[2]


def answer():
    makers = {"train": trainer, "classify": classifier}
    runs = {}

    for line in sys.stdin:
        task, batch, threads = line.split()
        torch.set_num_threads(int(threads))
        if line not in runs:
            runs[line] = faster(makers[task], int(batch))
        print(f"{milliseconds(runs[line]):.4f}", flush=True)


answer()
