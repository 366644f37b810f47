"""A page that a browser saved as one file (MHTML): a mail with the page in it."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import BinaryIO

from corpus.text import TextError

from . import html
from .reading import Metadata, ReadDocument, Reader, decode, whole

_BEGINS = re.compile(
    rb"\A\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related", re.IGNORECASE
)


def is_saved_page(start: bytes) -> bool:
    """Whether the file begins as such a mail does."""
    return _BEGINS.match(start[:5000]) is not None


def read(stream: BinaryIO) -> Iterator[ReadDocument]:
    """The article in the page. Raises TextError where the file holds no page."""
    mail = message_from_bytes(whole(stream), policy=policy.default)
    page = next((part for part in mail.walk() if part.get_content_type() == "text/html"), None)
    content = page.get_payload(decode=True) if page is not None else None
    if page is None or not isinstance(content, bytes):
        raise TextError("There is no web page in this saved page.")
    raw, note = decode(content, page.get_content_charset() or "")
    found = html.of(raw, note=note)
    address = _header(mail, "Snapshot-Content-Location") or _header(page, "Content-Location")
    saved = Metadata(title=_header(mail, "Subject"), url=address)
    yield ReadDocument(found.text, "html", found.about.or_else(saved), found.note)


def _header(part: EmailMessage | Message, name: str) -> str:
    try:
        return str(part.get(name, "")).strip()
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""  # the mail parser stumbles over some broken headers


READER = Reader("mhtml", "Saved page", (".mhtml", ".mht"), is_saved_page, read)
