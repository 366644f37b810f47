"""What an edit did to an annotation, in words: the difference of two states."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .states import AnnotationState, TargetState


@dataclass(frozen=True, slots=True)
class Names:
    """What the keys and numbers in a state are called; one without a name stands for itself."""

    variables: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    claims: Mapping[int, str] = field(default_factory=dict)

    def coding(self, variable: str, code: str) -> str:
        label = self.codes.get((variable, code), code)
        return f"{self.variables.get(variable, variable)}: {label}"

    def claim(self, number: int | None) -> str:
        return "no claim" if number is None else f"“{self.claims.get(number, f'claim {number}')}”"


def in_words(
    before: AnnotationState | None, after: AnnotationState, names: Names
) -> tuple[str, ...]:
    """One phrase for each thing that changed; everything there is, where there was nothing."""
    if before is None:
        before = AnnotationState(after.motivation, ())
    phrases = []
    if before.deleted != after.deleted:
        phrases.append("deleted it" if after.deleted else "brought it back")
    if before.targets != after.targets:
        phrases += _targets(before.targets, after.targets)
    if added := [coding for coding in after.codings if coding not in before.codings]:
        phrases.append(f"set {', '.join(names.coding(*coding) for coding in added)}")
    # A single choice that was changed has not been taken away as well.
    if gone := [
        coding
        for coding in before.codings
        if coding not in after.codings
        and not (after.codes(coding[0]) and len(before.codes(coding[0])) == 1)
    ]:
        phrases.append(f"took away {', '.join(names.coding(*coding) for coding in gone)}")
    if before.claim != after.claim:
        phrases.append(f"linked it to {names.claim(after.claim)}")
    if before.note != after.note:
        phrases.append(f"wrote the note “{after.note}”" if after.note else "took the note away")
    if before.unsure != after.unsure:
        phrases.append("marked it as unsure" if after.unsure else "was sure after all")
    if before.motivation != after.motivation:
        phrases.append(f"changed its purpose to {after.motivation}")
    return tuple(phrases)


_ROLES = {"passage": "the passage", "source": "the source", "cue": "the cue"}


def _targets(before: tuple[TargetState, ...], after: tuple[TargetState, ...]) -> list[str]:
    phrases = []
    for role, name in _ROLES.items():
        old = [target for target in before if target.role == role]
        new = [target for target in after if target.role == role]
        if old == new:
            continue
        if not new:
            phrases.append(f"took {name} away")
        elif old:
            phrases.append(f"moved {name} to {_words(new)}")
        else:
            phrases.append(f"marked {'' if role == 'passage' else f'{name} '}{_words(new)}")
    return phrases


def _words(targets: list[TargetState]) -> str:
    return " and ".join(
        f"“{target.exact}”" if target.start is not None else "the whole document"
        for target in targets
    )
