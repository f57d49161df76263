#!/usr/bin/python3
"""OpenBLAS's matrix product as a roof; speaks like bench-network.c.

A line "sgemm N T" is answered with the milliseconds of one product of N by N matrices.
"""

import ctypes
import sys
import time

ROW_MAJOR, AS_IT_IS = 101, 111


def main():
    blas = ctypes.CDLL("libopenblas.so.0")
    blas.openblas_get_corename.restype = ctypes.c_char_p
    print(f"OpenBLAS: kernels for {blas.openblas_get_corename().decode()}", file=sys.stderr)
    matrices = {}

    for line in sys.stdin:
        _, n, threads = line.split()
        n = int(n)
        if n not in matrices:
            matrices[n] = [(ctypes.c_float * (n * n))(*[1e-3] * (n * n)) for _ in range(3)]
        a, b, c = matrices[n]
        blas.openblas_set_num_threads(int(threads))
        start = time.perf_counter()
        blas.cblas_sgemm(ROW_MAJOR, AS_IT_IS, AS_IT_IS, n, n, n, ctypes.c_float(1), a, n, b, n,
                         ctypes.c_float(0), c, n)
        print(f"{1000 * (time.perf_counter() - start):.4f}", flush=True)


main()
