"""A claim is the same only in the same words; what looks alike may say the opposite."""

import time
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.restating import restated

OTHERS = [
    ("The port can open in March", "The port cannot open in March"),
    ("The levy is legal", "The levy is illegal"),
    ("Die Abgabe gilt ab März", "Die Abgabe gilt nicht ab März"),
    ("Die Abgabe gilt", "Die Abgabe gilt nicht"),
    ("Residents can't leave the island", "Residents can leave the island"),
    ("The mayor approves of the plan", "The mayor disapproves of the plan"),
    ("The report is reliable", "The report is unreliable"),
    ("The repair is possible", "The repair is impossible"),
    ("The witness was honest", "The witness was dishonest"),
    ("The claim is verified by the agency", "The claim is falsified by the agency"),
    ("The bridge is safe", "The bridge is not safe"),
    ("The firm managed to pay its staff", "The firm failed to pay its staff"),
    ("The council will vote", "The council won't vote"),
    ("Nobody was hurt", "Somebody was hurt"),
    ("All ships are exempt", "No ships are exempt"),
    ("All ships are exempt", "Some ships are exempt"),
    ("Ships under 500 tonnes are exempt", "Ships under 5000 tonnes are exempt"),
    ("Ships under 500 tonnes are exempt", "Ships over 500 tonnes are exempt"),
    ("Three people died in the fire", "Thirteen people died in the fire"),
    ("Arden attacked Belmont", "Belmont attacked Arden"),
    ("Arden sued Belmont in May", "Belmont sued Arden in May"),
    ("Arden was attacked by Belmont", "Arden attacked Belmont"),
    ("The minister Vale resigned", "The minister Dale resigned"),
    ("The levy will start in March", "The levy started in March"),
    ("The levy may start in March", "The levy will start in March"),
    ("The levy should start in March", "The levy must start in March"),
    ("The levy starts in March", "The levy starts in May"),
    ("The levy starts before March", "The levy starts after March"),
    ("Prices rose by 3 per cent", "Prices fell by 3 per cent"),
    ("Prices rose by 3 per cent", "Prices rose to 3 per cent"),
    ("Prices rose by 3%", "Prices rose by 3"),
    ("The tax costs $5", "The tax costs €5"),
    ("The temperature fell to -5 degrees", "The temperature fell to 5 degrees"),
    ("The plan costs 1.5 million", "The plan costs 15 million"),
    ("The plan costs 1,5 million", "The plan costs 15 million"),
    ("The strike increased support", "The strike decreased support"),
    ("The vote was unanimous", "The vote was anonymous"),
    ("He is a member of the party", "He was a member of the party"),
    ("She hardly knew the firm", "She knew the firm"),
    ("The minister denied taking money", "The minister took money"),
    ("Troops entered from the north", "Troops entered from the south"),
    ("The harbour is open to ships", "The harbour is open only to ships"),
    ("The ferry from Arden to Belmont is closed", "The ferry from Belmont to Arden is closed"),
    ("The pact is binding", "The pact is non-binding"),
    ("The fund is used", "The fund is misused"),
    ("The evidence is conclusive", "The evidence is inconclusive"),
    ("Members without a licence may fish", "Members with a licence may fish"),
    ("The minister said the levy is legal", "The levy is legal"),
    ("The harbour's owner pays", "The harbour owners pay"),
    ("The ship carries oil and gas", "The ship carries oil or gas"),
    ("The court ruled for the union", "The court ruled against the union"),
    ("Is the levy legal?", "The levy is legal"),
    ("Der Hafen wird geöffnet", "Der Hafen wird nicht geöffnet"),
    ("Es gibt einen Plan", "Es gibt keinen Plan"),
    ("Die Regel ist zulässig", "Die Regel ist unzulässig"),
    ("Die Stadt hat ein Konzept", "Die Stadt hat kein Konzept"),
    ("Der Hund biss den Mann", "Den Hund biss der Mann"),
    ("Der Mann beißt den Hund", "Den Mann beißt der Hund"),
    ("Die Gebühr steigt um drei Prozent", "Die Gebühr steigt auf drei Prozent"),
    ("Er wurde niemals gewählt", "Er wurde jemals gewählt"),
    ("Die Firma zahlt mit Steuern", "Die Firma zahlt ohne Steuern"),
    ("Le port peut ouvrir", "Le port ne peut pas ouvrir"),
    ("La taxe est légale", "La taxe est illégale"),
    ("Il n'a jamais payé", "Il a payé"),
    ("Le conseil a un plan", "Le conseil n'a aucun plan"),
    ("Le maire a accepté la taxe", "Le maire a refusé la taxe"),
    ("Il y a plus d'emplois", "Il n'y a plus d'emplois"),
    ("Le navire vient d'Arden", "Le navire va à Arden"),
    ("El puerto puede abrir", "El puerto no puede abrir"),
    ("La tasa es legal", "La tasa es ilegal"),
    ("El alcalde nunca pagó", "El alcalde pagó"),
    ("El alcalde pagó la tasa", "El alcalde pagará la tasa"),
    ("El papa viajó a Arden", "El papá viajó a Arden"),
    ("Sin ayuda, el barco llegó", "Con ayuda, el barco llegó"),
    ("O porto pode abrir", "O porto não pode abrir"),
    ("A taxa é legal", "A taxa é ilegal"),
    ("O prefeito nunca pagou", "O prefeito pagou"),
    ("Ele e o sócio pagam", "Ele é o sócio que paga"),
    ("Il porto può aprire", "Il porto non può aprire"),
    ("De haven gaat open", "De haven gaat niet open"),
    ("Hamnen öppnar", "Hamnen öppnar inte"),
    ("Порт откроется", "Порт не откроется"),
    ("Port jest otwarty", "Port nie jest otwarty"),
    ("港口可以开放", "港口不可以开放"),
    ("港は開く", "港は開かない"),
    ("الميناء مفتوح", "الميناء غير مفتوح"),
    ("बंदरगाह खुला है", "बंदरगाह खुला नहीं है"),
    ("Liman açılacak", "Liman açılmayacak"),
    ("The A vitamin helps", "The vitamin helps"),
    ("Die Renten sind sicher", "Die Renten sind sicherer"),
    ("Das Boot ist der Feind", "Boot ist die Feind"),
    ("Arden a attaqué Belmont", "Belmont a attaqué Arden"),
    ("One in 10 residents left", "1 in 100 residents left"),
    ("One minister resigned", "A minister resigned"),
    ("The C programme ended", "The C++ programme ended"),
    ("2+2 is 5", "2-2 is 5"),
    ("The score was 3:2", "The score was 32"),
    ("The levy of 1/2 per cent", "The levy of 12 per cent"),
    ("Turnout was <50", "Turnout was >50"),
    ("Flood relief came late", "Flood relief came too late"),
    ("A few ships sank", "Few ships sank"),
    ("The few ships sank", "A few ships sank"),
    ("A third of the ships sank", "The third of the ships sank"),
    ("A second minister resigned", "The second minister resigned"),
    ("The number of ships fell", "A number of ships fell"),
    ("The majority voted for it", "A majority voted for it"),
    ("Hepatitis A is common in the port", "Hepatitis is common in the port"),
    ("VITAMIN A HELPS THE SICK", "VITAMIN HELPS THE SICK"),
    ("The ferry costs 5 crowns a day", "The ferry costs 5 crowns the day"),
    ("Ein paar Schiffe sanken", "Paar Schiffe sanken"),
    ("Ein wenig Öl lief aus", "Wenig Öl lief aus"),
    ("Un peu de pétrole coule", "Peu de pétrole coule"),
    ("Arden est le plus grand port", "Arden est plus grand port"),
    ("La isla es la más rica", "La isla es más rica"),
    ("Um pouco de óleo vazou", "Pouco óleo vazou"),
    ("Er trinkt in Maßen", "Er trinkt in Massen"),
    ("Die Frau hilft der Mutter", "Der Frau hilft die Mutter"),
    ("Die Frau hilft der Mutter", "Der Frau hilft der Mutter"),
    ("Le tour de la ville est cher", "La tour de la ville est cher"),
    ("A Arden atacó Belmont", "Arden atacó Belmont"),
    ("Arden atacó a Belmont", "A Arden atacó Belmont"),
    ("Arden atacou a Belmont", "A Arden atacou Belmont"),
    ("Le maire la ferme", "Le maire ferme"),
    ("El alcalde la pagó", "El alcalde pagó"),
    ("Whales die in the nets", "Whales in the nets"),
    ("La vaccination marche", "La vaccination ne marche pas"),
    ("No ships left", "Ships left"),
    ("The board rejected the plan", "The board accepted the plan"),
    ("The firm failed to deliver", "The firm delivered"),
    ("Nicht alle Schiffe sanken", "Alle Schiffe sanken nicht"),
    ("Only Vale paid the levy", "Vale only paid the levy"),
    ("Vale paid only the levy", "Vale only paid the levy"),
    ("दी न", "दीन"),
    ("The Who played in the port", "Who played in the port"),
    ("Prices rose 5%", "Prices rose 5‰"),
    ("Rule 3, 4 and 5 apply", "Rule 3.4 and 5 apply"),
    ("The owner's ships left", "The owners ships left"),
    ("The 1990s were good", "The 1990 were good"),
    ("It's closed", "Its closed"),
    ("The U.S. left", "Us left"),
    ("He earns $1m", "He earns $1bn"),
    ("Der Minister sagt den Gipfel ab", "Der Minister sagt den Gipfel zu"),
    ("El niño perdió", "El nino perdió"),
    ("O avô morreu", "O avó morreu"),
    ("Ano novo", "Año nuevo"),
    ("The pact isn’t dead", "The pact is dead"),
    ("The pact isn't dead", "The pact is'nt dead"),
    ("Arden beat Belmont 3-2", "Arden beat Belmont 3 2"),
    ("Arden beat Belmont 3-2", "Arden beat Belmont 2-3"),
    ("The report is dated 3/4", "The report is dated 34"),
    ("The report is (not) true", "The report is true"),
    ("He is 5' 2\" tall", "He is 5 2 tall"),
    ("The drug is un-safe", "The drug is safe"),
    ("Ein Minister und der Bürgermeister gehen", "Minister und Bürgermeister gehen"),
    ("O prefeito a multou", "O prefeito multou"),
    ("As ferries close, prices rise", "Ferries close, prices rise"),
    ("Der Boot", "Das Boot"),
    ("The ships all sank", "The ships almost sank"),
    ("“Free” trade helps ≠ all", "Free trade helps all"),
    ("The 2 ministers resigned", "The two ministers resigned"),
    ("Thomas said Vale lied", "Vale said Thomas lied"),
    ("Once a week the ferry leaves", "Once week the ferry leaves"),
]

SAME = [
    ("The port can open in March", "the port can open in march"),
    ("The port can open in March", "The port can open in March."),
    ("The port can open in March", "Port can open in March"),
    ("The port can open in March", "  The port  can open, in March!"),
    ("A levy starts in March", "The levy starts in March"),
    ("The minister said “no”", 'The minister said "no"'),
    ("Vale’s levy is legal", "Vale's levy is legal"),
    ("The co-owner resigned", "The co\u2010owner resigned"),
    ("Die Abgabe gilt ab März", "Abgabe gilt ab März"),
    ("Der Hafen öffnet im März", "der Hafen öffnet im März."),
    ("La taxe commence en mars", "Une taxe commence en mars"),
    ("L'emploi augmente", "L’emploi augmente"),
    ("L'emploi augmente", "Emploi augmente"),
    ("El puerto abre en marzo", "Puerto abre en marzo"),
    ("¿El puerto abre?", "El puerto abre?"),
    ("O porto abre em março", "Porto abre em março"),
    ("Uma taxa começa", "A taxa começa"),
    ("The plan costs 1,500 crowns", "The plan costs 1,500  crowns."),
    ("Café owners pay", "Cafe\u0301 owners pay"),
    ("港口可以开放", "港口可以开放。"),
    ("The minister denies the plan to close the port", "Minister denies plan to close port"),
    (
        "The minister denies the plan to close the port",
        "A minister denies a plan to close the port.",
    ),
    ("The harbour’s owner isn’t paying", "The harbour's owner isn't paying!"),
    ("“The levy starts in March”", "the levy starts in March"),
    ("The port - closed in May - reopened", "The port closed in May reopened"),
    ("Der Minister bestreitet den Plan", "Ein Minister bestreitet den Plan"),
    ("Die Abgabe beginnt im März", "Eine Abgabe beginnt im März"),
    ("Das Schiff ist gesunken", "Schiff ist gesunken"),
    ("Le maire a payé la taxe", "Un maire a payé la taxe"),
    ("Las tasas suben en marzo", "Tasas suben en marzo"),
    ("El alcalde pagó la tasa", "Un alcalde pagó la tasa"),
    ("O prefeito pagou a taxa", "Um prefeito pagou a taxa."),
    ("Os navios pagam em março", "Navios pagam em março"),
    ("HARBOUR LEVY STARTS", "Harbour levy starts"),
    ("Порт откроется в марте.", "порт откроется в марте"),
    ("ميناء مفتوح", "ميناء مفتوح."),
    ("बंदरगाह खुला है", "बंदरगाह खुला है।"),
    ("500 tonne ships pay", "500-tonne ships pay"),
    ("Prices rose 5 %", "Prices rose 5%"),
    ("Prices rose by 5 per cent (March)", "Prices rose by 5 per cent, March"),
    ("The port\u200b can open", "The port can open"),
    ("A ferry sank in the bay", "Ferry sank in the bay"),
]


@pytest.mark.parametrize(("statement", "other"), OTHERS)
def test_another_word_sign_or_order_is_another_claim(statement, other):
    assert restated(statement, [other]) == []
    assert restated(other, [statement]) == []


@pytest.mark.parametrize(("statement", "other"), SAME)
def test_capitals_spaces_punctuation_and_articles_make_no_other_claim(statement, other):
    assert restated(statement, [other]) == [0]
    assert restated(other, [statement]) == [0]


WORDS = st.sampled_from(
    [
        "the",
        "a",
        "an",
        "not",
        "no",
        "never",
        "harbour",
        "levy",
        "opens",
        "illegal",
        "legal",
        "nicht",
        "kein",
        "der",
        "die",
        "das",
        "gilt",
        "ne",
        "pas",
        "la",
        "le",
        "un",
        "une",
        "impôt",
        "no",
        "el",
        "los",
        "barcos",
        "o",
        "a",
        "os",
        "não",
        "taxa",
        "5",
        "500",
        "March",
        "Arden",
    ]
)
STATEMENTS = st.lists(WORDS, min_size=1, max_size=8)
ARTICLES = {"the", "a", "an", "der", "die", "das", "la", "le", "un", "une", "el", "los", "o", "os"}


@given(STATEMENTS, st.data())
def test_to_exchange_any_word_but_an_article_makes_another_claim(words, data):
    place = data.draw(st.integers(0, len(words) - 1))
    new = data.draw(WORDS)
    if words[place].lower() in ARTICLES or new.lower() in ARTICLES or new == words[place]:
        return
    changed = [*words[:place], new, *words[place + 1 :]]

    assert restated(" ".join(words), [" ".join(changed)]) == []


@given(STATEMENTS, st.data())
def test_to_add_any_word_but_an_article_makes_another_claim(words, data):
    place = data.draw(st.integers(0, len(words)))
    new = data.draw(WORDS.filter(lambda word: word not in ARTICLES))
    longer = [*words[:place], new, *words[place:]]

    assert restated(" ".join(words), [" ".join(longer)]) == []
    assert restated(" ".join(longer), [" ".join(words)]) == []


@pytest.mark.parametrize("words", [("Arden", "attacked", "Belmont"), ("5", "of", "12", "left")])
def test_the_same_words_in_another_order_are_another_claim(words):
    for order in permutations(words):
        assert restated(" ".join(words), [" ".join(order)]) == ([0] if order == words else [])


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_is_the_same_is_so_from_both_sides(one, other):
    assert restated(one, [one]) == [0]
    assert restated(one, [other]) == restated(other, [one])


@given(st.text(alphabet="aB éß'’-.5,% ", min_size=1, max_size=30))
def test_spaces_around_and_a_full_stop_change_nothing(statement):
    words = statement.strip()
    if words[-1:].isalpha():
        assert restated(statement, [f"  {words}. "]) == [0]


def test_those_found_come_in_their_order():
    others = ["The port is open.", "Ships pay.", "the port is open", "A port is open"]

    assert restated("The port is open", others) == [0, 2, 3]


def test_ten_thousand_claims_are_searched_at_once():
    others = [
        f"The levy of {number} crowns starts in the port of Arden" for number in range(10_000)
    ]
    hostile = ["the a " * 160, "l'" * 480, "5:" * 480, "؟" * 960, "a\u0301" * 480]
    begun = time.perf_counter()

    assert restated(others[77], [*others, *hostile]) == [77]
    assert time.perf_counter() - begun < 5
