"""Quotations of a text: the words inside quotation marks, and what is reported without them."""

from .speakers import quotations

__all__ = ["quotations"]
