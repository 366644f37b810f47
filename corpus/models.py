from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce, Length
from django.http import Http404
from django.urls import reverse
from django.utils.text import slugify

from . import text as texts
from .comparisons import StoredComparison as StoredComparison
from .jobs.models import Worker as Worker
from .orders import BY_ORDER, IN_USE
from .people.models import SecurityEvent as SecurityEvent
from .people.models import SignedIn as SignedIn
from .people.models import SignInTries as SignInTries


class Role(models.TextChoices):
    """What a person may do in a collection; each role may do what the next one may, and more."""

    OWNER = "owner", "Owner"
    CURATOR = "curator", "Curator"
    CODER = "coder", "Coder"
    READER = "reader", "Reader"


# The one place that says which role may do what.
MAY_MANAGE = frozenset({Role.OWNER})
MAY_CURATE = MAY_MANAGE | {Role.CURATOR}
MAY_CODE = MAY_CURATE | {Role.CODER}
MAY_READ = MAY_CODE | {Role.READER}

ARCHIVED = "This collection is archived: it can be read, and nothing in it is changed."

# Between deleting something and its end, in which it can be brought back.
GRACE = timedelta(days=30)


def is_member(user: User, *, through: str = "collection__", **more: Any) -> Q:
    """That the user is in the collection, and that both are still there.

    `through` leads to the collection; `more` is asked of the same membership.
    """
    asked = {"user": user, "deleted_at": None, **more}
    there = {f"{through}memberships__{name}": value for name, value in asked.items()}
    return Q(**there, **{f"{through}deleted_at": None})


class LivingQuerySet[M: models.Model](models.QuerySet[M]):
    """The one place that says what is there, what is put away and what is deleted."""

    def alive(self) -> Self:
        return self.filter(deleted_at__isnull=True)

    def deleted(self) -> Self:
        return self.filter(deleted_at__isnull=False)

    def due(self, limit: datetime) -> Self:
        """Deleted up to then: a purge may take it."""
        return self.filter(deleted_at__lte=limit)

    def archived(self) -> Self:
        return self.filter(deleted_at__isnull=True, archived_at__isnull=False)

    def in_use(self) -> Self:
        """Neither deleted nor archived."""
        return self.filter(IN_USE)


class LivingManager[M: "Living"](models.Manager[M]):
    """Rows that are not deleted; what follows a foreign key or cascades uses another manager."""

    def get_queryset(self) -> models.QuerySet[M]:
        return super().get_queryset().filter(deleted_at__isnull=True)


class Living(models.Model):
    """What can be archived, deleted, and brought back until it is purged.

    `objects` has only what is not deleted, `everything` the rest too.
    """

    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="%(class)s_deletions",
    )

    class Meta:
        abstract = True

    @property
    def ends_at(self) -> datetime | None:
        """When a purge may take it for good; None while it is not deleted."""
        return None if self.deleted_at is None else self.deleted_at + GRACE


class CollectionQuerySet(LivingQuerySet["Collection"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(memberships__user=user, memberships__deleted_at=None)

    def managed_by(self, user: User) -> Self:
        return self.filter(
            memberships__user=user,
            memberships__deleted_at=None,
            memberships__archived_at=None,
            memberships__role__in=[str(role) for role in MAY_MANAGE],
        )

    def curated_by(self, user: User) -> Self:
        return self.filter(
            memberships__user=user,
            memberships__deleted_at=None,
            memberships__archived_at=None,
            memberships__role__in=[str(role) for role in MAY_CURATE],
        )

    def with_counts(self) -> Self:
        """Add `document_count`: those in use."""
        documents = Document.objects.in_use().filter(collection=models.OuterRef("pk"))
        counted = documents.order_by().values("collection").annotate(number=Count("pk"))
        return self.annotate(document_count=Coalesce(models.Subquery(counted.values("number")), 0))

    def with_role(self, user: User) -> Self:
        """Add `role`, the user's own in each collection; one whose part is over reads."""
        mine = Membership.objects.filter(collection=models.OuterRef("pk"), user=user)
        role = models.Case(
            models.When(archived_at__isnull=False, then=models.Value(str(Role.READER))),
            default="role",
        )
        return self.annotate(role=models.Subquery(mine.annotate(now=role).values("now")[:1]))

    def open_to(
        self,
        user: User,
        slug: str,
        roles: frozenset[Role] = MAY_READ,
        *,
        archived: bool = False,
    ) -> "Collection":
        """The collection, if the user has one of the roles in it.

        One that is archived is open for reading alone, unless `archived` says that what is done is
        no change of its content. Raises Http404 where the user may not know of it, PermissionDenied
        where they may read it but not do this.
        """
        collection = self.visible_to(user).with_role(user).filter(slug=slug).first()
        if collection is None:
            raise Http404("No such collection.")
        collection.viewer = user
        if collection.role not in roles:
            raise PermissionDenied("Your role in this collection does not allow this.")
        if collection.archived_at and not archived and roles != MAY_READ:
            raise PermissionDenied(ARCHIVED)
        return collection


class Collection(Living):
    """A set of documents read together, and the people who read them."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True, max_length=80)
    description = models.TextField(blank=True)
    blind = models.BooleanField(
        "blind coding", default=False, help_text="Coders see only their own marks."
    )
    created = models.DateTimeField(auto_now_add=True)

    objects = LivingManager.from_queryset(CollectionQuerySet)()
    everything = CollectionQuerySet.as_manager()

    role: str | None  # set by with_role()
    viewer: User  # whose role that is; set by open_to()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="corpus_collection_has_a_name",
                violation_error_message="A collection needs a name.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("collection", args=[self.slug])

    def clean(self) -> None:
        """A deleted collection keeps its slug, of which the default manager knows nothing."""
        if type(self).everything.filter(slug=self.slug).exclude(pk=self.pk).exists():
            raise ValidationError({"slug": "Another collection has this slug, or had it."})

    @property
    def may_manage(self) -> bool:
        return self.role in MAY_MANAGE

    @property
    def may_curate(self) -> bool:
        return self.role in MAY_CURATE and self.archived_at is None

    @property
    def may_code(self) -> bool:
        return self.role in MAY_CODE and self.archived_at is None

    @classmethod
    def free_slug(cls, name: str) -> str:
        """A slug made from the name that no collection has yet, not even a deleted one."""
        stem = slugify(name)[:70] or "collection"
        taken = set(cls.everything.filter(slug__startswith=stem).values_list("slug", flat=True))
        slug, number = stem, 2
        while slug in taken:
            slug, number = f"{stem}-{number}", number + 1
        return slug


class MembershipQuerySet(LivingQuerySet["Membership"]):
    pass


class Membership(Living):
    """A person's role in a collection."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.CODER)

    objects = LivingManager.from_queryset(MembershipQuerySet)()
    everything = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "user"],
                condition=Q(deleted_at__isnull=True),
                name="corpus_one_role_per_person",
                violation_error_message="This person already has a role in the collection.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[str(role) for role in Role]),
                name="corpus_membership_role_is_known",
                violation_error_message="A role is one of owner, curator, coder and reader.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.collection}"


class ImportBatchQuerySet(LivingQuerySet["ImportBatch"]):
    pass


class ImportBatch(Living):
    """One import: its files, and what became of each."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="batches")
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="batches"
    )
    created = models.DateTimeField(auto_now_add=True)

    objects = LivingManager.from_queryset(ImportBatchQuerySet)()
    everything = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "import batches"

    def __str__(self) -> str:
        return f"Import {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("corpus:batch", args=[self.collection.slug, self.pk])


class Story(models.Model):
    """Documents that share text."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="stories")
    name = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "stories"

    def __str__(self) -> str:
        return self.name


class DocumentQuerySet(LivingQuerySet["Document"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(is_member(user))

    def due(self, limit: datetime) -> Self:
        """Deleted up to then, by itself or with the whole collection."""
        return self.filter(Q(deleted_at__lte=limit) | Q(collection__deleted_at__lte=limit))

    def for_lists(self) -> Self:
        """Without the long columns."""
        return self.defer("text", "original", "paragraphs", "sentences")

    def for_reading(self) -> Self:
        return self.defer("original")

    def in_order(self) -> Self:
        """By date, then title; undated ones last; the order is total."""
        return self.order_by(F("published_on").asc(nulls_last=True), "title", "pk")


class Document(Living):
    """A news document. Its text never changes: a correction is a new document that replaces it."""

    class Reader(models.TextChoices):
        """The import format that read the file."""

        PLAIN = "plain", "Plain text"
        MARKDOWN = "markdown", "Markdown"
        HTML = "html", "HTML"
        PASTED = "pasted", "Pasted text"

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="documents")
    title = models.CharField(max_length=500)
    byline = models.CharField(max_length=500, blank=True)
    publisher = models.CharField(max_length=300, blank=True)
    published_on = models.DateField(null=True, blank=True)
    url = models.URLField("address", max_length=2000, blank=True)
    language = models.CharField(
        max_length=35, blank=True, help_text="A language tag such as en or pt-BR."
    )
    rights = models.CharField(max_length=1000, blank=True)
    text = models.TextField(editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    length = models.GeneratedField(
        expression=Length("text"), output_field=models.IntegerField(), db_persist=True
    )
    paragraphs = models.JSONField(default=list, editable=False)
    sentences = models.JSONField(default=list, editable=False)
    reader = models.CharField(max_length=10, choices=Reader, editable=False)
    original = models.BinaryField(default=b"", editable=False)
    original_name = models.CharField(max_length=300, blank=True, editable=False)
    imported_at = models.DateTimeField(auto_now_add=True)
    batch = models.ForeignKey(
        ImportBatch, models.SET_NULL, null=True, blank=True, related_name="documents"
    )
    replaces = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replacements"
    )
    story = models.ForeignKey(
        Story, models.SET_NULL, null=True, blank=True, related_name="documents"
    )

    objects = LivingManager.from_queryset(DocumentQuerySet)()
    everything = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "sha256"],
                condition=Q(deleted_at__isnull=True),
                name="corpus_document_text_once_per_collection",
                violation_error_message="This text is already in the collection.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="corpus_document_has_text",
                violation_error_message="A document needs a text.",
            ),
        ]
        indexes = [
            # What is in use is counted and listed without reading past the texts.
            models.Index(
                fields=["collection", "archived_at", "published_on"],
                condition=Q(deleted_at__isnull=True),
                name="corpus_document_there",
            ),
            *BY_ORDER,
            # Asked on nearly every page, and in most libraries empty.
            models.Index(
                fields=["collection"],
                condition=Q(deleted_at__isnull=False),
                name="corpus_document_deleted",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("corpus:document", args=[self.collection.slug, self.pk])

    @classmethod
    def with_text(cls, raw: str, **fields: Any) -> Self:
        """An unsaved document with the canonical text and its segmentation.

        Raises corpus.text.TextError where the text cannot be kept.
        """
        text = texts.canonical(raw)
        return cls(
            text=text,
            sha256=texts.sha256(text),
            paragraphs=[list(span) for span in texts.paragraphs(text)],
            sentences=[list(span) for span in texts.sentences(text)],
            **fields,
        )


class ImportedFile(models.Model):
    """What became of one file of an import."""

    class Outcome(models.TextChoices):
        IMPORTED = "imported", "Imported"
        DUPLICATE = "duplicate", "Duplicate"
        FAILED = "failed", "Failed"
        WAITING = "waiting", "Waiting"

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="files")
    name = models.CharField(max_length=500)
    outcome = models.CharField(max_length=10, choices=Outcome)
    document = models.ForeignKey(
        Document,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="import_records",
        help_text="The document made, or the one that the file repeats.",
    )
    reason = models.TextField(blank=True)
    line = models.PositiveIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.outcome}"


class Derivation(models.Model):
    """One document made from another, as a version of the comparison engine found."""

    source = models.ForeignKey(Document, models.CASCADE, related_name="derivatives")
    derived = models.ForeignKey(Document, models.CASCADE, related_name="origins")
    source_in_derived = models.FloatField(help_text="Share of the source's words found here.")
    derived_in_source = models.FloatField(help_text="Share of these words found in the source.")
    relation = models.CharField(max_length=20)
    score = models.FloatField()
    algorithm = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "derived"], name="corpus_derivation_once_per_pair"
            ),
            models.CheckConstraint(
                condition=~Q(source=F("derived")),
                name="corpus_derivation_of_another_document",
                violation_error_message="A document is not derived from itself.",
            ),
            models.CheckConstraint(
                condition=Q(source_in_derived__range=(0, 1)) & Q(derived_in_source__range=(0, 1)),
                name="corpus_containment_is_a_share",
                violation_error_message="Containment lies between 0 and 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.derived} from {self.source}"


class WaitingComparison(models.Model):
    """Two documents that may share text and are not compared yet; one, whose like is not sought yet."""

    first = models.ForeignKey(Document, models.CASCADE, related_name="waiting")
    second = models.ForeignKey(
        Document, models.CASCADE, related_name="waiting_too", null=True, blank=True
    )
    too_long = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="corpus_a_pair_waits_once"),
            models.UniqueConstraint(
                fields=["first"],
                condition=Q(second__isnull=True),
                name="corpus_a_document_waits_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id or 'whatever is like it'}"
