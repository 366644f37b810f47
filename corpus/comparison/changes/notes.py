"""What is said of a change, in words that tell an editor what happened to the text."""

from collections.abc import Callable

from corpus.text import visible

from ..language.lists import lists
from ..results import Span
from ..tokens import fold
from .pair import Finding

_LONG = 60
"""Characters of a passage that a note quotes."""


def note(finding: Finding, source: str, derived: str) -> str:
    """The reason for a finding, quoting the words of both texts.

    A passage of the finding's `about` is quoted in place of the changed words themselves.
    """
    left = _quoted(source, finding.about[0] or finding.source)
    right = _quoted(derived, finding.about[1] or finding.derived)
    if finding.source and finding.derived:
        return _CHANGED.get(finding.reason, _became)(left, right, finding.shift)
    if finding.source:
        return _DROPPED.get(finding.reason, "{} is left out").format(left)
    return _ADDED.get(finding.reason, "{} is put in").format(right)


def _quoted(text: str, span: Span | None) -> str:
    if span is None:
        return ""
    words = " ".join(visible(text[span.start : min(span.end, span.start + 4 * _LONG)]).split())
    if len(words) > _LONG:
        words = words[:_LONG].rpartition(" ")[0] or words[:_LONG]
        words += " …"
    # Marks inside marks are hard to read.
    words = words.strip('“”"„«» ').rstrip(",;:")
    return f"“{words}”"


def _became(left: str, right: str, shift: int) -> str:
    return f"{left} became {right}"


def _with(words: str) -> Callable[[str, str, int], str]:
    return lambda left, right, shift: f"{left} became {right}, {words}"


def _surer(left: str, right: str, shift: int) -> str:
    return f"{left} became {right}: {'surer' if shift > 0 else 'less sure'} than before"


def _undenied(left: str, right: str, shift: int) -> str:
    reversal = "what was denied is now told" if shift > 0 else "what was told is now denied"
    return f"{left} became {right}: {reversal}"


def _toned(left: str, right: str, shift: int) -> str:
    if shift:
        return f"{left} became {right}: a {'stronger' if shift > 0 else 'weaker'} word"
    known = lists()
    groups = known.verb_strength.get(known.stem(fold(right.strip("“”"))))
    return (
        f"{left} became {right}: {known.tones[min(groups)]}" if groups else f"{left} became {right}"
    )


_CHANGED: dict[str, Callable[[str, str, int], str]] = {
    "quotation": lambda left, right, _: f"inside the quotation marks {left} became {right}",
    "quotation reworded": lambda *_: "the quotation is worded differently throughout",
    "quotation words": lambda *_: "the same quotation with small words changed",
    "quotation cut": lambda left, right, shift: (
        f"the quotation goes on, to {right}" if shift > 0 else f"the quotation is cut to {right}"
    ),
    "quotation hinge": lambda left, right, shift: (
        f"{right} is put in, on which the rest of the quotation hangs"
        if shift > 0
        else f"{left} is left out, on which the rest of the quotation hangs"
    ),
    "marks": lambda *_: "quotation marks differ",
    "speaker": lambda left, right, _: f"said by {right}, no longer by {left}",
    "source": lambda left, right, _: f"the source was {left} and is {right}",
    "rounding": _with("rounded"),
    "spelling": _with("another spelling or another name"),
    "opposite": _with("its opposite"),
    "exchanged": lambda left, right, _: f"{left} and {right} changed places",
    "denial": _undenied,
    "certainty": _surer,
    "strength": _toned,
    "degree": _with("another degree"),
}
_DROPPED = {
    "quotation": "the quotation {} is left out",
    "marks": "{} is kept without its quotation marks",
    "source": "the source {} is left out",
    "title": "the title {} is left out",
    "loaded": "{}, a word that judges, is left out",
    "scare": "the quotation marks around {}, which keep a distance, are taken off",
    "negation": "{} is no longer denied",
    "certainty": "{} is left out: surer than before",
    "booster": "{} is left out: less sure than before",
}
_ADDED = {
    "quotation": "the quotation {} is put in",
    "marks": "quotation marks are put around {}",
    "source": "the source {} is put in",
    "title": "the title {} is put in",
    "loaded": "{}, a word that judges, is put in",
    "scare": "quotation marks that keep a distance are put around {}",
    "negation": "{} is now denied",
    "certainty": "{} is put in: less sure than before",
    "booster": "{} is put in: surer than before",
}
