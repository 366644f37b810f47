"""Dates as people and machines write them, in the languages that news comes in.

A date counts only where day, month and year are written, and where the order of its numbers leaves
no doubt.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta

from corpus.text import Span

# A line a month; a language's full name and its forms and short forms in a date.
_NAMES = """
january jan januar janvier janv enero ene janeiro gennaio gen januari styczen stycznia leden ledna tammikuu tammikuuta ocak январь января янв січень січня ianuarie januar janeiro ιανουαριου يناير januarja janvari janar
february feb februar fevrier fevr fev febrero fevereiro febbraio februari luty lutego unor unora helmikuu helmikuuta subat февраль февраля фев лютий лютого februarie fevrier φεβρουαριου فبراير febbr februarja
march mar marz maerz mars marzo marco maart mrt marts marzec marca brezen brezna maaliskuu maaliskuuta mart март марта мар березень березня martie μαρτιου مارس marca
april apr avril avr abril abr aprile kwiecien kwietnia duben dubna huhtikuu huhtikuuta nisan апрель апреля апр квітень квітня aprilie απριλιου أبريل abril aprila
may mai mayo maio maggio mag mei maj maja kveten kvetna toukokuu toukokuuta mayis май мая травень травня μαιου مايو
june jun juni juin junio junho giugno giu czerwiec czerwca cerven cervna kesakuu kesakuuta haziran июнь июня июн червень червня iunie ιουνιου يونيو junija
july jul juli juillet juil julio julho luglio lug lipiec lipca cervenec cervence heinakuu heinakuuta temmuz июль июля июл липень липня iulie ιουλιου يوليو julija
august aug aout agosto ago augustus augusti sierpien sierpnia srpen srpna elokuu elokuuta agustos август августа авг серпень серпня αυγουστου أغسطس avgusta
september sept sep septembre septiembre setiembre setembro set settembre wrzesien wrzesnia zari syyskuu syyskuuta eylul сентябрь сентября сен сент вересень вересня septembrie σεπτεμβριου سبتمبر septembra
october oct oktober okt octobre octubre outubro out ottobre ott pazdziernik pazdziernika rijen rijna lokakuu lokakuuta ekim октябрь октября окт жовтень жовтня octombrie οκτωβριου أكتوبر oktobra
november nov novembre noviembre novembro listopad listopada listopadu marraskuu marraskuuta kasim ноябрь ноября ноя нояб листопад листопада noiembrie νοεμβριου نوفمبر novembra
december dec dezember dez decembre diciembre dic dezembro dicembre grudzien grudnia prosinec prosince joulukuu joulukuuta aralik декабрь декабря дек грудень грудня decembrie δεκεμβριου ديسمبر decembra
"""


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold().replace("ı", "i"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


MONTHS = {
    _folded(name): number
    for number, line in enumerate(_NAMES.strip().splitlines(), start=1)
    for name in line.split()
}

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_MONTH = r"(?P<month>[^\W\d_]{3,12})\.?"
_DAY = r"(?P<day>[0-3]?\d)"
# st, nd; 1er; 6º; 6. März; 6 de mayo; 6th of May
_DAY_OF = rf"{_DAY}(?:st|nd|rd|th|er|re|º|°|ª|\.)?[ \u00a0/-]{{1,3}}(?:(?:of|de|d’|d'|di) ?)?"
_DATES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\w.,]){_DAY_OF}{_MONTH},?[ \u00a0/-]{{1,3}}(?:(?:de|del|do) )?{_YEAR}(?!\d)",
        rf"(?<!\w){_MONTH}[ \u00a0]{{1,3}}{_DAY}(?:st|nd|rd|th)?,?[ \u00a0]{{1,3}}{_YEAR}(?!\d)",
        rf"(?<!\d){_YEAR}(?P<sign>[-/.])(?P<month>[01]?\d)(?P=sign)(?P<day>[0-3]?\d)(?!\d)",
        rf"(?<!\d){_YEAR} ?[年년] ?(?P<month>[01]?\d) ?[月월] ?(?P<day>[0-3]?\d) ?[日일]",
        rf"(?<!\d){_YEAR}\. ?(?P<month>[01]?\d)\. ?(?P<day>[0-3]?\d)\.?(?!\d)",
        rf"(?<![\d.]){_DAY}\. ?(?P<month>[01]?\d)\. ?{_YEAR}(?!\d)",
        rf"(?<![\d/-])(?P<one>[0-3]?\d)(?P<sign>[/-])(?P<two>[0-3]?\d)(?P=sign){_YEAR}(?!\d)",
    )
]
_COMPACT = re.compile(rf"\s*{_YEAR}(?P<month>[01]\d)(?P<day>[0-3]\d)(?:T?[\d:]{{4,8}}\w*)?\s*")
_EPOCH = re.compile(r"\s*(1\d{9})(?:\d{3})?\s*")
_IN_ADDRESS = [
    re.compile(rf"/{_YEAR}[/-](?P<month>[01]?\d|[a-z]{{3}})[/-](?P<day>[0-3]?\d)(?!\d)"),
    re.compile(rf"[/_-]{_YEAR}-?(?P<month>[01]\d)-?(?P<day>[0-3]\d)(?!\d)"),
]
# A line that could hold no more than a name and a date needs no more.
_LONGEST_LINE = 5000


def made(year: str, month: str, day: str) -> date | None:
    """The date of these words, if there is such a day."""
    number = int(month) if month.isdecimal() else MONTHS.get(_folded(month), 0)
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def first_date(line: str, *, day_first: bool | None = None) -> tuple[date, Span] | None:
    """The first full date in the line (day, month and year), and where it stands.

    `day_first` says how 03/08/2021 is read; without it, only what can be read in one way is.
    """
    found = []
    for pattern in _DATES:
        for match in pattern.finditer(line[:_LONGEST_LINE]):
            if when := _read(match, day_first):
                found.append((match.span(), when))
                break
    if not found:
        return None
    span, when = min(found)
    return when, span


def _read(match: re.Match[str], day_first: bool | None) -> date | None:
    parts = match.groupdict()
    if "one" not in parts:
        return made(parts["year"], parts["month"], parts["day"])
    one, two = int(parts["one"]), int(parts["two"])
    if day_first is None and one <= 12 and two <= 12 and one != two:
        return None
    if two > 12 or (day_first is False and one <= 12):
        one, two = two, one
    return made(parts["year"], str(two), str(one))


def machine_date(value: str, *, day_first: bool | None = None) -> date | None:
    """The date in the value of an attribute or a field: also 20240506, and seconds since 1970."""
    value = value[:200]
    if compact := _COMPACT.fullmatch(value):
        return made(compact["year"], compact["month"], compact["day"])
    if epoch := _EPOCH.fullmatch(value):
        return datetime.fromtimestamp(int(epoch[1]), UTC).date()
    found = first_date(value, day_first=day_first)
    return found[0] if found else None


def date_of_address(address: str) -> date | None:
    """The date in a web address such as /2024/05/06/ or /story-20240506."""
    for pattern in _IN_ADDRESS:
        if (match := pattern.search(address[:2000])) and (
            when := made(match["year"], match["month"], match["day"])
        ):
            return when
    return None


def plausible(when: date | None) -> date | None:
    """The date, unless no web page can have been published on it."""
    if when is None or when == date(1970, 1, 1):
        return None
    return when if when <= datetime.now(UTC).date() + timedelta(days=1) else None
