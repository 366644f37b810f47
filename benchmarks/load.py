"""A class at work: 200 coders with sessions of their own read and mark, on SQLite and PostgreSQL.

    python benchmarks/load.py [--coders 200] [--seconds 40] [--think 20] [--database URL]

`manage.py serve` is started as for others, on a database of its own; each coder opens a document,
reads a while, marks a passage, and so on. An answer other than 200 is an error; a 503 is counted
apart, waited for as it asks, and sent again with the same id, as the page does. At the end each mark
that was acknowledged must be stored once. PostgreSQL takes its turn where its programs are
installed. The run fails when a mark is lost or doubled, on any error, or over the limits below.
"""

import argparse
import asyncio
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# The 95th percentile in milliseconds on two cores that do nothing else; where the machine has other
# work, as a fixed piece of it tells before the start, the limits are stretched by as much.
LIMITS = {"open": 3000, "mark": 2000}
PIECE = 0.06
WORDS = [
    "port",
    "harbour",
    "levy",
    "ship",
    "ministry",
    "pilot",
    "tonne",
    "said",
    "plan",
    "to",
    "the",
]


@dataclass
class Tally:
    """What came of all requests."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    busy: int = 0
    errors: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)


class Connection:
    """A connection that is kept, and made anew when the server has given it up."""

    def __init__(self, port: int, session: str) -> None:
        self.port = port
        self.cookies = f"sessionid={session}; csrftoken={'c' * 32}"
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, dict[str, str]]:
        kept = self.streams is not None
        try:
            return await self._ask(method, path, body)
        except (OSError, asyncio.IncompleteReadError):
            self.streams = None
            if not kept:
                raise
            return await self._ask(method, path, body)

    async def _ask(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, str]]:
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += [f"Cookie: {self.cookies}", "HX-Request: true", f"X-CSRFToken: {'c' * 32}"]
        if body:
            lines += ["Content-Type: application/x-www-form-urlencoded"]
            lines += [f"Content-Length: {len(body)}"]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        headers = dict(re.findall(r"(?m)^([\w-]+): (.*?)\r$", head.lower()))
        await reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection") == "close":
            writer.close()
            self.streams = None
        return int(head.split()[1]), headers


async def coder(
    task: dict, connection: Connection, until: float, think: float, tally: Tally
) -> None:
    chance = random.Random(task["session"])
    await asyncio.sleep(chance.uniform(0, think))
    while time.monotonic() < until:
        document = chance.choice(task["documents"])
        await send(tally, connection, "open", "GET", f"{task['reader']}?d={document['pk']}")
        for _ in range(4):
            await asyncio.sleep(chance.uniform(0.5 * think, 1.5 * think))
            if time.monotonic() >= until:
                return
            start, end = chance.choice(document["words"])
            mark = str(uuid4())
            values = {
                "id": mark,
                "document": document["pk"],
                "start": start,
                "end": end,
                "exact": document["text"][start:end],
                "claim": task["claim"],
                "button": "author:supports",
                "view": f"d={document['pk']}",
            }
            body = urlencode(values).encode()
            if await send(tally, connection, "mark", "POST", task["mark"], body):
                tally.marked.append(f"{task['person']} {start} {end} {document['pk']}")


async def send(
    tally: Tally, connection: Connection, kind: str, method: str, path: str, body: bytes = b""
) -> bool:
    started = time.monotonic()
    for _ in range(10):
        try:
            status, headers = await connection.ask(method, path, body)
        except (OSError, asyncio.IncompleteReadError) as error:
            tally.errors.append(f"{kind}: {error!r}")
            return False
        if status not in {429, 503}:
            break
        tally.busy += 1
        await asyncio.sleep(int(headers.get("retry-after", 1)))
    tally.times[kind].append((time.monotonic() - started) * 1000)
    if status != 200:
        tally.errors.append(f"{kind}: {status}")
    return status == 200


def prepare(coders: int) -> list[dict]:
    """A class, its documents and its sessions, in the database that the settings name."""
    import django

    django.setup()
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.urls import reverse

    from corpus.models import Membership, Role
    from tests import factories

    call_command("migrate", interactive=False, verbosity=0)
    chance = random.Random(8)
    owner = User.objects.create(username="owner")
    collection = factories.collection("Class", owner=owner)
    claim = factories.claim(collection, owner, "The harbour opens this spring.")
    documents = []
    for number in range(10):
        sentences = [" ".join(chance.choices(WORDS, k=12)).capitalize() + "." for _ in range(50)]
        text = "\n\n".join(" ".join(sentences[at : at + 5]) for at in range(0, 50, 5))
        document = factories.document(collection, text, title=f"Report {number}", language="en")
        spans = [match.span() for match in re.finditer(r"\w+ \w+ \w+", document.text)]
        documents.append({"pk": document.pk, "text": document.text, "words": spans})
    store = import_module(settings.SESSION_ENGINE).SessionStore
    tasks = []
    for number in range(coders):
        person = User.objects.create(username=f"coder{number}")
        Membership.objects.create(collection=collection, user=person, role=Role.CODER)
        session = store()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        tasks.append(
            {
                "person": person.pk,
                "session": session.session_key,
                "documents": documents,
                "claim": claim.pk,
                "reader": reverse("reader", args=[collection.slug]),
                "mark": reverse("annotations:mark", args=[collection.slug]),
            }
        )
    return tasks


def stored() -> list[str]:
    """The passages that are marked, one for each mark."""
    from django.db import connection

    from annotations.models import Target

    connection.close()
    rows = Target.objects.filter(role="passage").values_list(
        "annotation__creator", "start", "end", "document"
    )
    return [" ".join(map(str, row)) for row in rows]


async def load(tasks: list[dict], port: int, options: argparse.Namespace) -> Tally:
    tally = Tally()
    until = time.monotonic() + options.seconds
    await asyncio.gather(
        *(
            coder(task, Connection(port, task["session"]), until, options.think, tally)
            for task in tasks
        )
    )
    return tally


def run(options: argparse.Namespace) -> bool:
    """One run on one database, in this process; whether it stayed in its limits."""
    tasks = prepare(options.coders)
    slower = busyness()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "manage.py", "serve", "--port", str(port), *options.serve.split()]
    server = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        while "Ctrl+C" not in (line := server.stdout.readline()):
            if not line:
                raise SystemExit("The server did not start.")
        tally = asyncio.run(load(tasks, port, options))
    finally:
        server.terminate()
        server.wait(60)
    return report(tally, options, slower)


def busyness() -> float:
    """How many times slower than by itself the machine works now."""
    times = []
    for _ in range(20):
        started = time.perf_counter()
        sum(number * number for number in range(1_000_000))
        times.append(time.perf_counter() - started)
    return max(1.0, statistics.mean(times) / PIECE)


def report(tally: Tally, options: argparse.Namespace, slower: float) -> bool:
    kept = stored()
    lost = len(set(tally.marked) - set(kept))
    doubled = len(kept) - len(set(kept))
    name = "PostgreSQL" if "postgres" in os.environ.get("DATABASE_URL", "") else "SQLite"
    good = not (lost or doubled or tally.errors)
    requests = sum(map(len, tally.times.values()))
    print(f"{name}: {options.coders} coders, {requests / options.seconds:.0f} requests a second")
    print(f"{'':8}{'number':>8}{'p50 ms':>8}{'p95 ms':>8}{'limit':>8}")
    for kind, times in tally.times.items():
        p95 = statistics.quantiles(times, n=20)[-1]
        limit = LIMITS[kind] * slower
        good = good and p95 <= limit
        print(f"{kind:8}{len(times):8}{statistics.median(times):8.0f}{p95:8.0f}{limit:8.0f}")
    print(f"marks acknowledged {len(tally.marked)}, lost {lost}, doubled {doubled};", end=" ")
    print(f"errors {len(tally.errors)}, answered busy {tally.busy}")
    for error in tally.errors[:5]:
        print(f"  {error}")
    print(json.dumps({"within": good}), flush=True)
    return good


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--coders", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument(
        "--think", type=float, default=20, help="seconds between two marks, on average"
    )
    parser.add_argument("--serve", default="", help="options for serve, such as '--threads 4'")
    parser.add_argument("--database", help="the address of one empty database to run on")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        sys.exit(not run(options))
    if options.database is not None:
        sys.exit(not on(sys.argv[1:], options.database))
    good = on(sys.argv[1:], "")
    from tests import postgres

    if postgres.programs() is None:
        print("PostgreSQL is not installed here, so it has no turn.")
    else:
        with postgres.running() as cluster:
            good = on(sys.argv[1:], cluster.database()) and good
    sys.exit(not good)


def on(arguments: list[str], database: str) -> bool:
    """Run on a database in a process and a data folder of its own."""
    with tempfile.TemporaryDirectory(prefix="copytaster-load-") as folder:
        environment = os.environ | {
            "COPYTASTER_DATA": folder,
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        command = [sys.executable, __file__, *arguments, "--inside"]
        return subprocess.run(command, env=environment).returncode == 0


if __name__ == "__main__":
    main()
