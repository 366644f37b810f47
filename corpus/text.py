"""The canonical text of a document, and its paragraphs and sentences.

Everything here counts in Unicode code points, and every span is half-open, [start, end). Nothing
here changes a text once it is canonical: annotations point into it by offset.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from nupunkt import sent_spans

Span = tuple[int, int]

MAX_MARKS = 30


class TextError(ValueError):
    """The text cannot be kept; the message says why, in words for the person who imports it.

    `line` is the line of the text, counted from 1, or None where no single line is to blame.
    """

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


# --- canonical text -----------------------------------------------------------------------------

# All that Unicode calls a mandatory break. The paragraph separator stands for an empty line.
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028]")
_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
_LEADING = re.compile("[\\s\ufeff]+")
# No combining mark is a word character to `re`, so only such a run can hold too many of them.
_SUSPECT = re.compile(rf"[^\w\s\x00-\x7f]{{{MAX_MARKS + 1},}}")


def canonical(raw: str) -> str:
    """The text as it is kept: what `Document.text` holds and all offsets count in.

    Line ends become LF, the text is normalised to NFC, a byte order mark, leading and trailing
    white space go. A character with more than MAX_MARKS combining marks loses the surplus, because
    sorting them takes quadratic time. Other control characters stay, bidirectional overrides and
    zero-width characters too: they are evidence, and a page shows them with `visible`.

    Raises TextError for a NUL or a lone surrogate, which neither a database nor UTF-8 can hold.
    Doing it twice changes nothing more.
    """
    text = _LINE_ENDS.sub("\n", raw).replace("\u2029", "\n\n")
    if found := _FORBIDDEN.search(text):
        line = text.count("\n", 0, found.start()) + 1
        what = "a NUL character" if found[0] == "\0" else "half a character (a lone surrogate)"
        raise TextError(f"Line {line} holds {what}, so this is not plain text.", line)
    # NFC may take one mark apart into two, hence the second cap.
    text = cap_marks(unicodedata.normalize("NFC", cap_marks(text)))
    return _LEADING.sub("", text, count=1).rstrip() if _LEADING.match(text) else text.rstrip()


def cap_marks(text: str) -> str:
    """The text without what a character has more than MAX_MARKS of: combining marks."""
    return _SUSPECT.sub(lambda run: "".join(_first_marks(run[0])), text)


def _first_marks(run: str) -> Iterator[str]:
    marks = 0
    for character in run:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MAX_MARKS:
            yield character


def sha256(text: str) -> str:
    """The hexadecimal SHA-256 of the text in UTF-8; it tells the same text from another."""
    return hashlib.sha256(text.encode()).hexdigest()


# --- characters that do not show -----------------------------------------------------------------

_BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_PICTURES = (
    {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"}
    | {0x7F: 0x2421}
    | dict.fromkeys(range(0x80, 0xA0), 0x2426)
    | dict.fromkeys(map(ord, _BIDI_CONTROLS[3:]), 0x2426)
)


def visible(text: str) -> str:
    """The text with each control character and bidirectional override as a character that shows.

    One for one, so every offset stays right, in code points and in UTF-16 units alike. Tabs and
    line feeds stay, and so do the direction marks that right-to-left text needs and the joiners
    of emoji.
    """
    return text.translate(_PICTURES)


# --- offsets of a browser ------------------------------------------------------------------------


def utf16_offset(text: str, offset: int) -> int:
    """The code-point offset as JavaScript counts it, in UTF-16 units."""
    if not 0 <= offset <= len(text):
        raise TextError(f"Offset {offset} is outside a text of {len(text)} characters.")
    return len(text[:offset].encode("utf-16-le")) // 2


def code_point_offset(text: str, offset: int) -> int:
    """The offset in UTF-16 units as code points; inside a surrogate pair, that of the pair."""
    units = text.encode("utf-16-le")
    if not 0 <= 2 * offset <= len(units):
        raise TextError(f"Offset {offset} is outside a text of {len(units) // 2} UTF-16 units.")
    return len(units[: 2 * offset].decode("utf-16-le", errors="ignore"))


# --- paragraphs ----------------------------------------------------------------------------------

_LINE = re.compile(r"[^\n]+")
_LIST_ITEM = re.compile(r"[-*+•–—·]\s|\(?\w{1,3}[.)]\s")
_SENTENCE_END = re.compile(r"[.!?:;…。！？؟۔।][\"'’”»)\]]*$")
# A hard-wrapped file has lines of 50 to 100 characters; a rare longer one is an address.
_NARROWEST, _WIDEST = 50, 100
_TOO_SHORT_TO_GO_ON = 30
# A book without an empty line is no one paragraph: a page shows whole ones. It is cut where the best
# of these stands last within the length.
LONGEST_PARAGRAPH = 50_000
_BLANK = re.compile(r"\s*+")
_SEAMS = (". ", ".\n", "。", "\n", " ")


def paragraphs(text: str) -> list[Span]:
    """The paragraphs of a canonical text, in order; only white space lies between them.

    An empty line always ends a paragraph. So does the end of a line, as in most wire copy, unless
    the line was broken to fit a width: then its sentence goes on in lower case on the next line,
    or, in a file where many lines do, the next word would not have fitted. What is longer than
    LONGEST_PARAGRAPH all the same is cut.
    """
    lines = [_stripped(text, found.start(), found.end()) for found in _LINE.finditer(text)]
    lines = [(start, end) for start, end in lines if start < end]
    width = _wrapped_at(text, lines)
    found: list[Span] = []
    for index, (start, end) in enumerate(lines):
        if index and _is_broken(text, lines[index - 1], (start, end), width=width):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return [part for span in found for part in _cut(text, span)]


def _cut(text: str, span: Span) -> Iterator[Span]:
    start, end = span
    while end - start > LONGEST_PARAGRAPH:
        most = start + LONGEST_PARAGRAPH
        least = start + LONGEST_PARAGRAPH // 2
        places = (text.rfind(seam, least, most) + len(seam) for seam in _SEAMS)
        place = next((place for place in places if place > least), most)
        # A mark stays with its letter.
        while place > least and place == most and unicodedata.combining(text[place]):
            place = most = most - 1
        part = _stripped(text, start, place)
        if part[0] < part[1]:
            yield part
        blank = _BLANK.match(text, place, end)
        start = blank.end() if blank else place
    yield start, end


def _stripped(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, start + len(piece.strip())


def _neighbours(text: str, line: Span, following: Span) -> bool:
    return text.count("\n", line[1], following[0]) == 1


def _goes_on(text: str, line: Span, following: Span) -> bool:
    """Whether a sentence runs over the end of the line."""
    if line[1] - line[0] < _TOO_SHORT_TO_GO_ON or not text[following[0]].islower():
        return False
    return not _SENTENCE_END.search(text, max(line[0], line[1] - 8), line[1])


def _wrapped_at(text: str, lines: list[Span]) -> int:
    """The width at which the lines of a file were broken, or 0 when they were not."""
    lengths = [end - start for start, end in lines]
    fitting = [length for length in lengths if length <= _WIDEST]
    if len(fitting) < 0.95 * len(lengths) or max(fitting, default=0) < _NARROWEST:
        return 0
    joints = [pair for pair in pairwise(lines) if _neighbours(text, *pair)]
    running = sum(_goes_on(text, *pair) for pair in joints)
    return max(fitting) if 3 * running >= len(joints) > 0 else 0


def _is_broken(text: str, line: Span, following: Span, *, width: int) -> bool:
    """Whether the two lines are one paragraph."""
    if not _neighbours(text, line, following) or _LIST_ITEM.match(text, *following):
        return False
    if _goes_on(text, line, following):
        return True
    indented = following[0] - text.rindex("\n", 0, following[0]) > 2
    first_word = len(text[slice(*following)].split(maxsplit=1)[0])
    return width > 0 and not indented and line[1] - line[0] + 1 + first_word > width


# --- sentences -----------------------------------------------------------------------------------

_CLOSERS = r"[\"'’”»›)\]」』】）]*+"
# Stops that the trained model does not know, or knows only with a space behind them. A run of them
# is looked at once, from its first sign and as a whole: else its cost is the square of its length.
_MORE_ENDS = re.compile(
    rf"(?<![。！？｡])[。！？｡]++(?:(?![”’」』】）])|{_CLOSERS}(?=[\s“‘「『【（])|”(?![，、；。！？]))"
    rf"|(?<![؟۔।॥])[؟۔।॥]++{_CLOSERS}(?=\s)"
    r"|[.!?][’”»]?(?=[“«])"
    r"|[.!?][’”»\"]?(?:\[\d{1,3}\])+(?=\s)"
)
# Ordinary words that the model takes for abbreviations, because law reports shorten others so.
_WORDS_NOT_SHORTENED = re.compile(
    r"\b(?:ago|all|am|app|art|at|bank|bed|bus|cap|car|cent|day|how|id|ill|in|leg|low|mass|me|met"
    r"|no|nor|or|pop|raw|rest|row|sat|so|south|sub|sun|tax|tech|ten|week|west|win)"
    r"\.[’”»\"]?(?=\s+[“‘\"]?[A-Z])"
)
# A word written out in full ends a sentence before a capital, whatever the model makes of it.
_WORD_IN_FULL = re.compile(
    r"(?<![\w.’'-])(?!(?:approx|assoc|trans|suppl|illus)\.)[a-zà-öø-ÿ]{5,}+\.[’”»\"]?(?=\s+[“‘\"]?[A-ZÀ-Þ])"
)
_TITLE_AT_END = re.compile(
    r"\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Gen|Brig|Maj|Col|Lt|Capt|Sgt|Cpl|Pvt|Adm|Cmdr|Sen|Rep|Gov|Rev|Hon"
    r"|Pres|St|Mt|Fr|Msgr)\.$"
)
_AND_SO_ON = re.compile(r"etc\b")
# German "am 3. Oktober" is one day. Months that are English too need the German word before.
_DAY_AT_END = re.compile(r"\b(?:[12]?\d|3[01])\.$")
_GERMAN_DAY_AT_END = re.compile(r"\b(?:am|vom|zum|bis|seit|ab|de[rnms])\s+\d\d?\.$", re.IGNORECASE)
_GERMAN_MONTH = re.compile(r"(?:Januar|Jänner|Februar|März|Mai|Juni|Juli|Oktober|Dezember)\b")
_MONTH = re.compile(r"(?:April|August|September|November)\b")
_NUMBER_AT_START = re.compile(r"\(?(?:\d{1,3}|[A-Za-z])[.)]$")
_HANGING = re.compile(r"(?:[’”»›)\]」』】）]+|[\"'](?=\s|$)|(?:\[\d{1,3}\])+)")
_WORD = re.compile(r"\w")
# What ends a sentence is looked for in its last characters, so that one that grows is not read anew.
_TAIL = 64
# The model takes quadratic time on a thing like this, and no sentence ends in it.
_ENDLESS_WORD = re.compile(r"\S{500,}")


def sentences(text: str) -> list[Span]:
    """The sentences of a canonical text, in order; only white space lies between them.

    A sentence never crosses paragraphs, and a closing quotation mark stays with what it closes. A
    heading or a caption without a full stop is a sentence of its own.
    """
    return [
        (start + begin, start + stop)
        for start, end in paragraphs(text)
        for begin, stop in _sentences_of(text[start:end].replace("\n", " "))
    ]


def _sentences_of(paragraph: str) -> list[Span]:
    tame = _ENDLESS_WORD.sub(lambda word: "x" * len(word[0]), paragraph)
    ends = {end for _, end in sent_spans(tame)}
    ends.update(found.end() for found in _MORE_ENDS.finditer(paragraph))
    ends.update(found.end() for found in _WORDS_NOT_SHORTENED.finditer(paragraph))
    ends.update(found.end() for found in _WORD_IN_FULL.finditer(paragraph))
    ends.add(len(paragraph))

    found: list[Span] = []
    start = 0
    worded = False  # whether the last sentence found has a word
    for end in sorted(ends):
        if hanging := _HANGING.match(paragraph, end):
            end = hanging.end()
        elif paragraph[end : end + 1] == "“" and _is_low_open(paragraph, start, end):
            end += 1
        first, last = _stripped(paragraph, start, end)
        if first == last:
            continue
        has_word = _WORD.search(paragraph, first, last) is not None
        if found and not (
            has_word and worded and _stands_alone(paragraph, found[-1], (first, last))
        ):
            found[-1] = (found[-1][0], last)
            worded = worded or has_word
        else:
            found.append((first, last))
            worded = has_word
        start = last
    return found


def _is_low_open(paragraph: str, start: int, end: int) -> bool:
    """Whether a quotation that „ began is open, so that “ closes it."""
    return paragraph.rfind("„", start, end) > paragraph.rfind("“", start, end)


def _stands_alone(paragraph: str, sentence: Span, following: Span) -> bool:
    """Whether the second of two pieces with words is a sentence of its own."""
    if _AND_SO_ON.match(paragraph, *following):
        return False
    tail = max(sentence[0], sentence[1] - _TAIL), sentence[1]
    if _TITLE_AT_END.search(paragraph, *tail):
        return False
    if _DAY_AT_END.search(paragraph, *tail) and _GERMAN_MONTH.match(paragraph, *following):
        return False
    if _GERMAN_DAY_AT_END.search(paragraph, *tail) and _MONTH.match(paragraph, *following):
        return False
    return sentence[0] > 0 or _NUMBER_AT_START.match(paragraph, *sentence) is None
