"""The rows of the claims panel as HTML: with a form in each, a template takes longer over fifty of
them than over the text beside it."""

from html import escape
from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.safestring import SafeString

from .attributes import attributes
from .passages import jump

register = template.Library()


@register.simple_tag(takes_context=True)
def claim_row(context: template.Context, row: Any) -> SafeString:
    """A claim with its positions, and the form to word it anew where the viewer may."""
    pk, number = row.claim.pk, row.number
    aside = f'<span class="claim-number" aria-hidden="true">{number}</span>'
    if context["collection"].may_code:
        aside = (
            f'<button type="button" class="claim-choose needs-script" data-choose-claim="{pk}" '
            'aria-pressed="false" title="Keep this claim for all next marks, or let it go">'
            f'{number}</button><span class="claim-number needs-no-script" aria-hidden="true">'
            f"{number}</span>"
        )
    jumps = context.get("jumps")
    cells = "".join([_cell(cell, jumps) for cell in row.cells])
    return SafeString(  # all that somebody wrote is escaped
        f'<li class="claim" id="claim-{pk}" data-claim="{pk}" data-number="{number}">{aside} '
        f'<a class="claim-statement" dir="auto" href="{escape(row.url)}">'
        f'{escape(row.claim.statement)}</a> <span class="claim-cells">{cells}</span>'
        f"{_form(context, row) if row.may_reword else ''}</li>"
    )


def _cell(cell: Any, jumps: Any) -> str:
    title = escape(cell.document.title)
    label, letter = escape(cell.position.label), escape(cell.position.letter)
    shown = attributes(
        [
            ("data-position", str(cell.position)),
            ("title", f"{cell.column}. {cell.document.title}: {cell.position.label}"),
        ]
    )
    words = f'<span aria-hidden="true">{letter}</span>'
    where = f"{label} in document {cell.column}"
    if cell.sentence is None:
        return f'<span class="claim-cell"{shown}>{words}<span class="unseen">{where}</span></span> '
    there = escape(jump(cell.place, jumps))
    unseen = f'<span class="unseen">{where}, {title}</span>'
    return f'<a class="claim-cell" href="{there}"{shown}>{words}{unseen}</a> '


def _form(context: template.Context, row: Any) -> str:
    there = reverse("annotations:rename_claim", args=[context["collection"].slug, row.claim.pk])
    hidden = [
        ("csrfmiddlewaretoken", get_token(context["request"])),
        ("view", context["query"]),
        ("version", row.claim.version),
    ]
    fields = "".join(
        f'<input type="hidden"{attributes([("name", name), ("value", value)])}>'
        for name, value in hidden
    )
    return (
        '<details class="claim-rename">'
        f'<summary aria-label="Rename claim {row.number}" title="Rename">…</summary>'
        f'<form method="post" action="{escape(there)}" data-save>{fields}'
        '<textarea name="statement" rows="3" dir="auto" maxlength="1000" required'
        f' aria-label="Statement of claim {row.number}">{escape(row.claim.statement)}</textarea>'
        "<button>Rename</button></form></details>"
    )
