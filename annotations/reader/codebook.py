"""The codebook as the reading page shows it: a value, made once for each of its versions.

Whatever changes a codebook counts its version up and keeps it, so the version as it was kept says
what the variables and codes are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from annotations.models import Code, CodebookVersion, Variable
from annotations.vocabulary import POSITION, PRESENCE, VOICE
from corpus.models import Collection
from corpus.remembered import Remembered


@dataclass(frozen=True, slots=True)
class CodeValue:
    """A code; `guide` is the HTML of what the codebook says of it."""

    pk: int
    key: str
    label: str
    colour: int
    retired: bool
    shortcut: str
    guide: SafeString


@dataclass(frozen=True, slots=True)
class VariableValue:
    """A variable with its codes, in the codebook's order."""

    pk: int
    key: str
    label: str
    question: str
    level: tuple[str, ...]
    choice: str
    codes: tuple[CodeValue, ...]


@dataclass(frozen=True, slots=True)
class CodebookValue:
    """The variables in order; `buttons` and `commands` are the HTML of the bar that marks.

    `labels` are those of the quick buttons by (voice, position); voice None fits any.
    """

    version: tuple[int, int, datetime] | None
    variables: tuple[VariableValue, ...]
    labels: dict[tuple[str | None, str], str]
    buttons: SafeString
    commands: SafeString

    def coded(self) -> Iterator[tuple[VariableValue, CodeValue]]:
        """Every code with its variable, in the codebook's order."""
        for variable in self.variables:
            for code in variable.codes:
                yield variable, code

    @property
    def of_documents(self) -> list[VariableValue]:
        """The questions asked of a document as a whole, except whether it leaves a claim out."""
        return [
            variable
            for variable in self.variables
            if "document" in variable.level
            and variable.choice == Variable.Choice.ONE
            and variable.key != PRESENCE
            and variable.codes
        ]


# Variables and codes; the largest codebook there may be has 2,200 of them.
_REMEMBERED: Remembered[tuple[int, int, datetime], CodebookValue] = Remembered(20_000)


def codebook_of(collection: Collection) -> CodebookValue:
    """The collection's codebook today; one query where this version was read before."""
    version = _version(collection)
    found = version and _REMEMBERED.get(version)
    if found:
        return found
    made = _read(collection, version)
    # Unless it was changed while it was read.
    if version and version == _version(collection):
        _REMEMBERED.keep(version, made, weight=1 + sum(1 for _ in made.coded()))
    return made


def _version(collection: Collection) -> tuple[int, int, datetime] | None:
    """The codebook, its version, and when that was kept: keys alone may come back, with a backup."""
    return (
        CodebookVersion.objects.filter(codebook__collection=collection)
        .order_by("-version")
        .values_list("codebook", "version", "created")
        .first()
    )


def _read(collection: Collection, version: tuple[int, int, datetime] | None) -> CodebookValue:
    rows = (
        Variable.objects.filter(codebook__collection=collection)
        .prefetch_related("codes")
        .order_by("order", "pk")
    )
    quick: list[Any] = []
    variables = []
    for row in rows:
        codes = sorted(row.codes.all(), key=lambda code: (code.order, code.pk))
        variables.append(
            VariableValue(
                row.pk,
                row.key,
                row.label,
                row.question,
                tuple(row.level),
                row.choice,
                tuple(map(_code, codes)),
            )
        )
        if row.key == POSITION:
            quick = row.quick_buttons or []
    return CodebookValue(
        version,
        tuple(variables),
        {(voice, position): label for _, label, voice, position in quick},
        _buttons(variables, quick),
        _commands(variables, buttoned={POSITION} if quick else set()),
    )


def _code(row: Code) -> CodeValue:
    return CodeValue(
        row.pk, row.key, row.label, row.colour, row.retired, row.shortcut, guide_of(row)
    )


def guide_of(code: Code) -> SafeString:
    """What the codebook says of a code, escaped."""
    parts = [f"<b>{escape(code.label)}</b> {escape(code.definition)}"]
    parts += [
        f" <span><i>{name}:</i> {escape(words)}</span>"
        for name, words in (
            ("Include", code.include),
            ("Not", code.exclude),
            ("Example", code.example),
        )
        if words
    ]
    return SafeString(f'<span class="guide-code">{"".join(parts)}</span>')  # escaped above


def _buttons(variables: list[VariableValue], quick: list[Any]) -> SafeString:
    named = {(row.key, code.key): code for row in variables for code in row.codes}
    buttons = [
        {
            "key": key,
            "label": label,
            "value": f"{voice or ''}:{code}",
            "codes": [named[pair] for pair in ((VOICE, voice), (POSITION, code)) if pair in named],
        }
        for key, label, voice, code in quick
    ]
    return render_to_string("annotations/marking_bar.html#buttons", {"buttons": buttons})


def _commands(variables: list[VariableValue], *, buttoned: set[str]) -> SafeString:
    commands = [
        (variable, code)
        for variable in variables
        if "passage" in variable.level and variable.key not in buttoned
        for code in variable.codes
        if not code.retired
    ]
    return render_to_string("annotations/marking_bar.html#commands", {"commands": commands})
