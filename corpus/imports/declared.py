"""What a page says about its article: declared for machines, or written for people to see."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from lxml.html import HtmlElement

from .dates import date_of_address, first_date, machine_date, plausible
from .linked import Linked, Thing, linked_data, said
from .names import people, people_of_line
from .page import is_unseen, is_wall, names_of
from .reading import Metadata, one_line

_PUBLISHED_NAME = re.compile(
    r"publi|pub[:_-]*(?:date|time)|issued|creat|posted|release|(?:^|[._:-])date(?:$|[._:-]time$)|^ptime$"
    r"|dc\.date|dcterms\.date|displaydate|citation_date|article_date|articledate",
    re.IGNORECASE,
)
_NOT_PUBLISHED = re.compile(
    r"modif|updat|revis|expir|valid|review|publisher|publication(?!_?-?(?:date|time))|event|start"
    r"|\bend|creator|birth|copyright|embargo|status|format|publishing",
    re.IGNORECASE,
)
_SCRIPTED = re.compile(
    r"""\b(?:publish(?:ed)?_?(?:date|time|at|on)|pub_?(?:date|time)|date_?published|ori_?create_?time|ptime)"?"""
    r"""\s{0,9}[:=]\s{0,9}["']?(?P<value>\d[\d :T./-]{7,24})""",
    re.IGNORECASE,
)
_SCRIPT = 200_000  # of a script's signs are looked through
_AUTHOR_NAMES = (
    "author", "article:author", "dc.creator", "dcterms.creator", "dc.contributor", "byl", "byline",
    "parsely-author", "sailthru.author", "cxenseparse:author", "citation_author", "article.author",
    "og:article:author", "rnews:author", "creator", "dcsext.author", "authors", "article:author_name",
)  # fmt: skip
_ELSEWHERE = re.compile(
    r"(?:^|[\s_-])(?:related|recommend\w*|trending|most-?(?:read|popular)|popular|comments?"
    r"|sidebar|teasers?|promos?|more-?(?:stories|news|on|from)|latest|widget|carousel|outbrain"
    r"|taboola|disqus|newsletter|navbar|menu|breadcrumbs?|(?:site|page|global|main|body)-?footer|copyright|advert\w*|cards?"
    r"|read-?(?:more|next|also)|also|ticker)(?:$|[\s_-])",
    re.IGNORECASE,
)
_DATE_NAME = re.compile(
    r"date|publi|posted|time|meta|byline|info|author|submitted|entry|datum|fecha|data|heure",
    re.IGNORECASE,
)
_AUTHOR_NAME = re.compile(
    r"(?:^|[\s_-])(?:author|authors|by-?line|byline\w*|writer|contributor|autor\w*|auteur\w*|autore"
    r"|signature|firma|journalist|redakteur\w*|reporter|article-?author\w*|author-?name|creator"
    r"|by-?author|meta-?author|story-?author|display-?name|user-?name|vcard|posted-by)(?:$|[\s_-])",
    re.IGNORECASE,
)
_OF_AUTHOR = re.compile(
    r"(?:author|byline)[\w-]*[-_](?:bio\w*|avatar|image|photo|count|intro|posts?|desc\w*|role|job|text|title"
    r"|row|follow\w*)(?:$|[\s_-])",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"\b(?:updated?|modified|aktualisiert|stand|mis à jour|modifié|actualizad[oa]|atualizad[oa]"
    r"|aggiornato|bijgewerkt|opdateret|uppdaterad|oppdatert|обновлено)\b",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\b(?:publi\w*|posted|veröffentlicht|erschienen|pubblicat[oa]|gepubliceerd|geplaatst"
    r"|publicerad|udgivet|publisert|julkaistu|yayın\w*|опубликован\w*)\b",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s+[|–—•·»:-]+\s+|\s*[|»]\s*|: ")
_HEADINGS = "//h1 | //h2 | //h3"
_INLINE = frozenset(["span", "a", "em", "b", "i", "strong", "small", "font", "cite", "u"])
_HOLDERS = frozenset(["p", "div", "h1", "h2", "h3", "ul", "section", "article", "table", "header"])
_PROSE = 250
_WEB = 1990  # a date before it that stands near a headline is part of the story
_BEFORE, _AFTER = 60, 400
_FAR = 10**9
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Page:
    """A page's elements in order, and what it declares."""

    tree: HtmlElement
    linked: Linked
    meta: dict[str, list[str]]
    places: dict[HtmlElement, int] = field(default_factory=dict)

    def distance(self, element: HtmlElement, place: int) -> int:
        """How far after that place the element stands; one outside of the tree stands far before."""
        return self.places.get(element, -_FAR) - place

    def first(self, *names: str) -> str:
        return next((self.meta[name][0] for name in names if self.meta.get(name)), "")


@dataclass(frozen=True, slots=True)
class Declared:
    """What the page says, whether it says that it is not free to read, and the heading it has."""

    about: Metadata
    paid: bool


def declared(tree: HtmlElement) -> Declared:
    """What the page says about its article. The tree stays as it is."""
    page = Page(
        tree,
        linked_data(tree),
        _meta(tree),
        {element: place for place, element in enumerate(tree.iter())},
    )
    headings = [(element, _text(element)) for element in tree.xpath(_HEADINGS)[:60]]
    headings = [(element, text) for element, text in headings if text]
    thing = page.linked.article(frozenset(text.casefold() for _, text in headings))
    site = next((name for name, _ in page.linked.names(thing.get("publisher"))), "")
    site = site or page.first("og:site_name", "dc.publisher", "dcterms.publisher", "publisher")
    title, heading = _title(page, thing, headings, site)
    place = page.places.get(heading, 0) if heading is not None else 0
    language = str(
        tree.get("lang")
        or tree.get("xml:lang")
        or said(thing.get("inLanguage"))
        or page.first("content-language", "og:locale", "dc.language", "language")
    )
    language = language.replace("_", "-").strip()
    links = [str(link) for link in tree.xpath("//link[@rel='canonical']/@href")[:1]]
    addresses = [*links, page.first("og:url"), said(thing.get("url")), said(thing.get("@id"))]
    about = Metadata(
        title=title,
        byline=", ".join(_authors(page, thing, place, _site_names(page, site))),
        publisher=site,
        published_on=_published(page, thing, place, language, addresses),
        url=next((address for address in addresses if address), ""),
        language=language,
        rights=page.first("copyright", "dc.rights", "dcterms.rights", "rights"),
    )
    paid = any(
        str(one.get("isAccessibleForFree", "")).lower() == "false" for one in page.linked.things
    )
    return Declared(about.tidied(), paid)


def _meta(tree: HtmlElement) -> dict[str, list[str]]:
    """The page's meta elements by their names in lower case."""
    found: dict[str, list[str]] = defaultdict(list)
    for element in tree.xpath("//meta[@content]")[:1000]:
        value = element.get("content", "").strip()
        for attribute in ("property", "name", "http-equiv", "itemprop"):
            name = element.get(attribute, "").strip().lower()
            if name and value:
                found[name].append(value)
    return dict(found)


def _text(element: HtmlElement, limit: int = 500) -> str:
    """The words of an element that can be seen, without those of scripts and styles."""
    words: list[str] = []
    size = 0
    for text in element.itertext():
        parent = text.getparent() if hasattr(text, "getparent") else None
        around = parent.getparent() if parent is not None and text.is_tail else parent
        if around is not None and (around.tag in ("script", "style") or is_unseen(around)):
            continue
        words.append(str(text))
        size += len(text)
        if size > 10 * limit:
            break
    return one_line(" ".join(words), limit)


# --- title ---------------------------------------------------------------------------------------


def _title(
    page: Page, thing: Thing, headings: Sequence[tuple[HtmlElement, str]], site: str
) -> tuple[str, HtmlElement | None]:
    """The headline, and the heading that shows it."""
    told = said(thing.get("headline")) or page.first(
        "og:title", "twitter:title", "dc.title", "dcterms.title", "headline", "title"
    )
    whole = next((_text(element) for element in page.tree.xpath("//head/title")[:5]), "")
    is_site = partial(_is_site, site=site, whole=whole, told=told)
    real = [(element, text) for element, text in headings if not is_site(text)]
    for title in filter(None, (told, whole)):
        for element, text in real:
            if title == text or (title.startswith(text) and 2 * len(text) > len(title)):
                return text, element
    if not told:
        parts = {part.casefold() for part in _SEPARATOR.split(whole) if len(part.split()) > 1}
        shown = [(element, text) for element, text in real if text.casefold() in parts]
        if shown:
            element, text = max(shown, key=lambda one: len(one[1]))
            return text, element
    first = next(((element, text) for element, text in real if element.tag == "h1"), None)
    if told:
        return _without_site(told, site), first[0] if first else None
    ones = {text for element, text in real if element.tag == "h1"}
    if first and len(ones) == 1:
        return first[1], first[0]
    return _without_site(whole, site) or (first[1] if first else ""), first[0] if first else None


def _is_site(text: str, *, site: str, whole: str, told: str) -> bool:
    """Whether a heading is the name of the site, as its logo often is."""
    words = set(re.findall(r"\w+", text.casefold())) - {"the", "die", "der", "le", "la", "el"}
    own = set(re.findall(r"\w+", site.casefold()))
    if not words or (own and words <= own):
        return True
    if text == told:
        return False
    parts = _SEPARATOR.split(whole)
    ends = [set(re.findall(r"\w+", part.casefold())) for part in (parts[1:] and parts[-1:])]
    return any(end and (words <= end or end <= words) and len(words) <= 4 for end in ends)


def _without_site(title: str, site: str) -> str:
    """A title without the name of the site that most pages add."""
    if site:
        title = re.sub(rf"\s+[|–—:-]\s+{re.escape(site)}\s*$", "", title, flags=re.IGNORECASE)
    return title.rpartition(" | ")[0] or title


# --- authors -------------------------------------------------------------------------------------


def _site_names(page: Page, site: str) -> frozenset[str]:
    """What is no author's name although it stands where one does."""
    names = {site, page.first("og:site_name"), page.first("application-name"), "webmaster"}
    for part in _SEPARATOR.split(page.first("og:title"))[1:]:
        names.add(part)
    for thing in page.linked.things:
        if str(thing.get("@type")) in ("WebSite", "WebPage"):
            names.add(said(thing.get("name")))
    return frozenset(name.casefold() for name in names if name)


def _authors(page: Page, thing: Thing, place: int, site: frozenset[str]) -> list[str]:
    """The people who wrote it; where only an agency is named, the agency."""
    told = list(page.linked.names(thing.get("author") or thing.get("creator")))
    wrote = page.first("twitter:data1") if "written" in page.first("twitter:label1").lower() else ""
    meta = [value for name in _AUTHOR_NAMES for value in page.meta.get(name, [])] + [wrote]
    ways: list[Callable[[], Iterable[str]]] = [
        lambda: [name for name, organisation in told if not organisation],
        lambda: meta,
        lambda: _named_elements(page, place),
        lambda: _lines(page, place),
    ]
    single: list[str] = []
    for way in ways:
        found: list[str] = []
        for words in way():
            if re.match(r"https?:|www\.|/", words):
                continue
            found += people(words, sure=True, not_these=site)
        found = list(dict.fromkeys(found))[:12]
        if any(" " in name or not name.isascii() for name in found):
            return found
        single = single or found
    agency = [name for name, _ in told if name.casefold() not in site]
    return single or [name for name in agency if people(name, sure=True)][:3]


def _named_elements(page: Page, place: int) -> Iterator[str]:
    """The words of elements that are marked as the author, the nearest to the headline first."""
    found = []
    for element in page.tree.xpath(
        "//*[@rel='author' or @itemprop='author' or @itemprop='creator' or @class or"
        " contains(@property, 'author') or contains(@href, '/author')]"
    ):
        if element.tag in ("html", "body", "main", "article", "meta", "link", "form"):
            continue
        sure = (
            "author" in (element.get("rel") or "").split()
            or element.get("itemprop") in ("author", "creator")
            or "author" in (element.get("property") or "")
        )
        link = element.tag == "a" and re.search(r"/authors?/", element.get("href") or "")
        if not (sure or link or _is_named_author(element)):
            continue
        if _is_elsewhere(element):
            continue
        inner = element.xpath(".//*[@itemprop='name' or @rel='author' or contains(@class, 'name')]")
        texts = [_text(one, _LONGEST) for one in inner[:6]] or [_text(element, _LONGEST)]
        distance = page.distance(element, place)
        if distance >= -_BEFORE:
            found.append((not (sure or link), distance if distance >= 0 else _AFTER, texts))
    if not found:
        return
    found.sort(key=lambda one: one[:2])
    weak, nearest, _ = found[0]
    for unsure, distance, texts in found[:20]:
        if unsure == weak and distance - nearest <= 25:
            yield from texts


def _is_named_author(element: HtmlElement) -> bool:
    """Whether the element's class says author; the `fn` of a hCard does where it is within a line."""
    classes = element.get("class") or ""
    if _OF_AUTHOR.search(classes):
        return False
    return bool(_AUTHOR_NAME.search(classes)) or (
        "fn" in classes.split() and element.tag in _INLINE
    )


def _lines(page: Page, place: int) -> Iterator[str]:
    """Lines such as `By Mara Finch` near the headline, or at the end."""
    for element in page.tree.xpath(
        "//p | //div | //span | //li | //em | //small | //font | //td | //address | //b | //strong"
    ):
        distance = page.distance(element, place)
        if not -_BEFORE <= distance <= _AFTER or len(element) > 12:
            continue
        line = _text(element, _LONGEST)
        if len(line) > 160 or not people_of_line(line) or _is_in_prose(element):
            continue
        if not _is_elsewhere(element):
            yield line
            return


def _is_in_prose(element: HtmlElement) -> bool:
    """Whether the element is a few words of a paragraph, or of a caption."""
    words: HtmlElement | None = element
    block: HtmlElement | None = element
    while block is not None and block.tag in _INLINE:
        words, block = block, block.getparent()
    if block is None or words is None:
        return False
    if any(around.tag == "figure" for around in (block, *block.iterancestors("figure"))):
        return True
    if words is not block and any(child.tag in _HOLDERS for child in block[:50]):
        # Loose words among blocks: only what stands directly beside them counts.
        previous = words.getprevious()
        before = block.text if previous is None else previous.tail
        return len((before or "").strip()) + len((words.tail or "").strip()) > 80
    return block.tag == "caption" or len(_text(block, _PROSE)) >= _PROSE - 5


def _is_elsewhere(element: HtmlElement) -> bool:
    """Whether the element belongs to another story, to the comments, or to the page around."""
    for around in (element, *element.iterancestors()):
        if around.tag in ("body", "article", "main"):
            return False
        if around.tag in ("aside", "nav", "footer") or is_unseen(around) or is_wall(around):
            return True
        if _ELSEWHERE.search(f"{around.get('class') or ''} {around.get('id') or ''}"):
            return True
    return False


# --- date ----------------------------------------------------------------------------------------


def _published(
    page: Page, thing: Thing, place: int, language: str, addresses: Sequence[str]
) -> date | None:
    """The day of publication, from what says it most plainly to what only hints at it."""
    day_first = _day_first(language)
    read = partial(machine_date, day_first=day_first)
    told = [said(thing.get(name)) for name in ("datePublished", "dateCreated", "uploadDate")]
    meta = [
        value
        for name, values in page.meta.items()
        if _PUBLISHED_NAME.search(name) and not _NOT_PUBLISHED.search(name)
        for value in values[:2]
    ]
    pages = [said(one.get("datePublished")) for one in page.linked.things]
    ways: list[Callable[[], Iterable[date | None]]] = [
        lambda: map(read, told),
        lambda: map(read, meta),
        lambda: map(read, _marked_dates(page)),
        lambda: _times(page, place, day_first),
        lambda: _seen_dates(page, place, day_first),
        lambda: map(date_of_address, addresses),
        lambda: map(read, pages),
        lambda: _in_scripts(page),
    ]
    for way in ways:
        for when in way():
            if plausible(when):
                return when
    return None


def _in_scripts(page: Page) -> Iterator[date]:
    """The day that the page's own data name as that of publication, where they name no other."""
    days = {
        when
        for script in page.tree.iter("script")
        for match in _SCRIPTED.finditer((script.text or "")[:_SCRIPT])
        if (when := plausible(machine_date(match["value"])))
    }
    if len(days) == 1:
        yield from days


def _day_first(language: str) -> bool | None:
    """How the language writes 03/08/2021; English does it in both ways."""
    tag = language.lower()
    if tag.startswith("en"):
        region = tag.partition("-")[2]
        return False if region == "us" else True if region else None
    return True if tag else None


def _marked_dates(page: Page) -> Iterator[str]:
    for element in page.tree.xpath(
        "//*[contains(@itemprop, 'datePublished') or contains(@itemprop, 'dateCreated')"
        " or contains(@property, 'datePublished') or @pubdate]"
    )[:20]:
        if not _is_elsewhere(element):
            yield element.get("datetime") or element.get("content") or _text(element, 200)


def _times(page: Page, place: int, day_first: bool | None) -> Iterator[date | None]:
    """The time elements, those after the headline and not called an update first."""
    found = []
    for element in page.tree.xpath(
        "//time | //abbr[@title] | //*[@data-datetime or @data-published or @data-timestamp or @data-date]"
    )[:200]:
        if _is_elsewhere(element):
            continue
        distance = page.distance(element, place)
        around = element.getparent()
        label = names_of(element) + " " + (_text(around, 200) if around is not None else "")
        value = next(
            filter(
                None,
                (
                    element.get(n)
                    for n in (
                        "datetime",
                        "data-datetime",
                        "data-published",
                        "data-timestamp",
                        "data-date",
                        "title",
                    )
                ),
            ),
            "",
        )
        when = machine_date(value, day_first=day_first) or machine_date(
            _text(element, 200), day_first=day_first
        )
        if when and distance >= -_BEFORE:
            updated = _UPDATED.search(label) is not None and "publi" not in label.lower()
            found.append((updated, distance < 0, abs(distance), when))
    yield from (when for *_, when in sorted(found))


def _seen_dates(page: Page, place: int, day_first: bool | None) -> Iterator[date | None]:
    """Dates in short lines near the headline, and in elements that are named after a date."""
    found = []
    for element in page.tree.xpath(
        "//p | //div | //span | //li | //small | //em | //font | //td | //b | //i | //h4 | //h5 | //h6 | //dd | //a | //address | //strong | //center | //cite"
    ):
        distance = page.distance(element, place)
        if not distance >= -_BEFORE or len(element) > 12:
            continue
        named = _DATE_NAME.search(f"{element.get('class') or ''} {element.get('id') or ''}")
        if distance > _AFTER and not named:
            continue
        line = _text(element, _LONGEST)
        if len(line) > (200 if named else 120):
            continue
        dated = first_date(line, day_first=day_first)
        if not dated or dated[0].year < _WEB or (_COPYRIGHT.search(line) and len(line) > 30):
            continue
        if (not named and _is_in_prose(element)) or _is_elsewhere(element):
            continue
        when, (start, end) = dated
        most = 110 if _PUBLISHED.search(line[:start]) else 70
        if not named and len(line) - (end - start) > most:
            continue
        updated = _UPDATED.search(line[:start]) is not None
        found.append((updated, not named and distance > 80, distance < 0, abs(distance), when))
    yield from (when for *_, when in sorted(found))


_COPYRIGHT = re.compile(r"©|copyright", re.IGNORECASE)
