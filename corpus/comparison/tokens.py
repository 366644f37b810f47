"""Words and marks of a text, each with a key under which its spellings are the same word."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

# Scripts written without spaces: each character is a token.
_IDEOGRAPH = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# What \w leaves out: accents, Hebrew and Arabic points, the vowel signs of Indic scripts, joiners.
_MARK = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    r"\u0900-\u0963\u0966-\u0dff\u200c\u200d\u00ad"
)
_LETTER = rf"[^\W_{_IDEOGRAPH}]"
_WORD = rf"(?:{_LETTER}|[{_MARK}]){_LETTER}*(?:[{_MARK}]+{_LETTER}*)*"

_TOKEN = re.compile(
    rf"""
      [Uu](?i:nited)\s(?i:states|kingdom|nations)\b
    | [Ee](?i:uropean)\s(?i:union)\b
    | [Pp]er\scent\b
    | (?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.(?=\s)
    | (?:[^\W\d_]\.){{2,}} (?:['’]s\b)?                       # U.S. a.m.
    | \d{{1,3}}(?:[\ \u00a0\u2009\u202f]\d{{3}})+(?!\d)(?:[.,]\d+)?   # 12 000
    | \d+(?:[.,:]\d+)+ (?:-?{_WORD})?                         # 1,000 3.5m 10:30
    | {_WORD} (?:['’ʼ‐‑·-]{_WORD})*
    | [-–—―‒−]+
    | \.{{2,}}
    | \S
    """,
    re.VERBOSE,
)

_KEYS: dict[str, str] = (
    dict.fromkeys(("US", "U.S.", "USA", "U.S.A.", "United States"), "unitedstates")
    | dict.fromkeys(("UK", "U.K.", "United Kingdom"), "unitedkingdom")
    | dict.fromkeys(("UN", "U.N.", "United Nations"), "unitednations")
    | dict.fromkeys(("EU", "E.U.", "European Union"), "europeanunion")
    | dict.fromkeys(("percent", "per cent", "Percent", "Per cent"), "%")
    | dict.fromkeys((*"“”„‟«»‹›″〝〞❝❞", "``", "''"), '"')
    | dict.fromkeys("‘’‚‛′`´ʼ", "'")
    | {"…": "...", "..": "..."}
)
_MONTHS = {
    "jan": "january",
    "feb": "february",
    "apr": "april",
    "jun": "june",
    "jul": "july",
    "aug": "august",
    "sep": "september",
    "sept": "september",
    "oct": "october",
    "nov": "november",
    "dec": "december",
}
_MARCH = "Mar."

_JOINTS = str.maketrans("", "", "-‐‑·\u00ad\u200c\u200d")
_APOSTROPHES = str.maketrans("’ʼ", "''")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?:\D|$))|(?<=\d),(?=\d{3},)")


class Token(NamedTuple):
    """A word, number or mark: `text` is `document[start:end]`."""

    start: int
    end: int
    text: str
    key: str


# No word is as long; what is goes in pieces, so that no step takes the square of its length.
LONGEST = 200
_ENDLESS = re.compile(rf"(?<!\S)\S{{{LONGEST + 1}}}")


def tokenize(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The tokens of `text[start:end]` in order, with offsets into `text`; white space is in none.

    A hyphenated word, a word with its apostrophe and "United States" are one token each. None is
    longer than LONGEST characters.
    """
    stop = len(text) if end is None else end
    if stop - start > LONGEST and _ENDLESS.search(text, start, stop):
        return list(_bounded(text, start, stop))
    # A named tuple made without its own constructor, which takes twice as long.
    make = tuple.__new__
    return [
        make(Token, (match.start(), match.end(), word := match[0], key(word)))
        for match in _TOKEN.finditer(text, start, stop)
    ]


def _bounded(text: str, start: int, stop: int) -> Iterator[Token]:
    for match in _TOKEN.finditer(text, start, stop):
        first, last = match.span()
        for at in range(first, last, LONGEST):
            word = text[at : min(at + LONGEST, last)]
            yield Token(at, at + len(word), word, key(word))


@lru_cache(maxsize=1 << 16)
def key(word: str) -> str:
    """What the spellings of a word share.

    Case, accents, hyphens inside words, the shapes of quotation marks and dashes, thousand
    separators (commas and spaces), short names of months and of a few unions of states make no difference.
    """
    known = _KEYS.get(word)
    if known is not None:
        return known
    if word[-2:] in ("'s", "’s") and word[:-2] in _KEYS:
        return f"{_KEYS[word[:-2]]}'s"
    if word == _MARCH:
        return "march"
    if not word[0].isalnum():
        if word[0] in "-–—―‒−":
            return "-"
        return "..." if word.startswith("..") else word
    folded = fold(word)
    if folded[:1].isdigit():
        return _THOUSANDS.sub("", "".join(folded.split()))
    if folded.endswith(".") and folded.count(".") > 1:
        return folded.replace(".", "")
    return _MONTHS.get(folded.removesuffix("."), folded)


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """The word in lower case without accents and hyphens, apostrophes straight."""
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word.translate(_APOSTROPHES))
        word = "".join(letter for letter in word if not unicodedata.combining(letter))
    return word.casefold().translate(_JOINTS) or word
