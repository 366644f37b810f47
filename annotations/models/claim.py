from dataclasses import replace
from typing import Self
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, Max, Q
from django.urls import reverse
from django.utils import timezone

from annotations import access
from annotations.states import ClaimState
from corpus.models import Collection, LivingQuerySet

from .codebook import Code, Variable, resolve
from .errors import EditConflict
from .numbering import Numbering
from .revision import Revision

MOVE = "move"
CLAIM_ARCHIVED = "The claim is archived. Take it out of the archive first."


class ClaimQuerySet(LivingQuerySet["Claim"]):
    def seen_by(self, user: User, collection: Collection) -> Self:
        """Those of the collection that this member may see."""
        return self.filter(access.claims(user, collection))

    def current(self) -> Self:
        """On the list: in use, and not merged into another."""
        return self.in_use().filter(merged_into__isnull=True)

    def in_order(self) -> Self:
        return self.order_by("order", "pk")

    def beside(self, claim: "Claim") -> Self:
        """The claim and the others of its list, in order."""
        return self.filter(collection=claim.collection_id).current().in_order()

    def standing_for(self, pk: int) -> "Claim":
        """The claim itself, or the one that it has become part of, however often that was merged.

        Raises Claim.DoesNotExist where there is none.
        """
        claim = self.get(pk=pk)
        met: set[int | None] = {claim.pk}
        while claim.merged_into is not None and claim.merged_into_id not in met:
            claim = claim.merged_into
            met.add(claim.pk)
        return claim

    def parts_of(self, pk: int) -> set[int]:
        """The claim and all that have become part of it, however often those were merged."""
        parts, added = {pk}, {pk}
        while added:
            added = set(self.filter(merged_into__in=added).values_list("pk", flat=True)) - parts
            parts |= added
        return parts

    def with_counts(self) -> Self:
        """Add `occurrence_count`: live annotations that mark a passage."""
        return self.annotate(
            occurrence_count=Count(
                "annotations",
                filter=Q(
                    annotations__deleted_at__isnull=True,
                    annotations__archived_at__isnull=True,
                    annotations__targets__start__isnull=False,
                    annotations__targets__role="passage",
                    annotations__targets__document__deleted_at=None,
                ),
                distinct=True,
            )
        )

    def record(
        self,
        state: ClaimState,
        *,
        collection: Collection,
        user: User,
        operation: UUID | None = None,
    ) -> "Claim":
        """Make a claim with a number of its own, at the end of the list unless the state gives it
        a place."""
        with transaction.atomic():
            last = self.filter(collection=collection).aggregate(
                order=Max("order", default=0), number=Max("number", default=0)
            )
            number = Numbering.objects.take(collection, above=last["number"])
            state = replace(state, order=state.order or last["order"] + 1)
            claim = self.model(collection=collection, creator=user, number=number)
            claim._write(state)
            Revision.objects.create(
                collection=collection,
                claim=claim,
                user=user,
                operation=operation or uuid4(),
                action="create",
                before=None,
                after=state.as_dict(),
            )
        return claim

    def stating(
        self,
        statement: str,
        *,
        collection: Collection,
        user: User,
        operation: UUID | None = None,
    ) -> tuple["Claim", bool]:
        """The current claim with just this statement, of those that the person may see, or else a
        new one; and whether it is new.

        Raises ValidationError where the only one that says this is archived.
        """
        with transaction.atomic():
            # Two people who write the same at the same moment get the same claim.
            Collection.objects.select_for_update().get(pk=collection.pk)
            known = self.seen_by(user, collection).filter(statement__iexact=statement)
            if found := known.current().in_order().first():
                return found, False
            if known.archived().exists():
                raise ValidationError(CLAIM_ARCHIVED, code="archived")
            state = ClaimState(statement)
            return self.record(state, collection=collection, user=user, operation=operation), True


class Claim(models.Model):
    """A statement that documents make, dispute or leave out, in the coders' neutral words."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="claims")
    statement = models.CharField(
        max_length=1000,
        help_text="Neutral, in the affirmative, and understandable without the article.",
    )
    description = models.TextField(blank=True)
    codes = models.ManyToManyField(Code, through="ClaimCoding", related_name="claims")
    number = models.PositiveIntegerField(
        editable=False, help_text="What people call it by; it never changes and is never reused."
    )
    order = models.PositiveIntegerField(default=0, help_text="Its place in the list.")
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="claims"
    )
    created = models.DateTimeField(auto_now_add=True)
    modified = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged"
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "number"],
                name="annotations_claim_number_once",
                violation_error_message="Another claim of the collection has this number.",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="annotations_claim_number_from_one",
                violation_error_message="Claims are numbered from 1.",
            ),
            models.CheckConstraint(
                condition=~Q(statement=""),
                name="annotations_claim_has_a_statement",
                violation_error_message="A claim needs a statement.",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                name="annotations_claim_not_merged_into_itself",
                violation_error_message="A claim is not merged into itself.",
            ),
        ]

    def __str__(self) -> str:
        return self.statement

    def get_absolute_url(self) -> str:
        return reverse("annotations:claim", args=[self.collection.slug, self.pk])

    def as_state(self) -> ClaimState:
        """One query unless `codings__variable` and `codings__code` are prefetched."""
        return ClaimState(
            statement=self.statement,
            description=self.description,
            order=self.order,
            codings=tuple(
                (coding.variable.key, coding.code.key)
                for coding in self.codings.select_related("variable", "code")
            ),
            merged_into=self.merged_into_id,
            deleted=self.deleted_at is not None,
            archived=self.archived_at is not None,
        )

    @property
    def current(self) -> bool:
        """On the list: neither deleted, archived nor merged into another."""
        put_away = self.deleted_at is not None or self.archived_at is not None
        return not put_away and self.merged_into_id is None

    def fitted(self, state: ClaimState) -> ClaimState:
        """What the state means by now: merged codes and claims lead on to those that took them."""
        if state.merged_into is not None:
            state = replace(state, merged_into=self._beside(state.merged_into).pk)
        rows = resolve(state.codings, self.collection_id)
        return replace(state, codings=tuple((row.key, code.key) for row, code in rows))

    def _beside(self, pk: int) -> "Claim":
        return type(self).objects.filter(collection=self.collection_id).standing_for(pk)

    def change(
        self,
        state: ClaimState,
        *,
        user: User,
        action: str = "edit",
        version: int | None = None,
        operation: UUID | None = None,
        kind: str = "do",
        of: UUID | None = None,
    ) -> None:
        """Write a new state and log it.

        Only a move changes the place in the list, and it changes nothing else and makes no new
        version: who rewords the claim meanwhile does not clash with it. Raises EditConflict where `version` is no longer
        the stored one, or where the claim would be merged into one that has left the list.
        """
        with transaction.atomic():
            current = type(self).objects.select_for_update().get(pk=self.pk)
            if version is not None and current.version != version:
                raise EditConflict(current)
            before = current.as_state()
            if action == MOVE:
                state = replace(before, order=state.order)
            else:
                state = replace(self._takeable(state, before), order=before.order)
            if before == state:
                return
            self.version = current.version + (replace(before, order=state.order) != state)
            self._make_way(before.order, state.order)
            self._write(state)
            Revision.objects.create(
                collection_id=self.collection_id,
                claim=self,
                user=user,
                operation=operation or uuid4(),
                kind=kind,
                of=of,
                action=action,
                before=before.as_dict(),
                after=state.as_dict(),
            )

    def _takeable(self, state: ClaimState, before: ClaimState) -> ClaimState:
        """The state fitted; raises EditConflict unless the claim that takes this one is current."""
        fitted = self.fitted(state)
        if state.merged_into == before.merged_into:
            return replace(fitted, merged_into=before.merged_into)
        if fitted.merged_into is not None:
            into = type(self).objects.get(pk=fitted.merged_into)
            if into == self or not into.current:
                raise EditConflict(into)
        return fitted

    def move(self, place: int, *, user: User, operation: UUID | None = None) -> None:
        """Put the claim at this place of the list, counted from 0; one undoable step."""
        with transaction.atomic():
            claims = list(type(self).objects.beside(self))
            if len({claim.order for claim in claims}) < len(claims):
                self._order_anew()
                claims = list(type(self).objects.beside(self))
            there = claims[min(max(place, 0), len(claims) - 1)]
            state = replace(self.as_state(), order=there.order)
            self.change(state, user=user, action=MOVE, operation=operation)

    def _make_way(self, old: int, new: int) -> None:
        """Let those between two places of the list close up behind the claim that moves."""
        others = type(self).objects.filter(collection=self.collection_id).exclude(pk=self.pk)
        if new > old:
            others.filter(order__gt=old, order__lte=new).update(order=F("order") - 1)
        elif new < old:
            others.filter(order__gte=new, order__lt=old).update(order=F("order") + 1)

    def _order_anew(self) -> None:
        """Give each claim of the collection a place of its own, in the order that there is."""
        claims = list(type(self).objects.filter(collection=self.collection_id).in_order())
        for order, claim in enumerate(claims, start=1):
            claim.order = order
        type(self).objects.bulk_update(claims, ["order"])

    def _write(self, state: ClaimState) -> None:
        self.statement = state.statement
        self.description = state.description
        self.order = state.order
        self.merged_into_id = state.merged_into
        self.deleted_at = (self.deleted_at or timezone.now()) if state.deleted else None
        self.archived_at = (self.archived_at or timezone.now()) if state.archived else None
        # The number is given once; what this person calls the claim may be another one.
        given = {"number"} if self.pk else set()
        self.full_clean(exclude=["codes", "collection", "creator", *given])
        fields = {field.name for field in self._meta.concrete_fields if not field.primary_key}
        self.save(update_fields=fields - given if self.pk else None)
        self.codings.all().delete()
        ClaimCoding.objects.bulk_create(
            ClaimCoding(claim=self, variable=variable, code=code, single=variable.choice == "one")
            for variable, code in resolve(state.codings, self.collection_id)
        )


class ClaimCoding(models.Model):
    """A code set on a claim, such as its kind."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="codings")
    variable = models.ForeignKey(Variable, models.RESTRICT, related_name="claim_codings")
    code = models.ForeignKey(Code, models.RESTRICT, related_name="claim_codings")
    single = models.BooleanField(default=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "variable", "code"], name="annotations_claim_code_once"
            ),
            models.UniqueConstraint(
                fields=["claim", "variable"],
                condition=Q(single=True),
                name="annotations_claim_one_code_per_single_choice",
                violation_error_message="This variable takes one code.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variable}: {self.code}"
