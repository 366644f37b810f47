"""What waits, what is being done and by whom, as the database has it."""

import os
import socket
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.tasks import Task, TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from .models import Worker

# A worker that has said nothing for so long is taken for dead.
SILENCE = timedelta(seconds=30)
# What was done is remembered for so long.
KEPT = timedelta(days=7)

type Job = DBTaskResult[Any, Any]


@dataclass(frozen=True, slots=True)
class Queue:
    """How many tasks wait, for how many seconds the oldest does, and whether a worker lives."""

    waiting: int
    oldest: int
    worked_on: bool


def examine() -> Queue:
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    since = waiting.aggregate(since=Min("enqueued_at"))["since"]
    oldest = int((timezone.now() - since).total_seconds()) if since else 0
    return Queue(waiting.count() if since else 0, max(0, oldest), is_worked_on())


def is_worked_on() -> bool:
    """Whether some worker lives."""
    return Worker.objects.filter(seen__gt=timezone.now() - SILENCE).exists()


def enqueue_once(task: Task[..., Any], *arguments: Any) -> None:
    """Enqueue a task, unless the same one waits already."""
    waiting = DBTaskResult.objects.filter(
        status=TaskResultStatus.READY,
        task_path=task.module_path,
        args_kwargs={"args": list(arguments), "kwargs": {}},
    )
    if not waiting.exists():
        task.enqueue(*arguments)


def claim(name: str) -> Job | None:
    """The next task, which from now on is this worker's; None where nothing waits."""
    ready = DBTaskResult.objects.ready()
    if not ready.exists():
        return None  # looked at each second: it takes no lock
    with transaction.atomic():
        task: Job | None = ready.get_locked()
        if task is not None:
            task.claim(name)
    return task


def put_back(task: Job) -> None:
    """Let a task that was begun wait again."""
    running = DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.RUNNING)
    running.update(status=TaskResultStatus.READY)


def give_up(task: Job, error: Exception) -> None:
    """Say of a task why it was ended, unless it says so itself."""
    with transaction.atomic():
        running = DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.RUNNING)
        if found := running.select_for_update().first():
            found.set_failed(error)


def beat(name: str) -> None:
    """Say that this worker lives, and let wait again what dead ones left."""
    here = {"host": socket.gethostname(), "process": os.getpid(), "seen": timezone.now()}
    Worker.objects.update_or_create(name=name, defaults=here)
    for worker in Worker.objects.exclude(name=name):
        if _is_dead(worker):
            _forget(worker)
    living = set(Worker.objects.values_list("name", flat=True))
    for task in DBTaskResult.objects.running():
        if not living.intersection(task.worker_ids[-1:]):
            put_back(task)


def leave(name: str) -> None:
    """Say that this worker is no more."""
    Worker.objects.filter(name=name).delete()


def forget_done() -> int:
    """Forget what was done long ago; how much that was."""
    done = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEPT)
    return int(done.delete()[0])


def _is_dead(worker: Worker) -> bool:
    if worker.seen <= timezone.now() - SILENCE:
        return True
    if worker.host != socket.gethostname():
        return False
    # After a restart of a container the number may be our own.
    return worker.process == os.getpid() or not _runs(worker.process)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _forget(worker: Worker) -> None:
    # One that was only slow says again that it lives.
    Worker.objects.filter(pk=worker.pk, seen=worker.seen).delete()
