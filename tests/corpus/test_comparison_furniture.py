"""What stands around a report on its page, and characters that do not show, are no statements."""

import pytest

from corpus.comparison import compare

STORIES = {
    "en": """\
The port of Tarn opened a deep quay in May, and two ships berthed there on the first day.

Nobody had asked the pilots, whose guild was angry with the board of the port.

Board member Ilse Varnholt promised a meeting before the end of the month.
""",
    "de": """\
Der Hafen von Tarn hat im Mai einen tiefen Kai eröffnet, an dem zwei Schiffe anlegten.

Niemand hatte die Lotsen gefragt, deren Gilde über den Vorstand verärgert war.

Vorstandsmitglied Ilse Varnholt versprach ein Treffen noch in diesem Monat.
""",
    "fr": """\
Le port de Tarn a ouvert en mai un quai profond où deux navires ont accosté le premier jour.

Personne n'avait consulté les pilotes, dont la guilde était fâchée contre le conseil.

Ilse Varnholt, membre du conseil, a promis une réunion avant la fin du mois.
""",
    "es": """\
El puerto de Tarn abrió en mayo un muelle profundo donde atracaron dos barcos el primer día.

Nadie había consultado a los prácticos, cuyo gremio estaba enfadado con la junta.

Ilse Varnholt, miembro de la junta, prometió una reunión antes de fin de mes.
""",
    "pt": """\
O porto de Tarn abriu em maio um cais profundo onde dois navios atracaram no primeiro dia.

Ninguém tinha consultado os pilotos, cuja associação estava zangada com a direção.

Ilse Varnholt, membro da direção, prometeu uma reunião antes do fim do mês.
""",
}

FURNITURE = [
    ("en", "Read our privacy policy"),
    ("en", "Follow us for updates"),
    ("en", "Sign up to our newsletter"),
    ("en", "Get the day's top stories in your inbox every morning."),
    ("en", "Listen to this article"),
    ("en", "Manage your cookie settings here."),
    ("en", "Download our app for the latest alerts."),
    ("en", "Share on social media"),
    ("en", "Back to top"),
    ("en", "Join the conversation below."),
    ("en", "Advertisement"),
    ("en", "Add us as a preferred source"),
    ("de", "Folgen Sie uns für aktuelle Meldungen"),
    ("de", "Jetzt kostenlos registrieren und weiterlesen"),
    ("de", "Melden Sie sich für unseren täglichen Überblick an."),
    ("de", "Zur Startseite"),
    ("fr", "Suivez-nous sur les réseaux sociaux"),
    ("fr", "Recevez chaque matin notre sélection d'articles."),
    ("fr", "Retour à l'accueil"),
    ("es", "Síguenos en las redes sociales"),
    ("es", "Recibe cada mañana nuestras noticias en tu correo."),
    ("es", "Volver arriba"),
    ("pt", "Siga-nos nas redes sociais"),
    ("pt", "Receba todas as manhãs as nossas notícias no seu e-mail."),
]

OFFERS = [(language, line) for language, line in FURNITURE if line.endswith(".")]

NEWS = [
    ("en", "The meeting has been put off."),
    ("en", "No date has been set."),
    ("en", "Talks continue."),
    ("en", "The guild refused."),
    ("en", "Ships wait outside."),
    ("en", "He did not say why."),
    ("en", "Share prices of the port fell by a tenth."),
    ("en", "Get out of the harbour, the guild told the board."),
    ("en", "“Follow us and see,” a pilot said."),
    ("en", "Visitors must follow the rules of the harbour."),
    ("en", "Call it a lost year for the port of Tarn."),
    ("en", "The board declined to comment."),
    ("en", "Support for the board is fading."),
    ("de", "Ein Termin steht noch nicht fest."),
    ("de", "Die Gespräche dauern an."),
    ("de", "Der Vorstand lehnte eine Stellungnahme ab."),
    ("fr", "Aucune date n'est fixée."),
    ("fr", "Les discussions se poursuivent."),
    ("es", "Las conversaciones continúan."),
    ("es", "No hay fecha."),
    ("pt", "As conversas continuam."),
]


@pytest.mark.parametrize(("language", "line"), FURNITURE)
def test_a_line_of_the_page_below_a_report_is_no_statement(language, line):
    story = STORIES[language]

    found = compare(story, f"{story}\n{line}\n", language=language)

    assert found.relation == "same"
    assert all(change.severity == 1 for change in found.changes)
    assert all("looks like" in change.note for change in found.changes)


@pytest.mark.parametrize(("language", "line"), OFFERS)
def test_an_offer_above_a_report_is_no_statement(language, line):
    story = STORIES[language]

    found = compare(story, f"{line}\n\n{story}", language=language)

    assert found.relation == "same"
    assert all(change.severity == 1 for change in found.changes)


@pytest.mark.parametrize(("language", "line"), NEWS)
def test_a_last_sentence_of_the_news_stays_a_statement(language, line):
    story = STORIES[language]

    found = compare(f"{story}\n{line}\n", story, language=language)

    assert found.relation != "same"
    assert found.changes
    assert not any("looks like" in change.note for change in found.changes)


def test_several_lines_of_the_page_at_both_ends_are_no_statements():
    story = STORIES["en"]
    before = "\n\n".join(line for language, line in FURNITURE[:3])
    after = "\n\n".join(line for language, line in FURNITURE[3:12] if language == "en")

    found = compare(story, f"{before}\n\n{story}\n\n{after}\n")

    assert found.relation == "same"
    assert all(change.severity == 1 for change in found.changes)


@pytest.mark.parametrize(
    "line", ["Do not follow us.", "Keep the lock gates shut.", "Bring the boats in before dark."]
)
def test_an_order_in_the_middle_of_a_text_is_a_statement(line):
    first, *rest = STORIES["en"].split("\n\n")

    found = compare("\n\n".join([first, *rest]), "\n\n".join([first, line, *rest]))

    assert found.relation != "same"


@pytest.mark.parametrize("address", ["https://tarn.example/plan", "www.tarn.example"])
def test_a_line_that_is_an_address_is_furniture(address):
    story = STORIES["en"]

    assert compare(story, f"{story}\n{address}\n").relation == "same"
