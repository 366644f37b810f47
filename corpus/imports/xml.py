"""XML of news databases and agencies, read so that nothing outside of the file is ever asked for."""

import re
from typing import Any

from lxml import etree

from corpus.text import TextError

# What every parser of XML here is made with.
NO_DECLARATIONS: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_ENTITY = re.compile(rb"<!(?:ENTITY|ELEMENT|ATTLIST|NOTATION)\b|<!DOCTYPE[^>\[]{0,2000}\[")


def refuse_declarations(data: bytes) -> None:
    """Raise TextError for a file with declarations of its own: no news needs any, bombs do."""
    if _ENTITY.search(data.replace(b"\0", b"") if b"\0" in data[:200] else data):
        raise TextError("It declares entities of its own, which are not read.")


def parsed(data: bytes) -> etree._Element:
    """The root element, without namespaces. Raises TextError, with the line, where it is broken."""
    refuse_declarations(data)
    try:
        root = etree.fromstring(data, etree.XMLParser(**NO_DECLARATIONS))
    except etree.XMLSyntaxError as error:
        line = error.lineno or None
        raise TextError(f"It is not well-formed XML (line {line}).", line) from None
    for element in root.iter(etree.Element):
        if isinstance(element.tag, str) and "}" in element.tag:
            element.tag = element.tag.partition("}")[2]
    return root


def words(element: etree._Element | None) -> str:
    """All the text in the element, on one line."""
    return "" if element is None else " ".join("".join(map(str, element.itertext())).split())
