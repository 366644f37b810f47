"""What the engine knows of a language: word lists from a data file, and how its words inflect.

Another language is another JSON file beside `en.json` with the same keys. What is taken over from
a lexicon (`en.wordnet.json`) is a file of its own, with its notice.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ..tokens import fold

_SHORT = re.compile(r"[^aeiou][aeiou][^aeiouwxy]")
_FOLDER = Path(__file__).parent
_NOTHING = "\0"  # an ending that no word has


UNDETERMINED = "und"
"""The code of a language without word lists, by ISO 639."""


class UnknownLanguage(LookupError):
    """There is no word list for the language."""


class Language:
    """The word lists of one language, ready for look-up by folded word or by stem."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self._inflections = _rules(data["inflections"])
        self._spellings = _rules(data["spellings"])
        self._derivations = sorted(data["derivations"].split(), key=len, reverse=True)
        self.irregular_forms: dict[str, str] = {
            form: base
            for name in ("forms", "irregular")
            for base, forms in data.get(name, {}).items()
            for form in forms.split()
        }
        self._silent: str = data["silent_vowel"]
        self._elisions = tuple(data["elisions"].split())
        self.stem = lru_cache(maxsize=1 << 16)(self._stem)
        self.root = lru_cache(maxsize=1 << 16)(self._root)
        self.negative_prefixes = tuple(sorted(data["negative_prefixes"].split(), key=len)[::-1])

    def words(self, name: str) -> frozenset[str]:
        """The folded words of a list."""
        return frozenset(map(fold, self.data[name].split()))

    def phrases(self, name: str) -> list[tuple[str, ...]]:
        """The folded words of each phrase of a list that `|` divides, the longest first."""
        found = (tuple(map(fold, phrase.split())) for phrase in self.data[name].split("|"))
        return sorted(filter(None, found), key=len, reverse=True)

    def stems(self, name: str) -> frozenset[str]:
        """The stems of the words of a list."""
        return frozenset(map(self.stem, self.words(name)))

    def groups(self, name: str) -> dict[str, frozenset[int]]:
        """For each stem, or stems joined by `_`, the numbers of the groups that it is in."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        lines = self.data[name]
        for number, line in enumerate(lines.values() if isinstance(lines, dict) else lines):
            for phrase in line.split():
                found[self.phrase(phrase.split("_"))].add(number)
        return {phrase: frozenset(numbers) for phrase, numbers in found.items()}

    def sides(self, name: str) -> dict[str, frozenset[int]]:
        """As `groups`, for the two sides of each `|` in a list's lines."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        sides = (side for line in self.data[name] for side in line.split("|"))
        for number, side in enumerate(sides):
            for phrase in side.split():
                found[self.phrase(phrase.split("_"))].add(number)
        return {phrase: frozenset(numbers) for phrase, numbers in found.items()}

    def pairs(self, name: str) -> dict[str, frozenset[str]]:
        """For each stem, the stems on the other side of the `|` in its lines."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for line in self.data[name]:
            left, _, right = line.partition("|")
            for one in left.split():
                for other in right.split():
                    a, b = self.phrase(one.split("_")), self.phrase(other.split("_"))
                    found[a].add(b)
                    found[b].add(a)
        return {stem: frozenset(others) for stem, others in found.items()}

    def phrase(self, words: Iterable[str]) -> str:
        """The stems of the words, joined as in `groups`."""
        return "_".join(self.stem(fold(word)) for word in words)

    def bare(self, key: str) -> str:
        """A word's key without what is written together with it: "l'homme", "Ruiz's"."""
        if self._elisions and key.startswith(self._elisions):
            key = key.partition("'")[2] or key
        return key.removesuffix("'s").removesuffix("'")

    def _stem(self, word: str) -> str:
        """The folded word without its inflection: "stopped", "stops" and "stop" are one."""
        word = self.bare(word).replace("'", "")
        word = self.irregular_forms.get(word, word)
        for ending, replacement in self._inflections:
            if word.endswith(ending):
                rest = word[: len(word) - len(ending)]
                if len(rest) < 2 or not any(letter in "aeiouy" for letter in rest + replacement):
                    continue
                if replacement == "!":
                    return word
                if replacement == "" and self._silent:
                    if len(rest) > 3 and rest[-1] == rest[-2] and rest[-1] not in "lsz":
                        rest = rest[:-1]
                    elif ending != "s" and _SHORT.fullmatch(rest):
                        rest += self._silent  # "hoping" is of "hope": "hop" doubles its consonant
                word = rest + replacement
                break
        if len(word) > 4:
            word = word.removesuffix(self._silent)
        if len(word) > 4:
            for ending, replacement in self._spellings:
                if word.endswith(ending):
                    return word[: len(word) - len(ending)] + replacement
        return word

    def _root(self, stem: str) -> str:
        """The stem without its derivations: "decide" and "decision" nearly meet."""
        for ending in self._derivations:
            if stem.endswith(ending) and len(stem) - len(ending) >= 4:
                return stem[: len(stem) - len(ending)]
        return stem


def _rules(lines: list[str]) -> list[tuple[str, str]]:
    """Pairs of an ending and what stands in its place, from lines such as `ies>y`."""
    return [(ending, replacement) for ending, _, replacement in (r.partition(">") for r in lines)]


@cache
def codes() -> frozenset[str]:
    """The codes of the languages that have word lists."""
    return frozenset(path.stem for path in _FOLDER.glob("*.json") if path.stem.isalpha())


@cache
def load(code: str = "en") -> Language:
    """The language of an ISO 639 code; raises UnknownLanguage where there is no file for it.

    A list that its file has not is empty. UNDETERMINED is a language of which nothing is known.
    """
    if code == "en":
        return Language(_data(code))
    empty = {
        name: _NOTHING if name.endswith("_ending") else type(value)()
        for name, value in load().data.items()
    }
    if code == UNDETERMINED:
        return Language(empty | {"foreign_marks": '"“”„‟«»‹›「『`'})
    return Language(empty | _data(code))


def _data(code: str) -> dict[str, Any]:
    path = _FOLDER / f"{code}.json"
    if not code.isalpha() or not path.exists():
        raise UnknownLanguage(f"There are no word lists for the language {code!r}.")
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for taken_over in sorted(_FOLDER.glob(f"{code}.*.json")):
        data |= json.loads(taken_over.read_text(encoding="utf-8"))
    return data
