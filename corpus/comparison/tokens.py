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
# Signs without a width: joiners, direction marks, byte order marks. Where words have no spaces, a
# zero-width space stands between them.
_UNSEEN = r"\u180e\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_SPACELESS = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_INSIDE = rf"(?:[{_MARK}{_UNSEEN}]|\u200b(?![{_SPACELESS}]))"
_LETTER = rf"[^\W_{_IDEOGRAPH}]"
_WORD = rf"(?:{_LETTER}|[{_MARK}]){_LETTER}*(?:{_INSIDE}+{_LETTER}*)*"
# A word that was broken at the end of its line, which a lower-case letter begins on the next one.
_BROKEN = r"-[^\S\n]*\n[^\S\n]*(?=[a-zß-öø-ÿ])"
_PICTURE = r"[\u2190-\u2bff\U0001f000-\U0001f1e5\U0001f200-\U0001faff]"
_MODIFIER = r"[\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"

_TOKEN = re.compile(
    rf"""
      [Uu](?i:nited)\s(?i:states|kingdom|nations)\b
    | [Ee](?i:uropean)\s(?i:union)\b
    | [Pp]er\scent\b
    | (?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.(?=\s)
    | (?:[^\W\d_]\.){{2,}} (?:['’]s\b)?                       # U.S. a.m.
    | \d{{1,3}}(?:[\ \u00a0\u2009\u202f]\d{{3}})+(?!\d)(?:[.,]\d+)?   # 12 000
    | \d+(?:[.,:][{_UNSEEN}\u200b]*\d+)+ (?:-?{_WORD})?     # 1,000 3.5m 10:30
    | [\d#*]\ufe0f?\u20e3                                      # a keycap
    | (?:https?://|www\.)[^\s<>"“”]*[^\s<>"“”.,;:!?)\]'’]      # an address
    | {_WORD} (?:(?:['’ʼ‐‑·]|{_BROKEN}|-){_WORD})* (?:(?:[.+]\w+){{0,3}}@[\w-]+(?:\.[\w-]+)+)?
    | [-–—―‒−]+
    | \.{{2,}}
    | [\U0001f1e6-\U0001f1ff]{{2}}                             # a flag
    | {_PICTURE}{_MODIFIER}*(?:\u200d{_PICTURE}{_MODIFIER}*)*  # joined emoji
    | [^\s{_UNSEEN}\u200b\ufe0f]
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
_HIDDEN = re.compile(rf"[{_UNSEEN}\u00ad\u200b\ufe0f]+")
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

    A hyphenated word, also over the end of a line, a word with its apostrophe, an address, a joined
    emoji and "United States" are one token each. None is longer than LONGEST characters. Signs that
    do not show are part of the word that they stand in, else in none.
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


def is_address(word: str) -> bool:
    """Whether a token is the address of a page or of a mail box."""
    return "@" in word or word.startswith(("http://", "https://", "www."))


@lru_cache(maxsize=1 << 16)
def key(word: str) -> str:
    """What the spellings of a word share.

    Case, accents, signs without a width, hyphens inside words, the shapes of quotation marks and dashes, thousand
    separators (commas and spaces), short names of months and of a few unions of states make no difference.
    """
    if not word.isascii():
        word = _HIDDEN.sub("", word) or word
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
    if "\n" in word:
        folded = "".join(folded.split())
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
