"""Many attributes in one step: a page with two thousand marks has twenty thousand of them."""

import re
from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString

register = template.Library()

# Most values have nothing to escape, and to look is three times as fast as to replace nothing.
special = re.compile("[&<>\"']").search


@register.filter
def attributes(pairs: Iterable[tuple[str, str | int]]) -> SafeString:
    """Names and values as HTML attributes, values escaped, in a fifth of the time of a template's
    own `name="{{ value }}"`. The names are ours and never a user's."""
    written = "".join(
        [
            f' {name}="{escape(value) if isinstance(value, str) and special(value) else value}"'
            for name, value in pairs
        ]
    )
    return SafeString(written)  # each value is escaped; mark_safe() looks for lazy ones first
