"""What a worker looks after at its start and every hour."""

from corpus.comparing import tidy
from corpus.relatives.tasks import catch_up


def look_after() -> None:
    catch_up()
    tidy()
