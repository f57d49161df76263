#!/usr/bin/python3
"""Write golden.safetensors: ten steps of training by PyTorch, for the engine to repeat.

usage: tests/nn/golden.py [FILE]       needs Debian's python3-torch

The published CNN made small, in 64-bit floats: 26x22x3 pixels, three convolutions 3x3 (4, 8
and 16 filters) each with ReLU, batch normalisation (epsilon 1e-3, running statistics moved a
tenth of the way, from the batch's own variance) and 2x2 pooling that drops the odd last row or
column; global mean; dense 12 with ReLU; dense 4; softmax with cross-entropy; Adam 0.001, 0.9,
0.999, 1e-7. Odd and even steps take turns with two batches of five images.

In the file: input.0, input.1 [5][26][22][3] and target.0, target.1; initial.NAME; for each
step k from 0 logits.k, loss.k, gradient.NAME.k and, for running statistics after the step,
running.NAME.k; final.NAME. Names and layouts are the engine's: convolutions
[kh][kw][in][out], dense layers [in][out].
"""

import json
import pathlib
import struct
import sys

import torch
from torch.nn import functional

STEPS, BATCH, HEIGHT, WIDTH, CLASSES = 10, 5, 26, 22, 4
WIDTHS, HIDDEN = (4, 8, 16), 12
EPSILON, MOMENTUM = 1e-3, 0.1


def initial():
    """Parameters in PyTorch's own layouts, in the engine's order and by its names."""
    values = {}

    def draw(*shape, scale):
        return torch.randn(*shape, dtype=torch.float64) * scale

    before = 3
    for layer, width in enumerate(WIDTHS, 1):
        values[f"conv{layer}.weight"] = draw(width, before, 3, 3, scale=(2 / (9 * before)) ** 0.5)
        values[f"conv{layer}.bias"] = draw(width, scale=0.1)
        values[f"conv{layer}.gamma"] = 1 + draw(width, scale=0.1)
        values[f"conv{layer}.beta"] = draw(width, scale=0.1)
        before = width
    for name, inputs, outputs in (("dense5", before, HIDDEN), ("dense6", HIDDEN, CLASSES)):
        values[f"{name}.weight"] = draw(outputs, inputs, scale=(2 / inputs) ** 0.5)
        values[f"{name}.bias"] = draw(outputs, scale=0.1)
    # What is stored in 32 bits is what both sides begin with.
    return {name: v.float().double().requires_grad_() for name, v in values.items()}


def statistics():
    running = {}
    for layer, width in enumerate(WIDTHS, 1):
        running[f"conv{layer}.mean"] = torch.zeros(width, dtype=torch.float64)
        running[f"conv{layer}.variance"] = torch.ones(width, dtype=torch.float64)
    return running


def move(running, name, batch_value):
    running[name] += MOMENTUM * (batch_value.detach() - running[name])


def forward(values, running, images):
    x = images
    for layer in range(1, len(WIDTHS) + 1):
        part = f"conv{layer}"
        x = functional.conv2d(x, values[f"{part}.weight"], values[f"{part}.bias"], padding=1)
        x = functional.relu(x)
        move(running, f"{part}.mean", x.mean((0, 2, 3)))
        move(running, f"{part}.variance", x.var((0, 2, 3), unbiased=False))
        x = functional.batch_norm(x, None, None, values[f"{part}.gamma"], values[f"{part}.beta"],
                                  training=True, eps=EPSILON)
        x = functional.max_pool2d(x, 2)
    x = x.mean((2, 3))
    x = functional.relu(functional.linear(x, values["dense5.weight"], values["dense5.bias"]))
    return functional.linear(x, values["dense6.weight"], values["dense6.bias"])


def engine_layout(value):
    value = value.detach()
    if value.dim() == 4:
        return value.permute(2, 3, 1, 0)
    return value.t() if value.dim() == 2 else value


def train():
    values, running, tensors = initial(), statistics(), {}
    images = torch.rand(2, BATCH, 3, HEIGHT, WIDTH, dtype=torch.float64).float().double()
    targets = torch.tensor([[0, 1, 2, 3, 0], [3, 2, 2, 1, 0]])
    optimiser = torch.optim.Adam(values.values(), lr=1e-3, betas=(0.9, 0.999), eps=1e-7)

    for i in range(2):
        tensors[f"input.{i}"] = images[i].permute(0, 2, 3, 1)
        tensors[f"target.{i}"] = functional.one_hot(targets[i], CLASSES)
    for name, value in values.items():
        tensors[f"initial.{name}"] = engine_layout(value).clone()
    for step in range(STEPS):
        optimiser.zero_grad()
        logits = forward(values, running, images[step % 2])
        loss = functional.cross_entropy(logits, targets[step % 2])
        loss.backward()
        tensors[f"logits.{step}"] = logits.detach()
        tensors[f"loss.{step}"] = loss.detach().reshape(1)
        for name, value in values.items():
            tensors[f"gradient.{name}.{step}"] = engine_layout(value.grad).clone()
        for name, value in running.items():
            tensors[f"running.{name}.{step}"] = value.clone()
        optimiser.step()
    for name, value in values.items():
        tensors[f"final.{name}"] = engine_layout(value)
    return tensors


def save(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        raw = tensor.to(torch.float32).contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


if __name__ == "__main__":
    torch.manual_seed(2021)
    here = pathlib.Path(__file__).parent
    save(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here / "golden.safetensors", train())
