"""What a text says about itself: its headline, byline, publisher, date, address, language.

Only the text is asked. A headline is taken from the lines before the story, or made from the first
sentence of it; everything else that is not written there stays empty.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from corpus.comparison.language.guessing import guess as guess_language
from corpus.text import paragraphs, sentences

from .dates import first_date, made
from .names import are_names, byline_of
from .reading import Metadata, one_line

TITLE_LENGTH = 90

_LEAD = 12
_TAIL = 12
_SHORT_LINE = 160

# --- dates ---------------------------------------------------------------------------------------

_ENGLISH = [
    "january",
    "jan",
    "february",
    "feb",
    "march",
    "mar",
    "april",
    "apr",
    "may",
    "june",
    "jun",
    "july",
    "jul",
    "august",
    "aug",
    "september",
    "sept",
    "sep",
    "october",
    "oct",
    "november",
    "nov",
    "december",
    "dec",
]
_MONTH = rf"(?P<month>{'|'.join(sorted(_ENGLISH, key=len, reverse=True))})\b\.?"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_DAY_AND_MONTH = re.compile(rf"\b(?:{_MONTH} {_DAY}\b|{_DAY.replace('day', 'day2')} "
                            rf"{_MONTH.replace('month', 'month2')})", re.IGNORECASE)  # fmt: skip


# --- datelines -----------------------------------------------------------------------------------

_DASH = r"\.?\s*(?:--+|[—–]|-(?=\s)|_(?=\s)|:(?=\s))\s*"
_DATELINES = [
    # (Agency) --    Dec. 1 (Agency) --    LIMA, Peru (Agency) --    LIMA, Dec. 1, 2023 /Agency/ --
    re.compile(rf"(?P<before>[^()/]{{0,60}})(?P<agency>\([^()]{{2,40}}\)|/[^/]{{2,40}}/){_DASH}"),
    # LIMA, Dec. 1 --    LIMA --
    re.compile(r"(?P<before>[A-Z][A-Z.’']{2}[\w.,’' -]{0,50}?)(?P<agency>)\s(?:--+|[—–])\s*"),
]


@dataclass(frozen=True, slots=True)
class Dateline:
    """How a wire report begins: place, day and agency. `length` is how many characters it takes."""

    length: int
    agency: str = ""
    when: str = ""


def dateline(paragraph: str) -> Dateline | None:
    """The dateline that opens the paragraph, such as `LIMA, Dec. 1 (Agency) --`."""
    for pattern in _DATELINES:
        match = pattern.match(paragraph)
        if not match or match.end() == len(paragraph):
            continue
        agency, before = match["agency"][1:-1].strip(), match["before"]
        dated = first_date(before)
        day = _DAY_AND_MONTH.search(before)
        start, end = dated[1] if dated else day.span() if day else (len(before), len(before))
        if are_names(before[:start] + before[end:]) and are_names(agency):
            return Dateline(match.end(), agency, before[start:end])
    return None


# --- lines that are not a headline -----------------------------------------------------------------

_LABEL = re.compile(
    r"(?P<label>title|headline|author|autor|auteur|autore|byline|by|date|datum|published(?: on)?|publisher|source|quelle|outlet"
    r"|url|link|original|permalink|language|rights|copyright):\s+(?P<value>\S.*)",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"\b(?:photo|photograph|image|picture|credit|illustration|foto)s?(?: by|:| credit|/|\b\s*\()"
    r"|\b[A-Z][\w ]{1,20} (?:Photo|Images?)(?:/|\s*$|\s+/)"
    r"|\bGetty Images\b|/\s?(?:Reuters|AFP|AP|Getty)\b|\bfile photo\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"]+$", re.IGNORECASE)
_COPYRIGHT = re.compile(r"©|\bcopyright\b|\(c\) ?(?:19|20)\d\d", re.IGNORECASE)
_PUBLISHED = re.compile(r"(?:first |originally )?(?:published|posted)\b", re.IGNORECASE)
_COPYRIGHT_YEAR = re.compile(r"(?:©|\(c\)|copyright)[^.]{0,80}?((?:19|20)\d\d)", re.IGNORECASE)
_HOLDER = re.compile(
    r"(?:©|\(c\)|copyright)+(?:\s*©)?[\s,]*(?:(?:19|20)\d\d[\s,-]*)+(?:by )?(?P<holder>[^\d,©|]{2,60})",
    re.IGNORECASE,
)
_LEGAL_FORM = re.compile(r",? (?:L\.?P|L\.?L\.?C|Inc|Ltd|Limited|Corp|GmbH|plc|AG|S\.?A)\b\.?.*$")
_KICKER_WORDS = 2
# Words of scripts that put no spaces between them.
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u0e00-\u0eff\u1000-\u109f]{4}")
# No title ends in a word that only leads on to the next.
_LOOSE_END = re.compile(
    r"(?:[ ,;:–—-]+(?:an?|the|of|to|in|and|or|for|on|at|by|with|as|from|that))+…$"
)
_NOT_A_HEADLINE = re.compile(
    r"[.:;,]$|^[-*–—•#]|^\W+$|\d+ (?:min|minutes?) read|(?:for immediate|press|media) release"
    r"|press notice|^[^/]+(?: / [^/]+){2,}$",
    re.IGNORECASE,
)
_LETTERHEAD = re.compile(
    r"\b(?:agency|authority|commission|committee|company|corporation|council|court|department"
    r"|foundation|institute|ministry|news|newspaper|office|press|radio|society|times|union"
    r"|university|wire)$",
    re.IGNORECASE,
)


def _is_caption(paragraph: str) -> bool:
    return _CREDIT.search(paragraph[-120:]) is not None


def _is_prose(paragraph: str) -> bool:
    """Whether the paragraph belongs to the story, as against a headline or a line about it."""
    return len(paragraph) > _SHORT_LINE or paragraph.rstrip("\"'’”») ").endswith((".", "…"))


# --- the guess -----------------------------------------------------------------------------------


def guess(text: str) -> Metadata:
    """What the canonical text says about itself."""
    blocks = [text[start:end] for start, end in paragraphs(text)]
    if not blocks:
        return Metadata()
    story = _start_of_story(blocks)
    head = [" ".join(block.split()) for block in blocks[:story]]
    tail = [" ".join(block.split()) for block in blocks[max(story + 1, len(blocks) - _TAIL) :]]
    opening = dateline(blocks[story]) if story < len(blocks) else None

    labels = dict(_labels(head))
    rights = next((line for line in [*tail, *head] if _is_notice(line)), "")
    byline = labels.get("byline") or next(filter(None, map(byline_of, head)), "")
    publisher, published_on = _publisher_and_date(head)
    if opening:
        publisher = publisher or opening.agency
        published_on = published_on or _dated(opening.when, rights)
    return Metadata(
        title=labels.get("title") or _headline(head, publisher) or _first_sentence(blocks[story:]),
        byline=one_line(byline, 500),
        publisher=labels.get("publisher") or publisher or _holder(rights, byline),
        published_on=_date_label(labels.get("date", "")) or published_on or _date_in_tail(tail),
        url=labels.get("url") or _address([*head, *tail]),
        language=labels.get("language") or guess_language(text),
        rights=labels.get("rights") or rights,
    )


def _start_of_story(blocks: list[str]) -> int:
    """The index of the paragraph that the story begins with: a dateline, else the first prose."""
    lead = blocks[:_LEAD]
    for index, block in enumerate(lead):
        if dateline(block):
            return index
    for index, block in enumerate(lead):
        if _is_prose(block) and not (_is_caption(block) or _about_the_document(block)):
            return index
    return 0 if len(blocks) == 1 else min(1, len(blocks) - 1)


def _about_the_document(line: str) -> bool:
    return bool(
        _LABEL.fullmatch(line)
        or byline_of(line)
        or _ADDRESS.match(line)
        or _is_notice(line)
        or _only_a_date(line)
    )


def _is_notice(line: str) -> bool:
    return len(line) <= 2 * _SHORT_LINE and _COPYRIGHT.search(line) is not None


_LABELS = {
    "title": "title", "headline": "title", "author": "byline", "byline": "byline", "autor": "byline", "auteur": "byline", "autore": "byline",
    "datum": "date", "quelle": "publisher", "by": "byline",
    "date": "date", "published": "date", "published on": "date", "publisher": "publisher",
    "source": "publisher", "outlet": "publisher", "url": "url", "link": "url", "original": "url",
    "permalink": "url", "language": "language", "rights": "rights", "copyright": "rights",
}  # fmt: skip


def _labels(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What lines such as `Source: Meridian Wire` say."""
    for line in lines:
        if match := _LABEL.fullmatch(line):
            name, value = _LABELS[match["label"].lower()], match["value"]
            if name in ("url", "publisher") and _ADDRESS.match(value):
                yield "url", value
            elif name == "language" and not re.fullmatch(r"[A-Za-z]{2,3}(-\w+)*", value):
                continue
            elif name != "url":
                yield name, one_line(value, 500)


def _only_a_date(line: str) -> bool:
    dated = first_date(line)
    if not dated or len(line) > _SHORT_LINE / 2:
        return False
    start, end = dated[1]
    rest = line[:start] + line[end:]
    if rest.rstrip().endswith(".") and len(rest.split()) > 2:
        return False  # a sentence of the story
    return len(rest) <= 45


def _publisher_and_date(head: list[str]) -> tuple[str, date | None]:
    """From lines such as `Meridian Wire, August 13, 2021` or `Published 13 August 2021, 10:15`."""
    undecided: date | None = None
    for line in head:
        dated = first_date(line)
        if not dated or not _only_a_date(line) or _LABEL.fullmatch(line) or _is_caption(line):
            continue
        found, (start, _) = dated
        before = re.sub(r"(?:on |\w+day,? )$", "", line[:start]).rstrip(" ,|·–—-(")
        if before and line[start - 2] in ",|·–—-(" and re.fullmatch(r"[A-Z][\w.&’' -]*", before):
            if not re.match(r"(?:published|posted|updated|by)\b", before, re.IGNORECASE):
                return before, found
        elif undecided is None:
            undecided = found
    return "", undecided


def _dated(when: str, rights: str) -> date | None:
    """The day of a dateline; its year may stand in the copyright notice at the end."""
    if dated := first_date(when):
        return dated[0]
    day = _DAY_AND_MONTH.search(when)
    year = _COPYRIGHT_YEAR.search(rights)
    if not (day and year):
        return None
    return made(year[1], day["month"] or day["month2"], day["day"] or day["day2"])


def _date_label(value: str) -> date | None:
    dated = first_date(value)
    return dated[0] if dated else None


def _date_in_tail(tail: list[str]) -> date | None:
    lines = (line for line in tail if len(line) <= _SHORT_LINE and _PUBLISHED.match(line))
    return next((dated[0] for line in lines if (dated := first_date(line))), None)


def _holder(rights: str, byline: str) -> str:
    match = _HOLDER.search(rights)
    if not match:
        return ""
    holder = _LEGAL_FORM.sub("", match["holder"]).partition(". ")[0].strip(" .-–—")
    return "" if holder.lower() in byline.lower() or not holder[:1].isupper() else holder


def _address(lines: list[str]) -> str:
    for line in lines:
        if match := _ADDRESS.fullmatch(line):
            return match[0] if match[0].lower().startswith("http") else f"https://{match[0]}"
    return ""


def _headline(head: list[str], publisher: str) -> str:
    """The headline among the lines before the story."""
    fitting = [
        line
        for line in head
        if len(line) <= _SHORT_LINE
        and not _is_prose(line)
        and not _is_caption(line)
        and not _about_the_document(line)
        and not _NOT_A_HEADLINE.search(line)
        and line.casefold() != publisher.casefold()
    ]
    full = [line for line in fitting if len(line.split()) > _KICKER_WORDS]
    best = [line for line in full if not _LETTERHEAD.search(line)]
    return one_line((best or full or fitting or [""])[0], 500)


def _first_sentence(blocks: list[str]) -> str:
    """A title made from the first sentence of the story, without its dateline."""
    for block in blocks:
        if _is_caption(block) or _about_the_document(block):
            continue
        opening = dateline(block)
        story = block[opening.length :] if opening else block
        for start, end in sentences(story.strip()):
            sentence = story.strip()[start:end]
            if len(re.findall(r"\w+", sentence)) > 1 or _SPACELESS.search(sentence):
                title = _LOOSE_END.sub("…", one_line(sentence, TITLE_LENGTH))
                title = title.rstrip("。．｡")
                return title.removesuffix(".") if not re.search(r"\b\w\.$", title) else title
    return ""
