"""The article in a web page, as blocks of text, without what is around it.

trafilatura says which words are the article. The words themselves are taken from the page, because
trafilatura leaves captions out and the quotation marks of a <q>.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

_DROPPED = (
    "//script | //style | //noscript | //template | //svg | //math | //iframe | //object | //canvas"
    " | //audio | //video | //button | //select | //textarea | //datalist | //dialog | //nav"
    " | //footer | //menu | //map | //*[@hidden or @aria-hidden='true']"
    " | //*[contains(translate(@style, ' ', ''), 'display:none')]"
)
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_CAPTIONS = frozenset(["figcaption", "caption"])
_WORDS = frozenset(["p", "pre", "blockquote", "li", "dt", "dd", "tr"])
_BLOCKS = (
    _HEADINGS
    | _CAPTIONS
    | _WORDS
    | {"html", "body", "div", "section", "article", "main", "header", "aside", "form", "figure"}
    | {"fieldset", "details", "summary", "hgroup", "address", "hr", "center", "td", "th"}
    | {"ul", "ol", "dl", "table", "thead", "tbody", "tfoot"}
)
_REGIONS = "//article | //main | //*[@role='main'] | //*[@itemprop='articleBody']"

_JUNK_ROLES = frozenset(
    ["navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alert", "menu"]
)
_JUNK_NAMES = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|newsletter|shar(?:e|ing)|social|related|recommend\w*"
    r"|promos?|advert\w*|ads?|sponsored|comments?|breadcrumbs?|paywall|subscri\w+|sidebar|popup"
    r"|modal|toolbar|trending|most-read|read-more|more-stories|tags?|signup|skip)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CAPTION_NAME = re.compile(r"caption", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the page, or what stands for one.

    `links` is the share of its characters that are links, `region` the number of the article or
    main element around it, or -1; `junk` says that its surroundings are named as no article is.
    """

    text: str
    tag: str
    caption: bool
    junk: bool
    region: int
    links: float


@dataclass(slots=True)
class _Walk:
    """Where the walk through a page is, and the words of the block it is in."""

    numbers: dict[HtmlElement, int]
    around: list[HtmlElement] = field(default_factory=list)
    junk: list[HtmlElement] = field(default_factory=list)
    regions: list[int] = field(default_factory=list)
    links: int = 0
    words: list[str] = field(default_factory=list)
    linked: int = 0

    def block(self) -> Iterator[Block]:
        """The block that ends here, unless it has no words."""
        lines = (" ".join(line.split()) for line in "".join(self.words).split("\n"))
        text = "\n".join(filter(None, lines)).strip("| ")
        if text:
            named = [str(element.get("class", "")) for element in self.around[-2:]]
            yield Block(
                text,
                tag=str(self.around[-1].tag) if self.around else "body",
                caption=any(element.tag in _CAPTIONS for element in self.around[-3:])
                or any(map(_CAPTION_NAME.search, named)),
                junk=bool(self.junk),
                region=self.regions[-1] if self.regions else -1,
                links=self.linked / len(text),
            )
        self.words.clear()
        self.linked = 0

    def say(self, text: str | None) -> None:
        if text:
            preformatted = bool(self.around) and self.around[-1].tag == "pre"
            self.words.append(text if preformatted else re.sub(r"\s+", " ", text))
            self.linked += len(text.strip()) if self.links else 0


def blocks_of(tree: HtmlElement) -> Iterator[Block]:
    """Every block of visible text in order. No recursion, so that no page is too deep.

    The tree stays as it is: nothing is written into someone else's page.
    """
    # Kept alive here, so that the walk meets the same objects again.
    dropped = frozenset(tree.xpath(_DROPPED))
    walk = _Walk({region: number for number, region in enumerate(tree.xpath(_REGIONS))})
    steps = etree.iterwalk(tree, events=("start", "end"))
    for event, element in steps:
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


def _enter(walk: _Walk, element: HtmlElement) -> Iterator[Block]:
    if element.tag in _BLOCKS:
        if element.tag not in ("td", "th"):
            yield from walk.block()
        walk.around.append(element)
        number = walk.numbers.get(element)
        if number is not None:
            walk.regions.append(number)
        elif _is_junk(element, in_region=bool(walk.regions)):
            walk.junk.append(element)
    walk.links += element.tag == "a"
    if element.tag in ("br", "q"):
        walk.words.append("\n" if element.tag == "br" else "“")
    if element.tag != "head":
        walk.say(element.text)


def _leave(walk: _Walk, element: HtmlElement) -> Iterator[Block]:
    walk.links -= element.tag == "a"
    if element.tag == "q":
        walk.words.append("”")
    if element.tag in ("td", "th"):
        walk.words.append(" | ")
    elif element.tag in _BLOCKS:
        yield from walk.block()
    if element.tag in _BLOCKS:
        walk.around.pop()
        if walk.junk and walk.junk[-1] is element:
            walk.junk.pop()
        if element in walk.numbers:
            walk.regions.pop()
    walk.say(element.tail)


def _is_junk(element: HtmlElement, *, in_region: bool) -> bool:
    if element.tag in ("html", "body"):
        return False
    if element.tag == "aside" or (element.tag == "header" and not in_region):
        return True
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return element.get("role") in _JUNK_ROLES or _JUNK_NAMES.search(names) is not None


# --- which blocks are the article ----------------------------------------------------------------

_RUN = 5
_MOST_LINKS = 0.5
_LITTLE = 0.25
_A_PARAGRAPH = 60


def article(blocks: Sequence[Block], judged: str) -> list[Block]:
    """The blocks that are the article.

    `judged` is the article's text as trafilatura has it, a paragraph a line. Kept is what it names,
    and between the first and the last of it what looks like an article: headings, captions, lists.
    Where it names little of what can be read, the whole of the page's main element is kept.
    """
    named = _named(blocks, judged)
    whole = _main_region(blocks)
    if _length(named) < _LITTLE * _length(whole):
        return whole
    return named


def _length(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _folded(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _named(blocks: Sequence[Block], judged: str) -> list[Block]:
    lines = {tuple(_folded(line)) for line in judged.splitlines()}
    words = _folded(judged)
    runs = {tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)}

    def is_named(block: Block) -> bool:
        own = _folded(block.text)
        if len(own) < _RUN + 1:
            return tuple(own) in lines
        mine = [tuple(own[start : start + _RUN]) for start in range(len(own) - _RUN + 1)]
        return sum(run in runs for run in mine) > 0.7 * len(mine)

    chosen = [
        is_named(block) and not (block.junk and block.links > _MOST_LINKS) for block in blocks
    ]
    if not any(chosen):
        return []
    first, last = chosen.index(True), len(chosen) - 1 - chosen[::-1].index(True)
    first = _headline_before(blocks, first)
    return [
        block
        for block, by_name in zip(blocks[first : last + 1], chosen[first : last + 1], strict=True)
        if by_name or _looks_like_text(block)
    ]


def _headline_before(blocks: Sequence[Block], first: int) -> int:
    """The index of the page's headline, where it stands shortly before the article."""
    for index in range(first, max(first - 12, -1), -1):
        if blocks[index].tag == "h1" and not blocks[index].junk:
            return index
    return first


def _looks_like_text(block: Block) -> bool:
    if block.junk or block.links > _MOST_LINKS:
        return False
    if block.caption or block.tag in _HEADINGS:
        return True
    return len(block.text) >= (_A_PARAGRAPH if block.tag != "li" else 1)


def _main_region(blocks: Sequence[Block]) -> list[Block]:
    """The readable blocks of the largest article or main element, or of the whole page."""
    readable = [block for block in blocks if not block.junk and block.links <= _MOST_LINKS]
    sizes: dict[int, int] = {}
    for block in readable:
        sizes[block.region] = sizes.get(block.region, 0) + len(block.text)
    largest = max(sizes, key=lambda region: (region >= 0, sizes[region]), default=-1)
    inside = [block for block in readable if block.region == largest]
    return inside if _length(inside) > _LITTLE * _length(readable) else readable
