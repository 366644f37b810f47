"""What an edit did to an annotation or a claim, in words: the difference of two states."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .states import AnnotationState, ClaimState, Codings, TargetState


@dataclass(frozen=True, slots=True)
class Names:
    """What the keys and numbers in a state are called; a key without a name stands for itself."""

    variables: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    claims: Mapping[int, str] = field(default_factory=dict)

    def coding(self, variable: str, code: str) -> str:
        label = self.codes.get((variable, code), code)
        return f"{self.variables.get(variable, variable)}: {label}"

    def claim(self, number: int | None) -> str:
        """A claim without a name is one that the reader does not see."""
        if number is None:
            return "no claim"
        return f"“{self.claims[number]}”" if number in self.claims else "another claim"


def in_words(
    before: AnnotationState | None, after: AnnotationState, names: Names
) -> tuple[str, ...]:
    """One phrase for each thing that changed; everything there is, where there was nothing."""
    if before is None:
        before = AnnotationState(after.motivation, ())
    phrases = []
    if before.deleted != after.deleted:
        phrases.append("deleted it" if after.deleted else "brought it back")
    if before.archived != after.archived:
        phrases.append("archived it" if after.archived else "took it out of the archive")
    if before.targets != after.targets:
        phrases += _targets(before.targets, after.targets)
    phrases += _codings(before.codings, after.codings, names)
    if before.claim != after.claim:
        phrases.append(f"linked it to {names.claim(after.claim)}")
    if before.note != after.note:
        phrases.append(f"wrote the note “{after.note}”" if after.note else "took the note away")
    if before.unsure != after.unsure:
        phrases.append("marked it as unsure" if after.unsure else "was sure after all")
    if before.motivation != after.motivation:
        phrases.append(f"changed its purpose to {after.motivation}")
    return tuple(phrases)


def claim_in_words(before: ClaimState | None, after: ClaimState, names: Names) -> tuple[str, ...]:
    """As in_words(), for a claim."""
    if before is None:
        before = replace(after, codings=(), description="")
        phrases = [f"added the claim “{after.statement}”"]
    else:
        phrases = []
    if before.deleted != after.deleted:
        phrases.append("deleted the claim" if after.deleted else "brought the claim back")
    if before.archived != after.archived:
        verb = "archived the claim" if after.archived else "took the claim out of the archive"
        phrases.append(verb)
    if before.merged_into != after.merged_into:
        into = names.claim(after.merged_into)
        phrases.append(f"merged it into {into}" if after.merged_into else "took it apart again")
    if before.statement != after.statement:
        phrases.append(f"reworded it from “{before.statement}”")
    if before.description != after.description:
        phrases.append("described it anew" if after.description else "took the description away")
    phrases += _codings(before.codings, after.codings, names)
    if before.order != after.order:
        phrases.append("moved it in the list")
    return tuple(phrases)


def _codings(before: Codings, after: Codings, names: Names) -> list[str]:
    phrases = []
    if added := [coding for coding in after if coding not in before]:
        phrases.append(f"set {', '.join(names.coding(*coding) for coding in added)}")
    # A single choice that was changed has not been taken away as well.
    had, has = (Counter(variable for variable, _ in codings) for codings in (before, after))
    if gone := [
        coding
        for coding in before
        if coding not in after and not (has[coding[0]] and had[coding[0]] == 1)
    ]:
        phrases.append(f"took away {', '.join(names.coding(*coding) for coding in gone)}")
    return phrases


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
        "the whole document" if target.start is None else _quoted(target.exact)
        for target in targets
    )


def _quoted(words: str) -> str:
    return words if words[:1] in {"“", "”", "«", "„", '"'} else f"“{words}”"
