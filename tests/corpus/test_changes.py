import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.comparison import compare
from corpus.comparison.changes import Reading, changes_in_pair, name_changes
from corpus.comparison.language import UnknownLanguage, load
from corpus.comparison.results import Change, Passage, Span

# The kind, the sentence before and after, and the words on both sides ("" where there are none).
CHANGES = [
    ("quotation", "“We expect growth,” Ruiz said.", "“We hope for growth,” Ruiz said.",
     "We expect growth,", "We hope for growth,"),
    ("quotation", "Hale called it “rash and unwise.”", "Hale called it “rash and foolish.”",
     "rash and unwise.", "rash and foolish."),
    ("quotation", "The fee is fair, Lund said.", "The fee is fair, Lund said: “Pay up or leave.”",
     "", "Pay up or leave."),
    ("quotation", "“The fee is fair to all,” Lund said.", "“The fee is fair to all,” Vance said.",
     "Lund", "Vance"),
    ("quotation", "Lund said the fee was “fair to all”.", "Lund said the fee was fair to all.",
     "fair to all", ""),
    ("number", "The levy rises by 20 percent.", "The levy rises by 30 percent.",
     "20 percent", "30 percent"),
    ("number", "Twelve ships sank.", "Fifteen ships sank.", "Twelve", "Fifteen"),
    ("number", "The dam cost $3.1 billion.", "The dam cost $3.1 million.",
     "$3.1 billion", "$3.1 million"),
    ("number", "It paid 5 million dollars.", "It paid 5 million euros.",
     "5 million dollars", "5 million euros"),
    ("number", "More than 40 crews came.", "Fewer than 40 crews came.", "More than 40",
     "Fewer than 40"),
    ("number", "The port lost 49.8 hectares.", "The port lost 50 hectares.",
     "49.8 hectares", "50 hectares"),
    ("number", "A fire killed 12 dockers.", "A fire killed dockers.", "12", ""),
    ("number", "Tarn finished third.", "Tarn finished second.", "third", "second"),
    ("date", "The port shut on 3 May 2019.", "The port shut on 3 May 2018.", "2019", "2018"),
    ("date", "The port shut in March.", "The port shut in April.", "March", "April"),
    ("date", "The port shut on Nov. 30.", "The port shut on November 28.", "Nov. 30",
     "November 28"),
    ("date", "The port cut fees last month as a favour.", "The port cut fees as a favour.",
     "last month", ""),
    ("date", "Crews return on Friday.", "Crews return on Sunday.", "Friday", "Sunday"),
    ("date", "Doors open at 10:30.", "Doors open at 11:30.", "10:30", "11:30"),
    ("name", "Ana Ruiz leads the port.", "Omar Reed leads the port.", "Ana Ruiz", "Omar Reed"),
    ("name", "The ferry sails from Oslo to Kiel.", "The ferry sails from Oslo to Riga.",
     "Kiel", "Riga"),
    ("name", "Foreign Affairs Minister Ana Ruiz spoke.", "Foreign Minister Ana Ruiz spoke.",
     "Foreign Affairs Minister", "Foreign Minister"),
    ("roles", "In May Ruiz sued Hale.", "In May Hale sued Ruiz.", "Ruiz", "Hale"),
    ("name", "Talks with Norway and Chile began.", "Talks with Norway began.", "Chile", ""),
    ("negation", "Ruiz did not sign the deal.", "Ruiz signed the deal.", "not", ""),
    ("negation", "The dam is safe.", "The dam isn't safe.", "", "isn't"),
    ("negation", "It met non-like-minded states.", "It met like-minded states.",
     "non-like-minded", "like-minded"),
    ("negation", "Fees will increase.", "Fees will decrease.", "increase", "decrease"),
    ("negation", "The firm entered the market.", "The firm left the market.", "entered", "left"),
    ("negation", "The court found it legal.", "The court found it illegal.", "legal", "illegal"),
    ("negation", "The pump can start.", "The pump cannot start.", "can", "cannot"),
    ("negation", "He sails with a crew.", "He sails without a crew.", "with", "without"),
    ("negation", "Hale found it useful.", "Hale found it useless.", "useful", "useless"),
    ("negation", "The board overstated the cost.", "The board understated the cost.",
     "overstated", "understated"),
    ("certainty", "The levy could start soon.", "The levy will start soon.", "could", "will"),
    ("certainty", "The mayor reportedly resigned.", "The mayor resigned.", "reportedly", ""),
    ("certainty", "Crews expect a thaw.", "Crews hope for a thaw.", "expect", "hope"),
    ("attribution", "The memo seen by Reuters is old.", "The memo is old.", "seen by Reuters", ""),
    ("attribution", "The dam is safe, officials said.", "The dam is safe.", "officials said", ""),
    ("attribution", "The dam is safe, Lund said.", "The dam is safe, Vance said.",
     "Lund", "Vance"),
    ("strength", "Lund said the fee was fair.", "Lund claimed the fee was fair.",
     "said", "claimed"),
    ("strength", "They sent lower-level envoys.", "They sent low-level envoys.",
     "lower-level", "low-level"),
    ("number", "The dam cost 61 million florins.", "The dam cost 61 million dollars.",
     "61 million florins", "61 million dollars"),
    ("number", "It paid 300 ducats.", "It paid 300 euros.", "300 ducats", "300 euros"),
    ("number", "Some 20 crews came.", "More than 20 crews came.", "20", "More than 20"),
    ("date", "It begins on Monday, 12 January, at dawn.", "It begins at dawn.",
     "Monday, 12 January", ""),
    ("name", "Captain Aurélie Stannick spoke.", "Captain Aurelia Stanwick spoke.",
     "Aurélie Stannick", "Aurelia Stanwick"),
    ("name", "They met Deputy Maritime Minister Ana Ruiz.", "They met Maritime Minister Ana Ruiz.",
     "Deputy Maritime Minister", "Maritime Minister"),
    ("name", "The deputy mayor slept.", "The mayor slept.", "deputy mayor", "mayor"),
    ("name", "Rain fell on Tarn, Osmere and Kiel in May.", "Rain fell in May.",
     "Tarn, Osmere and Kiel", ""),
    ("negation", "Hale denied that crews were at risk.", "Hale said that crews were at risk.",
     "denied", "said"),
    ("negation", "No crew will sail.", "A crew will sail.", "No", ""),
    ("certainty", "Lorvane plans to tax ships.", "Lorvane will tax ships.", "plans", "will"),
    ("certainty", "The board is expected to vote.", "The board will vote.", "expected", "will"),
    ("attribution", "The levy would bring a million, the memo says, in July.",
     "The levy would bring a million in July.", "the memo says", ""),
    ("attribution", "Fees may rise, said an official with knowledge of the talks.",
     "Fees may rise, said a lawmaker with knowledge of the talks.",
     "an official with knowledge of the talks", "a lawmaker with knowledge of the talks"),
    ("strength", "The ministry declined to comment.", "The ministry refused to comment.",
     "declined", "refused"),
    ("statement", "The ferry was late.", "The ferry was late and many lorries fell overboard.",
     "", "lorries fell overboard"),
    ("statement", "She came by train.", "She came by plane.", "train", "plane"),
]  # fmt: skip

# Rewording, spelling and order: nothing of substance.
SAME = [
    ("The talks collapsed.", "The talks failed."),
    ("The council backed the plan.", "The council supported the plan."),
    ("Josué Peña left Tarn.", "Josue Pena left Tarn."),
    ("The US and the UK agreed.", "The United States and the United Kingdom agreed."),
    ("It ends on Nov. 30.", "It ends on November 30."),
    ("It ends on 30 November.", "It ends on November 30."),
    ("Two hundred crews left.", "200 crews left."),
    ("Sales rose 5 percent.", "Sales grew 5%."),
    ("A 2-week strike began.", "A two-week strike began."),
    ("The fee is fair, Lund said.", "Lund said the fee is fair."),
    ("On Monday the port shut.", "The port shut on Monday."),
    ("Ana Ruiz won.", "Ruiz won."),
    ("The Organization of Northern Ports met.", "The ONP met."),
    ("The labour programme was cancelled.", "The labor program was canceled."),
    ("The board's decision came late.", "The decision of the board came late."),
    ("The court found it illegal.", "The court found it was not legal."),
    ("“It’s over,” Lund said.", "\"It's over,\" Lund said."),
    ("The vote was “illegitimate,” Hale said.", 'The vote was "illegitimate", Hale said.'),
    ("Lund said the fee was fair.", "Lund stated that the fee was fair."),
    ("He will resign.", "He is going to resign."),
    ("The plan includes a discount.", "The plan contains a reduction."),
    ("Lund was not insured with them.", "Lund was not covered by them."),
    ("Ruiz sued Hale.", "Hale was sued by Ruiz."),
    ("Then Ruiz and Hale left.", "Then Hale and Ruiz left."),
    ("The Canadian minister flew home.", "Canada's minister flew home."),
    ("Hale did not reply to an e-mail sent on Monday.",
     "Hale did not respond to an e-mail dispatched on Monday."),
    ("Hale failed to sign the deal.", "Hale did not sign the deal."),
    ("Zelensky met Houthi envoys.", "Zelenskyy met Houthi envoys."),
    ("The pilot, who is from Oslo, slept.", "The pilot — who is from Oslo — slept."),
]  # fmt: skip


def triples(changes: list[Change]) -> set[tuple[str, str, str]]:
    return {
        (
            change.kind,
            change.source.text if change.source else "",
            change.derived.text if change.derived else "",
        )
        for change in changes
    }


def mirrored(change: Change) -> tuple[str, int, Passage | None, Passage | None]:
    return change.kind, change.severity, change.derived, change.source


def plain(change: Change) -> tuple[str, int, Passage | None, Passage | None]:
    return change.kind, change.severity, change.source, change.derived


@pytest.mark.parametrize(("kind", "source", "derived", "before", "after"), CHANGES)
def test_a_change_of_substance_is_named(kind, source, derived, before, after):
    found = name_changes(source, derived)

    assert (kind, before, after) in triples(found)


@pytest.mark.parametrize(("kind", "source", "derived", "before", "after"), CHANGES)
def test_no_other_kind_is_named_beside_it(kind, source, derived, before, after):
    may_come_along = {"quotation": {"certainty", "statement"}}

    kinds = {change.kind for change in name_changes(source, derived)}

    assert kinds <= {kind} | may_come_along.get(kind, set())


@pytest.mark.parametrize(("source", "derived"), SAME)
def test_rewording_spelling_and_order_give_nothing(source, derived):
    assert name_changes(source, derived) == []


@pytest.mark.parametrize(("source", "derived"), [row[1:3] for row in CHANGES] + SAME)
def test_swapping_two_sentences_mirrors_their_changes(source, derived):
    forth = name_changes(source, derived)
    back = name_changes(derived, source)

    assert {plain(change) for change in forth} == {mirrored(change) for change in back}


def test_a_note_and_a_severity_come_with_every_change():
    for _, source, derived, _, _ in CHANGES:
        for change in name_changes(source, derived):
            assert change.note
            assert change.severity in (1, 2, 3)


def test_offsets_are_those_of_the_texts_that_were_given():
    source, derived = "In May, Ana Ruiz left.", "In May, Omar Reed left."

    (change,) = name_changes(source, derived)

    assert change.source == Passage(8, 16, "Ana Ruiz")
    assert change.derived == Passage(8, 17, "Omar Reed")


@pytest.mark.parametrize(
    ("source", "derived", "note"),
    [
        ("It began on Feb. 6.", "It began on Feb. 7.", "“Feb. 6” became “Feb. 7”"),
        ("Under 500 tonnes.", "Under 5,000 tonnes.", "“500 tonnes” became “5,000 tonnes”"),
        ("It raised 38 million florins.", "It raised 40 million florins.",
         "“38 million florins” became “40 million florins”"),
        ("Hale did not expect ships to leave.", "Hale expects ships to leave.",
         "“expect ships to leave” is no longer denied"),
        ("“We will not pay now,” Lund said.", "“We should not pay now,” Lund said.",
         "inside the quotation marks “will” became “should”"),
        ("“The fee is fair to all,” Lund said.", "“The fee is fair to all,” Vance said.",
         "said by “Vance”, no longer by “Lund”"),
        ("Lund said the fee was fair.", "Lund claimed the fee was fair.",
         "“said” became “claimed”: now told as a mere claim"),
        ("Crews expect a thaw.", "Crews hope for a thaw.",
         "“expect” became “hope”: less sure than before"),
        ("The memo seen by Reuters is old.", "The memo is old.",
         "the source “seen by Reuters” is left out"),
    ],
)  # fmt: skip
def test_a_note_says_what_became_of_the_words(source, derived, note):
    (change,) = name_changes(source, derived)

    assert change.note == note


def test_a_denial_told_as_a_claim_of_the_contrary_keeps_its_polarity():
    found = name_changes(
        "Ferreday denied that the docks were at risk.",
        "Ferreday claimed that the docks were not at risk.",
    )

    assert [change.kind for change in found] == ["strength"]


@pytest.mark.parametrize("word", ["U-turn", "T-shirt", "X-ray"])
def test_an_ordinary_word_with_a_capital_letter_is_no_name(word):
    found = name_changes(f"It was a {word} for Lund.", "It was a surprise for Lund.")

    assert "name" not in {change.kind for change in found}


def test_figures_with_a_point_are_a_time_only_where_they_tell_one():
    (price,) = name_changes("Ships pay 3.40 florins.", "Ships pay 3.50 florins.")
    (hour,) = name_changes("Doors open at 3.40 on Friday.", "Doors open at 3.50 on Friday.")

    assert (price.kind, hour.kind) == ("number", "date")


def test_less_is_sure_of_passages_that_have_little_in_common():
    source = "Tomas Ferreday denied that jobs on the docks were at risk because of the new levy."
    derived = "Tomas Ferreday promises a feast of herring for the crane drivers and their families."

    found = name_changes(source, derived)

    assert found
    assert max(change.severity for change in found) == 2


def test_a_pronoun_stands_for_the_speaker_named_before_it():
    source = "Tomas Ferreday denied that jobs will go. “No one will lose a shift,” he said."
    derived = "Tomas Ferreday denied that jobs will go. “No one will lose a shift,” said Harraut."

    (change,) = name_changes(source, derived)

    assert (change.kind, change.severity) == ("quotation", 3)
    assert change.note == "said by “Harraut”, no longer by “Tomas Ferreday”"


@pytest.mark.parametrize(
    ("source", "derived"),
    [
        ("On Friday Ruiz paid 300 florins in Tarn.", "Ruiz paid 300 florins in Tarn on Friday."),
        ("In Tarn, 12 crews met Vance on 3 May.", "Vance met 12 crews on 3 May in Tarn."),
        ("The levy starts in July, Ruiz said.", "Ruiz said the levy starts in July."),
        ("Hale, who is 61, leads the guild.", "Hale leads the guild. He is 61."),
    ],
)
def test_details_that_moved_inside_a_pair_are_neither_dropped_nor_added(source, derived):
    assert name_changes(source, derived) == []


def test_details_that_moved_to_a_neighbouring_pair_are_neither_dropped_nor_added():
    source = (
        "Ana Ruiz opened the new quay at Tarn on 3 May. The quay cost 61 million florins to build."
    )
    derived = (
        "The new quay at Tarn cost 61 million florins. "
        "It was Ana Ruiz who opened the quay on 3 May, after years to build it."
    )

    changes = compare(source, derived).changes

    assert not [change for change in changes if change.kind in ("name", "date", "number")]


def test_sentences_that_left_a_paragraph_together_are_one_change():
    kept = "The port of Tarn opened a deep quay in the spring of last year."
    lost = "Nobody had asked the pilots. Their guild was angry with the board."
    other = "Rain fell on the empty hills behind the town for days."

    changes = compare(f"{kept} {lost}\n\n{other}", kept).changes

    assert [(change.kind, change.source and change.source.text) for change in changes] == [
        ("statement", lost),
        ("statement", other),
    ]
    assert changes[0].note == "2 sentences of 12 words are left out"


@pytest.mark.parametrize(
    ("line", "look"),
    [
        ("By Maren Ollister", "a byline"),
        (
            "Ships wait outside the long pier of Tarn. Petrel Photo/Osric Bellamont",
            "a picture caption",
        ),
        ("(Additional reporting by Goran Aldemar in Dunmarrow)", "a credit"),
        ("©2024 Petrel News Agency", "a notice"),
    ],
)
def test_what_is_no_part_of_the_story_is_a_nuance_and_says_what_it_looks_like(line, look):
    story = (
        "The port of Tarn opened a deep quay in May.\n\nNobody had asked the pilots of the port."
    )

    (change,) = compare(story, f"{line}\n\n{story}").changes

    assert (change.kind, change.severity) == ("statement", 1)
    assert change.note.endswith(f"looks like {look}")


def test_a_spinners_line_at_the_end_looks_like_an_authors_line():
    story = (
        "The port of Tarn opened a deep quay in May.\n\nNobody had asked the pilots of the port."
    )
    line = "“Weekend engineer. Amateur archivist. Will argue about soup.”"

    (change,) = compare(story, f"{story}\n\n{line}").changes

    assert change.note == "3 sentences of 8 words are put in: looks like an author’s line"


def test_words_that_nobody_said_are_worse_than_words_left_out():
    story = "Rafiq Sarhoun was asked on the quay whether he would pay the levy."
    quotation = "“This tax is the death of our port,” he shouted."

    (put_in,) = compare(story, f"{story} {quotation}").changes
    (left_out,) = compare(f"{story} {quotation}", story).changes

    assert (put_in.kind, put_in.severity) == ("quotation", 3)
    assert (left_out.kind, left_out.severity) == ("quotation", 2)


def test_guesses_go_unsaid_where_a_text_was_reworded_throughout():
    nouns = ["crane", "pier", "lock", "dyke", "mast", "rope", "sluice", "beacon"]
    source = " ".join(f"The old {noun} of the port needs a handy gadget now." for noun in nouns)
    derived = source.replace("gadget", "doodah")

    one = name_changes(
        "The old crane needs a handy gadget now.", "The old crane needs a handy doodah now."
    )
    throughout = compare(source, derived).changes

    assert [change.kind for change in one] == ["statement"]
    assert throughout == ()


def test_a_detail_that_moved_to_the_next_sentence_is_not_dropped():
    source = "Ruiz and Vance met in Oslo. They signed."
    derived = "Ruiz met her in Oslo. Vance and she signed."

    found = changes_in_pair(
        Reading(source),
        Reading(derived),
        source_spans=[Span(0, 27)],
        derived_spans=[Span(0, 21)],
    )

    assert not [change for change in found if change.kind == "name"]


def test_a_pair_of_a_document_gives_offsets_into_the_document():
    source = "A storm came. The fee is 20 crowns."
    derived = "The fee is 30 crowns. A storm came."

    found = changes_in_pair(
        Reading(source),
        Reading(derived),
        source_spans=[Span(14, 35)],
        derived_spans=[Span(0, 21)],
    )

    assert [(change.source, change.derived) for change in found] == [
        (Passage(25, 27, "20"), Passage(11, 13, "30"))
    ]


def test_an_unknown_language_has_no_lists():
    with pytest.raises(UnknownLanguage):
        load("xx")


texts = st.text(alphabet=st.characters(codec="utf-8"), max_size=120)
WORDS = """
Ruiz Hale did not n't say said that the a levy will could rise fall by 20 30 percent in March May
2019 “ ” " ' , . - seen by Reuters illegal legal Foreign Affairs Minister $ 5 million last month
reportedly lower-level 3.5m Q2 10:30 half United States US
"""
sentences = st.lists(st.sampled_from(WORDS.split()), max_size=25).map(" ".join)


@given(texts | sentences)
def test_a_text_has_no_changes_against_itself(text):
    assert name_changes(f" {text}", text) == []


@given(texts | sentences, texts | sentences)
def test_swapping_two_texts_mirrors_their_changes(source, derived):
    forth = name_changes(source, derived)
    back = name_changes(derived, source)

    assert {plain(change) for change in forth} == {mirrored(change) for change in back}


@given(texts | sentences, texts | sentences)
def test_every_change_quotes_the_words_at_its_offsets(source, derived):
    for change in name_changes(source, derived):
        for passage, text in ((change.source, source), (change.derived, derived)):
            assert passage is None or text[passage.start : passage.end] == passage.text
            assert passage is None or passage.text


@pytest.mark.parametrize(
    ("source", "derived"),
    [
        ("a ", "b "),
        ("not a ", "a "),
        ("Ruiz ", "Hale "),
        ("5 ", "6 "),
        ('"a b" said Ruiz. ', '"a c" said Hale. '),
        ("he said not 5 May, ", "she will say 6 Hale "),
        ("increase ", "decrease "),
    ],
)
def test_a_huge_passage_answers_in_time(source, derived):
    times = 50_000 // len(source.split())

    begun = time.process_time()
    name_changes(source * times, derived * times)

    assert time.process_time() - begun < 5


def test_numbers_of_one_huge_passage_answer_in_time():
    source = " ".join(map(str, range(30_000)))
    derived = " ".join(map(str, range(60_000, 30_000, -1)))

    begun = time.process_time()
    name_changes(source, derived)

    assert time.process_time() - begun < 6


def test_the_real_rewrite_is_read_as_an_editor_would(seeds):
    wire, rewrite = (
        next(seeds.glob(f"{number}_*")).read_text(encoding="utf-8") for number in ("001", "000")
    )

    changes = compare(wire, rewrite).changes

    altered = [c for c in changes if c.kind == "quotation" and c.source and c.derived]
    assert len(altered) == 4
    lost = [c.source.text for c in changes if c.source and not c.derived]
    assert "last month" in lost
    assert [c.kind for c in changes if c.source and c.source.text.startswith("non-")] == [
        "negation"
    ]
    assert any(text.startswith("seen by") for text in lost)
    assert any(c.kind == "name" and c.source and "Affairs" in c.source.text for c in changes)
    assert any(c.kind == "strength" for c in changes)
    friends = ("collapsed", "backed", "US", "Nov. 30", "turnaround", "peers", "hinge")
    assert not [c for c in changes if c.source and c.source.text in friends]
