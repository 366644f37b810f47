"""Which blocks of a page are the article.

trafilatura says which words are the article. The words themselves are taken from the page, because
trafilatura leaves captions out and the quotation marks of a <q>. Between the blocks that it names
stay those that are like them: in the same place, of the same shape. What a block says never counts,
only where and how it stands, so that this holds in every language.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from .dates import first_date
from .names import people_of_line
from .page import HEADINGS, Block

_RUN = 5
_MOST_LINKS = 0.5
_LITTLE = 0.25
_WHOLLY = 0.9
_A_PARAGRAPH = 60
_A_SENTENCE = re.compile(r"[.!?…。！？؟।][\"'’”»」』)\]]*$")
_NEAR = 12
_MOSTLY = 0.7
# The first paragraph of a story is longer, a line with its date has less besides.
_A_STORY, _A_DATE = 100, 45
# What asks for money is shorter than this.
_A_WALL = 700


def article(blocks: Sequence[Block], judged: str, *, title: str = "") -> list[Block]:
    """The blocks that are the article.

    `judged` is the article's text as trafilatura has it, a paragraph a line, `title` the headline.
    Where it names little of what can be read, the whole of the page's main element is kept.
    """
    blocks = list(_outside_walls(blocks))
    named = _named(blocks, judged, title)
    whole = _main_region(blocks)
    chosen = whole if _length(named) < _LITTLE * _length(whole) else named
    return _without_credits(_headline_once(_without_link_lists(chosen), title))


def _outside_walls(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks without those that ask for money; a wall with much text is the article itself."""
    for wall, some in groupby(blocks, key=lambda block: block.wall):
        inside = list(some)
        if not wall or _length(inside) > _A_WALL:
            yield from inside


def _length(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _folded(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _named(blocks: Sequence[Block], judged: str, title: str) -> list[Block]:
    lines = {tuple(_folded(line)) for line in judged.splitlines()}
    words = _folded(judged)
    runs = {tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)}

    def is_named(block: Block) -> bool:
        if block.junk and block.links > _MOST_LINKS:
            return False
        own = _folded(block.text)
        if len(own) < _RUN + 1:
            return tuple(own) in lines
        mine = [tuple(own[start : start + _RUN]) for start in range(len(own) - _RUN + 1)]
        return sum(run in runs for run in mine) > 0.5 * len(mine)

    chosen = [is_named(block) for block in blocks]
    if not any(chosen):
        return []
    inside = sum(len(b.text) for b, by_name in zip(blocks, chosen, strict=True) if by_name)
    clean = sum(
        len(b.text) for b, by_name in zip(blocks, chosen, strict=True) if by_name and not b.junk
    )
    if clean > _MOSTLY * inside:
        # The article stands outside of what is named as no article is.
        chosen = [by_name and not b.junk for b, by_name in zip(blocks, chosen, strict=True)]
    first, last = chosen.index(True), len(chosen) - 1 - chosen[::-1].index(True)
    head = _headline(blocks, chosen, title)
    begun, first = first, first if head is None else head
    homes = Counter(block.home for block, by_name in zip(blocks, chosen, strict=True) if by_name)
    kept = [
        index
        for index in range(first, last + 1)
        if chosen[index]
        or index == head
        or _is_like(blocks[index], homes)
        or (index < begun and _is_lead(blocks[index]))
    ]
    return [blocks[index] for index in _without_loose_headings(blocks, kept, chosen, head)]


def _headline(blocks: Sequence[Block], chosen: Sequence[bool], title: str) -> int | None:
    """The index of the page's headline, where the article begins with it.

    A heading that says the title counts for more than the first one; what stands before it is not
    the article, unless most of the article does.
    """
    first = chosen.index(True)
    wanted = _folded(title)
    total = sum(len(b.text) for b, by_name in zip(blocks, chosen, strict=True) if by_name)
    before = 0
    for index, block in enumerate(blocks):
        if block.tag in HEADINGS and wanted and _folded(block.text) == wanted:
            return index if index >= first - _NEAR else None
        before += len(block.text) if chosen[index] else 0
        if before > 0.4 * total:
            break
    for index in range(first, max(first - _NEAR, -1), -1):
        if blocks[index].tag == "h1" and not blocks[index].junk:
            return index
    return None


def _is_like(block: Block, homes: Counter[int]) -> bool:
    """Whether a block that trafilatura leaves out is like those that it names."""
    if block.junk:
        return False
    if block.caption:
        return block.links <= _MOST_LINKS
    if block.tag in HEADINGS:
        return block.links <= _MOST_LINKS and bool(homes[block.home])
    if block.links > _MOST_LINKS:
        # A paragraph that is one long link is a sentence of the article, a link to another is not.
        return (
            block.tag == "p"
            and homes[block.home] > 1
            and len(block.text) >= _A_PARAGRAPH
            and _A_SENTENCE.search(block.text) is not None
        )
    if block.tag in ("li", "tr", "dt", "dd"):
        return block.links <= _LITTLE or bool(homes[block.home])
    if block.tag == "p" and homes[block.home] > 1 and _A_SENTENCE.search(block.text):
        return True
    return len(block.text) >= _A_PARAGRAPH and (
        bool(homes[block.home]) or (block.tag in ("p", "blockquote", "pre") and block.region >= 0)
    )


def _is_lead(block: Block) -> bool:
    """Whether a block between the headline and the story leads into it."""
    is_text = len(block.text) >= _A_PARAGRAPH and block.tag not in ("li", "tr", "dt", "dd")
    return is_text and not block.junk and block.links <= _LITTLE


def _without_loose_headings(
    blocks: Sequence[Block], kept: list[int], chosen: Sequence[bool], head: int | None
) -> list[int]:
    """Leave out a heading that trafilatura does not name and that nothing kept follows."""
    found: list[int] = []
    for place, index in enumerate(kept):
        following = kept[place + 1] if place + 1 < len(kept) else len(blocks)
        loose = blocks[index].tag in HEADINGS and not chosen[index] and index != head
        if loose and (following > index + 2 or following == len(blocks)):
            continue
        found.append(index)
    return found


def _without_link_lists(blocks: list[Block]) -> list[Block]:
    """Without lists of links to other stories, and without the headings above them."""

    def is_link(block: Block) -> bool:
        return block.links > _MOST_LINKS and not _A_SENTENCE.search(block.text)

    found: list[Block] = []
    for linked, some in groupby(blocks, key=is_link):
        run = list(some)
        few = len(run) < 2 and bool(found) and run[-1] is not blocks[-1]
        if not linked or (few and run[0].links < _WHOLLY):
            found += run
        elif len(run) < len(blocks):
            while len(run) > 1 and len(found) > 1 and found[-1].tag in HEADINGS - {"h1"}:
                found.pop()
        else:
            return blocks  # nothing but links: then that is what the page has
    return found or blocks


def _headline_once(blocks: list[Block], title: str) -> list[Block]:
    """Without what says the headline again near the beginning."""
    headline = next((b for b in blocks[:_NEAR] if b.tag in ("h1", "h2")), None)
    wanted = _folded(headline.text if headline else title)
    found: list[Block] = []
    said = False
    for place, block in enumerate(blocks):
        is_headline = place < _NEAR and bool(wanted) and _folded(block.text) == wanted
        if is_headline and said:
            continue
        said = said or is_headline
        found.append(block)
    return found


def _without_credits(blocks: list[Block]) -> list[Block]:
    """Without the lines before the story that are a byline or a date: both are known by now."""
    begun = next((place for place, b in enumerate(blocks) if len(b.text) > _A_STORY), 0)
    head = [b for b in blocks[:begun] if b.tag in HEADINGS or not _is_credit(b.text)]
    return head + blocks[begun:]


def _is_credit(line: str) -> bool:
    if "\n" in line:
        return False
    dated = first_date(line)
    rest = len(line) - (dated[1][1] - dated[1][0] if dated else 0)
    return bool(people_of_line(line)) or (dated is not None and rest <= _A_DATE)


def _main_region(blocks: Sequence[Block]) -> list[Block]:
    """The readable blocks of the largest article or main element, or of the whole page."""
    readable = [
        block
        for block in blocks
        if not block.junk
        and (block.links <= _MOST_LINKS or (block.tag == "p" and _A_SENTENCE.search(block.text)))
    ]
    sizes: dict[int, int] = {}
    for block in readable:
        sizes[block.region] = sizes.get(block.region, 0) + len(block.text)
    largest = max(sizes, key=lambda region: (region >= 0, sizes[region]), default=-1)
    inside = [block for block in readable if block.region == largest]
    return inside if _length(inside) > _LITTLE * _length(readable) else readable
