"""Times ours and the real MXNet 1.9.1 alternately in one run: ``python -m benchmarks``."""
