import json
from functools import cache
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse

from annotations.codebooks import check
from annotations.states import Codings
from corpus.models import Collection

DEFAULT = Path(__file__).parent.parent / "data" / "codebook.json"
# Okabe and Ito's eight colours that colour-blind readers tell apart; tokens.css has their values.
COLOURS = range(1, 9)


@cache
def default_codebook() -> dict[str, Any]:
    """The codebook that a new collection starts with: "Claims and stance in news"."""
    data: dict[str, Any] = json.loads(DEFAULT.read_text(encoding="utf-8"))
    return data


class Codebook(models.Model):
    """The questions that coders answer, and the answers to choose from.

    Variables and codes are live rows with stable keys, so that a label can change without touching
    a single annotation; `version` counts the changes and CodebookVersion keeps each state.
    """

    collection = models.OneToOneField(Collection, models.CASCADE, related_name="codebook")
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(max_length=200)
    licence = models.CharField(max_length=100, blank=True)
    unit_rules = models.JSONField(default=list, blank=True)
    extra = models.JSONField(
        default=dict, blank=True, help_text="What an imported codebook says beyond our fields."
    )

    # What load() takes from the JSON into fields; all else is kept in `extra`.
    KNOWN = frozenset({"name", "version", "licence", "unit_rules", "variables", "editable"})

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("annotations:codebook", args=[self.collection.slug])

    @classmethod
    def start(cls, collection: Collection, *, user: User | None = None) -> Self:
        """The collection's codebook, made from the default one where there is none yet."""
        found = cls.objects.filter(collection=collection).first()
        return found or cls.load(default_codebook(), collection=collection, user=user)

    @classmethod
    def load(
        cls, data: dict[str, Any], *, collection: Collection, user: User | None = None
    ) -> Self:
        """Make the collection's codebook from the JSON of docs/formats.md.

        Raises annotations.codebooks.CodebookError; nothing is stored then.
        """
        from .intake import take_in

        check(data)
        with transaction.atomic():
            codebook = cls.objects.create(
                collection=collection,
                name=data["name"],
                licence=data.get("licence", ""),
                unit_rules=data.get("unit_rules", []),
                extra={key: value for key, value in data.items() if key not in cls.KNOWN},
            )
            take_in(codebook, data)
            codebook.keep_version("First version", user=user)
        return codebook

    def absorb(self, data: dict[str, Any], *, user: User) -> None:
        """Become the codebook in the JSON, key by key, as one new version.

        What the JSON leaves out is retired where it is or was in use and removed where it was not.
        Core variables stay and keep their codes, their level and their choice. Raises
        annotations.codebooks.CodebookError; nothing is stored then.
        """
        from .intake import in_history, take_in

        check(data)
        logged = in_history(self)
        with transaction.atomic():
            self.name = data["name"]
            self.licence = data.get("licence", "")
            self.unit_rules = data.get("unit_rules", [])
            self.extra = {key: value for key, value in data.items() if key not in self.KNOWN}
            self.save()
            take_in(self, data, logged=logged)
            # What stayed must agree with what came, as in the shortcuts of codes.
            check(self.as_dict())
            self.changed("Imported from a file", user=user)

    def as_dict(self) -> dict[str, Any]:
        """The codebook as the JSON of docs/formats.md; load() takes it back."""
        variables = self.variables.prefetch_related("codes").order_by("order", "pk")
        children: dict[int | None, list[Variable]] = {}
        for variable in variables:
            children.setdefault(variable.parent_id, []).append(variable)
        return {
            "name": self.name,
            "version": self.version,
            "licence": self.licence,
            "variables": [variable.as_dict(children) for variable in children.get(None, [])],
            "unit_rules": self.unit_rules,
            **self.extra,
        }

    def keep_version(self, summary: str, *, user: User | None) -> "CodebookVersion":
        """Keep today's state under the current version number."""
        return CodebookVersion.objects.create(
            codebook=self,
            version=self.version,
            summary=summary,
            data=self.as_dict(),
            creator=user,
        )

    def changed(self, summary: str, *, user: User | None) -> "CodebookVersion":
        """Count one version up and keep it; call it in the transaction of the change itself."""
        type(self).objects.filter(pk=self.pk).update(version=models.F("version") + 1)
        self.refresh_from_db(fields=["version"])
        return self.keep_version(summary, user=user)


class CodebookVersion(models.Model):
    """A codebook as it was."""

    codebook = models.ForeignKey(Codebook, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    summary = models.CharField(max_length=300)
    data = models.JSONField()
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="codebook_versions",
    )
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["codebook", "version"], name="annotations_codebook_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.codebook_id} v{self.version}: {self.summary}"


class Variable(models.Model):
    """A question of the codebook: what is coded, at which levels, on which scale."""

    class Choice(models.TextChoices):
        ONE = "one", "One code"
        MANY = "many", "Any number of codes"

    class Scale(models.TextChoices):
        NOMINAL = "nominal", "Nominal"
        ORDINAL = "ordinal", "Ordinal"

    codebook = models.ForeignKey(Codebook, models.CASCADE, related_name="variables")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children"
    )
    key = models.SlugField(max_length=60)
    label = models.CharField(max_length=120)
    question = models.TextField(blank=True)
    rules = models.JSONField(default=list, blank=True)
    level = models.JSONField(
        default=list, help_text="One or more of document, claim, passage, pair."
    )
    choice = models.CharField(max_length=4, choices=Choice, default=Choice.ONE)
    scale = models.CharField(max_length=7, choices=Scale, default=Scale.NOMINAL)
    order = models.PositiveIntegerField(default=0)
    core = models.BooleanField(
        default=False, help_text="The app's own pages rely on a core variable; it keeps its key."
    )
    note = models.TextField(blank=True)
    quick_buttons = models.JSONField(
        default=list,
        blank=True,
        help_text="Rows of [shortcut, label, voice or null, position].",
    )
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["codebook", "key"],
                name="annotations_variable_key_once",
                violation_error_message="The codebook has a variable with this key.",
            ),
            models.CheckConstraint(
                condition=Q(choice__in=["one", "many"]) & Q(scale__in=["nominal", "ordinal"]),
                name="annotations_variable_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    # What the JSON of a variable and our fields share; all else is kept in `extra`.
    KNOWN = frozenset(
        {
            "key",
            "label",
            "question",
            "rules",
            "level",
            "choice",
            "scale",
            "core",
            "note",
            "quick_buttons",
            "codes",
            "fields",
            "order",
            "missing",
        }
    )

    def fault_of(self, choice: str) -> str:
        """What keeps the variable from taking that choice, in words; empty where nothing does.

        Deleted annotations count too: they can be brought back, with all their codes.
        """
        if not self.pk or (self.choice, choice) != (self.Choice.MANY, self.Choice.ONE):
            return ""
        counts = []
        for rows, owner in ((self.codings, "annotation"), (self.claim_codings, "claim")):
            several = rows.values(owner).annotate(codes=models.Count("pk")).filter(codes__gt=1)
            if number := several.count():
                counts.append(f"{number} {owner}{'s' * (number > 1)}")
        if not counts:
            return ""
        return (
            f"must stay “many”: more than one code of “{self.label}” is on {' and '.join(counts)}, "
            "counting deleted ones, which can be brought back. Merge those codes first, or take them "
            "away until one is left."
        )

    def as_dict(self, children: dict[int | None, list["Variable"]]) -> dict[str, Any]:
        codes = sorted(self.codes.all(), key=lambda code: (code.order, code.pk))
        ranked = sorted(
            (code for code in codes if code.rank is not None), key=lambda code: code.rank or 0
        )
        data: dict[str, Any] = {
            "key": self.key,
            "label": self.label,
            "level": self.level,
            "choice": self.choice,
            "scale": self.scale,
            "core": self.core,
        }
        optional: dict[str, Any] = {
            "question": self.question,
            "rules": self.rules,
            "note": self.note,
            "quick_buttons": self.quick_buttons,
            "order": [code.key for code in ranked],
            "missing": [code.key for code in codes if code.missing],
            "codes": [code.as_dict() for code in codes],
            "fields": [child.as_dict(children) for child in children.get(self.pk, [])],
        }
        data.update({key: value for key, value in optional.items() if value})
        data.update(self.extra)
        return data


class CodeQuerySet(models.QuerySet["Code"]):
    def with_uses(self, annotations: models.QuerySet[Any], claims: models.QuerySet[Any]) -> Self:
        """Add `uses`: how many of these annotations and claims carry the code."""
        return self.annotate(
            uses=models.Count(
                "codings", filter=Q(codings__annotation__in=annotations.values("pk")), distinct=True
            )
            + models.Count(
                "claim_codings",
                filter=Q(claim_codings__claim__in=claims.values("pk")),
                distinct=True,
            )
        )


class Code(models.Model):
    """One answer to a variable's question. A code in use is retired or merged, never deleted."""

    variable = models.ForeignKey(Variable, models.CASCADE, related_name="codes")
    key = models.SlugField(max_length=60)
    label = models.CharField(max_length=120)
    definition = models.TextField(blank=True)
    include = models.TextField(blank=True)
    exclude = models.TextField(blank=True)
    example = models.TextField(blank=True)
    colour = models.PositiveSmallIntegerField(
        default=0, help_text="1 to 8 of the colour-blind-safe palette; 0 for none."
    )
    shortcut = models.CharField(max_length=1, blank=True)
    retired = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged"
    )
    order = models.PositiveIntegerField(default=0)
    rank = models.PositiveIntegerField(
        null=True, blank=True, help_text="Place on an ordinal scale, lowest first."
    )
    missing = models.BooleanField(
        default=False, help_text="Stands for no answer; agreement leaves it out."
    )
    extra = models.JSONField(default=dict, blank=True)

    objects = CodeQuerySet.as_manager()

    uses: int  # set by with_uses()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["variable", "key"],
                name="annotations_code_key_once",
                violation_error_message="The variable has a code with this key.",
            ),
            models.CheckConstraint(
                condition=Q(colour__lte=max(COLOURS)),
                name="annotations_code_colour_in_palette",
                violation_error_message="A colour is a number from 0 to 8.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    TEXTS = ("definition", "include", "exclude", "example", "shortcut")

    def absorb(self, data: dict[str, Any], *, order: int) -> None:
        """Take label, texts, colour and place from the JSON; not saved."""
        for name in self.TEXTS:
            setattr(self, name, data.get(name, ""))
        self.label = data["label"]
        self.colour = data.get("colour", order % len(COLOURS) + 1)
        self.offer(offered=not data.get("retired", False))
        self.order = order
        own = {"key", "label", "colour", "retired", *self.TEXTS}
        self.extra = {key: value for key, value in data.items() if key not in own}

    def offer(self, *, offered: bool) -> None:
        """Retire the code or use it, again as one of its own where it was merged; not saved."""
        self.retired = not offered
        if offered:
            self.merged_into = None

    def taken_shortcuts(self) -> dict[str, str]:
        """The shortcuts of all other codes on offer for passages, with the labels of those codes."""
        codes = Code.objects.filter(variable__codebook=self.variable.codebook_id, retired=False)
        others = codes.exclude(shortcut="").exclude(pk=self.pk).select_related("variable")
        return {code.shortcut: code.label for code in others if "passage" in code.variable.level}

    def merge_into(self, other: "Code") -> int:
        """Give every use to another code of the variable and retire this one; how many there were.

        Undo keeps working: revisions that name this code lead on to the other.
        """
        with transaction.atomic():
            moved = 0
            for rows, owner in ((self.codings, "annotation"), (self.claim_codings, "claim")):
                taken = rows.model.objects.filter(code=other).values(owner)
                rows.filter(**{f"{owner}__in": taken}).delete()
                moved += rows.update(code=other)
            self.merged.update(merged_into=other)
            self.merged_into = other
            self.retired = True
            self.save(update_fields=["merged_into", "retired"])
        return moved

    def as_dict(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "key": self.key,
            "label": self.label,
            "definition": self.definition,
            "include": self.include,
            "exclude": self.exclude,
            "example": self.example,
            "colour": self.colour,
        }
        optional = {"shortcut": self.shortcut, "retired": self.retired}
        data.update({key: value for key, value in optional.items() if value})
        data.update(self.extra)
        return data


def resolve(codings: Codings, collection: int) -> list[tuple[Variable, Code]]:
    """The rows behind (variable key, code key) pairs; a merged code leads to the one that took it.

    Raises Code.DoesNotExist where the codebook has no such code.
    """
    if not codings:
        return []
    found: dict[tuple[str, str], Code] = {
        (code.variable.key, code.key): code
        for code in Code.objects.filter(
            variable__codebook__collection=collection,
            variable__key__in=[variable for variable, _ in codings],
        ).select_related("variable__codebook", "merged_into__variable")
    }
    rows = []
    for pair in codings:
        code = found.get(pair)
        if code is None:
            raise Code.DoesNotExist(f"The codebook has no code {pair[1]} in {pair[0]}.")
        kept = code.merged_into or code
        kept.variable.codebook = code.variable.codebook
        if (kept.variable, kept) not in rows:
            rows.append((kept.variable, kept))
    return rows
