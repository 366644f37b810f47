"""A comparison in plain words, for pages and reports alike."""

from .language import UNDETERMINED
from .results import Change, Comparison, Pair, PairKind

NOUNS = {"strength": "wording"}
ADDED, DROPPED = "only here", "left out"
ALTERED = {"quotation": "altered", "negation": "reversed", "roles": "exchanged"}

PAIR_KINDS: dict[PairKind, str] = {
    "same": "the same",
    "reworded": "reworded",
    "merged": "merged",
    "split": "split",
    "moved": "moved",
    "added": "added",
    "dropped": "dropped",
}
SEVERITIES = {3: "says something else", 2: "worth knowing", 1: "a nuance"}

# How the second text stands to the first, where it was made from it, and the other way round.
RELATIONS = {
    "same": ("is the same text as", "is the same text as"),
    "revision": ("is a revision of", "was revised into"),
    "rewrite": ("is a rewrite of", "was rewritten into"),
    "abridgement": ("is an abridgement of", "was abridged into"),
    "quotes": ("quotes", "is quoted by"),
    "same_event": ("reports the same event as", "reports the same event as"),
    "unrelated": ("shares no sentence with", "shares no sentence with"),
}

# The same as headings, over the name of the other text.
HEADINGS = {
    "same": ("Same text as", "Same text as"),
    "revision": ("Revision of", "Revised into"),
    "rewrite": ("Rewrite of", "Rewritten into"),
    "abridgement": ("Abridgement of", "Abridged into"),
    "quotes": ("Quotes", "Quoted by"),
    "same_event": ("Another account beside", "Another account beside"),
    "unrelated": ("Shares no sentence with", "Shares no sentence with"),
}
EXPANSION = ("Expansion of", "Expanded into")  # an abridgement of which the short text came first
UNDECIDED = {
    "revision": "Another version of",
    "rewrite": "Another wording of",
    "abridgement": "Another, longer or shorter version of",
    "quotes": "Has quotations in common with",
}


NOT_LOOKED_FOR = (
    "There are no word lists for the language of these texts: only changed figures and quotations, and "
    "sentences left out or put in, are named. Changed names, denials, certainty, speakers and wording "
    "are not looked for."
)


def gaps(comparison: Comparison) -> str:
    """Which changes were not looked for in the language of the texts, in a sentence; else ""."""
    return NOT_LOOKED_FOR if comparison.language == UNDETERMINED else ""


def kind_of(pair: Pair) -> str:
    """What became of a pair's sentences, and whether that is no more than likely."""
    words = PAIR_KINDS[pair.kind]
    return words if pair.sure else f"{words}, likely"


# Why one text is taken for the first, by the keys of `relation.cues`.
REASONS = {
    "published": "the days on which they were published",
    "publisher": "who is named as publisher",
    "credits": "credits",
    "republished": "a note of first publication",
    "updated": "a note of an update",
    "agency": "the agency that is named",
    "damage": "stray marks",
    "notices": "notices of sites",
    "dateline": "datelines",
    "omissions": "words left out",
    "details": "names and figures left out",
    "attributions": "sources left out",
    "sentences": "sentences left out",
    "quotations": "quotations cut short",
    "splits": "sentences split up",
    "words": "shorter words",
}


def label_of(change: Change) -> str:
    """The change in two words: "quotation altered", "date dropped"."""
    noun = NOUNS.get(change.kind, change.kind)
    if change.source is None:
        return f"{noun} added"
    if change.derived is None:
        return f"{noun} dropped"
    return f"{noun} {ALTERED.get(change.kind, 'changed')}"


def label_beside(change: Change) -> str:
    """The same beside the text: there a whole sentence is "only here" or "left out"."""
    if change.kind == "statement" and change.source is None:
        return ADDED
    if change.kind == "statement" and change.derived is None:
        return DROPPED
    return label_of(change)


def heading_of(comparison: Comparison) -> str:
    """What the second text is to the first: "Rewrite of", "Another version of"."""
    forwards, backwards = HEADINGS[comparison.relation]
    words = backwards if comparison.direction == "derived_to_source" else forwards
    if comparison.direction == "undecided":
        return UNDECIDED.get(comparison.relation, words)
    return words


def verdict(comparison: Comparison) -> str:
    """One sentence: what the second text is to the first, and how sure that is."""
    first = comparison.source["title"] or "the first text"
    second = comparison.derived["title"] or "the second text"
    forwards, backwards = RELATIONS[comparison.relation]
    words = backwards if comparison.direction == "derived_to_source" else forwards
    sentence = f"{second} {words} {first}"
    if comparison.relation in {"same", "same_event", "unrelated"}:
        return f"{sentence}."
    if comparison.direction == "undecided":
        return f"{sentence}, or the other way round: the texts do not tell."
    reasons = "; ".join(REASONS[name] for name in comparison.direction_reasons)
    why = f", by {reasons}" if reasons else ""
    return f"{sentence} (direction {comparison.direction_score:.0%} sure{why})."
