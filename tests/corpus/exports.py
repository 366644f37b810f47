"""Writers of news databases' exports: the structure of each, filled with articles we invented."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape


@dataclass(frozen=True)
class Article:
    """An article as a database has it."""

    title: str
    publisher: str
    day: date
    byline: str
    paragraphs: tuple[str, ...]
    section: str = "News"
    key: str = "A1"

    @property
    def words(self) -> int:
        return sum(len(paragraph.split()) for paragraph in self.paragraphs)


ARTICLES = (
    Article(
        "Ferry to Varn stops in May",
        "The Varn Herald",
        date(2024, 5, 6),
        "Una Vale",
        ("The ferry to Varn stops in May, the harbour office said on Monday.", "Nobody on the island was told of it before, and the shop has bread for a week."),
        key="6C1A-0001-VARN-0001-00000-00",
    ),
    Article(
        "Council finds money for boats & nets",
        "Skerry Post (Sunday)",
        date(2024, 5, 12),
        "Jon Reef",
        ("The council of Skerry has found 40,000 florins for boats.", "“It is late,” said a fisher who waits at the quay.", "The money comes in June."),
        section="Politics",
        key="6C1A-0002-VARN-0002-00000-00",
    ),
    Article(
        "Lighthouse to be painted again",
        "The Varn Herald",
        date(2023, 11, 30),
        "Una Vale",
        ("The lighthouse gets a new coat of paint next week, in red and white as before.",),
        key="6C1A-0003-VARN-0003-00000-00",
    ),
)  # fmt: skip


def found(document):
    """What a reader found, in the form of `expected`."""
    about = document.about
    return (about.title, about.publisher, about.published_on, about.byline)


def expected(articles: Sequence[Article] = ARTICLES):
    return [(one.title, one.publisher, one.day, one.byline) for one in articles]


def text_of(article: Article) -> str:
    return "\n\n".join((article.title, *article.paragraphs))


# --- Nexis Uni

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _paragraph(*runs: str, bookmark: str = "", link: str = "") -> str:
    marked = f'<w:bookmarkStart w:id="1" w:name="{bookmark}"/>' if bookmark else ""
    texts = "".join(
        f'<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{escape(run)}</w:t></w:r>'
        for run in runs
    )
    linked = f'<w:hyperlink r:id="{link}">{texts}</w:hyperlink>' if link else texts
    return f"<w:p><w:pPr/>{marked}{linked}</w:p>"


def _nexis_article(number: int, article: Article) -> str:
    day = article.day
    return "".join(
        (
            _paragraph(bookmark=f"Bookmark_{number}"),
            _paragraph(article.title, link=f"rId{number}"),
            _paragraph(article.publisher),
            _paragraph(f"{day:%B} {day.day}, {day.year} {day:%A} 9:20 AM GMT"),
            _paragraph("First Edition"),
            _paragraph(f"Copyright {day.year} Skerry Media All Rights Reserved"),
            _paragraph("Section:", f"\u00a0{article.section}; Pg. 3"),
            _paragraph("Length:", f"\u00a0{article.words} words"),
            _paragraph("Byline:", f"\u00a0{article.byline}"),
            _paragraph("Highlight:", "\u00a0What it is about."),
            _paragraph("Body", bookmark=f"Body_{number}"),
            *(_paragraph(*one.partition(" "), bookmark="_Hlk7") for one in article.paragraphs),
            _paragraph("Graphic"),
            _paragraph("A photograph of the quay."),
            _paragraph("Load-Date:", f"\u00a0{day:%B} {day.day}, {day.year}"),
            _paragraph("Classification"),
            _paragraph("Language:", "\u00a0ENGLISH"),
            _paragraph("Subject:", "\u00a0FERRIES (90%); HARBOURS (71%)"),
            _paragraph("End of ", "Document"),
            "<w:p><w:pPr><w:sectPr/></w:pPr></w:p>",
        )
    )


def nexis_docx(articles: Sequence[Article] = ARTICLES, *, markup: str = "", cover: bool = True):
    """`markup` stands at the beginning of the document's XML."""
    numbered = list(enumerate(articles, start=1))
    front = [_paragraph(f"Documents ({len(articles)})")] if cover else []
    front += [_paragraph(f"{n}.", " ", one.title, link=f"rId{n}") for n, one in numbered if cover]
    body = "".join(front) + "".join(_nexis_article(n, one) for n, one in numbered)
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>{markup}'
        f'<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{body}</w:body></w:document>'
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_R}/hyperlink" TargetMode="External" '
        f'Target="https://lexis.example/api/document?id=urn:contentItem:{one.key}&amp;idtype=PID"/>'
        for n, one in numbered
    )
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": text,
            "word/_rels/document.xml.rels": f"<Relationships>{links}</Relationships>",
        }
    )


def archive(members: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()
