"""Texts that grow, and every pure function that sees a user's text, to be timed on them.

A family is a function of a length that makes a text of about that many characters. `tests/
test_growth.py` tries all of them briefly, `benchmarks/growth.py` at length.
"""

import contextlib
import gc
import importlib
import inspect
import io
import pkgutil
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
Family = Callable[[int], str]

PROSE = (
    "The harbour levy will start in March, the minister told reporters on Tuesday. “We do not "
    "expect delays,” said Ana Ruiz, who leads the port of Vell. Some 1,200 ships a year pay it; "
    "according to officials, 14 per cent of them are exempt.\n\n"
)


# --- families ------------------------------------------------------------------------------------


def again(unit: str) -> Family:
    return lambda length: (unit * (length // len(unit) + 1))[:length]


def nested(opening: str, closing: str) -> Family:
    half = len(opening) + len(closing)
    return lambda length: opening * (length // half) + closing * (length // half)


def framed(before: str, unit: str, after: str) -> Family:
    return lambda length: before + again(unit)(length) + after


def counted(made: Callable[[int], str]) -> Family:
    """Pieces that differ from one another, one for each number."""

    def family(length: int) -> str:
        pieces: list[str] = []
        size = 0
        while size < length:
            pieces.append(made(len(pieces)))
            size += len(pieces[-1])
        return "".join(pieces)[:length]

    return family


SIGNS = {
    "letter": "a", "capital": "A", "accented": "é", "digit": "7", "space": " ", "line end": "\n",
    "tab": "\t", "return": "\r", "no-break space": "\u00a0", "full stop": ".", "comma": ",",
    "question": "?", "exclamation": "!", "colon": ":", "semicolon": ";", "ellipsis": "…",
    "Arabic question": "؟", "Urdu stop": "۔", "danda": "।", "double danda": "॥",
    "ideographic stop": "。", "fullwidth exclamation": "！", "fullwidth question": "？",
    "halfwidth stop": "｡", "straight quote": '"', "apostrophe": "'", "curly opening": "“",
    "curly closing": "”", "single opening": "‘", "single closing": "’", "low quote": "„",
    "guillemet opening": "«", "guillemet closing": "»", "angle": "‹", "corner": "「",
    "corner closing": "」", "white corner": "『", "backquote": "`", "bracket": "[",
    "bracket closing": "]", "parenthesis": "(", "parenthesis closing": ")", "brace": "{",
    "fullwidth bracket": "【", "less": "<", "greater": ">", "ampersand": "&", "hash": "#",
    "asterisk": "*", "underscore": "_", "hyphen": "-", "dash": "—", "en dash": "–", "slash": "/",
    "backslash": "\\", "pipe": "|", "equals": "=", "plus": "+", "tilde": "~", "at": "@",
    "percent": "%", "dollar": "$", "copyright": "©", "combining acute": "\u0301",
    "combining pair": "\u0344", "mark of two classes": "\u0316", "Hebrew point": "\u05b0",
    "Arabic mark": "\u064b", "Indic vowel": "\u093e", "zero-width joiner": "\u200d",
    "zero-width space": "\u200b", "soft hyphen": "\u00ad", "byte order mark": "\ufeff",
    "override": "\u202e", "control": "\x08", "emoji": "😀", "ideograph": "港", "kana": "の",
    "Hangul": "한", "jamo": "\u1100", "Arabic": "ب", "Hebrew": "ב", "Devanagari": "क", "Thai": "ก",
    "Cyrillic": "ж", "Greek": "σ", "division": "÷", "times": "×", "middle dot": "·", "capital sigma": "Σ", "sharp s": "ß", "ligature": "ﷺ",
}  # fmt: skip

PIECES = {
    "two marks": "\u0301\u0316", "letter and mark": "e\u0301", "emoji family": "👩\u200d👧\u200d👦",
    "dots and spaces": ". ", "questions and spaces": "؟ ", "dandas and spaces": "। ",
    "stop and quote": ".”", "stop and straight quote": '."', "ideographic stop and quote": "。」",
    "quote and stop": "”.", "spaced quotes": '" ', "spaced apostrophes": "' ",
    "word and quote": 'a" ', "word and apostrophe": "a' ", "apostrophes in a word": "a'",
    "plural possessives": "workers' ", "straight pairs": '"a" ', "curly pairs": "“a” ",
    "openings and words": "“a ", "closings and words": "a” ", "low openings": "„a ",
    "mixed quotes": "“‘", "mixed closings": "’”", "backquote pairs": "``a'' ",
    "quote a line": "“a\n", "quote a paragraph": "“Aha\n\n", "single quote a paragraph": "‘Aha\n\n",
    "footnotes": ".[1]", "footnotes and words": "a.[12] ", "unclosed footnotes": ".[1",
    "initials": "U.S.", "small initials": "a.a.", "spaced initials": "A. ", "am and pm": "a.m. ",
    "titles": "Mr. ", "and so on": "etc. ", "months": "Dec. ", "German days": "am 3. ",
    "German dates": "am 3. Oktober ", "numbered": "1. ", "lettered": "(a) ",
    "digit groups": "1,000,", "points": "1.5.", "clock": "10:30:", "figures": "12 ", "years": "2021-",
    "dates": "1 May 2021 ", "ISO dates": "2021-05-01 ", "percent": "5% ", "money": "$5m ",
    "hyphenated": "a-", "dashed": "a — ", "double hyphens": "-- ", "capital and apostrophe": "O’",
    "capitals": "Ab ", "one word": "word ", "long words": "harbourmaster ", "denials": "not ",
    "says": "he said ", "said that": "said that he ", "according": "according to ",
    "lines": "a\n", "capital lines": "A word here\n", "paragraphs": "A word.\n\n",
    "list items": "- a\n", "crossed lines": "a\r", "blank lines": " \n",
    "wrapped lines": "the levy that the minister wants is to be raised in march and\n",
    "stars": "*a", "strong": "**a", "strong closed": "**a** ", "underscores": "_a", "links": "[a](b)",
    "link openings": "[a](", "link words": "[a", "nested links": "[a](http://a", "pictures": "![a](",
    "link targets": "](http://a(", "autolinks": "<http://a", "references": "[a]: b\n",
    "headings": "# a\n", "hashes": "# ", "setext": "a\n=\n", "quoted lines": "> ", "code": "`a",
    "fences": "```\n", "tables": "|a", "table rows": "|a|\n|-|\n", "entities": "&amp;",
    "open entities": "&am", "number entities": "&#x", "strikes": "~~a",
    "tags": "<a>", "open tags": "<a", "closed tags": "</a>", "tag pairs": "<p>a</p>",
    "open paragraphs": "<p>a", "comments": "<!--", "comment pairs": "<!-- a -->",
    "declarations": "<!a", "instructions": "<?a", "sections": "<![CDATA[", "attributes": "<a b='",
    "attribute pairs": "<a b=c ", "scripts": "<script>", "breaks": "<br>", "tables of tables": "<table>",
    "divisions": "<div>a", "list tags": "<li>a", "emphasis": "<b><i>", "addresses": "http://a.b/c ",
    "bare addresses": "www.a.b/", "mail": "a@b.c ", "notices": "© 2021 ", "copyrights": "copyright ",
    "years alone": "2021 2021", "datelines": "LIMA -- ", "agencies": "(AP) -- ",
    "slashes": "a / ", "labels": "Title: a\n", "bylines": "By Ana Ruiz ", "by": "by ",
    "credits": "Photo by ", "capital words": "Aaa Bbb ", "front matter": "---\n", "formula": "'=",
    "published": "published on ", "JSON": '{"a":', "JSON lists": "[",
}  # fmt: skip

FAMILIES: dict[str, Family] = (
    {"prose": again(PROSE)}
    | {f"only {name}": again(sign) for name, sign in SIGNS.items()}
    | {name: again(piece) for name, piece in PIECES.items()}
    | {
        "nested parentheses": nested("(", ")"),
        "nested brackets": nested("[", "]"),
        "nested links, closed": nested("[a", "](b)"),
        "nested quotes": nested("“", "”"),
        "nested guillemets": nested("«", "»"),
        "nested divisions": nested("<div>", "</div>"),
        "nested quotations": nested("<blockquote>", "</blockquote>"),
        "nested emphasis": nested("*a ", " b*"),
        "word of letters": framed("A ", "a", " is here. It is."),
        "word of marks": framed("A e", "\u0301", " is here. It is."),
        "stops before a word": framed("A", ".", "a"),
        "Arabic questions before a word": framed("A", "؟", "a"),
        "ideographic stops before a word": framed("A", "。", "”a"),
        "spaces before a word": framed("A", " ", "a"),
        "dashes before a word": framed("A", "-", "a"),
        "title of commas": framed("# ", ",", "\n\nThe levy starts in March. It is high."),
        "title of spaces": framed("# ", " ", "x\n\nThe levy starts in March. It is high."),
        "heading of hashes": framed("# a", " #", "x\n"),
        "front matter open": framed("---\n", "a: b\n", ""),
        "quotation without end": framed("“", "The levy starts in March. ", ""),
        "brackets without end": framed("[", "The levy starts in March. ", ""),
        "comment without end": framed("<p>a</p><!--", "The levy starts. ", ""),
        "script without end": framed("<p>a</p><script>", "The levy starts. ", ""),
        "page": framed("<html><body>", "<p>The levy starts in March. It is high.</p>", ""),
        "page of lists": framed("<html><body><ul>", "<li>The levy starts.", "</ul>"),
        "page of regions": framed("<html><body>", "<main><article>The levy starts.", ""),
        "declaration and comments": framed("<?xml?>", "<!-- a -->", "x"),
        "rules of a database": again("_" * 60 + "\n"),
        "numbers of a database": again("ProQuest document ID:\n"),
        "reference without end": framed("TY  - ", "a", ""),
        "numbered articles": again("1 of 2 DOCUMENTS\n\nLENGTH: 1 words\n\nAha.\n\n"),
        "words": counted(lambda n: f"word{n} "),
        "sentences": counted(lambda n: f"Ship {n} paid {n * 7} florins. "),
        "short paragraphs": counted(lambda n: f"Ship {n} paid.\n\n"),
        "quotations": counted(lambda n: f"“The levy is {n},” said Ana Ruiz. "),
        "speakers": counted(lambda n: f"Ana{n} said that ship {n} is late. "),
        "names": counted(lambda n: f"Ana{n} Ruiz{n} "),
        "numbers": counted(lambda n: f"{n} "),
        "figures that grow": counted(lambda n: f"{n},{n:03},000.{n} "),
        "powers": counted(lambda n: "é" * (n % 40) + " "),
        "scripts by turns": again("aжσבبक港の한ก "),
        "lines of no stop": counted(lambda n: f"Ship {n}\n"),
        "every sign": again("".join(SIGNS.values())),
        "every piece": again("".join(PIECES.values())),
    }
)  # fmt: skip


# --- what is timed -------------------------------------------------------------------------------


def pure_modules() -> Iterator[ModuleType]:
    """The modules that the house keeps free of Django, by its own list, and what they hold."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    contract = next(row for row in contracts if "nothing of Django" in row["name"])
    for name in contract["source_modules"]:
        module = importlib.import_module(name)
        yield module
        for found in pkgutil.walk_packages(getattr(module, "__path__", ()), f"{name}."):
            yield importlib.import_module(found.name)


def public_functions() -> set[str]:
    """The public functions that the pure modules define, as "module.name"."""
    return {
        f"{module.__name__}.{name}"
        for module in pure_modules()
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and function.__module__ == module.__name__
    }


def process_time(run: Callable[[], object]) -> float:
    """The seconds of processor that the call took, all threads together."""
    gc.disable()
    try:
        before = time.process_time()
        run()
        return time.process_time() - before
    finally:
        gc.enable()


# --- the table -----------------------------------------------------------------------------------

# Public functions that see no text of their own, and the timed one through which they are reached.
REACHED = dict.fromkeys(
    [
        "corpus.comparison.changes.changes_between",
        "corpus.comparison.changes.changes_in_pair",
        "corpus.comparison.changes.denials.clause",
        "corpus.comparison.changes.denials.counterparts",
        "corpus.comparison.changes.denials.denials",
        "corpus.comparison.changes.denials.phrase_at",
        "corpus.comparison.changes.denials.negation",
        "corpus.comparison.changes.exchanged.exchanged",
        "corpus.comparison.changes.exchanged.is_verb",
        "corpus.comparison.changes.exchanged.roles",
        "corpus.comparison.changes.figures.figures",
        "corpus.comparison.changes.frames.agree",
        "corpus.comparison.changes.frames.alike",
        "corpus.comparison.changes.frames.follows_mark",
        "corpus.comparison.changes.frames.frame",
        "corpus.comparison.changes.frames.is_content",
        "corpus.comparison.changes.frames.shared",
        "corpus.comparison.changes.opposites.finding",
        "corpus.comparison.changes.opposites.opposites",
        "corpus.comparison.changes.names.names",
        "corpus.comparison.changes.names.ranks",
        "corpus.comparison.changes.notes.note",
        "corpus.comparison.changes.pair.blocks",
        "corpus.comparison.changes.quantities.quantities",
        "corpus.comparison.changes.speech.attributions",
        "corpus.comparison.changes.speech.quotations",
        "corpus.comparison.changes.statements.is_mostly",
        "corpus.comparison.changes.statements.looks_like",
        "corpus.comparison.changes.statements.note",
        "corpus.comparison.changes.statements.quotation",
        "corpus.comparison.changes.statements.runs",
        "corpus.comparison.changes.statements.severity",
        "corpus.comparison.changes.substance.substance",
        "corpus.comparison.changes.tentative.done",
        "corpus.comparison.changes.wording.certainty",
        "corpus.comparison.changes.wording.strength",
        "corpus.comparison.relation.cues",
        "corpus.comparison.relation.direction",
        "corpus.comparison.relation.informed",
        "corpus.comparison.quotations.marks.is_titled",
        "corpus.comparison.relation.relation",
        "corpus.comparison.changes.dates.date_at",
        "corpus.comparison.changes.numbers.number_at",
        "corpus.comparison.windows.heaviest_increasing",
        "corpus.comparison.windows.is_coarse",
        "corpus.comparison.windows.windows",
        "corpus.comparison.rewording.in_other_words",
        "corpus.comparison.sentences.link",
        "corpus.comparison.words.edits",
        "corpus.comparison.words.is_coarse",
    ],
    "corpus.comparison.compare.compare",
) | {
    "corpus.text.cap_marks": "corpus.text.canonical",
    "corpus.imports.article.article": "corpus.imports.readers.read (page)",
    "corpus.imports.declared.declared": "corpus.imports.readers.read (page)",
    "corpus.imports.page.is_junk": "corpus.imports.readers.read (page)",
    "corpus.imports.page.is_unseen": "corpus.imports.readers.read (page)",
    "corpus.imports.page.is_wall": "corpus.imports.readers.read (page)",
    "corpus.imports.page.names_of": "corpus.imports.readers.read (page)",
    "corpus.imports.readers.read_all": "corpus.imports.readers.read",
    "corpus.imports.readers.reader_of": "corpus.imports.readers.read",
    "corpus.imports.page.blocks_of": "corpus.imports.readers.read (page)",
    "annotations.propagation.suggested_codes": "annotations.propagation.project",
    "annotations.spans.lanes": "annotations.spans.segments",
    "corpus.evidence.report.rows": "corpus.evidence.report.as_text",
    "corpus.comparison.wording.kind_of": "corpus.evidence.report.as_text",
    "corpus.imports.xml.refuse_declarations": "corpus.imports.xml.parsed",
    "corpus.imports.nexis_text.article": "corpus.imports.nexis_text.read",
    "corpus.imports.xml.words": "corpus.imports.xml.parsed",
    "corpus.comparison.wording.gaps": "corpus.evidence.report.as_text",
    "annotations.reader.page.relation_of": "annotations.reader.page.column",
    "annotations.reader.page.facings": "annotations.reader.page.column",
    "corpus.comparison.wording.label_beside": "annotations.reader.page.column",
    "corpus.comparison.wording.heading_of": "annotations.reader.page.column",
}
# And those that see no text at all.
WITHOUT_TEXT = frozenset(
    {
        "corpus.imports.exported.too_many",
        "annotations.history.reach",
        "annotations.states.touched_by",
        "annotations.positions.combine",
        "annotations.positions.derive",
        # These see titles, which an import cuts at 500 characters.
        "annotations.naming.apart",
        "annotations.naming.cut",
        "annotations.naming.headings",
        "annotations.naming.names",
        # These see codes of a codebook, never a text, and are timed by benchmarks/agreement.py.
        "annotations.agreement.alphas.alpha",
        "annotations.agreement.alphas.alpha_by",
        "annotations.agreement.alphas.alpha_per_code",
        "annotations.agreement.alphas.distance_of",
        "annotations.agreement.alphas.only_one",
        "annotations.agreement.coefficients.against_others",
        "annotations.agreement.coefficients.cohen",
        "annotations.agreement.coefficients.confusion",
        "annotations.agreement.coefficients.fleiss",
        "annotations.agreement.coefficients.gwet",
        "annotations.agreement.coefficients.holsti",
        "annotations.agreement.coefficients.pairwise",
        "annotations.agreement.coefficients.per_pair",
        "annotations.agreement.coefficients.percent",
        "annotations.agreement.coefficients.s",
        "annotations.agreement.coefficients.scott",
        "annotations.agreement.coefficients.weights_of",
        "annotations.agreement.intervals.interval",
        "annotations.agreement.intervals.student",
        "annotations.agreement.latent.dawid_skene",
        "annotations.agreement.links.b_cubed",
        "annotations.agreement.links.best_matching",
        "annotations.agreement.links.ceaf_e",
        "annotations.agreement.links.pairwise_f1",
        "annotations.agreement.links.presence",
        "annotations.agreement.matrices.icr",
        "annotations.agreement.matrices.kalpha",
        "annotations.agreement.matrices.key",
        "annotations.agreement.matrices.pygamma",
        "annotations.agreement.matrices.recal",
        "annotations.agreement.matrices.tidycomm",
        "annotations.agreement.repeats.drift",
        "annotations.agreement.repeats.version",
        "annotations.agreement.repeats.week",
        "annotations.agreement.repeats.with_herself",
        "annotations.agreement.sets.alpha_of_sets",
        "annotations.agreement.sets.dice",
        "annotations.agreement.sets.set_distance",
        "annotations.agreement.sets.sets_of",
        "annotations.agreement.summary.summarise",
        "annotations.agreement.tables.agreeing",
        "annotations.agreement.tables.counts_of",
        "annotations.agreement.tables.share",
        "annotations.agreement.unitizing.aligned",
        "annotations.agreement.unitizing.alpha_u",
        "annotations.agreement.unitizing.overlap",
        "annotations.agreement.unitizing.overlaps",
        "annotations.agreement.unitizing.token_table",
        "corpus.windows.around",
        "corpus.windows.from_paragraph",
        "corpus.windows.is_windowed",
        "corpus.windows.to_paragraph",
        "corpus.imports.readers.in_words",
    }
)

Runs = dict[str, Callable[[str], object]]


def timed() -> Runs:
    """What is called for each text, by the name of the function it is about."""
    return _corpus() | _imports() | _annotations()


def other(text: str) -> str:
    """The text with its two halves changed round and a sentence more: hard to compare with it."""
    middle = len(text) // 2
    return f"{text[middle:]} It is not so. {text[:middle]}"


def _corpus() -> Runs:
    from corpus import text as texts
    from corpus.comparison import changes, furniture, sentences, tokens, wording, words
    from corpus.comparison.compare import compare
    from corpus.comparison.quotations import marks, speakers
    from corpus.comparison.results import Passage
    from corpus.evidence import report
    from corpus.relatives import candidates

    def half(text: str) -> int:
        return len(text) // 2

    def compared(text: str) -> object:
        derived = other(text)
        comparison = compare(text, derived)
        report.rows(comparison, text, derived)
        return report.as_text(comparison, text, derived)

    return {
        "corpus.text.canonical": texts.canonical,
        "corpus.text.visible": texts.visible,
        "corpus.text.sha256": texts.sha256,
        "corpus.text.utf16_offset": lambda text: texts.utf16_offset(text, half(text)),
        "corpus.text.code_point_offset": lambda text: texts.code_point_offset(text, half(text)),
        "corpus.text.paragraphs": texts.paragraphs,
        "corpus.text.sentences": texts.sentences,
        "corpus.comparison.furniture.story": lambda text: furniture.story(
            text, tokens.tokenize(text), language="en"
        ),
        "corpus.comparison.tokens.tokenize": tokens.tokenize,
        "corpus.comparison.tokens.key": tokens.key,
        "corpus.comparison.tokens.fold": tokens.fold,
        "corpus.comparison.tokens.is_address": tokens.is_address,
        "corpus.comparison.quotations.speakers.quotations": speakers.quotations,
        "corpus.comparison.quotations.marks.quoted": marks.quoted,
        "corpus.comparison.compare.compare": lambda text: compare(text, other(text)),
        "corpus.comparison.changes.name_changes": lambda text: changes.name_changes(
            text, other(text)
        ),
        "corpus.comparison.sentences.align_sentences": lambda text: sentences.align_sentences(
            text.split("\n"), other(text).split("\n")
        ),
        "corpus.comparison.words.align_words": lambda text: words.align_words(
            text.split(), other(text).split()
        ),
        "corpus.comparison.words.steps": lambda text: words.steps(
            text.split(), other(text).split()
        ),
        "corpus.comparison.wording.label_of": lambda text: [
            wording.label_of(change) for change in changes.name_changes(text[:500], "It is not so.")
        ],
        "corpus.comparison.wording.verdict": lambda text: wording.verdict(
            compare("a", "b", source_title=text)
        ),
        "corpus.evidence.report.as_text": compared,
        "corpus.evidence.report.in_context": lambda text: report.in_context(
            text, Passage(half(text), half(text) + 1, text[half(text) :][:1])
        ),
        "corpus.relatives.candidates.shingles": candidates.shingles,
        "corpus.relatives.candidates.candidates": lambda text: candidates.candidates(
            [(1, text), (2, other(text))]
        ),
    }


def _imports() -> Runs:
    from corpus.comparison.language import guessing
    from corpus.imports import (
        agencies,
        databases,
        europresse,
        exported,
        factiva,
        factiva_xml,
        guess,
        news_json,
        nexis,
        nexis_docx,
        nexis_html,
        nexis_text,
        proquest,
        readers,
        xml,
    )
    from corpus.imports.reading import Metadata, Provenance, ReadingError
    from corpus.text import TextError
    from tests.corpus import exports

    def tried(run: Callable[[], object]) -> object:
        try:
            return run()
        except TextError as error:
            return error

    def articles(
        module: ModuleType, framed: Callable[[str], str | bytes] = str
    ) -> Callable[[str], object]:
        def reading(text: str) -> object:
            data = framed(text)
            stream = io.BytesIO(data if isinstance(data, bytes) else data.encode())
            return tried(lambda: list(module.read(stream)))

        return reading

    def written(text: str) -> exports.Article:
        return replace(exports.ARTICLES[0], paragraphs=(text[: len(text) // 2], text))

    def read(name: str) -> Callable[[str], object]:
        def reading(text: str) -> object:
            try:
                return readers.read(text.encode(), name=name)
            except ReadingError as error:
                return error

        return reading

    def pasted(text: str) -> object:
        try:
            return readers.read_pasted(text, name="a")
        except ReadingError as error:
            return error

    return {
        "corpus.imports.guess.first_date": guess.first_date,
        "corpus.imports.guess.dateline": guess.dateline,
        "corpus.imports.guess.guess": guess.guess,
        "corpus.comparison.language.guessing.guess": guessing.guess,
        "corpus.comparison.language.guessing.lists_for": guessing.lists_for,
        "corpus.imports.databases.refusal": lambda text: databases.refusal(text.encode()),
        "corpus.imports.nexis_text.is_export": lambda text: nexis_text.is_export(text.encode()),
        "corpus.imports.exported.byline": exported.byline,
        "corpus.imports.exported.language": exported.language,
        "corpus.imports.exported.number": exported.number,
        "corpus.imports.xml.parsed": lambda text: tried(
            lambda: xml.words(xml.parsed(f"<a>{text}</a>".encode()))
        ),
        "corpus.imports.exported.count_words": exported.count_words,
        "corpus.imports.exported.document": lambda text: tried(
            lambda: exported.document(Metadata(title=text), text.split("\n"), Provenance())
        ),
        "corpus.imports.nexis.article": lambda text: tried(lambda: nexis.article(text.split("\n"))),
        "corpus.imports.nexis_docx.is_export": lambda text: nexis_docx.is_export(text.encode()),
        "corpus.imports.nexis_docx.read": articles(
            nexis_docx, lambda text: exports.nexis_docx([written(text)])
        ),
        "corpus.imports.nexis_text.read": articles(nexis_text),
        "corpus.imports.nexis_html.is_export": lambda text: nexis_html.is_export(text.encode()),
        "corpus.imports.nexis_html.read": articles(
            nexis_html, lambda text: f"<p><DOCFULL> --><div><p>{text}</p></div>"
        ),
        "corpus.imports.factiva.is_export": lambda text: factiva.is_export(text.encode()),
        "corpus.imports.factiva.read": articles(
            factiva,
            lambda text: (
                f"<div class='article enArticle'><div>{text}</div><p class='articleParagraph'>{text}"
            ),
        ),
        "corpus.imports.factiva_xml.is_export": lambda text: factiva_xml.is_export(text.encode()),
        "corpus.imports.factiva_xml.read": articles(
            factiva_xml, lambda text: exports.factiva_xml([written(text)])
        ),
        "corpus.imports.europresse.is_export": lambda text: europresse.is_export(text.encode()),
        "corpus.imports.europresse.read": articles(
            europresse, lambda text: exports.europresse_old([written(text)])
        ),
        "corpus.imports.europresse.read (new)": articles(
            europresse, lambda text: exports.europresse_new([written(text)])
        ),
        "corpus.imports.agencies.is_item": lambda text: agencies.is_item(text.encode()),
        "corpus.imports.agencies.read": articles(
            agencies, lambda text: exports.newsml_g2([written(text)] * 3)
        ),
        "corpus.imports.news_json.is_news": lambda text: news_json.is_news(text.encode()),
        "corpus.imports.news_json.read": articles(
            news_json, lambda text: exports.ninjs_1(written(text))
        ),
        "corpus.imports.proquest.is_export": lambda text: proquest.is_export(text.encode()),
        "corpus.imports.proquest.read": articles(
            proquest, lambda text: exports.proquest_text([written(text)])
        ),
        "corpus.imports.readers.read": read("a.txt"),
        "corpus.imports.readers.read (Markdown)": read("a.md"),
        "corpus.imports.readers.read (page)": read("a.html"),
        "corpus.imports.readers.read_pasted": pasted,
    }


def _annotations() -> Runs:
    from annotations import (
        edits,
        passages,
        propagation,
        restating,
        selectors,
        similarity,
        sources,
        spans,
    )
    from annotations.agreement.files import FileError, read_table
    from annotations.exports import jsonl, tables
    from annotations.forms import words
    from annotations.reader import page, pieces
    from annotations.states import AnnotationState, ClaimState, TargetState
    from corpus.comparison.compare import compare
    from corpus.comparison.quotations import quotations
    from corpus.comparison.results import Quotation, Span
    from corpus.text import paragraphs, sentences

    def anchored(text: str) -> object:
        position = selectors.TextPosition(len(text) // 3, 2 * len(text) // 3)
        try:
            return selectors.anchor(text, selectors.TextQuote.from_position(text, position))
        except selectors.AnchorError as error:
            return error

    def found(text: str) -> object:
        """The middle of the text, as it stands and with another ending."""
        middle = text[len(text) // 3 : 2 * len(text) // 3]
        for sought in (middle, f"{middle} not", f"{middle}not"):
            with contextlib.suppress(ValueError):
                selectors.find_words(text, sought, start=0, end=len(text))
        return None

    def read_as(text: str) -> pieces.Text:
        cut = tuple(paragraphs(text)), tuple(sentences(text))
        return pieces.Text(1, "A", text, *cut, tuple(quotations(text)))

    def marks(text: str) -> list[pieces.Mark]:
        """A mark on every sentence, and one over everything."""
        marked = [*sentences(text), (0, len(text))]
        return [pieces.Mark(f"{n:032}", 1, *span, claim=n) for n, span in enumerate(marked)]

    def shown(text: str) -> object:
        source, derived = read_as(text), read_as(other(text))
        comparison = compare(text, derived.text)
        facing, _ = page.facings(source, derived, comparison)
        page.relation_of(comparison)
        return page.column(source, facing=[facing], marks=marks(text))

    def some(text: str) -> object:
        document = read_as(text)
        return page.some_blocks(document, [0][: len(document.paragraphs)], marks=marks(text))

    def projected(text: str) -> object:
        derived = other(text)
        comparison = compare(text, derived)
        passages.counterpart(comparison, derived, start=0, end=len(text))
        return propagation.project(comparison, (0, len(text)), source=text, derived=derived)

    def edited(text: str) -> object:
        before = AnnotationState("commenting", (TargetState(1, 0, 1, text),), note=text)
        return edits.in_words(before, AnnotationState("commenting", ()), edits.Names())

    def claimed(text: str) -> object:
        return edits.claim_in_words(ClaimState("a"), ClaimState(text, text), edits.Names())

    def attributed(text: str) -> object:
        made = [
            Quotation(Span(at, at + 9), None, Span(at, at + 2), True) for at in range(len(text))
        ]
        return sources.attribution(made, start=0, end=len(text))

    def tabulated(text: str) -> object:
        try:
            return read_table(text.encode("utf-8", "surrogatepass"))
        except FileError as error:
            return error

    def cut(text: str) -> object:
        """Spans that overlap as deep as a page shows them, all along the text."""
        made = [(at, min(at + 40, len(text))) for at in range(len(text))]
        spans.lanes(made)
        return spans.segments(0, len(text), made)

    return {
        "annotations.selectors.anchor": anchored,
        "annotations.edits.in_words": edited,
        "annotations.edits.claim_in_words": claimed,
        "annotations.similarity.nearest": lambda text: similarity.nearest(
            text, [other(text), *text.split("\n")]
        ),
        "annotations.restating.restated": lambda text: restating.restated(text, [other(text)]),
        "annotations.sources.attribution": attributed,
        "annotations.spans.segments": cut,
        "annotations.reader.page.column": shown,
        "annotations.reader.page.some_blocks": some,
        "annotations.propagation.project": projected,
        "annotations.selectors.find_words": found,
        "annotations.forms.words.shorten": words.shorten,
        "annotations.forms.words.quoted": words.quoted,
        "annotations.agreement.files.read_table": tabulated,
        "annotations.passages.context": lambda text: passages.context(
            text, [(0, len(text))], start=0, end=len(text)
        ),
        "annotations.exports.tables.defused": tables.defused,
        "annotations.exports.tables.restored": tables.restored,
        "annotations.exports.jsonl.as_line": jsonl.as_line,
    }


# --- the judgement -------------------------------------------------------------------------------

ORDINARY = 15  # times what prose of the same length takes, and at least LEAST seconds: not slow
LEAST = 0.006
STEPS = 4  # a text of so many times the length
STEEP = 2.9  # times as long again as its length says: the square would be 4 times


def size_for(run: Callable[[str], object], *, seconds: float, most: int) -> int:
    """The length of prose that takes a function so long, between 500 characters and the most."""
    length = 500
    text = FAMILIES["prose"](length)
    run(text)  # what is loaded once is loaded now
    while length < most and process_time(partial(run, text)) < seconds:
        length *= 2
        text = FAMILIES["prose"](length)
    return length


def slow_families(
    run: Callable[[str], object],
    *,
    seconds: float,
    most: int,
    families: Mapping[str, Family] = FAMILIES,
) -> list[str]:
    """The families that take a function far longer than prose, or longer than their length says.

    A noisy machine only ever adds time, so the shortest of some tries counts. What is steep at
    first and then levels off, because the function has a limit of its own, is no fault.
    """
    length = size_for(run, seconds=seconds, most=most)
    prose = min(process_time(partial(run, FAMILIES["prose"](length))) for _ in range(3))
    bound = ORDINARY * max(prose, LEAST)
    slow = []
    for name, family in families.items():
        if process_time(partial(run, family(length))) < 4 * max(prose, LEAST):
            continue
        times = [
            min(process_time(partial(run, family(size))) for _ in range(tries))
            for size, tries in ((length, 3), (STEPS * length, 2))
        ]
        if STEPS * bound > times[1] > bound and times[1] > STEPS * STEEP * times[0]:
            times.append(process_time(partial(run, family(STEPS**2 * length))))
        if times[-1] > STEPS ** (len(times) - 1) * bound or (
            len(times) > 2 and times[2] > STEPS * STEEP * times[1]
        ):
            told = ", ".join(f"{time * 1000:.0f}" for time in times)
            slow.append(f"{name}: {told} ms, each {STEPS} times as long (prose {prose * 1000:.0f})")
    return slow
