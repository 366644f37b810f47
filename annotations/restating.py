"""Whether two statements are one claim in the same words.

They are where nothing differs but capitals, spaces, punctuation and articles. What looks alike is not
asked: "can open" and "cannot open" share nearly every letter. Every word that is left counts, and
its place, so that no denial, opposite, number, name, direction or tense has to be known for one.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from corpus.text import cap_marks


@dataclass(frozen=True)
class _Language:
    """What is said with articles.

    `articles` are in groups whose members may stand for each other; a member of another group says
    more than an article does: which noun is meant (le tour, la tour), or who does it to whom (der,
    den). `left_out` are those that a headline drops without another sense, and where: at the
    `opening` only where the same word is a pronoun or a preposition further on. `small` are words
    that take the article along into their meaning (a few, le plus, ein paar), and by which the
    language is known.
    """

    articles: tuple[frozenset[str], ...]
    left_out: frozenset[str]
    opening: bool
    most: int  # differing articles in a statement
    small: frozenset[str]

    @cached_property
    def idle(self) -> frozenset[str]:
        """Its articles, those that are only left out and never exchanged with them."""
        return self.left_out.union(*self.articles)

    @cached_property
    def known(self) -> frozenset[str]:
        return self.small | self.idle


def _groups(*groups: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(group.split()) for group in groups)


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LANGUAGES = (
    _Language(  # English
        _groups("the a an"),
        _words("the a an"),
        opening=False,
        most=99,
        small=_words(
            """about above after again against all almost also always an and another any are as at
            be been before being below best between bit both but by can cannot could couple did die do
            does dozen down during each either enough even ever every few fewer first for former from
            great had half has have he her here him his how hundred if in into is it its just last
            latter least less little lone lot lots majority many may might million minority more most
            much must neither never next no none nor not nothing number of off on once one ones only
            or other others out over own per plenty quarter same second several shall she should
            single so sole some such than that their them then there these they third this those
            thousand through to too two under until up very was we were what when where which while
            who whole whom whose why will with without would you your"""
        ),
    ),
    _Language(  # German
        _groups("der ein", "die eine", "das ein", "den einen", "dem einem", "des eines"),
        _words("der die das ein eine"),
        opening=False,
        most=1,
        small=_words(
            """ab aber alle allem allen aller alles als also am an andere anderen auch auf aus bei
            beide beiden beim bis bisschen bloß dann dass derselbe deren dessen dies diese dieser
            dieses doch dort drei durch dutzend einer einige einigen einzige einzigen er erst erste
            ersten es etwas für gegen halbe hat hatte hier hinter hundert ich ihr ihre im in ins ist
            jede jeder jedes kann kein keine keinen können letzte letzten man manche mehr meist
            meisten million millionen minderheit mit muss nach nicht nichts nie niemals noch nur ob
            oder ohne paar schon sehr sein seine selbe selben sich sie sind so soll tausend teil um
            und unter viel viele vielen vom von vor war waren was weil wenig wenige weniger wenn wer
            werden wie wird wohl wurde würde wurden zehn zu zum zur zwei zweite zweiten zwischen über"""
        ),
    ),
    _Language(  # French
        _groups("le un l'", "la une l'"),
        _words("le la les l' un une"),
        opening=True,
        most=1,
        small=_words(
            """a aucun aucune au aux avant avec beaucoup ce ceci cela celle celui centaine certains
            ces cet cette chaque comme contre d' dans de demi depuis dernier dernière derrière des
            deux deuxième dizaine donc dont du elle elles en encore entre est et eux fois il ils j'
            je jamais jusque leur leurs lui m' mais majorité meilleur même mêmes mieux mille million
            minorité moins moitié moment n' ne ni nombre non nous on ont ou où par partie pas passé
            pendant personne peu plupart plus plusieurs pour premier première quand que quelque
            quelques qu' qui quoi rien s' sa sans se second seconde selon ses seul seule seuls si
            soit son sont sous sur t' tiers tous tout toute toutes trois trop très tu va vers vient
            à été être"""
        ),
    ),
    _Language(  # Spanish
        _groups("el un", "la una"),
        _words("el la los las un una"),
        opening=True,
        most=1,
        small=_words(
            """a al algo alguna alguno algunos ante antes así aunque bajo bastante cada casi cien
            ciento como con contra cual cuando cuatro de del desde después docena donde dos e el
            ella ellos en entre era es esa ese eso esta este esto está están fue fueron ha han
            hasta hay la le les lo mayor mayoría media medio mejor menor menos mientras mil millón
            minoría mismo misma mitad mucho muchos muy más nada nadie ni ningún ninguna ninguno no
            nunca número o otra otras otro otros para parte peor pero poca poco pocos por porque
            primer primera primero propio pues que quien se segunda segundo según ser si sin sino
            sobre solo su sus sí sólo tal también tan tanto tercera tercero tercio todo todos tras
            tres última último uno unos unas varios y ya él única único"""
        ),
    ),
    _Language(  # Portuguese
        _groups("o um", "a uma"),
        _words("o a os as um uma"),
        opening=True,
        most=1,
        small=_words(
            """algo algum alguma alguns ante antes ao aos até cada cem como com contra da das de
            depois desde do dos dois duas dúzia e ela elas ele eles em entre era essa esse esta
            este está estão foi foram há isso já maior maioria mais mas meia meio melhor menor menos
            mesma mesmo metade mil milhão minoria muito muitos na nada nas nem nenhum nenhuma ninguém
            no nos nunca não número onde ou outra outras outro outros para parte pela pelo pior
            pois por porque pouco poucos primeira primeiro própria próprio quando que quem se segunda
            segundo sem ser seu seus si sob sobre sua suas só também tanto tão terceira terceiro
            terço toda todas todo todos três uns umas vai vários à às é última último única único"""
        ),
    ),
)


def restated(statement: str, others: Sequence[str]) -> list[int]:
    """The indices of the statements that make the same claim in the same words, in their order.

    The cost grows with the statements' length, not with its square.
    """
    wanted = _tokens(statement)
    kept = [row.key for row in wanted if row.key not in _ARTICLES]
    found = []
    for index, other in enumerate(others):
        tokens = _tokens(other)
        if [row.key for row in tokens if row.key not in _ARTICLES] == kept and _alike(
            wanted, tokens
        ):
            found.append(index)
    return found


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, a number or a sign that counts; `name` where capitals say that it is no article."""

    key: str
    name: bool = False


_NEXT = re.compile(r"\s*+(\S)")
_ELISION = re.compile(r"(?:l|d|n|s|j|m|t|c|qu)'(?=.)")
# A sign of these kinds is punctuation; all others say something (+, <, %, €), as do these few.
_PUNCTUATION = frozenset({"Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Cf", "Sk"})
_TELLING = frozenset("%‰&@#*/\\?؟？§^")
_IN_NUMBERS = frozenset(".,:'/-")
_DASH = "-"


@lru_cache(maxsize=10_000)
def _tokens(statement: str) -> tuple[_Token, ...]:
    return tuple(_read(statement))


@cache
def _piece() -> re.Pattern[str]:
    """A number with what stands inside it, a word with its apostrophes, or any other sign."""
    planes = (range(0x300, 0x20000), range(0xE0100, 0xE01F0))  # where Unicode has its marks
    marks = "".join(
        sign for plane in planes for sign in map(chr, plane) if unicodedata.category(sign)[0] == "M"
    )
    letters = rf"(?:[^\W\d_][{re.escape(marks)}]*+)++"
    return re.compile(
        rf"(?P<number>\d++(?:[.,:/'’٫٬]\d++)*+)|(?P<word>{letters}(?:['’ʼ]{letters})*+)|(?P<sign>\S)"
    )


def _read(statement: str) -> Iterator[_Token]:
    text = unicodedata.normalize("NFC", _capped(statement))
    shouted = text.isupper()
    before = ""  # what stands before, spaces left out
    first = True
    for match in _piece().finditer(text):
        piece = match.group()
        if match["sign"] is None:
            plain = _plain(piece)
            elided = _ELISION.match(plain) if match["word"] else None
            name = not first and piece[:1].isupper() and (len(piece) == 1 or not shouted)
            if elided:
                yield _Token(elided.group())
                plain = plain[elided.end() :]
            yield _Token(plain, name)
            first = False
        else:
            following = _NEXT.match(text, match.end())
            sign = _sign(piece, before, following[1] if following else "")
            if sign is not None:
                yield _Token(sign)
        before = piece[-1:]


def _sign(sign: str, before: str, after: str) -> str | None:
    """The sign as it counts; None for punctuation."""
    kind = unicodedata.category(sign)
    if kind == "Pd" or sign == "−":
        sign = _DASH
    telling = kind not in _PUNCTUATION or sign in _TELLING
    amount = after.isdigit() or unicodedata.category(after or " ") == "Sc"
    if sign == _DASH:
        telling = amount
    elif _plain(sign) in _IN_NUMBERS and amount:
        # ".5", and "1 : 2" beside "1 2".
        telling = before.isdigit() or sign == "."
    elif _plain(sign) in {"'", '"', "″"} and before.isdigit():
        telling = True  # feet, inches, minutes
    return sign if telling else None


def _plain(piece: str) -> str:
    return piece.lower().replace("’", "'").replace("ʼ", "'").replace("′", "'")


def _capped(text: str) -> str:
    """Without the invisible joints of words and lines, and with short runs of marks."""
    return cap_marks("".join(sign for sign in text if unicodedata.category(sign) != "Cf"))


def _alike(one: Sequence[_Token], other: Sequence[_Token]) -> bool:
    """Whether the two differ in articles at most, and only as those of their language may."""
    if [row.key for row in one] == [row.key for row in other]:
        return True
    return any(_differ_by_articles(one, other, language) for language in _spoken(one, other))


def _spoken(one: Sequence[_Token], other: Sequence[_Token]) -> list[_Language]:
    """The language of most of the small words, if one is; its articles tell where two have as many.

    A single word tells nothing that is one of several languages: "as" is an article of Portuguese.
    """
    said = [row.key for row in (*one, *other)]
    counted = [
        (
            sum(word in language.known for word in said),
            sum(word in language.idle for word in said),
            language,
        )
        for language in _LANGUAGES
    ]
    most = max((small, idle) for small, idle, _ in counted)
    found = [language for small, idle, language in counted if (small, idle) == most and small]
    if len(found) != 1:
        return []
    told = {word for word in said if word in found[0].known}
    shared = sum(not told.isdisjoint(language.known) for language in _LANGUAGES) > 1
    return [] if len(told) == 1 and shared else found


def _differ_by_articles(
    one: Sequence[_Token], other: Sequence[_Token], language: _Language
) -> bool:
    """Walk both at once: where they part, there is an article too many or in place of another."""
    here = there = differing = 0
    while here < len(one) or there < len(other):
        mine = one[here] if here < len(one) else None
        yours = other[there] if there < len(other) else None
        if mine and yours and mine.key == yours.key:
            here, there = here + 1, there + 1
            continue
        differing += 1
        if _idle(one, here, language) and _idle(other, there, language):
            if not _exchanged(one[here].key, other[there].key, language):
                return False
            here, there = here + 1, there + 1
        elif _idle(one, here, language) and _dropped(one, here, language):
            here += 1
        elif _idle(other, there, language) and _dropped(other, there, language):
            there += 1
        else:
            return False
    return differing <= language.most


def _idle(tokens: Sequence[_Token], place: int, language: _Language) -> bool:
    """Whether an article stands there that says nothing more: right before a word of meaning.

    Not "a few", "the second", "le plus"; not after a number, where it counts ("5 euros a day").
    """
    if place + 1 >= len(tokens):
        return False
    token, after = tokens[place], tokens[place + 1].key
    if token.name or token.key not in language.idle:
        return False
    if not after[0].isalpha() or len(after) == 1 or after in language.known:
        return False
    return place == 0 or not _counts(tokens, place - 1)


def _counts(tokens: Sequence[_Token], place: int) -> bool:
    """Whether there is an amount: a number, a sign, the unit after one, or how many times."""
    if not tokens[place].key[0].isalpha() or tokens[place].key in _TIMES:
        return True
    return place > 0 and not tokens[place - 1].key[0].isalpha()


def _exchanged(one: str, other: str, language: _Language) -> bool:
    return any(one in group and other in group for group in language.articles)


def _dropped(tokens: Sequence[_Token], place: int, language: _Language) -> bool:
    return tokens[place].key in language.left_out and (place == 0 or not language.opening)


_TIMES = _words("once twice thrice times einmal zweimal dreimal mal fois vez veces vezes")
_ARTICLES = frozenset().union(*(language.idle for language in _LANGUAGES))
