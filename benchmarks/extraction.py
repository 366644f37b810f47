"""How much of a page's article is read, and how little else, beside trafilatura alone.

    python benchmarks/extraction.py [--pages FOLDER]

The pages are those of the tests, or a folder of your own with pairs of files NAME.html and NAME.txt
(the article, as a careful person copied it). Precision and recall count runs of four words.
"""

import argparse
import re
import sys
from collections import Counter
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from trafilatura import bare_extraction

from corpus.imports import ReadingError, read
from tests.corpus.pages import PAGES


def runs(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return Counter(tuple(words[start : start + 4]) for start in range(max(1, len(words) - 3)))


def score(found: str, wanted: str) -> tuple[float, float]:
    ours, gold = runs(found), runs(wanted)
    both = sum((ours & gold).values())
    return both / max(1, sum(ours.values())), both / max(1, sum(gold.values()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, help="a folder with NAME.html and NAME.txt")
    options = parser.parse_args()
    if options.pages:
        pages = [
            (path.stem, path.read_bytes(), path.with_suffix(".txt").read_text(), None)
            for path in sorted(options.pages.glob("*.html"))
            if path.with_suffix(".txt").exists()
        ]
    else:
        pages = [
            (name, page.html.encode(), "\n\n".join([page.title, *page.text]), page)
            for name, page in PAGES.items()
        ]
    scores: dict[str, list[tuple[float, float]]] = {"ours": [], "trafilatura": []}
    facts: Counter[str] = Counter()
    for name, data, wanted, page in pages:
        other = bare_extraction(data, with_metadata=True)
        texts = {"ours": "", "trafilatura": (other and other.text) or ""}
        try:
            document = read(data, name=f"{name}.html")
        except ReadingError as error:
            print(f"{name}: {error.reason}")
        else:
            texts["ours"] = document.text
            if page:
                facts["dates, ours"] += str(document.about.published_on or "") == page.date
                facts["authors, ours"] += document.about.byline == page.byline
        if page:
            told = (other and other.author) or ""
            facts["dates, trafilatura"] += ((other and other.date) or "") == page.date
            facts["authors, trafilatura"] += told.replace(";", ",") == page.byline
        for who, text in texts.items():
            scores[who].append(score(text, wanted))
    print(f"{len(pages)} pages   precision  recall")
    for who, some in scores.items():
        print(f"{who:12} {mean(p for p, _ in some):9.3f} {mean(r for _, r in some):7.3f}")
    for what, count in sorted(facts.items()):
        print(f"{what:22} {count} of {len(pages)}")


if __name__ == "__main__":
    main()
