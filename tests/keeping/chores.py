"""Tasks that behave badly, for the worker's tests."""

import os
import time

from django.tasks import task


@task
def sleep(seconds: float) -> None:
    time.sleep(seconds)


@task
def fill(megabytes: int) -> int:
    return len(bytearray(megabytes * 2**20))


@task
def die() -> None:
    os.kill(os.getpid(), 9)


@task
def fail() -> None:
    raise ValueError("it cannot be done")


@task
def add(first: int, second: int) -> int:
    return first + second
