"""Processes beside the server, which live as long as it does."""

import gc
import os
from collections.abc import Callable
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from select import select
from signal import SIG_IGN, SIGINT, SIGTERM, signal
from types import FrameType

from .worker import Worker, let_go_of_databases

# Waits so many seconds, or until it is over, which it then says by False.
type Pause = Callable[[float], bool]


def keep_beside(work: Callable[[Pause], object]) -> None:
    """Have work done in a process that lives as long as this one, which may become another program."""
    let_go_of_databases()
    ended, alive = os.pipe()
    gc.freeze()  # what both processes have is not copied
    if os.fork():
        # Whatever this process becomes takes the open end along, and whatever ends it closes it.
        os.close(ended)
        os.set_inheritable(alive, True)
        return
    os.close(alive)
    signal(SIGINT, SIG_IGN)  # Ctrl+C is for the server
    try:
        work(lambda seconds: not select([ended], [], [], seconds)[0])
    finally:
        os._exit(0)


def keep_at_work(worker: Worker, pause: Pause) -> None:
    """Have the worker work in a process, which is started again whenever it ends."""
    child = _started(worker)
    while pause(1.0):
        if not child.is_alive():
            child = _started(worker)
    child.terminate()
    child.join()


def work_until_told(worker: Worker) -> None:
    """Have the worker work until a signal comes, or the process that started it ends."""
    signal(SIGTERM, _stop)
    parent = parent_process()
    ends = [parent.sentinel] if parent else []
    worker.run(lambda seconds: not select(ends, [], [], seconds)[0])


def _started(worker: Worker) -> BaseProcess:
    child = get_context("fork").Process(target=work_until_told, args=(worker.anew(),))
    child.start()
    return child


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
