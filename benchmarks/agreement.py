"""How long the figures of a reliability study take, and the interval of alpha.

    python benchmarks/agreement.py [--units 3699] [--coders 8] [--samples 2000]

Codes are thrown by a seeded die around a true one, a tenth of them missing. Each line is for so many
units and for twice as many, so that what grows with the square of a study shows. Rows to table is
part of the first column. The bounds are half a second for all coefficients and ten seconds for the
interval by 2,000 samples; seconds are of processor. The measures have more than a thousand different values.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from annotations.agreement import coefficients  # noqa: E402
from annotations.agreement.alphas import Level, alpha, alpha_per_code, distance_of  # noqa: E402
from annotations.agreement.intervals import interval  # noqa: E402
from annotations.agreement.latent import dawid_skene  # noqa: E402
from annotations.agreement.tables import Row, Table  # noqa: E402
from annotations.agreement.unitizing import Marked, aligned, alpha_u  # noqa: E402

Rows = list[Row]


def study(units: int, coders: int, *, scale: int) -> Rows:
    """Rows of a study on a scale of so many values."""
    chance = np.random.default_rng(7)
    true = chance.integers(1, scale + 1, size=(units, 1))
    guess = chance.integers(1, scale + 1, size=(units, coders))
    given = np.where(chance.random((units, coders)) < 0.8, true, guess)
    missing = chance.random((units, coders)) < 0.1
    return [
        (unit, coder, None if missing[unit, coder] else value)
        for unit, line in enumerate(given.tolist())
        for coder, value in enumerate(line)
    ]


def figures(rows: Rows, level: Level) -> Table:
    """Everything but the interval."""
    table = Table.of(rows)
    alpha(table, level)
    for coefficient in ("percent", "scott", "cohen", "fleiss", "s", "gwet", "holsti"):
        getattr(coefficients, coefficient)(table)
    coefficients.against_others(table)
    if level == Level.NOMINAL:
        alpha_per_code(table)
    return table


def marks(count: int, coders: int) -> list[Marked]:
    """So many passages of each coder, of a dozen codes, in a text that grows with them."""
    chance = np.random.default_rng(8)
    starts = chance.integers(0, 100 * count, size=(coders, count)).tolist()
    return [
        Marked(coder, start, start + 10 + start % 90, start % 12)
        for coder, own in enumerate(starts)
        for start in own
    ]


def seconds(run: Callable[[], object]) -> float:
    begun = time.process_time()
    run()
    return time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--units", type=int, default=3_699)
    parser.add_argument("--coders", type=int, default=8)
    parser.add_argument("--samples", type=int, default=2_000)
    options = parser.parse_args()
    print(f"{'':32}{'figures, s':>12}{'interval, s':>12}")
    for name, level, scale in (
        ("six codes, nominal", Level.NOMINAL, 6),
        ("seven steps, ordinal", Level.ORDINAL, 7),
        ("measures, interval", Level.INTERVAL, 2_000),
        ("measures, ratio", Level.RATIO, 2_000),
    ):
        for units in (options.units, 2 * options.units):
            rows = study(units, options.coders, scale=scale)
            spent = seconds(lambda rows=rows, level=level: figures(rows, level))
            table = Table.of(rows)
            distance = distance_of(table.values, level)
            drawn = seconds(lambda t=table, d=distance: interval(t, d, samples=options.samples))
            print(f"{f'{name}, {units:,} units':32}{spent:12.2f}{drawn:12.2f}")

    print(f"\n{'':32}{'alpha_U, s':>12}{'aligned, s':>12}")
    everybody = range(options.coders)
    for count in (2_000, 4_000):
        found = marks(count, options.coders)
        length = 100 * count + 200
        spent = seconds(lambda f=found, n=length: alpha_u(f, start=0, end=n, coders=everybody))
        paired = seconds(lambda f=found: aligned(f, coders=everybody))
        print(f"{f'{count:,} passages of each':32}{spent:12.2f}{paired:12.2f}")
    print(f"\n{'':32}{'Dawid-Skene, s':>12}")
    for units in (options.units, 2 * options.units):
        table = Table.of(study(units, options.coders, scale=6))
        print(f"{f'six codes, {units:,} units':32}{seconds(lambda t=table: dawid_skene(t)):12.2f}")


if __name__ == "__main__":
    main()
