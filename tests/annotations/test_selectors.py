import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotations.selectors import AnchorError, TextPosition, TextQuote, anchor
from annotations.states import CONTEXT


@st.composite
def passages(draw):
    """A text of few different characters, so that quotations repeat, and a place in it."""
    characters = st.sampled_from("ab \n🌧é\u0301ض👩\u200d🚢") | st.characters(codec="utf-8")
    text = draw(st.text(characters, min_size=1, max_size=200))
    start = draw(st.integers(0, len(text) - 1))
    return text, TextPosition(start, draw(st.integers(start + 1, len(text))))


def places(text, words):
    return [start for start in range(len(text)) if text.startswith(words, start)]


@given(passages())
@example(("aaaa" * 40, TextPosition(60, 61)))
@example(("🌧 rain", TextPosition(0, 1)))
def test_anchoring_takes_a_quotation_back_to_its_place_or_says_that_it_repeats(passage):
    text, position = passage
    quote = TextQuote.from_position(text, position)
    repeats = len(places(text, quote.prefix + quote.exact + quote.suffix)) > 1

    if repeats:
        with pytest.raises(AnchorError, match="more than one place"):
            anchor(text, quote)
    else:
        assert anchor(text, quote) == position


@given(passages())
def test_with_all_of_the_text_around_it_a_quotation_has_one_place(passage):
    text, position = passage

    quote = TextQuote.from_position(text, position, context=len(text))

    assert anchor(text, quote) == position


@given(passages())
def test_a_quotation_is_what_the_text_says_around_the_position(passage):
    text, position = passage

    quote = TextQuote.from_position(text, position)

    assert quote.exact == text[position.start : position.end]
    assert text[: position.start].endswith(quote.prefix)
    assert text[position.end :].startswith(quote.suffix)
    assert len(quote.prefix) == min(CONTEXT, position.start)
    assert len(quote.suffix) == min(CONTEXT, len(text) - position.end)


@pytest.mark.parametrize(
    ("text", "quote", "start"),
    [
        ("The port is closed.", TextQuote("port"), 4),
        ("Rain 🌧 fell on the port.", TextQuote("port"), 19),
        ("the port, the port", TextQuote("the port", prefix=", "), 10),
        ("the port, the port", TextQuote("the port", suffix=", "), 0),
        ("قال: لن ندفع ثمن الطين", TextQuote("لن ندفع"), 5),
        ("abcdefghijklmnopqrstuvwxyz", TextQuote("efg", "abcd", "hijk"), 4),
    ],
)
def test_a_quotation_finds_its_place(text, quote, start):
    assert anchor(text, quote) == TextPosition(start, start + len(quote.exact))


@pytest.mark.parametrize(
    ("quote", "message"),
    [
        (TextQuote("tea"), "does not say"),
        (TextQuote("port", prefix="a "), "does not say"),
        (TextQuote("the port"), "more than one place"),
        (TextQuote("", prefix="the"), "nowhere"),
    ],
)
def test_a_quotation_without_one_place_is_refused(quote, message):
    with pytest.raises(AnchorError, match=message):
        anchor("the port, the port", quote)


def test_matches_that_overlap_are_several():
    with pytest.raises(AnchorError, match="more than one place"):
        anchor("aaa", TextQuote("aa"))


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 3), (4, 2)])
def test_a_position_holds_at_least_one_character(start, end):
    with pytest.raises(ValueError, match="no passage"):
        TextPosition(start, end)


def test_a_position_beyond_the_text_has_no_quotation():
    with pytest.raises(ValueError, match="ends at 3"):
        TextQuote.from_position("abc", TextPosition(1, 4))
