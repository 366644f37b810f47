"""Who wrote it: the names in a byline, in the languages that news comes in."""

import re

from .dates import MONTHS, first_date

_SHORT_LINE = 160
_BY = (
    r"(?:(?:submitted|written|reported|story|words|text|report|analysis|review|opinion|posted|published"
    r"|reporting|compiled) )?by|von|par|por|di|a cura di|door|av|af|przez|от|автор|yazan"
    r"|(?:author|autor|autora|autorin|auteur|autore|text|texte|texto|testo|tekst|bericht)s?(?= ?:)"
)
_BYLINE = re.compile(rf"(?:{_BY}) ?:? (?P<names>\S.*)", re.IGNORECASE | re.DOTALL)
_WEEKDAYS = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag",
        "sonntag",
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
        "lunes",
        "martes",
        "miércoles",
        "jueves",
        "viernes",
        "sábado",
        "domingo",
        "segunda",
        "terça",
        "quarta",
        "quinta",
        "sexta",
        "lunedì",
        "martedì",
        "mercoledì",
        "giovedì",
        "venerdì",
        "maandag",
        "dinsdag",
        "woensdag",
        "donderdag",
        "vrijdag",
        "zaterdag",
        "zondag",
    ]
)
_SMALL = frozenset(
    {"al", "and", "bin", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "e"}
    | {"el", "et", "for", "i", "la", "le", "och", "of", "og", "oraz", "ten", "ter", "the", "und"}
    | {"van", "von", "y", "zu", "en", "ja", "ve", "и"}
)
_AND = re.compile(
    r"\s*(?:[,;/&•]|(?<![\u3400-\u9fff])·|\b(?:and|und|et|y|e|en|och|og|oraz|ve|with|и)\b)\s*"
)
_ENDS = re.compile(
    r"\s*(?:[|•–—\n\t]|(?<![\u3400-\u9fff])·|\s-\s|\b(?:on|in|from) (?=[A-Z])|\b(?:published|updated|posted|last|first|veröffentlicht"
    r"|aktualisiert|publié|publicado|pubblicato|mis à jour)\b|@|\(|\bfor (?:the )?[A-Z]|\d)",
    re.IGNORECASE,
)
_NOT_A_PERSON = re.compile(
    r"\b(?:staff|admin\w*|editors?|editorial|redaktion|redazione|redacci[oó]n|r[ée]daction|redactie"
    r"|newsroom|team|desk|web|online|news ?desk|user|guest|author|contributors?|correspondents?"
    r"|reporters?|writers?|journalists?|ago|hours?|minutes?|days?|min|read|more|share|follow"
    r"|subscribe|sign|log|comments?|updated|published|by|photo|image|video|menu|home|about|view"
    r"|posts?|all|profile|email|twitter|facebook|anonymous|unknown|null|none|undefined|n/a"
    r"|未知|佚名|匿名|本站|原创|编辑|小编|不明|匿名希望)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[\s\[(（【]*(?P<what>[^\W\d_]{1,6}) ?[:：]\s*")
_WROTE = re.compile(r"(?:本[报刊])?(?:作者|记者|記者|撰文|撰稿|采写|文|著者|筆者|執筆|글|기자)")
# Names in scripts without spaces are short, but where a foreign one has its parts dotted off.
_SPACELESS_LONGEST = 8
_TITLES = re.compile(r"(?:(?:dr|prof|mr|mrs|ms|sir|dame|lord|lady)\.? )+(?=\w)", re.IGNORECASE)
_MOST = 10


def is_weekday(word: str) -> bool:
    """Whether the word names a day of the week, in a language that news comes in."""
    return word.casefold() in _WEEKDAYS


def are_names(words: str) -> bool:
    """Whether every word is written with a capital, small words between names aside."""
    return all(
        word[0].isupper() or word[0].lower() == word[0].upper() or word.lower() in _SMALL
        for word in re.findall(r"[^\W\d_][\w.’'-]*", words)
    )


def byline_of(line: str) -> str:
    """The names in a line such as `By Ana Ruiz and Tom Vance`, as they stand there, or nothing."""
    match = _BYLINE.fullmatch(line)
    if not match or len(line) > _SHORT_LINE or line[-1] in "!?:":
        return ""
    names = match["names"].partition("|")[0].strip(" .,–—-")
    dated = first_date(names)
    if dated:
        names = names[: dated[1][0]].strip(" .,–—-")
    names = re.split(r"\s+[–—•·]\s+", names)[0]
    words = names.split()
    if not words or len(words) > 14 or words[0].lower().strip(".,") in MONTHS.keys() | _WEEKDAYS:
        return ""
    return names if not names[0].islower() and are_names(names) else ""


def people(words: str, *, sure: bool, not_these: frozenset[str] = frozenset()) -> list[str]:
    """The people named in the words of a byline, each once and in order.

    `sure` says that the place is meant for names, so that one word is enough; `not_these` are names
    of the site, in lower case.
    """
    words = _after_label(" ".join(words.split()[:80]))
    if match := _BYLINE.fullmatch(words):
        words, sure = match["names"], sure or len(match["names"].split()) < 12
    if dated := first_date(words):
        words = words[: dated[1][0]]
    found: list[str] = []
    for part in _AND.split(_ENDS.split(words, maxsplit=1)[0])[:_MOST]:
        name = _TITLES.sub("", part.strip(' .:–—-\u200b"“”'))
        # Beside a person with two names, one word is an agency or a place.
        lone = bool(found) and " " in found[0] and " " not in name and name.isascii()
        if _is_name(name, sure=sure) and name.casefold() not in not_these and not lone:
            if name.casefold() not in {one.casefold() for one in found}:
                found.append(_cased(name))
        elif found:
            break  # what follows is what they are, not who
    return found


def _after_label(words: str) -> str:
    """What stands after `作者：`; nothing where the only label is another one, such as the editor's."""
    label = _LABEL.match(words)
    if label is None or re.fullmatch(r"[\x00-\u024f\u0400-\u04ff]*", label["what"]):
        return words
    parts = re.split(r"\s(?=[^\W\d_]{1,6} ?[:：])", words)
    for part in parts:
        label = _LABEL.match(part)
        if label and _WROTE.fullmatch(label["what"]):
            return part[label.end() :].rstrip("]）)】 ")
    return ""


def people_of_line(line: str) -> list[str]:
    """The people in a whole line such as `By Una Vale on 6 May`; none where it is no byline."""
    if len(line) > _SHORT_LINE or not _BYLINE.fullmatch(line):
        return []
    return [name for name in people(line, sure=False) if " " in name or not name.isascii()]


def _is_name(name: str, *, sure: bool) -> bool:
    tokens = name.split()
    if not tokens or len(tokens) > 5 or len(name) > 60 or not are_names(name):
        return False
    if _NOT_A_PERSON.search(name) or re.search(
        r"[\d@#_<>{}=/\\!?：，。！？…“”]|https?|www|\.(?:com|org|net)", name
    ):
        return False
    if tokens[0].lower().strip(".,") in MONTHS.keys() | _WEEKDAYS and len(tokens) < 2:
        return False
    spaceless = not any(one.isupper() or one.islower() for one in name)
    if spaceless and len(name) > _SPACELESS_LONGEST and not re.search(r"[ ·・‧]", name):
        return False
    letters = sum(map(str.isalpha, name))
    return letters >= 2 and (sure or len(tokens) >= 2 or (spaceless and len(name) > 1))


def _cased(name: str) -> str:
    """A name in capitals as names are written; short ones are initials and stay."""
    if len(name) < 6 or not name.isupper() or " " not in name:
        return name
    return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), name)
