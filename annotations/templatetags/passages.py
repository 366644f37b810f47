"""Marked text and the cards beside it as HTML: a page of two thousand marks has ten thousand pieces
and two thousand cards, and a template takes five to eight times as long over them."""

from collections.abc import Iterable
from html import escape
from itertools import groupby
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from annotations.reader.page import Block, Card, Tick
from annotations.reader.pieces import Mark, Piece

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
def ticks(shown: Iterable[Tick]) -> SafeString:
    """The places on the overview strip, as links with their shapes."""
    return SafeString(
        "".join(
            [
                f'<a class="tick" tabindex="-1"{attributes(tick.attributes)}>'
                f"<title>{escape(tick.label)}</title><rect{attributes(tick.place)}/></a>"
                for tick in shown
            ]
        )
    )


@register.filter
def cards(shown: Iterable[Card], view: str) -> SafeString:
    """List items, one a card; `view` is the reader's address, encoded, for a form to come back to."""
    return SafeString("\n".join([_card(card, view) for card in shown]))


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
