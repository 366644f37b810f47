"""Names that tell things apart: two documents of one title are not called the same on one page."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LONGEST = 60  # characters of a title in a name


@dataclass(frozen=True, slots=True)
class Known:
    """What a document can be told by, the words that a reader knows it by first."""

    key: int
    title: str
    publisher: str = ""
    published_on: str = ""
    file_name: str = ""

    @property
    def number(self) -> str:
        return f"document {self.key}"


def names(documents: Sequence[Known]) -> list[str]:
    """The shortest name of each that no other here has.

    The publisher where it is the only one of that name, else the title, with as much after it as
    tells it from the others of this title.
    """
    publishers = _unlike([document.publisher for document in documents])
    full = headings(documents, [cut(document.title) for document in documents])
    short = [
        document.publisher if document.publisher.strip() and alone else name
        for document, name, alone in zip(documents, full, publishers, strict=True)
    ]
    # A publisher of one may be the title of another; the titles alone are all different.
    while not all(clear := _unlike(short)):
        short = [
            one if alone else name for one, name, alone in zip(short, full, clear, strict=True)
        ]
    return short


def headings(documents: Sequence[Known], words: Sequence[str]) -> list[str]:
    """The words for each document, with what else tells it apart where others have the same words."""
    return [
        ", ".join((heading, *more))
        for heading, more in zip(words, apart(documents, words), strict=True)
    ]


def apart(documents: Sequence[Known], words: Sequence[str]) -> list[tuple[str, ...]]:
    """What tells each document from the others that are called by the same words; often nothing.

    Of publisher, date and file name those that differ among them, and the number where none do.
    """
    facts = [
        (document.publisher, document.published_on, document.file_name, document.number)
        for document in documents
    ]
    found: list[tuple[str, ...]] = [() for _ in documents]
    for column in range(len(facts[0]) if facts else 0):
        for group in _same(words, found):
            said = [facts[place][column] for place in group]
            if len({_folded(fact) for fact in said}) > 1:
                for place, fact in zip(group, said, strict=True):
                    # What the words say already is not said again.
                    if fact.strip() and _folded(fact) not in _folded(words[place]):
                        found[place] = (*found[place], fact)
    # One may be titled just as another is called by now.
    while groups := list(_same(words, found)):
        for place in (group := groups[0]):
            number = documents[place].number
            if number not in found[place] or all(
                documents[other].number in found[other] for other in group
            ):
                found[place] = (*found[place], number)
    return found


def _same(words: Sequence[str], more: Sequence[tuple[str, ...]]) -> Iterator[list[int]]:
    """The places of those that are called the same."""
    groups: dict[str, list[int]] = defaultdict(list)
    for place, heading in enumerate(words):
        groups[_folded(", ".join((heading, *more[place])))].append(place)
    return (group for group in groups.values() if len(group) > 1)


def _unlike(names: Sequence[str]) -> list[bool]:
    """For each, whether no other is the same to a reader's eye."""
    folded = [_folded(name) for name in names]
    counted = Counter(folded)
    return [counted[name] == 1 for name in folded]


def cut(title: str) -> str:
    """As much of a title as a name takes."""
    return title if len(title) <= LONGEST else f"{title[: LONGEST - 1].rstrip()}…"


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()
