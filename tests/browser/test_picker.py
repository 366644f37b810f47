"""A claim that only looks like what was typed is not taken for it."""

import pytest

OPPOSITES = [
    ("The port can open", "The port cannot open"),
    ("The levy is legal now", "The levy is illegal now"),
    ("Die Regel ist zulässig seit März", "Die Regel ist unzulässig seit März"),
    ("Arden is safe today", "Arden is unsafe today"),
]


@pytest.mark.parametrize(("typed", "listed"), OPPOSITES)
def test_an_opposite_does_not_come_before_a_new_claim(page, live_server, typed, listed):
    page.goto(f"{live_server.url}/sign-in/")

    fits = page.evaluate(
        """async ([typed, listed]) => {
            const { fit } = await import("/static/js/picker.js");
            const claim = (statement) => ({ pk: "1", number: "1", statement });
            return [fit(typed, claim(listed)), fit(typed.slice(0, -1), claim(typed))];
        }""",
        [typed, listed],
    )

    assert fits[0] < 250 <= fits[1]  # ALL_WORDS, from which a claim comes first
