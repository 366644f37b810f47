from datetime import datetime
from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models


class SecurityEventQuerySet(models.QuerySet["SecurityEvent"]):
    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("The security log is only written to, never changed.")

    def delete(self) -> NoReturn:
        raise TypeError("The security log is only written to, never changed.")

    def forget_addresses(self, before: datetime) -> int:
        """Blank the addresses of what is older; how many that were."""
        old = self.filter(created__lt=before, address__isnull=False)
        return models.QuerySet.update(old, address=None, device="")


class SecurityEvent(models.Model):
    """Something that a person may want to know who looks for a misuse: who, what, when, from where."""

    class Kind(models.TextChoices):
        SIGNED_IN = "signed in", "Signed in"
        FAILED = "failed", "Failed to sign in"
        THROTTLED = "throttled", "Refused after too many tries"
        SIGNED_OUT = "signed out", "Signed out"
        PASSWORD = "password", "Password changed"
        RESET_LINK = "reset link", "Link for a new password made"
        RESET = "reset", "Password set by a link"
        MAIL = "mail", "Mail address changed"
        SESSIONS = "sessions", "Sessions ended"
        ROLE = "role", "Role given, changed or taken"
        EXPORTED = "exported", "Exported"
        LIFE = "life", "Archived, deleted or brought back"
        PURGED = "purged", "Removed for good"

    created = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=12, choices=Kind)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="security_events",
        help_text="Who did it, where that is known.",
    )
    name = models.CharField(max_length=150, blank=True, help_text="The person's name at that time.")
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="security_events_about",
        help_text="Whose role or password it was.",
    )
    collection = models.ForeignKey(
        "corpus.Collection",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="security_events",
    )
    address = models.GenericIPAddressField(null=True, blank=True)
    device = models.CharField(max_length=200, blank=True)
    words = models.CharField(max_length=500, blank=True)

    objects = SecurityEventQuerySet.as_manager()

    class Meta:
        app_label = "corpus"
        indexes = [
            models.Index(fields=["collection", "-id"], name="corpus_event_by_collection"),
            models.Index(fields=["user", "kind", "address"], name="corpus_event_by_user"),
            models.Index(
                fields=["created"],
                name="corpus_event_with_address",
                condition=models.Q(address__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name or 'Somebody'}: {self.get_kind_display()}"


class SignInTries(models.Model):
    """How often one thing was tried since a moment; `key` is a keyed hash, so it names nobody."""

    key = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "corpus"
        verbose_name_plural = "sign-in tries"

    def __str__(self) -> str:
        return f"{self.count} since {self.since:%Y-%m-%d %H:%M}"


class SignedIn(models.Model):
    """One browser in which a person is signed in; it goes when its session ends."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="places_signed_in"
    )
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    since = models.DateTimeField(auto_now_add=True)
    last_seen = models.DateTimeField()
    address = models.GenericIPAddressField(null=True, blank=True)
    device = models.CharField(max_length=200, blank=True)

    class Meta:
        app_label = "corpus"
        verbose_name_plural = "signed in"

    def __str__(self) -> str:
        return f"{self.user} in {self.device or 'some browser'}"
