from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from annotations.reader.page import column, facings, relation_of, some_blocks
from annotations.reader.pieces import CONTROLS, Mark, Text
from corpus import text as texts
from corpus.comparison import (
    Change,
    Comparison,
    Edit,
    Pair,
    Passage,
    Quotation,
    Span,
    compare,
)
from corpus.comparison.wording import label_beside

SOURCE = "The port opens. It rains.\n\nNobody came."
DERIVED = "The port shuts. Dogs bark.\n\nIt rains."


def text(raw: str, pk: int = 1) -> Text:
    canonical = texts.canonical(raw)
    return Text(
        pk,
        f"Document {pk}",
        canonical,
        tuple(texts.paragraphs(canonical)),
        tuple(texts.sentences(canonical)),
    )


def mark(document: Text, quote: str, n: int = 1, **fields) -> Mark:
    start = document.text.index(quote)
    return Mark(f"id-{n}", document.pk, start, start + len(quote), **fields)


def span(whole: str, part: str) -> Span:
    start = whole.index(part)
    return Span(start, start + len(part))


def passage(whole: str, part: str) -> Passage:
    return Passage(*span(whole, part), part)


def comparison(*changes: Change, relation="rewrite", score=0.8) -> Comparison:
    """What an engine might say of the two texts above: one reworded, one moved, two lone."""
    pairs = (
        Pair(
            (span(SOURCE, "The port opens."),),
            (span(DERIVED, "The port shuts."),),
            "reworded",
            score,
            (
                Edit("equal", span(SOURCE, "The port "), span(DERIVED, "The port ")),
                Edit("replace", span(SOURCE, "opens"), span(DERIVED, "shuts")),
            ),
        ),
        Pair((span(SOURCE, "It rains."),), (span(DERIVED, "It rains."),), "moved", 1.0, ()),
        Pair((), (span(DERIVED, "Dogs bark."),), "added", 0.0, ()),
        Pair((span(SOURCE, "Nobody came."),), (), "dropped", 0.0, ()),
    )
    return Comparison({}, {}, 0.5, 0.634, 0.5, relation, "source_to_derived", 0.9, pairs, changes)


REVERSED = Change(
    "negation", 3, passage(SOURCE, "opens"), passage(DERIVED, "shuts"), "the opposite"
)


def sentences_of(made):
    return [
        sentence
        for block in made.blocks
        for sentence in block.sentences
        if sentence.number is not None
    ]


def words_of(sentences):
    return "".join(piece.text for sentence in sentences for piece in sentence.pieces)


def pieces_of(made):
    return [piece for block in made.blocks for s in block.sentences for piece in s.pieces]


@given(
    st.text(alphabet="ab .\n“”é🚢\u202e\u0301", min_size=1, max_size=80).filter(str.strip),
    st.lists(st.tuples(st.integers(0, 80), st.integers(1, 30)), max_size=8),
)
def test_the_pieces_of_a_paragraph_are_its_text(raw, places):
    document = text(raw)
    marks = [
        Mark(f"id-{n}", 1, start, min(start + length, len(document.text)))
        for n, (start, length) in enumerate(places)
        if start < len(document.text)
    ]

    made = column(document, marks=marks)

    for block in made.blocks:
        assert words_of(block.sentences) == document.text[block.start : block.end]
    joined = "".join(words_of(block.sentences) + block.after for block in made.blocks)
    assert joined == document.text[made.blocks[0].start : made.blocks[-1].end]


@given(st.lists(st.tuples(st.integers(0, 35), st.integers(1, 20)), min_size=1, max_size=8))
def test_the_pieces_of_a_mark_are_its_passage(places):
    document = text(SOURCE)
    end = len(document.text)
    marks = [
        Mark(f"id-{n}", 1, start, min(start + length, end))
        for n, (start, length) in enumerate(places)
    ]

    made = column(document, marks=marks)

    for one in marks:
        shown = "".join(p.text for p in pieces_of(made) if one.annotation in p.annotations.split())
        wanted = document.text[one.start : one.end].replace("\n", "")
        assert shown == wanted


def test_sentences_that_answer_to_each_other_share_a_key():
    here, there = facings(text(SOURCE, 1), text(DERIVED, 2), comparison())
    base, other = column(text(SOURCE, 1), facing=[here]), column(text(DERIVED, 2), facing=[there])

    keys = {words_of([s]): (s.pairs, s.kind) for s in sentences_of(base)}
    answers = {words_of([s]): (s.pairs, s.kind) for s in sentences_of(other)}
    assert keys["The port opens."] == answers["The port shuts."] == ("2:0", "reworded")
    assert keys["It rains."] == answers["It rains."] == ("2:1", "moved")
    assert keys["Nobody came."] == ("", "dropped")
    assert answers["Dogs bark."] == ("", "added")


def test_a_base_sentence_has_a_key_for_each_document_it_is_compared_with():
    first, _ = facings(text(SOURCE, 1), text(DERIVED, 2), comparison())
    second, _ = facings(text(SOURCE, 1), text(DERIVED, 3), comparison())

    base = column(text(SOURCE, 1), facing=[first, second])

    assert sentences_of(base)[0].pairs == "2:0 3:0"


def test_edited_words_carry_the_operation_on_both_sides():
    here, there = facings(text(SOURCE, 1), text(DERIVED, 2), comparison())

    base = pieces_of(column(text(SOURCE, 1), facing=[here]))
    other = pieces_of(column(text(DERIVED, 2), facing=[there]))

    assert [(p.text, p.op) for p in base if p.op] == [("opens", "replace")]
    assert [(p.text, p.op) for p in other if p.op] == [("shuts", "replace")]


def test_a_named_change_stands_beside_the_copy_and_lies_on_both_texts():
    found = comparison(REVERSED)
    here, there = facings(text(SOURCE, 1), text(DERIVED, 2), found)

    base = column(text(SOURCE, 1), facing=[here])
    other = column(text(DERIVED, 2), facing=[there], relation=relation_of(found))

    assert [chip.label for chip in other.blocks[0].chips] == ["negation reversed", "only here"]
    assert [chip.label for chip in base.blocks[0].chips] == []
    assert [p.text for p in pieces_of(base) if p.change] == ["opens"]
    assert [p.text for p in pieces_of(other) if p.change] == ["shuts"]
    assert [chip.reason for chip in other.changes] == ["the opposite"]


def test_what_was_dropped_is_told_beside_the_sentence_that_lost_it():
    dropped = Change("attribution", 2, passage(SOURCE, "opens"), None, "the source is gone")
    _, there = facings(text(SOURCE, 1), text(DERIVED, 2), comparison(dropped))

    other = column(text(DERIVED, 2), facing=[there])

    chip = other.blocks[0].chips[0]
    assert (chip.label, chip.sentence) == ("attribution dropped", "s-2-0")


def test_a_sentence_left_out_is_told_beside_the_base_once_for_all_copies():
    omission = Change("statement", 2, passage(SOURCE, "Nobody came."), None, "left out")
    facing = [facings(text(SOURCE, 1), text(DERIVED, pk), comparison(omission))[0] for pk in (2, 3)]

    base = column(text(SOURCE, 1), facing=facing)

    assert [(chip.label, chip.key) for chip in base.blocks[1].chips] == [
        ("left out by 2 of 2", "2-0 3-0")
    ]


def test_texts_that_are_no_copies_have_no_lone_sentences_and_no_weak_edits():
    found = comparison(REVERSED, relation="unrelated")
    weak = comparison(REVERSED, relation="unrelated", score=0.3)

    _, solid_side = facings(text(SOURCE, 1), text(DERIVED, 2), found)
    _, weak_side = facings(text(SOURCE, 1), text(DERIVED, 2), weak)

    solid = column(text(DERIVED, 2), facing=[solid_side], relation=relation_of(found))
    loose = column(text(DERIVED, 2), facing=[weak_side], relation=relation_of(weak))
    assert [s.kind for s in sentences_of(solid)] == ["reworded", "", "moved"]
    assert len(solid.changes) == 1
    assert loose.changes == ()
    assert not any(piece.op for piece in pieces_of(loose))


def test_labels_say_what_was_done():
    here, there = passage(SOURCE, "opens"), passage(DERIVED, "shuts")

    assert label_beside(Change("quotation", 3, here, there, "")) == "quotation altered"
    assert label_beside(Change("number", 3, here, there, "")) == "number changed"
    assert label_beside(Change("date", 2, here, None, "")) == "date dropped"
    assert label_beside(Change("attribution", 2, None, there, "")) == "attribution added"
    assert label_beside(Change("statement", 2, None, there, "")) == "only here"
    assert label_beside(Change("statement", 2, here, None, "")) == "left out"


def test_the_relation_is_told_from_this_text_to_the_base():
    forwards = relation_of(comparison())
    turned = relation_of(
        Comparison({}, {}, 0.5, 0.634, 0.5, "rewrite", "derived_to_source", 0.9, (), ())
    )

    assert (forwards.words, forwards.kept) == ("Rewrite of", 63)
    assert turned.words == "Rewritten into"


def test_the_tally_counts_the_gravest_and_leaves_the_rest_to_a_number():
    lesser = Change("name", 1, passage(SOURCE, "port"), passage(DERIVED, "port"), "")
    found = comparison(REVERSED, REVERSED, lesser)
    _, there = facings(text(SOURCE, 1), text(DERIVED, 2), found)

    other = column(text(DERIVED, 2), facing=[there], relation=relation_of(found))

    assert [(label, count) for label, count, _ in other.tally] == [("negation reversed", 2)]
    assert other.lesser == 1


def test_overlapping_marks_lie_in_lanes_of_their_own():
    document = text(SOURCE)
    marks = [
        mark(document, "The port opens.", 1, colour=1),
        mark(document, "port opens", 2, colour=3),
        mark(document, "opens", 3, colour=5),
        mark(document, "opens", 4, colour=7),
    ]

    made = column(document, marks=marks)

    opens = next(piece for piece in pieces_of(made) if piece.text == "opens")
    assert opens.lanes == ("1", "3", "5")
    assert opens.depth == 4
    assert opens.annotations == "id-1 id-2 id-3 id-4"


def test_coders_who_say_the_same_in_a_paragraph_share_a_card():
    document = text(SOURCE)
    same = {"number": 1, "claim": 7, "label": "Asserts", "letter": "S"}
    marks = [
        mark(document, "The port", 1, coder="ana", **same),
        mark(document, "port opens", 2, coder="ben", **same),
        mark(document, "opens", 3, coder="ben", label="Disputes", letter="D"),
    ]

    made = column(document, marks=marks)

    said = [[one.coder for one in card.marks] for card in made.blocks[0].cards]
    assert said == [["ana", "ben"], ["ben"]]
    assert made.mark_count == 3


def test_many_cards_fold_away():
    document = text(SOURCE)
    marks = [mark(document, "The port", n, label=f"Code {n}") for n in range(9)]

    block = column(document, marks=marks).blocks[0]

    assert (len(block.shown_cards), len(block.folded_cards)) == (3, 6)


def test_a_tag_is_written_where_its_mark_begins():
    document = text(SOURCE)
    marks = [mark(document, "port opens", 1, number=3, letter="S", unsure=True, label="Asserts")]

    made = column(document, marks=marks)

    tagged = [(piece.text, piece.tag, piece.words) for piece in pieces_of(made) if piece.tag]
    assert tagged == [("port opens", "3S?", "Asserts, claim 3, unsure")]


def test_the_words_of_a_source_have_no_lane_and_no_card():
    document = text(SOURCE)
    marks = [mark(document, "The port", 1, role="source")]

    made = column(document, marks=marks)

    piece = next(piece for piece in pieces_of(made) if piece.annotations)
    assert (piece.role, piece.depth, set(piece.lanes)) == ("source", 0, {""})
    assert made.blocks[0].cards == ()


def test_control_characters_are_pieces_of_their_own():
    made = column(text("Read \u202ethis\u202c now."))

    shown = [(piece.text, piece.control) for piece in pieces_of(made) if piece.control]
    assert shown == [("\u202e", "202E"), ("\u202c", "202C")]


def test_all_that_the_text_module_makes_visible_is_shown():
    every = "".join(map(chr, range(0x2100)))

    changed = {one for one, seen in zip(every, texts.visible(every), strict=True) if one != seen}

    assert changed <= CONTROLS | {"\0"}


def test_the_strip_shows_changes_and_marks_where_they_are():
    document = text(SOURCE)
    found = comparison(REVERSED)
    here, _ = facings(document, text(DERIVED, 2), found)

    made = column(document, facing=[here], marks=[mark(document, "Nobody", colour=4)])

    ticks = {(tick.kind, tick.target) for tick in made.ticks}
    assert ticks == {("lone", "s-1-2"), ("mark", "s-1-2")}
    assert all(0 <= tick.at < tick.at + tick.steps <= 240 for tick in made.ticks)


def test_a_real_comparison_fills_both_columns():
    source, derived = text(SOURCE, 1), text(DERIVED, 2)

    here, there = facings(source, derived, compare(source.text, derived.text))

    assert len(sentences_of(column(source, facing=[here]))) == len(source.sentences)
    assert len(sentences_of(column(derived, facing=[there]))) == len(derived.sentences)


@given(st.sets(st.integers(0, 2)), st.lists(st.tuples(st.integers(0, 70), st.integers(1, 40))))
def test_some_blocks_are_those_of_the_column(indices, spans):
    source = text("The port opens. It rains.\n\nNobody came.\n\nThe last one stays dry.")
    derived = text("The port shuts.\n\nNobody came, they said.", pk=2)
    facing, _ = facings(source, derived, compare(source.text, derived.text))
    marks = [
        Mark(f"id-{n}", source.pk, start, min(start + length, len(source.text)))
        for n, (start, length) in enumerate(spans)
        if start < len(source.text)
    ]

    found = some_blocks(source, indices, facing=[facing], marks=marks)

    whole = column(source, facing=[facing], marks=marks)
    assert found == [block for block in whole.blocks if block.index in indices]


def test_which_text_came_first_is_said_or_said_to_be_undecided():
    decided = comparison(relation="rewrite")
    undecided = replace(decided, direction="undecided")

    assert relation_of(decided).words == "Rewrite of"
    assert not relation_of(decided).undecided
    assert relation_of(undecided).words == "Another wording of"
    assert relation_of(undecided).undecided


def test_of_a_quotation_within_a_quotation_the_inner_one_is_told():
    document = replace(
        text("She said he said it rains."),
        quotations=(
            Quotation(Span(9, 25), Span(0, 3), Span(4, 8), direct=False),
            Quotation(Span(17, 25), Span(9, 11), Span(12, 16), direct=False),
        ),
    )

    made = column(document)

    told = [(piece.text, piece.said and piece.said.words) for piece in pieces_of(made)]
    assert told == [
        ("She said ", None),
        ("he said ", "Said by She: “said”"),
        ("it rains", "Said by he: “said”"),
        (".", None),
    ]


def test_a_card_names_whom_its_passages_are_given_to():
    document = text(SOURCE)
    marks = [
        mark(document, "The port", 1, source="Ana Ruiz"),
        mark(document, "opens", 2, source="Ana Ruiz"),
        mark(document, "rains", 3, source="the pilots"),
    ]

    (card,) = column(document, marks=marks).blocks[0].cards

    assert card.sources == "Ana Ruiz; the pilots"
    assert "source Ana Ruiz" in marks[0].in_words
