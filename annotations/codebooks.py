"""Codebooks as JSON: what makes one valid, and what differs between two, in words."""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

LEVELS = ("document", "claim", "passage", "pair")
KEY = re.compile(r"[-a-zA-Z0-9_]{1,60}")
PALETTE = 8

Json = dict[str, Any]


class CodebookError(ValueError):
    """The JSON is no codebook; the message names the place and the reason."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")


def read(data: bytes, name: str) -> Json:
    """The codebook in a JSON file of that name; raises CodebookError with name and line."""
    try:
        return check(json.loads(data.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise CodebookError(name, "is not UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise CodebookError(f"{name}, line {error.lineno}", error.msg) from error
    except CodebookError as error:
        raise CodebookError(name, str(error)) from error


def check(data: Any) -> Json:
    """The same data, if it is a codebook by docs/formats.md; raises CodebookError otherwise."""
    book = _object(data, "codebook")
    _words(book, "name", "codebook", most=200)
    variables = _list(book.get("variables"), "variables")
    if not variables:
        raise CodebookError("variables", "a codebook needs at least one")
    flat = list(_all_variables(variables, "variables"))
    _unique([(variable["key"], place) for place, variable in flat])
    for place, variable in flat:
        _check_variable(variable, place)
    return book


def _all_variables(variables: list[Any], place: str) -> Iterator[tuple[str, Json]]:
    for number, item in enumerate(variables):
        here = f"{place}[{number}]"
        variable = _object(item, here)
        _key(variable, here)
        yield here, variable
        if "fields" in variable:
            yield from _all_variables(_list(variable["fields"], f"{here}.fields"), f"{here}.fields")


def _check_variable(variable: Json, place: str) -> None:
    _words(variable, "label", place, most=120)
    level = variable.get("level", [])
    levels = [level] if isinstance(level, str) else _list(level, f"{place}.level")
    for name in levels:
        if name not in LEVELS:
            raise CodebookError(f"{place}.level", f"{name!r} is none of {', '.join(LEVELS)}")
    for field, choices in (("choice", ("one", "many")), ("scale", ("nominal", "ordinal"))):
        if variable.get(field, choices[0]) not in choices:
            raise CodebookError(f"{place}.{field}", f"must be {' or '.join(choices)}")
    codes = _list(variable.get("codes", []), f"{place}.codes")
    for number, item in enumerate(codes):
        here = f"{place}.codes[{number}]"
        code = _object(item, here)
        _key(code, here)
        _words(code, "label", here, most=120)
        colour = code.get("colour", 0)
        if not isinstance(colour, int) or not 0 <= colour <= PALETTE:
            raise CodebookError(f"{here}.colour", f"must be a number from 0 to {PALETTE}")
        if len(str(code.get("shortcut", ""))) > 1:
            raise CodebookError(f"{here}.shortcut", "is one character")
        for field in ("definition", "include", "exclude", "example"):
            if not isinstance(code.get(field, ""), str):
                raise CodebookError(f"{here}.{field}", "must be text")
    keys = [(code["key"], f"{place}.codes[{number}]") for number, code in enumerate(codes)]
    _unique(keys)
    known = {key for key, _ in keys}
    for field in ("order", "missing"):
        for key in _list(variable.get(field, []), f"{place}.{field}"):
            if key not in known:
                raise CodebookError(f"{place}.{field}", f"there is no code {key!r}")


def _object(value: Any, place: str) -> Json:
    if not isinstance(value, dict):
        raise CodebookError(place, "must be an object")
    return value


def _list(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise CodebookError(place, "must be a list")
    return value


def _words(data: Json, field: str, place: str, *, most: int) -> None:
    value = data.get(field)
    if not isinstance(value, str) or not value.strip():
        raise CodebookError(f"{place}.{field}", "is missing")
    if len(value) > most:
        raise CodebookError(f"{place}.{field}", f"is longer than {most} characters")


def _key(data: Json, place: str) -> None:
    value = data.get("key")
    if not isinstance(value, str) or not KEY.fullmatch(value):
        raise CodebookError(
            f"{place}.key", "must be 1 to 60 letters, digits, hyphens or underscores"
        )


def _unique(keys: list[tuple[str, str]]) -> None:
    for (first, _), (second, place) in pairwise(sorted(keys)):
        if first == second:
            raise CodebookError(place, f"the key {second!r} is there twice")


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
    waiting = list(book.get("variables", []))
    while waiting:
        variable = waiting.pop(0)
        yield variable
        waiting = list(variable.get("fields", [])) + waiting
