"""A web page as blocks of text, each with what its surroundings say of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

_DROPPED = (
    "//head | //title | //script | //style | //noscript | //template | //svg | //math | //iframe"
    " | //object | //canvas | //audio | //video | //button | //select | //textarea | //datalist"
    " | //dialog | //nav | //footer[not(ancestor::article or ancestor::blockquote)] | //menu | //map"
    " | //*[@hidden or @aria-hidden='true']"
)
# Said to those who listen to a page, or to nobody.
_UNSEEN_NAME = re.compile(
    r"(?:^|[\s_-])(?:sr-?only|visually-?hidden|screen-?reader(?:-?(?:text|only))?|hidden-visually"
    r"|off-?screen|assistive-text|a11y-hidden|element-invisible|show-for-sr|invisible)(?:$|[\s_-])",
    re.IGNORECASE,
)
_UNSEEN_STYLE = re.compile(
    r"display:none|visibility:hidden|clip:rect\(|clip-path:inset\((?:50|100)%"
    r"|(?:left|top|text-indent):-\d{3,}|font-size:0(?:px)?(?:;|$)|opacity:0(?:;|$)",
    re.IGNORECASE,
)
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_CAPTIONS = frozenset(["figcaption", "caption"])
_WORDS = frozenset(["p", "pre", "blockquote", "li", "dt", "dd", "tr"])
_BLOCKS = (
    HEADINGS
    | _CAPTIONS
    | _WORDS
    | {"html", "body", "div", "section", "article", "main", "header", "aside", "form", "figure"}
    | {"fieldset", "details", "summary", "hgroup", "address", "hr", "center", "td", "th", "footer"}
    | {"ul", "ol", "dl", "table", "thead", "tbody", "tfoot"}
)
_REGIONS = "//article | //main | //*[@role='main'] | //*[@itemprop='articleBody']"

_JUNK_ROLES = frozenset(
    ["navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alert", "menu"]
)
_JUNK_NAMES = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|newsletter|shar(?:e|ing)|social|related|recommend\w*"
    r"|promos?|advert\w*|ads?|sponsored|comments?|breadcrumbs?|paywall|regwall|subscri\w+|sidebar"
    r"|popup|modal|toolbar|trending|most-?(?:read|popular)|read-?more|more-?(?:stories|news|on)"
    r"|also-?(?:read|like)|tags?|sign-?up|skip|teasers?|outbrain|taboola|disqus|author-?(?:bio|box)"
    r"|menu|navbar|pagination)(?:$|[\s_-])",
    re.IGNORECASE,
)
_WALL_NAMES = re.compile(
    r"(?:^|[\s_-])(?:paywall|pay-?gate|regwall|registration-?wall|subscri(?:ber|be|ption)-?"
    r"(?:wall|gate|only|prompt|offer)|piano-\w+|meter(?:ed)?-?wall|premium-?(?:wall|gate)"
    r"|gate-?content|content-?gate)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CAPTION_NAME = re.compile(r"caption", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the page, or what stands for one.

    `links` is the share of its characters that are links, `region` the number of the article or
    main element around it, or -1; `junk` says that its surroundings are named as no article is,
    `wall` that they ask for money. `home` is the element that holds it and its neighbours, `names`
    the class and the like of the block itself.
    """

    text: str
    tag: str
    caption: bool
    junk: bool
    wall: bool
    region: int
    links: float
    home: int
    names: str


@dataclass(slots=True)
class _Walk:
    """Where the walk through a page is, and the words of the block it is in."""

    numbers: dict[HtmlElement, int]
    around: list[HtmlElement] = field(default_factory=list)
    junk: list[HtmlElement] = field(default_factory=list)
    walls: list[HtmlElement] = field(default_factory=list)
    regions: list[int] = field(default_factory=list)
    homes: list[int] = field(default_factory=list)
    count: int = 0
    links: int = 0
    words: list[str] = field(default_factory=list)
    linked: int = 0

    def block(self) -> Iterator[Block]:
        """The block that ends here, unless it has no words."""
        lines = (" ".join(line.split()) for line in "".join(self.words).split("\n"))
        text = "\n".join(filter(None, lines)).strip("| ")
        if text:
            tag = str(self.around[-1].tag) if self.around else "body"
            named = [names_of(element) for element in self.around[-2:]]
            # A paragraph lives in the element around it, loose text in the one that it is in.
            inner = tag in _WORDS or tag in HEADINGS
            homes = self.homes[: -1 if inner else None] or [0]
            yield Block(
                text,
                tag=tag,
                caption=any(element.tag in _CAPTIONS for element in self.around[-3:])
                or any(map(_CAPTION_NAME.search, named)),
                junk=bool(self.junk),
                wall=bool(self.walls),
                region=self.regions[-1] if self.regions else -1,
                links=self.linked / len(text),
                home=homes[-1],
                names=named[-1] if named else "",
            )
        self.words.clear()
        self.linked = 0

    def say(self, text: str | None) -> None:
        if text:
            preformatted = bool(self.around) and self.around[-1].tag == "pre"
            self.words.append(text if preformatted else re.sub(r"\s+", " ", text))
            self.linked += len(text.strip()) if self.links else 0


def names_of(element: HtmlElement) -> str:
    """What an element is called: its class, id and property."""
    return " ".join(filter(None, map(element.get, ("class", "id", "itemprop", "rel", "property"))))


def blocks_of(tree: HtmlElement) -> Iterator[Block]:
    """Every block of visible text in order. No recursion, so that no page is too deep.

    The tree stays as it is: nothing is written into someone else's page.
    """
    # Kept alive here, so that the walk meets the same objects again.
    dropped = set(tree.xpath(_DROPPED))
    walk = _Walk({region: number for number, region in enumerate(tree.xpath(_REGIONS))})
    steps = etree.iterwalk(tree, events=("start", "end"))
    for event, element in steps:
        if event == "start" and element not in dropped and is_unseen(element):
            dropped.add(element)
        if element in dropped:
            if event == "start":
                steps.skip_subtree()
            else:
                walk.say(element.tail)
        elif event == "start":
            yield from _enter(walk, element)
        else:
            yield from _leave(walk, element)
    yield from walk.block()


def is_unseen(element: HtmlElement) -> bool:
    """Whether its class or style hides it from those who look at the page."""
    if element.tag in ("html", "body"):
        return False
    style = element.get("style")
    if style and _UNSEEN_STYLE.search(re.sub(r"\s", "", style[:2000])):
        return True
    name = element.get("class")
    return bool(name) and _UNSEEN_NAME.search(name[:2000]) is not None


def _enter(walk: _Walk, element: HtmlElement) -> Iterator[Block]:
    if element.tag in _BLOCKS:
        if element.tag not in ("td", "th") or _is_layout(element):
            yield from walk.block()
        walk.around.append(element)
        walk.count += 1
        walk.homes.append(walk.count)
        number = walk.numbers.get(element)
        if number is not None:
            walk.regions.append(number)
        elif is_junk(element, in_region=bool(walk.regions)):
            walk.junk.append(element)
        if is_wall(element):
            walk.walls.append(element)
    walk.links += element.tag == "a"
    if element.tag in ("br", "q"):
        walk.words.append("\n" if element.tag == "br" else "“")
    walk.say(element.text)


def _leave(walk: _Walk, element: HtmlElement) -> Iterator[Block]:
    walk.links -= element.tag == "a"
    if element.tag == "q":
        walk.words.append("”")
    if element.tag in ("td", "th") and not _is_layout(element):
        walk.words.append(" | ")
    elif element.tag in _BLOCKS:
        yield from walk.block()
    if element.tag in _BLOCKS:
        walk.around.pop()
        walk.homes.pop()
        for named in (walk.junk, walk.walls):
            if named and named[-1] is element:
                named.pop()
        if element in walk.numbers:
            walk.regions.pop()
    walk.say(element.tail)


def _is_layout(cell: HtmlElement) -> bool:
    """Whether a cell of a table holds a part of the page, as against a datum."""
    tags = [child.tag for child in cell[:60]]
    blocks = sum(tag in ("p", "div", "br", "hr", "ul", "ol", "center", "font") for tag in tags)
    return blocks >= 3 or any(tag in HEADINGS or tag == "table" for tag in tags)


def is_junk(element: HtmlElement, *, in_region: bool) -> bool:
    """Whether the element is named as no article is."""
    if element.tag in ("html", "body"):
        return False
    if element.tag == "aside" or (element.tag == "header" and not in_region):
        return True
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return element.get("role") in _JUNK_ROLES or _JUNK_NAMES.search(names) is not None


def is_wall(element: HtmlElement) -> bool:
    """Whether the element asks for a subscription in the place of the article's rest."""
    if element.tag in ("html", "body", "article", "main"):
        return False
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return _WALL_NAMES.search(names) is not None
