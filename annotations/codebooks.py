"""Codebooks as JSON: what makes one valid, and what differs between two, in words."""

import json
import math
import re
from collections.abc import Iterable, Iterator
from string import ascii_lowercase, digits
from typing import Any

from .vocabulary import POSITION, VOICE

LEVELS = ("document", "claim", "passage", "pair")
KEY = re.compile(r"[-a-zA-Z0-9_]{1,60}")
PALETTE = 8
# The default codebook is 7 deep; a program's stack and a person's patience end somewhere.
DEEPEST = 12
# Far beyond any codebook that people code with; each code is a row, a button and a place on pages.
MOST_VARIABLES, MOST_CODES = 200, 2_000
LONGEST_TEXT, MOST_SENTENCES = 5_000, 200
LARGEST = 2_000_000  # bytes of a file, and characters of the JSON
# Databases keep no NUL in text, and no encoding writes half of a surrogate pair.
UNWRITABLE = re.compile("[\0\ud800-\udfff]")
# Variables are named as keyword arguments beside it (AnnotationState.coded).
TAKEN_KEYS = frozenset({"self"})
# What the reading page itself listens to: its letters, the buttons and menus, help and paging. A
# shortcut of a code may be none of them, or pressing it would do two things.
READER_KEYS = frozenset("abcejklmnopsuvxz" + "123456789" + "?[]")
SHORTCUTS = tuple(key for key in ascii_lowercase + digits if key not in READER_KEYS)
FREE_SHORTCUTS = f"{', '.join(SHORTCUTS[:-1])} and {SHORTCUTS[-1]}"

Json = dict[str, Any]


class CodebookError(ValueError):
    """The JSON is no codebook; the message names the place and the reason."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")


def read(data: bytes, name: str) -> Json:
    """The codebook in a JSON file of that name; raises CodebookError with name and line."""
    if len(data) > LARGEST:
        raise CodebookError(name, f"is larger than {LARGEST // 1_000_000} MB")
    try:
        return check(json.loads(data.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise CodebookError(name, "is not UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise CodebookError(f"{name}, line {error.lineno}", error.msg) from error
    except CodebookError as error:
        raise CodebookError(name, str(error)) from error
    except RecursionError as error:
        raise CodebookError(name, f"lists and objects stand more than {DEEPEST} deep") from error
    except ValueError as error:  # Python reads no number of more than 4300 digits
        raise CodebookError(name, "there is a number too long to read") from error


def check(data: Any) -> Json:
    """The same data, if it is a codebook by docs/formats.md; raises CodebookError otherwise."""
    book = _object(data, "codebook")
    _storable(book, "")
    if len(json.dumps(book, ensure_ascii=False)) > LARGEST:
        raise CodebookError("codebook", f"is longer than {LARGEST:,} characters of JSON")
    _words(book, "name", "codebook", most=200)
    _text(book, "licence", "codebook", most=100)
    _sentences(book, "unit_rules", "codebook")
    variables = _list(book.get("variables"), "variables")
    if not variables:
        raise CodebookError("variables", "a codebook needs at least one")
    flat = list(_all_variables(variables, ["passage"]))
    if len(flat) > MOST_VARIABLES:
        reason = f"there are {len(flat):,}; a codebook has at most {MOST_VARIABLES}"
        raise CodebookError("variables", reason)
    number = sum(len(_list(row.get("codes", []), f"{place}, codes")) for place, row, _ in flat)
    if number > MOST_CODES:
        reason = f"there are {number:,}, retired ones too; a codebook has at most {MOST_CODES:,}"
        raise CodebookError("codes", reason)
    _unique((variable["key"], place) for place, variable, _ in flat)
    for place, variable, _ in flat:
        _check_variable(variable, place)
    codes = {variable["key"]: variable.get("codes", []) for _, variable, _ in flat}
    keys = {variable: {code["key"] for code in of} for variable, of in codes.items()}
    for place, variable, _ in flat:
        _check_buttons(variable, place, keys)
    _check_shortcuts(flat)
    return book


def _all_variables(variables: list[Any], above: list[str]) -> Iterator[tuple[str, Json, list[str]]]:
    """Each variable with its place and its levels, which are those `above` where it names none."""
    for number, item in enumerate(variables, start=1):
        variable = _object(item, _place("variable", number, item))
        _key(variable, _place("variable", number, item))
        place = _place("variable", number, item)
        if variable["key"] in TAKEN_KEYS:
            raise CodebookError(f"{place}, key", "the program needs this word; choose another")
        level = variable.get("level", above)
        levels = [level] if isinstance(level, str) else _list(level, f"{place}, level")
        if not levels:
            raise CodebookError(f"{place}, level", f"name one or more of {', '.join(LEVELS)}")
        for name in levels:
            if name not in LEVELS:
                raise CodebookError(f"{place}, level", f"“{name}” is none of {', '.join(LEVELS)}")
        yield place, variable, levels
        yield from _all_variables(_list(variable.get("fields", []), f"{place}, fields"), levels)


def _check_variable(variable: Json, place: str) -> None:
    _words(variable, "label", place, most=120)
    for field in ("question", "note"):
        _text(variable, field, place)
    _sentences(variable, "rules", place)
    _yes_or_no(variable, "core", place)
    for field, choices in (("choice", ("one", "many")), ("scale", ("nominal", "ordinal"))):
        if variable.get(field, choices[0]) not in choices:
            raise CodebookError(f"{place}, {field}", f"must be {' or '.join(choices)}")
    codes = _list(variable.get("codes", []), f"{place}, codes")
    for number, item in enumerate(codes, start=1):
        _check_code(item, f"{place}, {_place('code', number, item)}")
    _unique((code["key"], f"{place}, code “{code['key']}”") for code in codes)
    known = [code["key"] for code in codes]
    for field in ("order", "missing"):
        for key in _list(variable.get(field, []), f"{place}, {field}"):
            if key not in known:
                raise CodebookError(f"{place}, {field}", f"there is no code “{key}”")


def _check_code(item: Any, place: str) -> None:
    code = _object(item, place)
    _key(code, place)
    _words(code, "label", place, most=120)
    for field in ("definition", "include", "exclude", "example", "shortcut"):
        _text(code, field, place)
    _yes_or_no(code, "retired", place)
    colour = code.get("colour", 0)
    if type(colour) is not int or not 0 <= colour <= PALETTE:
        raise CodebookError(f"{place}, colour", f"must be a number from 0 to {PALETTE}")


def _check_buttons(variable: Json, place: str, codes: dict[str, set[str]]) -> None:
    """Each row of quick_buttons is [shortcut, label, code of voice or null, code of position]."""
    rows = _list(variable.get("quick_buttons", []), f"{place}, quick_buttons")
    free = set("123456789")
    for number, row in enumerate(rows, start=1):
        here = f"{place}, button {number}"
        match row:
            case [str() as shortcut, str(), str() | None as voice, str() as position]:
                named = ((VOICE, voice), (POSITION, position))
            case _:
                raise CodebookError(
                    here,
                    "must be a list of shortcut, label, code of voice or null, code of position",
                )
        if shortcut not in free:
            raise CodebookError(here, "its shortcut must be a digit from 1 to 9 of its own")
        free.remove(shortcut)
        for key, code in named:
            if code is not None and code not in codes.get(key, set()):
                raise CodebookError(here, f"the variable “{key}” has no code “{code}”")


def _check_shortcuts(variables: list[tuple[str, Json, list[str]]]) -> None:
    """A code is set on a passage by its shortcut, so no two codes on offer there may share one."""
    taken: dict[str, str] = {}
    for place, variable, levels in variables:
        for code in variable.get("codes", []):
            shortcut = code.get("shortcut")
            if not shortcut or code.get("retired"):
                continue
            here = f"{place}, code “{code['key']}”, shortcut"
            if "passage" not in levels:
                raise CodebookError(here, NOT_ON_PASSAGES)
            if fault := shortcut_fault(shortcut):
                raise CodebookError(here, fault)
            if shortcut in taken:
                raise CodebookError(here, f"“{shortcut}” is that of “{taken[shortcut]}” already")
            taken[shortcut] = code["label"]


NOT_ON_PASSAGES = "only codes of passages can have one"


def shortcut_fault(shortcut: str) -> str:
    """Why no code may have the shortcut, in words; empty where one may."""
    if shortcut in SHORTCUTS:
        return ""
    if shortcut in READER_KEYS:
        return f"the reading page uses “{shortcut}” itself; free are {FREE_SHORTCUTS}"
    return f"must be one of {FREE_SHORTCUTS}"


def _storable(value: Any, place: str, depth: int = 1) -> None:
    """Refuse what JSON for Python can say and a database or a page cannot."""
    if isinstance(value, str):
        if UNWRITABLE.search(value):
            raise CodebookError(place, "holds a character that cannot be stored")
    elif isinstance(value, float) and not math.isfinite(value):
        raise CodebookError(place, "must be an ordinary number")
    elif isinstance(value, dict | list) and depth > DEEPEST:
        raise CodebookError(place, f"lists and objects stand more than {DEEPEST} deep")
    elif isinstance(value, dict):
        for key, item in value.items():
            _storable(key, place or "codebook")
            _storable(item, f"{place}, {key}" if place else key, depth + 1)
    elif isinstance(value, list):
        for number, item in enumerate(value, start=1):
            _storable(item, _place(place, number, item), depth + 1)


def _place(kind: str, number: int, item: Any) -> str:
    """What people call the item: by its key where it has a good one, by its number otherwise."""
    key = item.get("key") if isinstance(item, dict) else None
    named = isinstance(key, str) and KEY.fullmatch(key)
    return f"{kind} “{key}”" if named else f"{kind} {number}"


def _object(value: Any, place: str) -> Json:
    if not isinstance(value, dict):
        raise CodebookError(place, "must be an object")
    return value


def _list(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise CodebookError(place, "must be a list")
    return value


def _text(data: Json, field: str, place: str, *, most: int = LONGEST_TEXT) -> None:
    value = data.get(field, "")
    if not isinstance(value, str):
        raise CodebookError(f"{place}, {field}", "must be text")
    if len(value) > most:
        raise CodebookError(f"{place}, {field}", f"is longer than {most:,} characters")


def _words(data: Json, field: str, place: str, *, most: int) -> None:
    _text(data, field, place, most=most)
    if not data.get(field, "").strip():
        raise CodebookError(f"{place}, {field}", "is missing")


def _sentences(data: Json, field: str, place: str) -> None:
    sentences = _list(data.get(field, []), f"{place}, {field}")
    if len(sentences) > MOST_SENTENCES:
        raise CodebookError(f"{place}, {field}", f"has more than {MOST_SENTENCES} sentences")
    for number, item in enumerate(sentences, start=1):
        if not isinstance(item, str):
            raise CodebookError(f"{place}, {field}", "must be a list of sentences")
        if len(item) > LONGEST_TEXT:
            reason = f"sentence {number} is longer than {LONGEST_TEXT:,} characters"
            raise CodebookError(f"{place}, {field}", reason)


def _yes_or_no(data: Json, field: str, place: str) -> None:
    if not isinstance(data.get(field, False), bool):
        raise CodebookError(f"{place}, {field}", "must be true or false")


def _key(data: Json, place: str) -> None:
    value = data.get("key")
    if not isinstance(value, str) or not KEY.fullmatch(value):
        raise CodebookError(
            f"{place}, key", "must be 1 to 60 letters, digits, hyphens or underscores"
        )


def _unique(keys: Iterable[tuple[str, str]]) -> None:
    seen: set[str] = set()
    for key, place in keys:
        if key in seen:
            raise CodebookError(place, f"the key “{key}” is there twice")
        seen.add(key)


# Differences ---------------------------------------------------------------------------------------

NAMES = {
    "label": "label",
    "question": "question",
    "rules": "rules",
    "level": "levels",
    "choice": "choice",
    "scale": "scale",
    "definition": "definition",
    "include": "“include”",
    "exclude": "“exclude”",
    "example": "example",
    "colour": "colour",
    "shortcut": "shortcut",
    "name": "name",
    "order": "order on the scale",
    "missing": "codes that stand for no answer",
    "quick_buttons": "buttons",
}


def differences(before: Json, after: Json) -> list[str]:
    """What changed from one version to the next, a sentence each, in the codebook's order."""
    return list(_differences(before, after))


def _differences(before: Json, after: Json) -> Iterator[str]:
    if before.get("name") != after.get("name"):
        yield f"The codebook “{before.get('name')}” is now called “{after.get('name')}”."
    old = {variable["key"]: variable for variable in _flat(before)}
    new = {variable["key"]: variable for variable in _flat(after)}
    for key, variable in old.items():
        if key not in new:
            yield f"Variable “{variable['label']}” removed."
    for key, variable in new.items():
        if key not in old:
            yield f"Variable “{variable['label']}” added."
            continue
        yield from _fields(
            old[key],
            variable,
            f"Variable “{variable['label']}”",
            (
                "label",
                "question",
                "rules",
                "level",
                "choice",
                "scale",
                "order",
                "missing",
                "quick_buttons",
            ),
        )
        yield from _codes(old[key], variable)
    shared = [key for key in old if key in new]
    if shared != [key for key in new if key in old]:
        yield "Variables reordered."


def _codes(before: Json, after: Json) -> Iterator[str]:
    label = after["label"]
    old = {code["key"]: code for code in before.get("codes", [])}
    new = {code["key"]: code for code in after.get("codes", [])}
    for key, code in old.items():
        if key not in new:
            yield f"{label}: code “{code['label']}” removed."
    for key, code in new.items():
        if key not in old:
            yield f"{label}: code “{code['label']}” added."
            continue
        was, now = old[key].get("retired", False), code.get("retired", False)
        if was != now:
            yield f"{label}: code “{code['label']}” {'retired' if now else 'brought back'}."
        yield from _fields(
            old[key],
            code,
            f"{label}: code “{code['label']}”",
            ("label", "definition", "include", "exclude", "example", "colour", "shortcut"),
        )
    shared = [key for key in old if key in new]
    if shared != [key for key in new if key in old]:
        yield f"{label}: codes reordered."


def _fields(before: Json, after: Json, subject: str, fields: tuple[str, ...]) -> Iterator[str]:
    for field in fields:
        old, new = before.get(field), after.get(field)
        if old == new or (not old and not new):
            continue
        yield f"{subject}: {NAMES[field]} was {_shown(old)}, is {_shown(new)}."


def _shown(value: Any) -> str:
    if value is None or value in ("", []):
        return "empty"
    if isinstance(value, list):
        return "“" + "; ".join(str(item) for item in value) + "”"
    return f"“{value}”"


def _flat(book: Json) -> Iterator[Json]:
    waiting = list(book.get("variables", []))[::-1]
    while waiting:
        variable = waiting.pop()
        yield variable
        waiting += list(variable.get("fields", []))[::-1]
