from django import template
from django.utils.safestring import SafeString

from annotations.models import Code
from annotations.reader.codebook import CodeValue, guide_of

register = template.Library()


@register.filter
def guided(code: Code | CodeValue) -> SafeString:
    """What the codebook says of a code."""
    return code.guide if isinstance(code, CodeValue) else guide_of(code)
