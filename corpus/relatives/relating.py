"""Which documents of a collection come from which, found, stored, and gathered into stories."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import batched, chain
from math import inf
from time import monotonic

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from corpus.comparing import (
    MOST_CHARACTERS,
    MOST_SENTENCES,
    TooLongToCompare,
    compared,
    keep,
)
from corpus.comparison import VERSION, Comparison
from corpus.comparison.wording import EXPANSION, HEADINGS
from corpus.models import Collection, Derivation, Document, Story, WaitingComparison

from .candidates import candidates

# Rows of other algorithms, or entered by hand, are left alone.
OURS = "comparison "
ALGORITHM = f"{OURS}{VERSION}"
# Added where the texts do not tell which came first, so that the older one was taken for the source.
BY_AGE = ", by age"

SAME_STORY = frozenset({"same", "revision", "rewrite", "abridgement"})
SHARING = SAME_STORY | {"quotes"}

# What is compared before it is stored.
SECONDS_AT_ONCE = 3.0
MOST_AT_ONCE = 200

# Pairs whose texts are in memory at once.
_PAIRS_AT_ONCE = 50

type Pair = tuple[int, int]
type Group = frozenset[int]


@dataclass(frozen=True, slots=True)
class Related:
    """What relating came to: the rows found, and how many pairs were compared, left or too long."""

    derivations: tuple[Derivation, ...]
    compared: int
    left: int
    too_long: int = 0


def relate(
    collection: Collection,
    documents: Iterable[int] | None = None,
    *,
    most: int | None = None,
    on_compared: Callable[[int, int], None] = lambda done, total: None,
) -> Related:
    """Find which documents, given by number, or all, share text with which others, and store it.

    Only pairs that `candidates` names are compared, at most `most` of them, the closest first,
    and then none that is too long to be compared while somebody waits;
    `on_compared` is told after each how many are done of how many. What an earlier version found of
    these documents is replaced. Documents that are versions of one text get one story, named after
    the earliest. Doing it twice changes nothing more.
    """
    looked_at = None if documents is None else set(documents)
    waited = list(
        WaitingComparison.objects.filter(first__collection=collection).values_list("pk", flat=True)
    )
    texts = collection.documents.order_by("pk").values_list("pk", "text")
    found = candidates(texts.iterator(chunk_size=200), of=looked_at)
    pairs = [(candidate.first, candidate.second) for candidate in found]
    long = set() if most is None else _too_long(pairs)
    short = [pair for pair in pairs if pair not in long]
    chosen, left = short[:most], [] if most is None else short[most:]
    rows = []
    for done, row in enumerate(_compared(chosen, any_length=most is None), start=1):
        if row is not None:
            rows.append(row)
        on_compared(done, len(chosen))
    _store(collection, rows, looked_at=looked_at, compared=chosen, left=left, too_long=sorted(long))
    if documents is None and not left:
        for some in batched(waited, 500, strict=False):
            WaitingComparison.objects.filter(pk__in=some).delete()
    return Related(tuple(rows), len(chosen), len(left), len(long))


def _too_long(pairs: list[Pair]) -> set[Pair]:
    """The pairs that are not compared while somebody waits."""
    documents = Document.everything.filter(pk__in=set(chain.from_iterable(pairs)))
    lengths = dict(documents.values_list("pk", "length"))
    long = {pair for pair in pairs if sum(lengths.get(pk, 0) for pk in pair) > MOST_CHARACTERS}
    # Only who has so many characters can have so many sentences.
    asked = [
        pair
        for pair in pairs
        if pair not in long and sum(lengths.get(pk, 0) for pk in pair) > 2 * MOST_SENTENCES
    ]
    listed = documents.filter(pk__in=set(chain.from_iterable(asked)))
    counts = {
        pk: len(sentences)
        for pk, sentences in listed.values_list("pk", "sentences").iterator(chunk_size=50)
    }
    return long | {pair for pair in asked if sum(counts.get(pk, 0) for pk in pair) > MOST_SENTENCES}


def kinship(link: Derivation) -> tuple[str, str]:
    """How the derived document stands to its source, and the source to it: "Rewrite of" and so on."""
    if link.relation == "abridgement" and link.source_in_derived > link.derived_in_source:
        return EXPANSION  # the short one came first
    return HEADINGS.get(link.relation, ("Made from", "Source of"))


def put_off(documents: Iterable[int]) -> None:
    """Have these documents, which are new to their collection, wait for `relate_waiting`."""
    rows = [WaitingComparison(first_id=number) for number in documents]
    WaitingComparison.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def waiting_words(collection: Collection) -> str:
    """What waits to be compared, in words; nothing where nothing does."""
    return what_waits(collection)[0]


def what_waits(collection: Collection) -> tuple[str, str]:
    """What waits to be compared, and what is too long to be compared on the way, each in words."""
    counts = _waiting(collection).aggregate(
        alone=Count("pk", filter=Q(second=None)),
        pairs=Count("second", filter=Q(too_long=False)),
        long=Count("second", filter=Q(too_long=True)),
    )
    alone, pairs, long = counts["alone"], counts["pairs"], counts["long"]
    said = []
    if alone:
        said.append(
            f"{alone} document{'s are' if alone > 1 else ' is'} still to be looked up among the others"
        )
    if pairs:
        said.append(
            f"{pairs} pair{'s' if pairs > 1 else ''} of documents may share text and "
            f"{'wait' if pairs > 1 else 'waits'} to be compared"
        )
    return f"{', '.join(said)}." if said else "", _too_long_words(long) if long else ""


def _too_long_words(pairs: int) -> str:
    return (
        f"{pairs} pair{'s' if pairs > 1 else ''} of documents that share text "
        f"{'are' if pairs > 1 else 'is'} too long to be compared on the way. Whoever keeps the "
        "site can compare them with the command find_reuse."
    )


def _waiting(collection: Collection) -> QuerySet[WaitingComparison]:
    there = collection.documents.alive().values("pk")
    return WaitingComparison.objects.filter(first__in=there).filter(
        Q(second__isnull=True) | Q(second__in=there)
    )


def relate_waiting(collection: Collection, *, seconds: float = SECONDS_AT_ONCE) -> int:
    """Go on with what waits, for about so long; how many documents were looked up or pairs compared.

    Each part is stored as it is done; killed between two, it goes on there. Done by two at once, some
    work is done twice and nothing wrong.
    """
    until = monotonic() + seconds
    waiting = _waiting(collection).filter(too_long=False).order_by("pk")
    alone = list(waiting.filter(second__isnull=True).values_list("first", flat=True))
    if alone:
        relate(collection, alone, most=0)
    pairs: list[Pair] = [
        (first, second)
        for first, second in waiting.values_list("first", "second")[:MOST_AT_ONCE]
        if second
    ]
    rows: list[Derivation] = []
    compared: list[Pair] = []
    for row, pair in zip(_compared(pairs, until=until), pairs, strict=False):
        compared.append(pair)
        if row is not None:
            rows.append(row)
    if compared:
        _store(collection, rows, looked_at=set(), compared=compared, left=[])
    return len(alone) + len(compared)


def _compared(
    pairs: list[Pair], *, any_length: bool = False, until: float = inf
) -> Iterator[Derivation | None]:
    """For each pair its derivation, or None where the two share no sentence or are too long.

    Pairs whose turn comes after `until` are left out.
    """
    for some in batched(pairs, _PAIRS_AT_ONCE, strict=False):
        documents = Document.objects.for_reading().in_bulk(set(chain.from_iterable(some)))
        made: list[tuple[Document, Document, Comparison]] = []
        for first, second in some:
            # A document may have been deleted since its text was read.
            there = first in documents and second in documents
            try:
                found = (
                    _compared_by_age(documents[first], documents[second], any_length=any_length)
                    if there
                    else None
                )
            except TooLongToCompare:
                found = None
            if found is not None:
                made.append(found)
            yield found and _derivation(*found)
            if monotonic() > until:
                break
        keep(made)
        if monotonic() > until:
            return


def _compared_by_age(
    first: Document, second: Document, *, any_length: bool
) -> tuple[Document, Document, Comparison]:
    source, derived = sorted((first, second), key=_age)
    return source, derived, compared(source, derived, any_length=any_length)


def _derivation(source: Document, derived: Document, comparison: Comparison) -> Derivation | None:
    if comparison.relation not in SHARING:
        return None
    shares = comparison.source_in_derived, comparison.derived_in_source
    if comparison.direction == "derived_to_source":
        source, derived, shares = derived, source, shares[::-1]
    return Derivation(
        source_id=source.pk,
        derived_id=derived.pk,
        source_in_derived=shares[0],
        derived_in_source=shares[1],
        relation=comparison.relation,
        score=comparison.similarity,
        algorithm=ALGORITHM + (BY_AGE if comparison.direction == "undecided" else ""),
    )


def _age(document: Document) -> tuple[date, int]:
    return document.published_on or date.max, document.pk


@transaction.atomic
def _store(
    collection: Collection,
    rows: list[Derivation],
    *,
    looked_at: set[int] | None,
    compared: list[Pair],
    left: list[Pair],
    too_long: Sequence[Pair] = (),
) -> None:
    # Two imports at once would otherwise make two stories of one.
    Collection.objects.select_for_update().get(pk=collection.pk)
    before = _groups(collection)
    stored = Derivation.objects.filter(source__collection=collection)
    kept_by_hand = {
        frozenset(ends)
        for ends in stored.exclude(algorithm__startswith=OURS).values_list("source", "derived")
    }
    there = set(collection.documents.values_list("pk", flat=True))
    rows = [
        row
        for row in rows
        if there.issuperset(ends := frozenset((row.source_id, row.derived_id)))
        and ends not in kept_by_hand
    ]
    _drop_stale(stored, rows, looked_at=looked_at, compared=compared, left=[*left, *too_long])
    Derivation.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["source", "derived"],
        update_fields=["source_in_derived", "derived_in_source", "relation", "score", "algorithm"],
    )
    _gather(collection, before, _groups(collection))
    _note_waiting(compared, left, too_long)
    for some in batched(looked_at or (), 500, strict=False):
        WaitingComparison.objects.filter(first__in=some, second=None).delete()


def _note_waiting(compared: list[Pair], left: list[Pair], too_long: Sequence[Pair]) -> None:
    """Remember the pairs that are left, and forget those that are compared."""
    for some in batched(compared, 200, strict=False):
        done = Q()
        for first, second in some:
            done |= Q(first=first, second=second) | Q(first=second, second=first)
        WaitingComparison.objects.filter(done).delete()
    waiting = [WaitingComparison(first_id=a, second_id=b) for a, b in left]
    waiting += [WaitingComparison(first_id=a, second_id=b, too_long=True) for a, b in too_long]
    WaitingComparison.objects.bulk_create(waiting, batch_size=500, ignore_conflicts=True)


def _drop_stale(
    stored: QuerySet[Derivation],
    rows: list[Derivation],
    *,
    looked_at: set[int] | None,
    compared: list[Pair],
    left: list[Pair],
) -> None:
    """Delete what was found of the documents before and was not found again.

    A row of the present version whose pair was not compared now stays: texts never change.
    """
    found = {(row.source_id, row.derived_id) for row in rows}
    settled, open_still = set(map(frozenset, compared)), set(map(frozenset, left))
    stale = []
    ours = stored.filter(algorithm__startswith=OURS)
    for pk, source, derived, algorithm in ours.values_list("pk", "source", "derived", "algorithm"):
        ends = frozenset((source, derived))
        if looked_at is not None and looked_at.isdisjoint(ends):
            continue
        if ends in settled:
            outdated = (source, derived) not in found
        else:
            outdated = algorithm.removesuffix(BY_AGE) != ALGORITHM and ends not in open_still
        if outdated:
            stale.append(pk)
    Derivation.objects.filter(pk__in=stale).delete()


def _groups(collection: Collection) -> set[Group]:
    """The sets of documents that are linked as versions of one text, directly or through others."""
    links: dict[int, set[int]] = defaultdict(set)
    for source, derived in Derivation.objects.filter(
        source__collection=collection, relation__in=SAME_STORY
    ).values_list("source", "derived"):
        links[source].add(derived)
        links[derived].add(source)
    groups = set()
    while links:
        group: set[int] = set()
        reached = {next(iter(links))}
        while reached:
            group |= reached
            reached = set().union(*(links.pop(number) for number in reached)) - group
        groups.add(frozenset(group))
    return groups


def _gather(collection: Collection, before: set[Group], after: set[Group]) -> None:
    """Give each group its story, and touch no other document: a story may be put right by hand."""
    # Deleted ones keep their place, so that they find it when they are brought back.
    there = Document.everything.filter(collection=collection).for_lists()
    documents = there.in_bulk(set().union(*before, *after))
    untold = {
        group for group in after if all(documents[number].story_id is None for number in group)
    }
    scattered: set[int] = set().union(*(before - after)) - set().union(*after)
    taken: set[int] = set()
    stories: dict[int, Story | None] = dict.fromkeys(scattered)
    for group in sorted((after - before) | untold, key=min):
        members = sorted((documents[number] for number in group), key=_age)
        story = _story_of(collection, members, taken)
        taken.add(story.pk)
        stories |= dict.fromkeys(group, story)
    changed = [documents[n] for n, story in stories.items() if documents[n].story != story]
    emptied = {document.story_id for document in changed if document.story_id}
    for document in changed:
        document.story = stories[document.pk]
    Document.objects.bulk_update(changed, ["story"], batch_size=500)
    collection.stories.filter(pk__in=emptied, documents=None).delete()


def _story_of(collection: Collection, members: list[Document], taken: set[int]) -> Story:
    """The story that most members, in order of age, are in already, or a new one."""
    told = Counter(
        member.story_id for member in members if member.story_id and member.story_id not in taken
    )
    title = members[0].title[:200]
    if not told:
        return Story.objects.create(collection=collection, name=title)
    story = Story.objects.get(pk=told.most_common(1)[0][0])
    # A name that somebody gave is kept, one that was a member's title follows the earliest.
    if story.name != title and story.name in {member.title[:200] for member in members}:
        story.name = title
        story.save(update_fields=["name"])
    return story
