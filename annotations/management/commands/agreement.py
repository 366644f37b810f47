import json
from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotations.agreement.alphas import Level
from annotations.agreement.files import MOST_BYTES, FileError, ReadTable, read_table
from annotations.agreement.summary import Summary, summarise
from annotations.agreement.tables import Figure

# What each figure is called, and whether it is a mean over pairs where there are more than two.
NAMES = {
    "percent": ("percent agreement", False),
    "alpha": ("Krippendorff's alpha", False),
    "scott": ("Scott's pi", True),
    "cohen": ("Cohen's kappa", True),
    "fleiss": ("Fleiss' kappa", False),
    "s": ("Brennan & Prediger's S", False),
    "ac1": ("Gwet's AC1", False),
    "holsti": ("Holsti's reliability", True),
}


class Command(BaseCommand):
    help = (
        "Tell how far coders agree, from a CSV file: columns unit, coder, value, or one column a "
        "coder. docs/formats.md describes the file and the JSON, docs/agreement.md the figures."
    )
    # It reads one file and no database.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, required=True, help="the CSV file")
        parser.add_argument(
            "--level",
            choices=[level.value for level in Level],
            required=True,
            help="the level of measurement, which alpha and its interval go by",
        )
        parser.add_argument(
            "--header",
            action=BooleanOptionalAction,
            help="whether the first line names the coders, where the file does not tell",
        )
        parser.add_argument("--json", action="store_true", help="as JSON instead of words")

    def handle(self, *args: Any, **options: Any) -> None:
        path, level = options["file"], Level(options["level"])
        try:
            if not path.is_file():
                raise CommandError(f"{path}: no such file.")
            if path.stat().st_size > MOST_BYTES:
                raise CommandError(f"{path}: more than {MOST_BYTES // 1_000_000} MB.")
            read = read_table(path.read_bytes(), level=level, header=options["header"])
        except FileError as error:
            line = f", line {error.line}" if error.line else ""
            raise CommandError(f"{path}{line}: {error}.") from error
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.") from error
        found = summarise(read.table, level)
        if options["json"]:
            self.stdout.write(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(in_words(found, read, level)))


def in_words(found: Summary, read: ReadTable, level: Level) -> list[str]:
    """The figures as lines for a terminal."""
    lines = [
        f"Read as {read.form}; {read.missing:,} cells without a value.",
        f"Coders: {', '.join(map(str, read.table.coders))}",
        f"{found.units:,} units with two values or more, {found.values:,} values. Level: {level}.",
        "",
    ]
    several = len(read.table.coders) > 2
    for key, (name, by_pairs) in NAMES.items():
        figure: Figure = getattr(found, key)
        said = figure.reason if figure.value is None else f"{figure.value:.3f}"
        mean = "  (mean over pairs)" if by_pairs and several and figure.value is not None else ""
        lines.append(f"{name:24}{said}{mean}")
        if key == "alpha":
            lines.append(f"{'  95 % interval':24}{interval_in_words(found)}")
    return lines


def interval_in_words(found: Summary) -> str:
    """The interval of alpha and its method, or why there is none."""
    between = found.interval
    if between.low is None or between.high is None:
        return between.reason
    how = between.method
    if between.seed is not None:
        how += f", {between.samples:,} samples, seed {between.seed}"
    return f"{between.low:.3f} to {between.high:.3f}  ({how})"
