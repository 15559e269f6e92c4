"""Benchmarks: ratios within one run, never seconds. `make bench` prints them all, `python -m bench paste log` some."""
