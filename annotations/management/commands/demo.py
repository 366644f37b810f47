import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from annotations import sample
from corpus.keeping.purge import purge
from corpus.models import Collection, Membership, Role
from corpus.relatives.relating import relate
from corpus.starting import bring_database_up_to_date, one_at_a_time

# The wire report, its rewrite and the column: the three that the reader opens first.
MAIN = ("001-wire.txt", "002-rewrite.txt", "004-column.txt")


class Command(BaseCommand):
    help = (
        "Show Copytaster with the sample collection: database, sample, a local user without a "
        "password, and a server on this machine only. Run it again and your marks are still there."
    )

    # They ask the database, which another first start may just be making: see handle.
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--no-server", action="store_true", help="get everything ready, then stop"
        )
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")

    def handle(self, *args: Any, **options: Any) -> None:
        with one_at_a_time():
            if not options.get("skip_checks"):
                self.check()
            bring_database_up_to_date(self.say)
            collection = self.sample()
            you = self.local_user(collection)
        words = f"Signed in as {you.username}, without a password, on this machine only.\n"
        words += self.style.SUCCESS(f"Read it at {{address}}{reading(collection).lstrip('/')}")
        if options["no_server"]:
            self.say(words.replace("{address}", f"http://127.0.0.1:{options['port']}/"))
            return
        os.environ["COPYTASTER_LOCAL_USER"] = you.username
        call_command(
            "serve", host="127.0.0.1", port=options["port"], words=f"{words} (Ctrl+C stops it)"
        )

    def say(self, words: str) -> None:
        """Say what is being done, at once."""
        self.stdout.write(words)
        self.stdout.flush()

    def sample(self) -> Collection:
        """The sample collection as the person left it, or a new one."""
        found = Collection.everything.filter(slug=sample.SLUG).first()
        if found and found.ends_at and found.ends_at <= timezone.now():
            purge()
            found = None
        if found and found.deleted_at:
            Collection.everything.filter(pk=found.pk).update(deleted_at=None, deleted_by=None)
            self.say("The sample collection had been deleted. Here it is again.")
            return Collection.objects.get(pk=found.pk)
        if found:
            self.say("The sample collection is here, as you left it.")
            return found
        self.say("Loading the sample collection: one event told six ways.")
        if User.objects.exists() or Collection.everything.exists():
            # The fixture's numbers may be taken, and loading it would overwrite what has them.
            collection = sample.build()
        else:
            call_command("loaddata", sample.FIXTURE.stem, verbosity=0)
            collection = Collection.objects.get(slug=sample.SLUG)
        relate(collection)
        return collection

    def local_user(self, collection: Collection) -> User:
        you, made = User.objects.get_or_create(username=settings.LOCAL_USER or "you")
        if made:
            you.set_unusable_password()
            you.save()
        Membership.objects.get_or_create(
            collection=collection, user=you, defaults={"role": Role.OWNER}
        )
        return you


def reading(collection: Collection) -> str:
    """The path of the reader with the main documents, or of the collection without them."""
    main = collection.documents.filter(original_name__in=MAIN).order_by("original_name", "pk")
    if numbers := [document.pk for document in main.for_lists()]:
        path = reverse("annotations:reader", args=[collection.slug])
        return f"{path}?{urlencode({'d': numbers}, doseq=True)}"
    return collection.get_absolute_url()
