"""Files of every format, broken at random; the same seed breaks them in the same way."""

import random
from collections.abc import Iterator

from tests.corpus import exports

PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Ferry to stop | The Skerry</title>
<meta name="author" content="Una Vale"><meta property="article:published_time" content="2024-05-06T08:00:00Z">
<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","headline":"Ferry to stop","author":[{"@id":"#a"}],
"datePublished":"2024-05-06"},{"@type":"Person","@id":"#a","name":"Una Vale"}]}</script></head><body><nav><a href="/">Home</a></nav>
<article data-region="main"><h1>Ferry to stop</h1><p class="byline">By Una Vale and Jon Reef</p><time datetime="2024-05-06">6 May 2024</time>
<p>The ferry to Varn stops in May, the harbour office said, and nobody on the island was told of it before.</p>
<p>“We were not asked,” said Ola Brand&#8217;s brother, who runs the last shop; he pays <a href="/x">3.40 florins</a> a crate.</p>
<table><tr><th>Year</th><td>2023</td></tr></table><svg><path d=""/></svg><figure><figcaption>The quay. Photo: Una Vale</figcaption></figure>
</article><aside class="related"><h3>Read more</h3><a href="/y">Fares go up</a></aside><footer>© 2024 The Skerry</footer></body></html>"""
TEXT = """Ferry to stop

By Una Vale

VARN, May 6 (Skerry) -- The ferry to Varn stops in May. “Nobody was told,” said Mr. Brand. It is 12,000 florins.

Der Hafenrat äußerte sich nicht. Größere Schäden gäbe es überall. 港は閉鎖された。

© 2024 The Skerry
"""
MARKDOWN = """---
title: >
  Ferry to
  stop
authors: [Una Vale, "Jon Reef"]
date: 2024-05-06
---
# Ferry to *stop*

The [ferry](https://a.example) stops.[^1] <div>Words<script>x</script></div>

| a | b |
|---|---|
| 1 | 2 |

[^1]: A note.
"""
SAVED = (
    "From: <Saved by Blink>\r\nSubject: Ferry to stop\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; type="text/html"; boundary="--B1"\r\n\r\n----B1\r\n'
    f"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{PAGE}\r\n----B1--\r\n"
)
NEXIS = """
                               1 of 3 DOCUMENTS

                                  The Skerry

                            May 6, 2024 Monday

Ferry to stop

BYLINE: Una Vale

LENGTH: 31 words

The ferry to Varn stops in May, the harbour office said on Monday.

LOAD-DATE: May 6, 2024

LANGUAGE: ENGLISH

                       Copyright 2024 The Skerry
"""
FORMATS = {
    "a.html": PAGE.encode(),
    "b.htm": PAGE.encode("cp1252", errors="xmlcharrefreplace"),
    "c.xhtml": b'<?xml version="1.0" encoding="utf-8"?>' + PAGE.encode(),
    "d.txt": TEXT.encode(),
    "e.text": TEXT.encode("utf-16"),
    "f.md": MARKDOWN.encode(),
    "h.mhtml": SAVED.encode(),
    "i.mht": SAVED.encode(),
    "j.txt": (NEXIS * 3).encode(),
    "k.docx": exports.nexis_docx(),
    "l.xml": exports.newsml_g2(),
    "m.json": exports.ninjs_3(),
    "n.html": exports.factiva_bare(),
    "o.html": exports.europresse_old(),
    "p.txt": exports.proquest_text(),
    "q.html": exports.nexis_html(),
    "r.xml": exports.factiva_xml(),
    "g.markdown": MARKDOWN.replace("\n", "\r\n").encode("utf-8-sig"),
}
NASTY = [
    *(bytes([code]) for code in (0, 1, 8, 11, 12, 27, 127, 128, 133, 255)),
    *(b"&#8;", b"&#xfffe;", b"&#xd800;", b"\xed\xa0\x80", b"\xef\xbf\xbf", b"\xe2\x80\xae", b"\xe2\x80\x8b"),
    *(b"<", b">", b'"', b"<!--", b"-->", b"<![CDATA[", b"<div>" * 40, b"</article>", b"</html>", b"<p", b"data-region='x'"),
    *(b"[" * 60, b"{" * 60, b'{"@id":"#a","author":{"@id":"#a"}}', b"---\n", b": >\n", b"99999999999999999999", b"\r", b"\n\n\n"),
    *("”“".encode(), "؟۔।".encode(), ("e" + "\u0301" * 50).encode(), "👩‍👧".encode(), b"0000-99-99", b"30 February 2024"),
]  # fmt: skip


def mutants(rng: random.Random, number: int) -> Iterator[tuple[str, bytes]]:
    """So many names and contents, each a good file with one to twelve things done to it."""
    names = list(FORMATS)
    for count in range(number):
        name = names[count % len(names)]
        data = bytearray(FORMATS[name])
        for _ in range(rng.choice([1, 1, 2, 4, 12])):
            _break(rng, data)
        yield f"{count}-{name}", bytes(data)


def _break(rng: random.Random, data: bytearray) -> None:
    start = rng.randrange(len(data) + 1)
    end = min(len(data), start + rng.choice([0, 1, 1, 8, 80, 800]))
    match rng.randrange(7):
        case 0:
            del data[start:end]
        case 1:
            data[start:start] = data[start:end] * rng.choice([1, 2, 30])
        case 2:
            data[start:end] = bytes(reversed(data[start:end]))
        case 3:
            data[start:end] = rng.randbytes(end - start)
        case 4 if start < len(data):
            data[start] ^= 1 << rng.randrange(8)
        case 5:
            del data[start:]
        case _:
            data[start:start] = rng.choice(NASTY)
