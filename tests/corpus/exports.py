"""Writers of news databases' exports: the structure of each, filled with articles we invented."""

import io
import json
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


# --- the old nexis.com, as a web page

_SPAN = '<SPAN CLASS="c{}">{}</SPAN>'


def _block(*spans: str) -> str:
    return f'<BR><DIV CLASS="c5"><P CLASS="c6">{"".join(spans)}</P>\n</DIV>\n'


def _labelled(label: str, value: str) -> str:
    return _block(_SPAN.format(8, f"{label}: "), _SPAN.format(2, escape(value)))


def nexis_html(articles: Sequence[Article] = ARTICLES, *, missing: bool = False) -> bytes:
    """`missing` puts in an article that Nexis could not give."""
    pieces = []
    for number, one in enumerate(articles, start=1):
        text = "".join(
            f'<P CLASS="c9">{_SPAN.format(2, escape(line[:7]))}{_SPAN.format(4, escape(line[7:]))}</P>\n'
            for line in one.paragraphs
        )
        pieces.append(
            f'<A NAME="DOC_ID_0_{number - 1}"></A><!-- Hide XML section from browser\n<DOC NUMBER={number}>\n<DOCFULL> -->\n'
            + _block(_SPAN.format(2, f"{number} of {len(articles)} DOCUMENTS"))
            + _block(_SPAN.format(2, one.publisher))
            + _block(_SPAN.format(4, f"{one.day:%B}"), _SPAN.format(2, f" {one.day.day}, {one.day.year} {one.day:%A}<BR>Late Edition"))
            + _block(_SPAN.format(7, escape(one.title).replace(" ", "<BR>", 1)))
            + _labelled("BYLINE", f"By {one.byline.upper()}")
            + _labelled("SECTION", one.section)
            + _labelled("LENGTH", f"{one.words} words")
            + f'<BR><DIV CLASS="c5">{text}<P CLASS="c9"></P></DIV>\n'
            + _labelled("LOAD-DATE", f"{one.day:%B} {one.day.day}, {one.day.year}")
            + _labelled("LANGUAGE", "ENGLISH")
            + _labelled("GRAPHIC", "Photo of a quay")
            + _block(_SPAN.format(2, f"Copyright {one.day.year} Skerry Media"))
            + "<!-- Hide XML section from browser\n</DOCFULL>\n</DOC> -->\n"
        )  # fmt: skip
    if missing:
        pieces.append("<!-- <DOCFULL> --><DIV><P>We are sorry but there is an error in this document</P></DIV><!-- </DOCFULL> -->")  # fmt: skip
    return (
        f"<HTML><HEAD><TITLE>&nbsp;</TITLE></HEAD><BODY>\n{''.join(pieces)}</BODY></HTML>".encode()
    )


# --- Factiva


def accession(article: Article) -> str:
    return f"SKERRY00{article.day:%Y%m%d}ek560000{len(article.paragraphs)}"


def _factiva_page(articles: Sequence[str], rules: int = 1) -> bytes:
    style = "<style>" + ".a{margin:0;}" * rules + "</style>"
    body = "<br/><span></span>".join(articles)
    return f"<!DOCTYPE html><html><head><title>Factiva</title>{style}</head><body><form>{body}</form></body></html>".encode()


def _factiva_text(lines: Sequence[str]) -> str:
    return "".join(
        f'<p class="articleParagraph enarticleParagraph">{escape(line)}</p>\n' for line in lines
    )


def factiva_indexed(articles: Sequence[Article] = ARTICLES) -> bytes:
    pages = []
    for one in articles:
        rows = {
            "SE": one.section,
            "HD": f"<b class='enHeadline'><b>{escape(one.title)}</b>\n</b>",
            "BY": f"By {one.byline}",
            "WC": f"{one.words} words",
            "PD": f"{one.day.day} {one.day:%B} {one.day.year}",
            "ET": "15:32",
            "SN": one.publisher,
            "SC": "SKERRY",
            "PG": "26",
            "LA": "English",
            "CY": f"(c) {one.day.year} Skerry Media.",
            "LP": _factiva_text(one.paragraphs[:1]),
            "TD": _factiva_text(one.paragraphs[1:]),
            "NS": "gcat : Political/General News",
            "AN": f"Document {accession(one)}",
        }
        table = "".join(
            f'<tr><td align="right" class="index"><b>{label}</b>&nbsp;</td><td>{value}</td></tr>'
            for label, value in rows.items()
        )
        pages.append(f'<div class="article enArticle"><table>{table}</table><br/></div>')
    return _factiva_page(pages, rules=9_000)


def factiva_bare(articles: Sequence[Article] = ARTICLES) -> bytes:
    pages = []
    for one in articles:
        rows = (
            one.section,
            f'<span class="enHeadline">{escape(one.title)}</span>',
            f"By {one.byline}",
            "Skerry News Agency",
            f"{one.words} words",
            f"{one.day.day} {one.day:%B} {one.day.year}",
            "15:32",
            one.publisher,
            "SKERRY",
            "26",
            "English",
            f"Copyright {one.day.year} Skerry Media",
        )
        divisions = "".join(
            f'<div class="author">{row}</div>' if row.startswith("By ") else f"<div>{row}</div>"
            for row in rows
        )
        pages.append(
            f'<div class="article enArticle">{divisions}<div>&nbsp;</div>{_factiva_text(one.paragraphs)}'
            f"<div>Document {accession(one)}</div></div>"
        )
    return _factiva_page(pages)


def factiva_xml(articles: Sequence[Article] = ARTICLES) -> bytes:
    rows = "".join(
        f"<ppsarticle><article><accessionNo>{accession(one)}</accessionNo><baseLanguage>EN</baseLanguage>"
        f"<headline><paragraph><hlt>{escape(one.title[:5])}</hlt>{escape(one.title[5:])}</paragraph></headline>"
        f"<byline>By {one.byline}</byline><leadParagraph><paragraph>{one.paragraphs[0]}</paragraph></leadParagraph>"
        f"<publicationDate><date>{one.day.isoformat()}</date></publicationDate><sourceName>{one.publisher}</sourceName><tailParagraphs>"
        + "".join(f"<paragraph>{line}</paragraph>" for line in one.paragraphs[1:])
        + f"</tailParagraphs><wordCount>{one.words}</wordCount></article></ppsarticle>"
        for one in articles
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><PPSResponse><ppsArticleResponse xmlns="http://global.factiva.com/pps/2.0">'
        f"<ppsarticleResultSet>{rows}</ppsarticleResultSet></ppsArticleResponse></PPSResponse>"
    ).encode()


# --- ProQuest


def proquest_text(articles: Sequence[Article] = ARTICLES) -> bytes:
    line = f"\n{'_' * 60}\n\n"
    pieces = []
    for one in articles:
        first, last = one.byline.split(" ")
        text = "\n\n".join(one.paragraphs)
        pieces.append(
            f"{one.title}\n\nAuthor: {last}, {first}\n\nPublication title: {one.publisher}; Varn\n\n"
            f"Publication date: {one.day:%b} {one.day.day}, {one.day.year}\n\nAbstract: None available.\n\n"
            f"Links: https://proquest.example/{one.key}\n\nFull text: {text}\n\nSubject: Ferries; Harbours\n\n"
            f"Section: {one.section}\n\nDocument type: News\n\nLanguage of publication: English\n\n"
            f"ProQuest document ID: {one.key}\n\nCopyright: Copyright Skerry Media {one.day.year}\n"
        )
    contact = "Contact us at: https://proquest.example/contact Copyright © 2024 ProQuest LLC."
    return f"{line}{line.join(pieces)}{line}{contact}\n".encode()


# --- Europresse

_MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


def _header(one: Article) -> str:
    return f"{one.section}, lundi {one.day.day} {_MONTHS[one.day.month - 1]} {one.day.year}, p. 16"


def europresse_id(article: Article) -> str:
    return f"news·{article.day:%Y%m%d}·VH·0q15{len(article.paragraphs)}"


def europresse_new(articles: Sequence[Article] = ARTICLES) -> bytes:
    pages = "".join(
        f'<article><header><div><span class="DocPublicationName">{one.publisher}   </span></div><div><span class="DocHeader">{_header(one)}</span></div>'
        f'<div class="titreArticle"><p class="titreArticleVisu">{escape(one.title)}</p></div><div>{one.byline}</div></header>'
        f"<section><div class='DocText'><div class='docOcurrContainer'>"
        + "".join(f"<p><mark>{line[:8]}</mark>{line[8:]}</p> " for line in one.paragraphs)
        + "</div></div></section><aside><div><p><b>Illustration(s) : </b></p><p>A photo.</p></div></aside>"
        f"<footer><small>© {one.day.year} Skerry Media. Tous droits réservés.</small><p>Numéro de document : {europresse_id(one)}</p></footer></article>"
        for one in articles
    )
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title></title></head><body>{pages}</body></html>'.encode()


def europresse_old(articles: Sequence[Article] = ARTICLES) -> bytes:
    pages = "".join(
        f'<p><br><br><table><tr><td><table><tr><td><img src="x.gif"><br></td></tr></table><span class="DocPublicationName">{one.publisher}, no. 5968</span><br>'
        f'<span class="DocHeader">{one.section}, </span><span class="DocHeader">lundi </span><span class="DocHeader">{_header(one).partition("lundi ")[2]}</span><br><br>'
        f'<span class="TitreArticleVisu">{escape(one.title)}</span><br><br>{one.byline}<br><p></p>'
        + "<p></p>".join(
            f'<span style="color:red">{line[:8]}</span>{line[8:]}' for line in one.paragraphs
        )
        + f"<p></p><b><i>© {one.day.year} Skerry Media. Tous droits réservés.</i></b><p></p>Numéro de document : {europresse_id(one)}<br><br>"
        "<table><tr><td>Ce certificat est émis à <b>Skerry</b></td></tr></table></td></tr></table>"
        for one in articles
    )
    return f'<html><META http-equiv="Content-Type" content="text/html; charset=utf-8"><body>{pages}</body></html>'.encode()


# --- agencies


def _ps(one: Article) -> str:
    return "".join(f"<p>{escape(line)}</p>\n" for line in one.paragraphs)


def _nitf(one: Article, namespace: str = "") -> str:
    return (
        f'<nitf{namespace} xml:lang="en"><head><docdata><doc-id id-string="{one.key}"/><date.issue norm="{one.day:%Y%m%d}T101010Z">1 May</date.issue></docdata></head>'
        f"<body><body.head><hedline><hl1>{escape(one.title)}</hl1></hedline><byline>By {one.byline}, <byttl>Staff Writer</byttl></byline>"
        f"<distributor>{one.publisher}</distributor></body.head><body.content><media><caption><p>A photo.</p></caption></media>{_ps(one)}</body.content></body></nitf>"
    )


def nitf(one: Article = ARTICLES[0]) -> bytes:
    return f'<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf-3-3.dtd">{_nitf(one)}'.encode()


def newsml_g2(articles: Sequence[Article] = ARTICLES) -> bytes:
    """A message: a text in NITF, one in XHTML, one as escaped markup, and a picture."""
    forms = (
        lambda one: (
            f"<inlineXML>{_nitf(one, ' xmlns="http://iptc.org/std/NITF/2006-10-18/"')}</inlineXML>"
        ),
        lambda one: (
            f'<inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{_ps(one)}</body></html></inlineXML>'
        ),
        lambda one: f'<inlineData contenttype="text/plain">{escape(_ps(one))}</inlineData>',
    )
    items = "".join(
        f'<newsItem guid="{one.key}" version="1" xml:lang="en-GB"><rightsInfo><copyrightNotice>© Skerry</copyrightNotice></rightsInfo><itemMeta><versionCreated>{one.day.isoformat()}T10:00:00Z</versionCreated></itemMeta>'
        f'<contentMeta><creator><name>{one.byline}</name></creator><infoSource><name>{one.publisher}</name></infoSource><language tag="en"/>'
        f'<headline role="hld:sub">Other</headline><headline role="hld:main">{escape(one.title)}</headline></contentMeta><contentSet>{forms[n % 3](one)}</contentSet></newsItem>'
        for n, one in enumerate(articles)
    )
    picture = '<newsItem guid="p"><contentSet><remoteContent href="https://skerry.example/a.jpg"/></contentSet></newsItem>'
    return f'<?xml version="1.0"?><newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{items}{picture}</itemSet></newsMessage>'.encode()


def newsml_1(articles: Sequence[Article] = ARTICLES) -> bytes:
    items = "".join(
        f"<NewsItem><Identification><NewsIdentifier><ProviderId>{one.publisher}</ProviderId><PublicIdentifier>{one.key}</PublicIdentifier></NewsIdentifier></Identification>"
        f"<NewsManagement><FirstCreated>{one.day:%Y%m%d}T101010Z</FirstCreated></NewsManagement><NewsComponent><NewsLines><HeadLine>{escape(one.title)}</HeadLine><ByLine>{one.byline}</ByLine></NewsLines>"
        f'<DescriptiveMetadata><Language FormalName="en"/></DescriptiveMetadata><ContentItem><DataContent>{_ps(one)}</DataContent></ContentItem></NewsComponent></NewsItem>'
        for one in articles
    )
    return f'<?xml version="1.0" encoding="iso-8859-1"?><NewsML>{items}</NewsML>'.encode(
        "latin-1", "xmlcharrefreplace"
    )


def ninjs_3(articles: Sequence[Article] = ARTICLES) -> bytes:
    items = [
        {
            "uri": one.key, "versionCreated": f"{one.day.isoformat()}T10:00:00Z", "by": one.byline, "language": "en",
            "infoSources": [{"name": one.publisher}], "headlines": [{"role": "sub", "value": "x"}, {"role": "main", "value": one.title}],
            "bodies": [{"contentType": "text/plain", "value": " ".join(one.paragraphs)}, {"contentType": "application/xhtml+xml", "value": _ps(one)}],
        }
        for one in articles
    ]  # fmt: skip
    return json.dumps({"newsitem": [*items, {"uri": "p", "type": "picture"}]}).encode()


def ninjs_1(one: Article = ARTICLES[0]) -> bytes:
    return json.dumps(
        {"uri": one.key, "versioncreated": f"{one.day.isoformat()}T10:00:00Z", "byline": one.byline, "language": "en",
         "copyrightholder": one.publisher, "headline": one.title, "body_xhtml": _ps(one)}
    ).encode()  # fmt: skip


def news_please(articles: Sequence[Article] = ARTICLES) -> bytes:
    return json.dumps(
        [{"title": one.title, "maintext": "\n".join(one.paragraphs), "authors": [one.byline], "language": "en",
          "date_publish": f"{one.day.isoformat()} 10:00:00", "source_domain": one.publisher, "url": f"https://skerry.example/{one.key}"}
         for one in articles]
    ).encode()  # fmt: skip


def json_ld(articles: Sequence[Article] = ARTICLES) -> bytes:
    return json.dumps(
        {"@context": "https://schema.org", "@graph": [
            {"@type": "NewsArticle", "headline": one.title, "articleBody": "\n\n".join(one.paragraphs), "author": {"@type": "Person", "name": one.byline},
             "datePublished": one.day.isoformat(), "publisher": {"name": one.publisher}, "inLanguage": "en", "wordCount": one.words, "identifier": one.key}
            for one in articles]}
    ).encode()  # fmt: skip
