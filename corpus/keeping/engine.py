"""What a kind of database must know to be kept."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Engine:
    """How copies of one kind of database are written, checked and put back."""

    name: str
    ending: str  # of a copy's file name
    signature: bytes  # a copy's first bytes
    size: Callable[[], int]  # bytes that the database takes
    write: Callable[[Path], None]  # the database into a file
    contents: Callable[[Path], tuple[int, int]]  # documents and annotations, every page read
    read: Callable[[Path], None]  # a file into the database, in one transaction
