#!/usr/bin/python3
"""PyTorch as the other side of a benchmark, on the published network.

Speaks like bench-network.c: lines "classify B T" or "train B T", each answered with the
milliseconds of one run.
"""

import sys
import time

import torch
from torch import nn


def published_cnn():
    layers = []
    for before, after in ((3, 32), (32, 64), (64, 128)):
        layers += [nn.Conv2d(before, after, 3, padding=1), nn.ReLU(), nn.BatchNorm2d(after),
                   nn.MaxPool2d(2)]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 128), nn.ReLU(),
               nn.Dropout(0.5), nn.Linear(128, 4)]
    return nn.Sequential(*layers)


def answer():
    still = torch.jit.optimize_for_inference(torch.jit.script(published_cnn().eval()))
    learning = published_cnn()
    adam = torch.optim.Adam(learning.parameters(), lr=0.001)
    loss = nn.CrossEntropyLoss()
    inputs = {}

    for line in sys.stdin:
        task, batch, threads = line.split()
        batch = int(batch)
        torch.set_num_threads(int(threads))
        if batch not in inputs:
            inputs[batch] = torch.rand(batch, 3, 224, 224), torch.randint(4, (batch,))
        images, classes = inputs[batch]
        start = time.perf_counter()
        if task == "train":
            adam.zero_grad(set_to_none=True)
            loss(learning(images), classes).backward()
            adam.step()
        else:
            with torch.no_grad():
                still(images)
        print(f"{1000 * (time.perf_counter() - start):.4f}", flush=True)


answer()
