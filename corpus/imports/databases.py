"""Recognise what is no article: the exports of news databases and agencies, and data for programs.

Each is told by its content, because any of them may be called .txt or .html. What has no reader yet
is refused with its name, and never made into one document of many articles.
"""

import json
import re

_HEAD = 200_000
_LATER = "{} cannot be read yet: save its articles one by one, as text or as web pages."

# What may stand before the first element of a file of XML. No two parts can take the same signs,
# and none gives back what it took: a file of nothing but openings costs its length, not its square.
_DECLARED = rb"<\?xml[^>]*+>\s*+"
_BEFORE = rb"(?:<!(?:--(?:(?!-->).){0,2000}+--|[^>]{0,2000}+)>\s*+)*+"
_XML = rb"\A\W{0,3}(?:" + _DECLARED + rb")?+" + _BEFORE

# All of the patterns of a row must be found.
_MARKS: tuple[tuple[str, tuple[re.Pattern[bytes], ...]], ...] = tuple(
    (name, tuple(re.compile(one, re.IGNORECASE | re.DOTALL | re.MULTILINE) for one in patterns))
    for name, *patterns in (
        ("An export of ProQuest", rb"name=\"?[^\">]{0,20}DocID_MSTAR_"),
        ("An export of GoPress", rb"\A\W{0,3}1\. [^\r\n]{3,300}\r?\n[ \t]{0,20}\r?\n[^\r\n]{3,80}, [^\r\n]{8,60}, p\. ?[^\r\n]{1,30}, \d{1,7}w\."),
        ("An export of GENIOS", rb"^\"[^\"\r\n]{2,60}\" vom \d\d\.\d\d\.\d{4} Seite: ?[^\r\n]{1,20}\r?\n\s{0,40}Ressort:"),
        ("An export of Kikuzo or Yomidasu", rb"<table[^>]{1,60}class=\"?topic-(?:list|detail)"),
        ("A list of stories of Media Cloud", rb"\A\W{0,3}[\w,\"]{0,60}\bmedia_name\b[\w,\" ]{0,200}\bpublish_date\b"),
        ("A reference list (RIS)", rb"\A\W{0,3}TY  - \w{1,10}+.{1,20000}?^ER  -"),
        ("A feed (RSS or Atom)", _XML + rb"<(?:rss|feed|rdf:RDF)\b"),
        ("A news item in NewsML", _XML + rb"<(?:\w{1,40}:)?(?:packageItem|knowledgeItem)\b"),
        ("A file of data (XML)", rb"\A\W{0,3}" + _DECLARED + _BEFORE + rb"<(?!html\b|!doctype\s+html)[\w:]"),
        ("A web archive (WARC)", rb"\AWARC/[01]\.\d\r?\n"),
        ("A file of subtitles", rb"\A\W{0,3}WEBVTT\b|\A\W{0,3}1\r?\n\d\d:\d\d:\d\d,\d{3} --> "),
        ("A mail", rb"\A(?:Received|Return-Path|Delivered-To|MIME-Version|X-[\w-]{1,60}|DKIM-Signature|ARC-[\w-]{1,60}): "),
    )
)  # fmt: skip
_JSON = (
    ("An answer of NewsAPI", {"articles"}),
    ("A thread of Bluesky", {"thread"}),
    ("A feed of news items", {"newsitem"}),
)


def refusal(data: bytes) -> str:
    """Why this file is not read as one document, in words; nothing where it may be."""
    head = data[:_HEAD]
    for name, marks in _MARKS:
        if all(mark.search(head) for mark in marks):
            return _LATER.format(name)
    if head[:4].strip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _of_json(data)
    return ""


def _of_json(data: bytes) -> str:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return ""
    first = value[0] if isinstance(value, list) and value else value
    keys = set(first) if isinstance(first, dict) else set()
    name = next((name for name, wanted in _JSON if wanted <= keys), "")
    if name or isinstance(value, dict | list):
        return _LATER.format(name or "A file of data (JSON)")
    return ""
