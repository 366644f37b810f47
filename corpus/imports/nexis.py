"""An article of Nexis Uni or Lexis Advance as lines, from whatever file they were taken out of."""

import re
from collections.abc import Sequence

from . import exported
from .dates import MONTHS, first_date
from .reading import Metadata, Provenance, ReadDocument, one_line

PROVIDER = "nexis"
_LABEL = re.compile(r"(?P<label>[^\W\d_][\w /-]{2,30}):[ \t]?\u00a0[ \t]*(?P<value>.*)", re.DOTALL)
_LABEL_LOOSE = re.compile(
    r"(?P<label>section|length|byline|dateline|highlight|series|rubrik|länge|autor|rubrique|longueur"
    r"|auteur|sección|longitud|load-date|link to image):\s*(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SECTIONS = ("section", "rubrik", "ressort", "rubrique", "sección", "sezione", "sectie")
_LENGTHS = ("length", "länge", "longueur", "longitud", "extensión", "lunghezza", "lengte")
_BYLINES = ("byline", "autor", "auteur", "autore", "verfasser", "firma")
_LANGUAGES = ("language", "sprache", "langue", "idioma", "lingua", "taal")
_BODY = frozenset(["body", "text", "texte", "texto", "volltext", "corps", "cuerpo"])
# Headings of their own behind the text, and labels there.
_HEADINGS = frozenset(
    """graphic;correction;classification;end of document;graphique;grafik;klassifizierung
klassifikation;clasificación;ende des dokuments;fin du document;fin de document
fin del documento""".replace("\n", ";").split(";")
)
_BEHIND = _HEADINGS | frozenset(
    """notes;load-date;language;publication-type;journal code;subject;acc-no;correction-date
ladedatum;bibliography;sprache;langue;idioma""".replace("\n", ";").split(";")
)
_COPYRIGHT = re.compile(r"(?:copyright|©|\(c\))\s", re.IGNORECASE)
_MONTH_ALONE = re.compile(r"(?P<month>[^\W\d_]{3,10})\.?,? (?P<year>(?:19|20)\d\d)\b")
# The date follows the source, which follows a title of a few lines at most.
_LAST_DATE = 8


def article(
    lines: Sequence[str], *, body_from: int | None = None, provider_id: str = "", note: str = ""
) -> ReadDocument:
    """The article of these lines. `body_from` is where its text is known to begin.

    Raises corpus.text.TextError where there is nothing in it.
    """
    start = body_from if body_from is not None else _body_of(lines)
    end = next((n for n in range(start, len(lines)) if _is_behind(lines[n])), len(lines))
    loose: list[str] = []
    said: dict[str, str] = {}
    for line in [*lines[:start], *lines[end:]]:
        if found := _labelled(line):
            said.setdefault(found[0], found[1])
    rights = ""
    for line in (one for one in lines[:start] if one.strip()):
        if _COPYRIGHT.match(line.strip()):
            rights = rights or one_line(line, 1000)
        elif not _labelled(line) and line.strip().casefold() not in _BODY:
            loose.append(one_line(line, 2000))
    title, publisher, dated, edition = _head(loose)
    found_date = first_date(dated)
    wrote = _first(said, _BYLINES)
    about = Metadata(
        title=title,
        byline=exported.byline(wrote) if wrote else "",
        publisher=publisher,
        published_on=found_date[0] if found_date else None,
        language=exported.language(_first(said, _LANGUAGES)),
        rights=rights,
    )
    provenance = Provenance(
        provider=PROVIDER,
        provider_id=provider_id,
        section=one_line(_first(said, _SECTIONS), 300),
        edition=one_line(edition, 300),
        declared_words=exported.number(_first(said, _LENGTHS)),
    )
    return exported.document(about, lines[start:end], provenance, note=note)


def _body_of(lines: Sequence[str]) -> int:
    """The line where the text begins: under `Body`, or else under the last label of the head."""
    for place, line in enumerate(lines):
        if line.strip().casefold() in _BODY:
            return place + 1
    lengths = [n for n, line in enumerate(lines) if (one := _labelled(line)) and one[0] in _LENGTHS]
    place = lengths[0] + 1 if lengths else 0
    while place < len(lines) and (not lines[place].strip() or _labelled(lines[place])):
        place += 1
    return place


def _labelled(line: str) -> tuple[str, str] | None:
    line = line.strip(" \t\n")
    found = _LABEL.match(line) or _LABEL_LOOSE.match(line)
    return (found["label"].strip().casefold(), found["value"].strip()) if found else None


def _is_behind(line: str) -> bool:
    words = line.strip()
    if len(words) <= 30 and words.rstrip(":").casefold() in _HEADINGS:
        return True
    return (found := _labelled(line)) is not None and found[0] in _BEHIND


def _first(said: dict[str, str], names: Sequence[str]) -> str:
    return next((said[name] for name in names if said.get(name)), "")


def _head(loose: list[str]) -> tuple[str, str, str, str]:
    """Title, source, the line with the date and the edition, out of the lines without a label."""
    place = next((n for n, line in enumerate(loose[:_LAST_DATE]) if n and _is_date(line)), None)
    if place is None:
        return loose[0] if loose else "", loose[1] if len(loose) > 1 else "", "", ""
    if place == 1:
        return loose[0], "", loose[1], " ".join(loose[2:3])
    title = " ".join(loose[: place - 1])
    return title, loose[place - 1], loose[place], " ".join(loose[place + 1 : place + 2])


def _is_date(line: str) -> bool:
    """Whether the line is one, not a headline with a date in it."""
    if found := first_date(line):
        return found[1][0] <= 15 and len(line) <= 100
    alone = _MONTH_ALONE.match(line)
    return alone is not None and alone["month"].casefold() in MONTHS and len(line) <= 60
