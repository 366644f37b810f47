"""Which language a text is in, and whose word lists serve for it."""

import re
from collections import Counter
from functools import cache

from ..tokens import fold
from . import UNDETERMINED, codes, load

_SAMPLE = 4000  # characters that are looked at
_BRIEF = 60  # words of a text that may be too short to tell

_TAG = re.compile(r"\s*[A-Za-z]{2,3}(?:[-_]|\s*$)")
_SCRIPTS = [
    ("ja", "[\u3041-\u30ff]"),
    ("ko", "[\uac00-\ud7a3]"),
    ("zh", "[\u4e00-\u9fff]"),
    ("ar", "[\u0620-\u064a]"),
    ("he", "[\u05d0-\u05ea]"),
    ("el", "[\u03b1-\u03c9]"),
    ("hi", "[\u0905-\u0939]"),
    ("th", "[\u0e01-\u0e30]"),
    ("uk", "[іїєґ]"),
    ("ru", "[ыэё]"),
]
_COMMON_WORDS = {
    "en": "the of and to in that is was for with as his it by on he not be from has have said",
    "es": "de la que el en y los se del las un por con una su para es al lo como más no",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus au sur ne se pas",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como",
    "it": "di e il la che in a per un del è una della con non sono da si al nel gli anche",
    "sv": "och att det som en på är av för med den till inte om har ett men de var jag han",
    "da": "og at det er en på til af for med den som ikke de har et der om var jeg han fra",
    "no": "og at det er en på til av for med den som ikke de har et om var jeg han fra etter",
    "fi": "ja on ei että se hän oli mutta ovat kun niin myös joka sen mukaan ole olla tämä",
    "pl": "i w na z do się że nie jest to o jak ale po od za przez są tym był dla oraz",
    "cs": "a v na se že je to s z do o ve pro za by jako po od byl ale podle také které",
    "ro": "de și în a la cu pe o să nu că din care este un pentru mai au fost dar prin ale",
    "hu": "a az és hogy nem is egy meg volt ez van azt már csak de el még mint szerint",
    "tr": "ve bir bu da de için ile olarak çok daha olan gibi ne kadar sonra ancak var",
    "id": "yang dan di dari untuk dengan ini itu pada tidak akan dalam oleh juga ke adalah",
    "nl": "de van het een in en is dat op te zijn met voor niet aan er om door ook als",
}


def _by_script(sample: str) -> str:
    """The language tag that the letters of a text tell; empty where they are Latin ones."""
    sample = sample.lower()
    letters = sum(map(str.isalpha, sample))
    for tag, characters in () if sample.isascii() else _SCRIPTS:
        share = len(re.findall(characters, sample))
        if share > (0.02 if tag in ("uk", "ru", "ja") else 0.3) * letters and share:
            return tag
    return ""


def guess(text: str, *, least: int = 4) -> str:
    """The language tag of the text, from its script and its commonest words; empty when unclear.

    `least` common words must be found, and clearly more than of any other language.
    """
    sample = text[:_SAMPLE].lower()
    if tag := _by_script(sample):
        return tag
    words = Counter(re.findall(r"[^\W\d_]+", sample))
    counts = sorted(
        (sum(words[word] for word in common.split()), tag) for tag, common in _COMMON_WORDS.items()
    )
    (second, _), (first, tag) = counts[-2:]
    clear = first >= least and first > 1.3 * second and first > words.total() / 10
    clear = clear and sum(word in words for word in _COMMON_WORDS[tag].split()) > 1
    return tag if clear else ""


def lists_for(*texts: str, language: str | None = None) -> str:
    """The code of the word lists for texts: of the language that is given, or guessed from them.

    UNDETERMINED where there are none for the language, or it cannot be told. A few words that tell
    nothing are taken for English.
    """
    if not language or not _TAG.match(language):
        sample = " ".join(text[:_SAMPLE] for text in texts)
        words = re.findall(r"[^\W\d_]+", sample)
        brief = len(words) <= _BRIEF and not _by_script(sample)
        language = _of_a_few(set(map(fold, words))) if brief else guess(sample)
        if not language and _is_english(words):
            language = "en"
    code = re.split("[-_]", language.strip().lower())[0]
    return code if code in codes() else UNDETERMINED


def _is_english(words: list[str]) -> bool:
    """Whether a text without the commonest words has enough of the small ones: "Line 3 is not"."""
    small = _small_words()
    counts = {tag: sum(fold(word) in small[tag] for word in words) for tag in codes()}
    return counts["en"] == max(counts.values()) and counts["en"] > len(words) / 10


def _of_a_few(words: set[str]) -> str:
    """The language whose small words are most among these; English unless another has more."""
    found = {tag: len(words & small) for tag, small in _small_words().items()}
    best = max(found, key=lambda tag: (found[tag], tag == "en", tag in codes()))
    return best if found[best] else "en"


@cache
def _small_words() -> dict[str, frozenset[str]]:
    """By language the words that mainly serve others: all of the lists, or else the commonest."""
    names = (
        *("articles", "pronouns", "prepositions", "conjunctions", "auxiliaries", "fillers"),
        *("negations", "past_forms"),
    )
    common = {tag: frozenset(map(fold, words.split())) for tag, words in _COMMON_WORDS.items()}
    listed = {
        code: frozenset().union(*(load(code).words(name) for name in names)) for code in codes()
    }
    return common | listed
