"""One of the two texts that are compared, cut into sentences and tokens once."""

from collections.abc import Sequence
from functools import cached_property

from corpus.text import sentences

from .furniture import story
from .results import Span
from .tokens import Token, tokenize


class Side:
    """A text with its sentences, their tokens and the keys of these, all in order."""

    def __init__(
        self,
        text: str,
        spans: Sequence[tuple[int, int]] | None = None,
        *,
        language: str = "en",
    ) -> None:
        self.text = text
        self.language = language
        self.spans = [Span(*span) for span in (sentences(text) if spans is None else spans)]
        self.tokens = [tokenize(text, *span) for span in self.spans]
        self.keys = [[token.key for token in sentence] for sentence in self.tokens]

    @cached_property
    def words(self) -> list[Token]:
        """The tokens of all sentences."""
        return [token for sentence in self.tokens for token in sentence]

    @cached_property
    def vocabulary(self) -> set[str]:
        """The keys of all tokens, of those in the possessive also without it."""
        keys = {key for sentence in self.keys for key in sentence}
        return keys | {key.removesuffix("'s") for key in keys} | {f"{key}'s" for key in keys}

    @cached_property
    def index(self) -> dict[Span, int]:
        """The place of each sentence."""
        return {span: n for n, span in enumerate(self.spans)}

    @cached_property
    def lines(self) -> list[str]:
        """The keys of each sentence as one string, framed with spaces, to look for phrases in."""
        return [f" {' '.join(keys)} " for keys in self.keys]

    @cached_property
    def story(self) -> Span:
        """The stretch without the lines at both ends that look like a page's furniture."""
        return story(self.text, self.words, language=self.language)

    @cached_property
    def joined(self) -> str:
        """All `lines` together."""
        return "".join(self.lines)

    @cached_property
    def marked(self) -> dict[str, bool]:
        """Whether it has a phrase of a list, by the list's name, for those looked for so far."""
        return {}
