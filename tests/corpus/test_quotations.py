import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.comparison.quotations import quotations

# Passages in which [[ ]] stands round the words that somebody is quoted with, and the speaker of
# the first of them, "" where the passage names none.
GOLD = [
    ("“[[The bridge is closed,]]” said Ana Ruiz, the transport minister.", "Ana Ruiz"),
    ("“[[The bridge is closed,]]” said Ana Ruiz.", "Ana Ruiz"),
    ('"[[We start on Monday,]]" Ruiz said.', "Ruiz"),
    ('Ruiz said: "[[We start on Monday.]]"', "Ruiz"),
    ('Ruiz told reporters, "[[We start on Monday.]]"', "Ruiz"),
    ('"[[Is it safe?]]" the mayor asked.', "the mayor"),
    ('"[[It is not safe!]]" shouted one of the dockers.', "one of the dockers"),
    ("“[[It will open,]]” she said. “[[It will stay open.]]”", "she"),
    ("“[[It will open,]]” she said, “[[and it will stay open.]]”", "she"),
    ("“[[It will open,]]” she added on Tuesday in a statement.", "she"),
    ("The levy is “[[a tax on patience,]]” according to the pilots’ union.", "the pilots’ union"),
    ("According to Dr. Hale, the vaccine “[[works in most adults.]]”", "Dr. Hale"),
    ("Hale called the plan “[[reckless and badly drafted.]]”", "Hale"),
    ("The council described the offer as “[[generous]]” and withdrew.", "The council"),
    ("A spokesman for the port said it remains “[[deeply worried]]” by the delay.",
     "A spokesman for the port"),
    ("“[[We lost the boat,]]” Mira Holt, a fisher from Tarn, told the Evening Post.", "Mira Holt"),
    ("“[[We lost the boat,]]” says the fisher, who has two daughters.", "the fisher"),
    ("“[[No,]]” he said.", "he"),
    ("“[[No,]]” he said. “[[Never.]]”", "he"),
    ("'[[The workers' rights were ignored,]]' he said.", "he"),
    ("'[[I've had enough,]]' Pell said. It's the '90s again.", "Pell"),
    ("‘[[It’s the players’ fault,]]’ Ito told the radio.", "Ito"),
    ("‘[[It is over,]]’ said Ito.", "Ito"),
    ("“[[He told me, ‘[[Go home,]]’ and I left,]]” said Lee.", "Lee"),
    ('"[[She said \'[[never again]]\' twice,]]" Lee recalled.', "Lee"),
    ("„[[Das ist gut]]“, sagte Frau Klein.", "Frau Klein"),
    ("« [[C'est bien]] », a dit Paul.", "Paul"),
    ("»[[Das reicht jetzt]]«, rief er.", "er"),
    ("“[[I will not resign,]]” thundered Edda Morrow as her deputies left.", "Edda Morrow"),
    ("Asked why, the minister, Oskar Brand, shrugged: “[[Ask the builders.]]”", "Oskar Brand"),
    ("“[[The school stays open,]]” said the mayor, Julio Ferrer.", "Julio Ferrer"),
    ("“[[La escuela no va a cerrar]]”, aseguró el alcalde, Julio Ferrer.", "Julio Ferrer"),
    ("“[[We began in May.]]\n\n“[[We ended in June,]]” the minister told parliament.",
     "the minister"),
    ("Pell was blunt.\n\n“[[We were wrong,]]” he said. “[[We will pay.]]”", "he"),
    ("\"[[This ends tonight,]]\" said Pell\n\"[[It must,]]\" Ito replied.", "Pell"),
    ("In a letter, the bank wrote that it was “[[unable to agree to the terms.]]”", "the bank"),
    ("The bank, in a letter, said it was “[[unable to agree]]”.", "The bank"),
    ("Officials warned of “[[a very long winter]]” without gas.", "Officials"),
    ("“[[Nobody was hurt,]]” police said in a statement late on Friday.", "police"),
    ("\"[[The measure, as drafted, fails,]]\" Justice Omar Reed wrote for the court.",
     "Justice Omar Reed"),
    ("The “[[temporary]]” fence, as the mayor calls it, is ten years old.", "the mayor"),
    ("“[[I think it will cost us,]]” Amy Vance, chief of the rail board, said at a hearing.",
     "Amy Vance"),
    ("The chief of the rail board, Amy Vance, said “[[it will cost us]]” but gave no figure.",
     "Amy Vance"),
    ("`` [[I am done , ]]'' said Kim .", "Kim"),
    ("Asked about the fee, Vance replied, “[[Ask me tomorrow.]]”", "Vance"),
    ("“[[Ask me tomorrow,]]” came the reply from Vance.", ""),
    ("Vance insists the line is “[[on time and on budget]]”.", "Vance"),
    ("The 15\" screen was \"[[far too small for the hall,]]\" said Lund.", "Lund"),
    ("The 6'2\" goalkeeper said \"[[we deserved it]]\" and left.", "The 6'2\" goalkeeper"),
    ("“[[The fee is fair,]]” Lund said, adding: “[[Nobody will notice.]]”", "Lund"),
    ("“[[The fee is fair.]]” Lund would not say more.", ""),
    ("\"[[We're closing the pit,]]\" Lund said, his voice low.", "Lund"),
    ("Lund did not mince words: “[[This was theft.]]”", ""),
    ("“[[Yes, chef,]]” the trainees chanted.", "the trainees"),
    ("“[[Unacceptable,]]” tweeted Holt.", "Holt"),
    ("“[[A great day for Tarn,]]” the governor’s office said in an email.",
     "the governor’s office"),
    # Nobody says these.
    ("Dwayne “The Fist” Hardy lost on points.", ""),
    ("She starred in “The Last Ferry” and wrote a novel titled “Harbour Lights”.", ""),
    ("The song “Blue Morning” topped the charts.", ""),
    ("The players' bus, the teams' coach and the '90s shirts were sold.", ""),
    ("It's the dockers' view, and the pilots' too.", ""),
    ("The door is 6'2\" high and the shelf 15\" wide.", ""),
    ("They bought so-called “experts” a dinner.", ""),
    ("It came after Li’s win in a vote Sorland called “[[neither free nor fair.]]”", "Sorland"),
    ("Rock ’n’ roll isn’t dead, and neither is the ’80s look.", ""),
    ("He crossed the 38\" line.", ""),
]  # fmt: skip


def unmarked(passage: str) -> tuple[str, set[tuple[int, int]]]:
    """The passage without its brackets, and the spans that they stood round."""
    spans, opened, text = set(), [], ""
    while passage:
        if passage.startswith("[["):
            opened.append(len(text))
            passage = passage[2:]
        elif passage.startswith("]]"):
            spans.add((opened.pop(), len(text)))
            passage = passage[2:]
        else:
            text += passage[0]
            passage = passage[1:]
    return text, {(start, start + len(text[start:end].rstrip())) for start, end in spans}


def direct(text: str) -> list:
    return [found for found in quotations(text) if found.direct]


def words(text: str, span) -> str:
    return "" if span is None else text[span.start : span.end]


def reported(text: str) -> list[tuple[str, str, str]]:
    return [
        (words(text, found.span), words(text, found.speaker), words(text, found.cue))
        for found in quotations(text)
        if not found.direct
    ]


def test_quoted_spans_are_found_and_nothing_else_is():
    found = missed = wrong = 0
    for passage, _ in GOLD:
        text, gold = unmarked(passage)
        spans = {tuple(quotation.span) for quotation in direct(text)}
        found += len(gold & spans)
        missed += len(gold - spans)
        wrong += len(spans - gold)

    assert found / (found + missed) >= 0.99
    assert found / (found + wrong) >= 0.95


@pytest.mark.parametrize(("passage", "speaker"), [row for row in GOLD if "[[" in row[0]])
def test_the_speaker_of_a_quotation_is_named_where_the_text_does(passage, speaker):
    text, _ = unmarked(passage)

    assert words(text, direct(text)[0].speaker) == speaker


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        (
            "Police said that two men were held.",
            [("two men were held", "Police", "said")],
        ),
        ("Officials say the dam is safe.", [("the dam is safe", "Officials", "say")]),
        ("The dam is safe, officials say.", [("The dam is safe", "officials", "say")]),
        (
            "The dam is safe, according to the ministry of works.",
            [("The dam is safe", "the ministry of works", "according to")],
        ),
        (
            "According to the ministry, the dam is safe.",
            [("the dam is safe", "the ministry", "According to")],
        ),
        (
            "Ruiz, who leads the party, told parliament the law would pass.",
            [("the law would pass", "Ruiz", "told")],
        ),
        (
            "Ana Ruiz, the minister, has claimed that prices fell.",
            [("prices fell", "Ana Ruiz", "claimed")],
        ),
        ("The state bought a new report and a hall.", []),
        ("The port reopened on Monday.", []),
    ],
)
def test_reported_statements_are_found_with_speaker_and_cue(text, statements):
    assert reported(text) == statements


def test_a_quotation_that_goes_on_in_the_next_paragraph_keeps_its_speaker():
    text = "“One,” said Ruiz.\n\n“Two is more.\n\n“Three is enough,” Hale said."

    speakers = [words(text, found.speaker) for found in direct(text)]

    assert speakers == ["Ruiz", "Hale", "Hale"]


def test_an_unbalanced_mark_ends_with_its_paragraph():
    text = "“We will pay, Pell said.\n\nThe port “is open,” Ito said."

    spans = [words(text, found.span) for found in direct(text)]

    assert spans == ["We will pay, Pell said.", "is open,"]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_has_quotations_inside_its_bounds(text):
    for found in quotations(text):
        for span in (found.span, found.speaker, found.cue):
            assert span is None or 0 <= span.start < span.end <= len(text)


@given(st.text(alphabet="ab ,.\n\"'“”‘’„«»`said", max_size=120))
def test_any_mixture_of_marks_is_survived(text):
    for found in quotations(text):
        assert text[found.span.start : found.span.end].strip()


@pytest.mark.parametrize("unit", ['" ', "“a ", "he said ", "' s' ", '"a," said b. ', "a, said "])
def test_time_grows_with_the_length_only(unit):
    text = unit * 20_000

    begun = time.process_time()
    quotations(text)

    assert time.process_time() - begun < 4
