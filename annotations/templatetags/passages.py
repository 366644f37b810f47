"""Marked text and what stands beside it as HTML: a page of two thousand marks has ten thousand pieces
and two thousand cards, and a template takes five to eight times as long over them."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any
from urllib.parse import quote

from django import template
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from annotations.reader.page import Block, Card, Tick
from annotations.reader.pieces import Chip, Mark, Piece

from .attributes import attributes

register = template.Library()


@register.filter
def sentences(block: Block) -> SafeString:
    """The text of a paragraph, a span for each sentence, with its marks, edits and changes.

    No text is added to that of the document.
    """
    written = []
    for sentence in block.sentences:
        words = _passage(sentence.pieces)
        if sentence.number is not None:
            name = f"s-{block.document}-{sentence.number}"
            words = f'<span class="sentence" id="{name}"{attributes(sentence.attributes)}>{words}</span>'
        written.append(words)
    return SafeString("".join(written))  # all text is escaped


def _passage(pieces: Iterable[Piece]) -> str:
    written = []
    for said, group in groupby(pieces, key=lambda piece: piece.said):
        words = "".join(map(_written, group))
        if said:
            words = f'<span class="said"{attributes(said.attributes)}>{words}</span>'
        written.append(words)
    return "".join(written)


def _written(piece: Piece) -> str:
    words = escape(piece.text, quote=False)
    if piece.control:
        words = f'<span class="control" data-control="U+{piece.control}">{words}</span>'
    if piece.annotations:
        words = f'<mark class="mark"{attributes(piece.attributes)}>{words}</mark>'
    if piece.op or piece.change:
        words = f"<span{attributes(piece.difference)}>{words}</span>"
    return words


@register.filter
def jump(sentence: str, jumps: Any) -> str:
    """The address of a sentence; on a page without parts it is always on the page."""
    return str(jumps.to(sentence)) if jumps else f"#{sentence}"


@register.filter
def ticks(shown: Iterable[Tick], jumps: Any) -> SafeString:
    """The places on the overview strip, as links with their shapes."""
    return SafeString(
        "".join(
            [
                f'<a class="tick" tabindex="-1" href="{escape(jump(tick.target, jumps))}"'
                f"{attributes(tick.attributes)}>"
                f"<title>{escape(tick.label)}</title><rect{attributes(tick.place)}/></a>"
                for tick in shown
            ]
        )
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """What the paragraphs of a page have in common.

    `query` is the reader's address, for a form to come back to; `mark_url` is empty where the
    viewer may not mark; `unfolded` are the blocks that show every card.
    """

    query: str
    mark_url: str
    unfolded: frozenset[str]

    @property
    def view(self) -> str:
        return quote(self.query)


@register.filter
def paragraphs(blocks: Iterable[Block], frame: Frame) -> SafeString:
    """Paragraphs with what stands in their margins, `block-DOC-I` each."""
    view = frame.view
    return SafeString("".join([_block(block, frame, view) for block in blocks]))


def _block(block: Block, frame: Frame, view: str) -> str:
    place = attributes(
        [("data-start", block.start), ("data-end", block.end), ("data-after", block.after)]
    )
    parts = [
        f'<div class="block" id="block-{block.key}">',
        f'<p class="paragraph" id="p-{block.key}"{place} dir="auto">{sentences(block)}</p>',
    ]
    if frame.mark_url:
        there = f"d={block.document}&amp;start={block.start}&amp;end={block.end}"
        parts.append(
            f'<a class="mark-link" data-open href="{frame.mark_url}?{there}&amp;view={view}">Mark'
            f'<span class="unseen"> in paragraph {block.index + 1}</span></a>'
        )
    if block.chips or block.cards:
        parts.append(
            f'<div class="margin" role="group" aria-label="Beside paragraph {block.index + 1}">'
        )
        if block.chips:
            parts.append(f'<ul class="chips">{"".join(map(_chip, block.chips))}</ul>')
        if block.cards:
            parts.append(_cards(block, frame, view))
        parts.append("</div>")
    return "".join([*parts, "</div>"])


def _chip(chip: Chip) -> str:
    change = attributes(
        [
            ("href", f"#{chip.sentence}"),
            *chip.attributes,
            ("data-sentence", chip.sentence),
            ("data-label", chip.label),
        ]
    )
    reason = f'<span class="reason">{escape(chip.reason[:1].upper() + chip.reason[1:])}</span>'
    return (
        f'<li><a class="chip"{change}>{escape(chip.label)}<span class="unseen">:</span>'
        f'<span class="chip-reason">{reason}{_became(chip, 160)}</span></a></li>'
    )


def _became(chip: Chip, limit: int) -> str:
    """The words of the source, and what they became; each cut at the limit."""
    quotes = [
        f' <q dir="auto">{escape(words if len(words) <= limit else Truncator(words).chars(limit))}</q>'
        for words in (chip.source, chip.derived)
        if words
    ]
    return ' <span aria-hidden="true">→</span><span class="unseen">became</span>'.join(quotes)


@register.filter
def changes(shown: Iterable[Chip], jumps: Any) -> SafeString:
    """List items, one a change, each leading to its sentence."""
    written = []
    for chip in shown:
        there = [("href", jump(chip.sentence, jumps)), *chip.attributes]
        kept = attributes([pair for pair in there if pair[0] in ("href", "data-change")])
        kind = attributes([pair for pair in chip.attributes if pair[0] != "data-change"])
        written.append(
            f'<li><a{kept}><span class="chip"{kind}>{escape(chip.label)}</span>'
            f'{_became(chip, 120)} <span class="soft">{escape(chip.reason)}</span></a></li>'
        )
    return SafeString("\n".join(written))  # all text is escaped


def _cards(block: Block, frame: Frame, view: str) -> str:
    """A list of cards; those beyond the first few are behind a link unless it was followed."""
    unfolded = block.key in frame.unfolded
    items = [_card(card, view) for card in (block.cards if unfolded else block.shown_cards)]
    if block.folded_cards and not unfolded:
        more = f"?{escape(frame.query)}&amp;open={block.key}#block-{block.key}"
        items.append(
            f'<li><a class="fold" href="{more}" data-unfold{attributes(block.folded)}>'
            f"+{len(block.folded_cards)}"
            f'<span class="unseen"> marks beside paragraph {block.index + 1}</span></a></li>'
        )
    label = "Marks, with the number of the claim"
    return f'<ul class="cards" aria-label="{label}">{"".join(items)}</ul>'


def _card(card: Card, view: str) -> str:
    parts = [f'<li class="card"{attributes(card.attributes)}>{escape(card.label)}']
    if card.sources:
        parts.append(f' <span class="card-source" dir="auto">{escape(card.sources)}</span>')
    for mark in card.marks:
        there = f"{mark.edit_url}?view={view}" if mark.edit_url else f"#{card.sentence}"
        link = attributes([("href", there), *mark.attributes])
        parts.append(f' <a class="card-coder"{link}>{escape(mark.name)}</a>')
    if card.notes:
        notes = "".join(map(_note, card.notes))
        parts.append(
            ' <span title="Has a note" aria-hidden="true">¶</span>'
            f'<span class="card-notes">{notes}</span>'
        )
    return "".join([*parts, "</li>"])


def _note(mark: Mark) -> str:
    words = Truncator(mark.note).chars(280)
    return f"<span><b>{escape(mark.initials)}</b> {escape(words)}</span>"
