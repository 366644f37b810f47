"""Each coefficient as its definition reads, slowly: the judge of the fast ones.

A table is a list of units, a unit a list of values, one a coder, None where it is missing.
"""

from collections import Counter
from itertools import combinations, permutations


def pairable(units):
    present = [[value for value in unit if value is not None] for unit in units]
    return [unit for unit in present if len(unit) >= 2]


def alpha(units, distance):
    """From the coincidences of all ordered pairs of values in a unit, each 1/(m - 1)."""
    kept = pairable(units)
    every = [value for unit in kept for value in unit]
    observed = sum(
        distance(a, b, every) / (len(unit) - 1) for unit in kept for a, b in permutations(unit, 2)
    ) / len(every)
    expected = sum(distance(a, b, every) for a, b in permutations(every, 2))
    expected /= len(every) * (len(every) - 1)
    return 1 - observed / expected if expected else None


def nominal(a, b, every):
    return float(a != b)


def ordinal(a, b, every):
    low, high = sorted((a, b))
    counts = Counter(every)
    between = sum(count for value, count in counts.items() if low <= value <= high)
    return (between - (counts[a] + counts[b]) / 2) ** 2 if a != b else 0.0


def interval(a, b, every):
    return float((a - b) ** 2)


def ratio(a, b, every):
    return ((a - b) / (a + b)) ** 2 if a + b else 0.0


LEVELS = {"nominal": nominal, "ordinal": ordinal, "interval": interval, "ratio": ratio}


def percent(units):
    kept = pairable(units)
    shares = [
        (sum(a == b for a, b in combinations(u, 2)) / (len(u) * (len(u) - 1) / 2), len(u))
        for u in kept
    ]
    return sum(share * size for share, size in shares) / sum(size for _, size in shares)


def mean_over_pairs(units, coefficient):
    found = []
    for a, b in combinations(range(len(units[0])), 2):
        value = coefficient([[unit[a], unit[b]] for unit in units])
        if value is None:
            return None
        found.append(value)
    return sum(found) / len(found)


def both(units):
    return [unit for unit in units if None not in unit]


def corrected(observed, expected):
    return None if abs(1 - expected) < 1e-12 else (observed - expected) / (1 - expected)


def scott(units):
    kept = both(units)
    if not kept:
        return None
    used = Counter(value for unit in kept for value in unit)
    expected = sum((count / (2 * len(kept))) ** 2 for count in used.values())
    return corrected(sum(a == b for a, b in kept) / len(kept), expected)


def cohen(units, weight=lambda a, b: float(a == b)):
    kept = both(units)
    if not kept:
        return None
    pairs = [(a, b) for a, _ in kept for _, b in kept]
    expected = sum(weight(a, b) for a, b in pairs) / len(pairs)
    return corrected(sum(weight(a, b) for a, b in kept) / len(kept), expected)


def holsti(units):
    if not both(units):
        return None
    decisions = sum(value is not None for unit in units for value in unit)
    return 2 * sum(a == b for a, b in both(units)) / decisions


def by_shares(units, chance, weight=lambda a, b: float(a == b)):
    """Gwet's way for many coders: agreement within units of two values or more, shares of all."""
    present = [[value for value in unit if value is not None] for unit in units]
    values = sorted({value for unit in present for value in unit})
    some = [unit for unit in present if unit]
    shares = [sum(unit.count(v) / len(unit) for unit in some) / len(some) for v in values]
    kept = pairable(units)
    observed = sum(
        sum(weight(a, b) for a, b in permutations(unit, 2)) / (len(unit) * (len(unit) - 1))
        for unit in kept
    ) / len(kept)
    total = sum(weight(a, b) for a in values for b in values)
    return corrected(observed, chance(shares, total))


def fleiss(units):
    return by_shares(units, lambda shares, _: sum(share**2 for share in shares))


def s(units):
    return by_shares(units, lambda shares, _: 1 / len(shares))


def gwet(units, weight=lambda a, b: float(a == b)):
    def chance(shares, total):
        size = len(shares)
        return 1.0 if size < 2 else total / (size * (size - 1)) * sum(p * (1 - p) for p in shares)

    return by_shares(units, chance, weight)
