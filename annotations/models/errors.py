from typing import Any


class EditConflict(Exception):
    """Somebody changed the same thing meanwhile; `current` is what is stored now, `sent` what was
    to be stored, where an act knows.
    """

    sent: Any = None

    def __init__(self, current: Any) -> None:
        super().__init__("Somebody changed this meanwhile.")
        self.current = current


class QuoteMismatch(ValueError):
    """The quoted words are not at the place that the offsets name."""


class ClaimInUse(Exception):
    """Passages are marked with the claim; move them to another claim first."""
