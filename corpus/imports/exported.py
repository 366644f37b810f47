"""What the exports of all news databases share: an article put together, and its words counted."""

import re
from collections.abc import Iterable
from dataclasses import replace

from corpus.comparison.language.guessing import guess as guess_language
from corpus.text import TextError, canonical

from .names import people
from .reading import Metadata, Provenance, ReadDocument, ReaderName, one_line

MOST_ARTICLES = 2_000
# Declared and read words that differ by more deserve a look.
_TOLERANCE = 0.07
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_NUMBER = re.compile(r"\d[\d.,'’ \u00a0\u202f]{0,12}")
_BY = re.compile(r"(?:by|von|par|por|di|door|av):?\s+(?=\S)", re.IGNORECASE)
_LANGUAGES = {
    name: code
    for code, names in {
        "en": "english anglais englisch inglés inglese engels",
        "de": "german deutsch allemand alemán tedesco duits",
        "fr": "french français französisch francés francese frans",
        "es": "spanish español spanisch espagnol spagnolo spaans",
        "nl": "dutch nederlands niederländisch néerlandais",
        "it": "italian italiano italienisch italien",
        "pt": "portuguese português portugiesisch portugais",
        "ru": "russian русский russisch russe",
        "zh": "chinese 中文 chinesisch chinois 简体中文 繁體中文",
        "ja": "japanese 日本語 japanisch japonais",
        "pl": "polish polski polnisch polonais",
        "sv": "swedish svenska schwedisch suédois",
        "da": "danish dansk dänisch danois",
        "no": "norwegian norsk norwegisch norvégien",
        "fi": "finnish suomi finnisch finnois",
        "cs": "czech čeština tschechisch tchèque",
        "tr": "turkish türkçe türkisch turc",
        "ar": "arabic العربية arabisch arabe",
        "ko": "korean 한국어 koreanisch coréen",
    }.items()
    for name in names.split()
}


def document(
    about: Metadata,
    body: Iterable[str],
    provenance: Provenance,
    *,
    reader: ReaderName = "plain",
    note: str = "",
) -> ReadDocument:
    """The article of these paragraphs under its title; a note says what about it looks wrong.

    Raises corpus.text.TextError where it has neither a title nor a text, or holds a NUL.
    """
    title = one_line(about.title, 500)
    text = canonical("\n\n".join(line for one in body if (line := " ".join(one.split()))))
    words = count_words(text)
    if title and not text.startswith(title):
        text = canonical(f"{title}\n\n{text}")
    if not text:
        raise TextError("An article in it has no text.")
    notes = (note, _doubt(words, count_words(text), provenance.declared_words))
    return ReadDocument(
        text,
        reader,
        replace(about, title=title, language=about.language or guess_language(text)),
        " ".join(filter(None, notes)),
        replace(provenance, parsed_words=words),
    )


def _doubt(body: int, whole: int, declared: int | None) -> str:
    if not body:
        return "There is no text under its title."
    if declared and all(abs(read - declared) > _TOLERANCE * declared for read in (body, whole)):
        return f"The export declares {declared:,} words, {body:,} were read."
    return ""


def count_words(text: str) -> int:
    """The words of a text; in Chinese and Japanese, whose words have no spaces, the characters."""
    spaced = _IDEOGRAPH.sub(" 字 ", text)
    return sum(any(map(str.isalnum, word)) for word in spaced.split())


def number(words: str) -> int | None:
    """The first number in words such as `1,204 words` or `1 204 mots`."""
    found = _NUMBER.search(words[:200])
    return int(re.sub(r"\D", "", found[0])) if found else None


def language(name: str) -> str:
    """The tag of a language that is named as databases name it: `ENGLISH`, `Deutsch; German`."""
    words = re.split(r"[;,/]", name[:200].casefold())
    return next((_LANGUAGES[word.strip()] for word in words if word.strip() in _LANGUAGES), "")


def byline(words: str) -> str:
    """The names in a byline, or else what stands in it before the first semicolon."""
    first = words[:2000].partition(";")[0].strip()
    if led := _BY.match(first):
        first = first[led.end() :]
    return ", ".join(people(words, sure=True)) or one_line(first, 500)


def too_many(count: int) -> TextError | None:
    """The refusal of a file with more articles than one import may have."""
    if count <= MOST_ARTICLES:
        return None
    return TextError(
        f"It holds {count:,} articles, the most are {MOST_ARTICLES:,}: export fewer at once."
    )
