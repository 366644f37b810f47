# ruff: noqa: E402 (Django must be set up before forms are imported)
"""Whether any text makes a function that sees it slower than its length is worth.

    python benchmarks/growth.py [--seconds 0.01] [NAME ...]

Each function of `tests/growing.py` is timed on every family of texts there, at a length that takes
it so many seconds of prose, and at four times that. It fails where a family takes far more than
prose does and its time grows faster than its length.
"""

import argparse
import logging
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from tests import growing


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="functions to time (default: all)")
    parser.add_argument("--seconds", type=float, default=0.01)
    wanted = parser.parse_args()
    logging.disable(logging.CRITICAL)
    print(f"{len(growing.FAMILIES)} families of texts")
    failed = 0
    for name, run in growing.timed().items():
        if wanted.names and not any(part in name for part in wanted.names):
            continue
        slow = growing.slow_families(run, seconds=wanted.seconds, most=64_000)
        failed += bool(slow)
        print(f"{name:<48} {'; '.join(slow) or 'grows with the text'}", flush=True)
    if failed:
        sys.exit(f"{failed} functions are slow on some texts.")


if __name__ == "__main__":
    main()
