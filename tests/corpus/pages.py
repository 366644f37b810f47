"""Whole pages as the programs that make news sites make them, with what a careful person reads there.

The stories, sites and people are invented. Each page has its furniture: menus, lists of other
stories, notices, offers. `benchmarks/extraction.py` scores them beside trafilatura.
"""

from dataclasses import dataclass

EN = (
    "The ferry to Varn will stop at the end of May, the harbour office said on Monday, and nobody on the island was told of it before.",
    "“We read it in the newspaper,” said Ola Brand, who runs the last shop on the quay and pays 3.40 florins for every crate.",
    "The council meets on Friday to hear four experts, who were asked in winter whether the old boat could be saved at all.",
    "A new one would cost eleven million florins, and the ministry has set aside less than half of that for the coming year.",
)
DE = (
    "Die Fähre nach Varn stellt Ende Mai den Betrieb ein, teilte das Hafenamt am Montag mit, ohne dass es jemand auf der Insel vorher wusste.",
    "„Wir haben es aus der Zeitung erfahren“, sagte Ola Brand, die den letzten Laden am Kai führt und für jede Kiste 3,40 Gulden zahlt.",
    "Der Rat kommt am Freitag zusammen, um vier Fachleute zu hören, die im Winter gefragt wurden, ob das alte Schiff zu retten sei.",
)
FR = (
    "Le bac de Varn cessera de naviguer à la fin du mois de mai, a annoncé lundi la capitainerie, sans que personne sur l’île en ait été averti.",
    "« Nous l’avons lu dans le journal », dit Ola Brand, qui tient la dernière boutique du quai et paie 3,40 florins pour chaque caisse.",
    "Le conseil se réunit vendredi pour entendre quatre experts, à qui l’on a demandé cet hiver si le vieux bateau pouvait être sauvé.",
)
ES = (
    "El transbordador de Varn dejará de navegar a finales de mayo, anunció el lunes la oficina del puerto, sin que nadie en la isla lo supiera.",
    "«Lo leímos en el periódico», dijo Ola Brand, que lleva la última tienda del muelle y paga 3,40 florines por cada caja de mercancía.",
    "El consejo se reúne el viernes para escuchar a cuatro expertos, a los que se preguntó en invierno si el viejo barco podía salvarse.",
)
LINKS = "".join(
    f'<li><a href="/{n}">{w}</a></li>'
    for n, w in enumerate(["Home", "News", "Sport", "Culture", "Weather"])
)
OTHERS = "".join(
    f'<li><a href="/s/{n}">{w}</a></li>'
    for n, w in enumerate(
        [
            "Fares to rise again on all lines",
            "Museum opens a show of maps",
            "Town hall roof to be mended by winter",
        ]
    )
)


@dataclass(frozen=True)
class Expected:
    """A page, and what is to be read in it."""

    html: str
    title: str
    byline: str
    date: str
    text: tuple[str, ...]
    note: str = ""


def _p(texts, tag="p", attributes=""):
    return "".join(f"<{tag}{attributes}>{text}</{tag}>" for text in texts)


def _page(head, body, lang="en"):
    return f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


WORDPRESS = _page(
    '<title>Ferry to stop in May - The Varn Herald</title><meta property="og:site_name" content="The Varn Herald">'
    '<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"Article","headline":"Ferry to stop in May",'
    '"author":[{"@id":"https://v.example/#/p/1"},{"@id":"https://v.example/#/p/2"}],"publisher":{"@id":"#org"},"datePublished":"2024-05-06T21:30:00-05:00",'
    '"dateModified":"2024-06-02"},{"@type":"WebPage","datePublished":"2020-01-01"},{"@type":"Person","@id":"https://v.example/#/p/1","name":"Una Vale"},'
    '{"@type":"Person","@id":"https://v.example/#/p/2","name":"Jon Reef"},{"@type":"Organization","@id":"#org","name":"The Varn Herald"}]}</script>',
    f'<header><div class="site-title"><a href="/">The Varn Herald</a></div><nav><ul>{LINKS}</ul></nav></header><main><article class="post">'
    f'<h1 class="entry-title">Ferry to stop in May</h1><div class="entry-meta">Posted on <time class="entry-date published" datetime="2024-05-06">May 6</time></div>'
    f'<div class="entry-content">{_p(EN[:2])}<div class="wp-block-newsletter newsletter"><h3>Never miss a story</h3><p>Leave your address here and we write to you each morning at seven.</p></div>{_p(EN[2:])}</div>'
    f'<div class="sharedaddy"><h3>Share this:</h3><ul><li><a href="#">Mail</a></li><li><a href="#">Print</a></li></ul></div><div class="related-posts"><h3>You may also like</h3><ul>{OTHERS}</ul></div></article></main>'
    '<div id="comments" class="comments-area"><h2>2 thoughts</h2><p>I never liked that boat, and my cousin says that the other one is no better.</p></div><footer>© 2021 The Varn Herald</footer>',
)
DRUPAL = _page(
    "<title>Ferry to stop in May | Island Voice</title>",
    f'<div class="region region-header"><h1 class="site-name"><a href="/">Island Voice</a></h1><div class="menu"><ul>{LINKS}</ul></div></div><div class="region-content"><div class="node node--type-article">'
    f'<h2 class="page-title">Ferry to stop in May</h2><div class="node__submitted">Submitted by <span class="username">Una Vale</span> on Mon, 05/06/2024 - 10:15</div><div class="field field--name-body">{_p(EN)}</div>'
    f'<div class="field--name-field-tags tags"><a href="/t/1">Ferry</a> <a href="/t/2">Varn</a></div></div></div><aside class="sidebar"><h2>Latest</h2><ul>{OTHERS}</ul></aside>',
    "en-US",
)
ARC = _page(
    '<title>Ferry to stop in May</title><meta property="og:title" content="Ferry to stop in May"><meta property="article:published_time" content="2024-05-06T10:00:00Z"><meta name="author" content="Staff">',
    f'<div id="fusion-app"><header class="b-header"><a href="/">Post</a></header><section class="left"><h1 class="headline">Ferry to stop in May</h1><div class="b-byline">By <a href="/author/una-vale/">Una Vale</a>, <a href="/author/jon-reef/">Jon Reef</a></div>'
    f'<article class="b-article-body">{_p(EN[:1], attributes=" class=c-paragraph")}<div class="b-ad ads"><p>Advertisement that goes on for a good while so as to look like text of its own.</p></div>{_p(EN[1:], attributes=" class=c-paragraph")}</article></section>'
    f'<div class="b-results-list trending"><h2>Trending</h2><div><a rel="author" href="/x">Hours Ago Pia Wolk</a></div><ul>{OTHERS}</ul></div></div>',
)
GHOST = _page(
    '<title>Ferry to stop in May</title><meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Una Vale">',
    f'<main id="site-main"><article class="article"><header class="article-header"><h1>Ferry to stop in May</h1><div class="article-byline"><section><h4 class="author-name"><a href="/author/una/">Una Vale</a></h4><time datetime="2024-05-06">May 6, 2024</time> <span>3 min read</span></section></div></header>'
    f'<section class="gh-content">{_p(EN)}</section></article></main><section class="footer-cta"><h2>Sign up for more like this.</h2></section>',
)
AMP = _page(
    '<title>Ferry to stop in May</title><script type="application/ld+json">[{"@type":"BreadcrumbList"},{"@type":["NewsArticle"],"headline":"Ferry to stop in May","author":{"@type":"Person","name":"Una Vale"},"datePublished":"20240506"}]</script>',
    f'<amp-sidebar id="s"><ul>{LINKS}</ul></amp-sidebar><article><h1>Ferry to stop in May</h1>{_p(EN)}<amp-ad width=3 height=2></amp-ad></article>',
)
BLOGGER = _page(
    "<title>Varn Notes: Ferry to stop in May</title>",
    f'<div class="header-outer"><h1 class="title">Varn Notes</h1></div><div class="main"><h2 class="date-header"><span>Monday, May 6, 2024</span></h2><div class="post hentry"><h3 class="post-title entry-title">Ferry to stop in May</h3>'
    f'<div class="post-body entry-content">{"<br><br>".join(EN)}</div><div class="post-footer">Posted by <span class="fn">Una Vale</span> at <abbr class="published" title="2024-05-06T09:00:00-07:00">9:00 AM</abbr></div></div></div><div class="sidebar"><h2>Archive</h2><ul>{OTHERS}</ul></div>',
)
NINETIES = (
    "<HTML><HEAD><TITLE>Ferry to stop in May</TITLE></HEAD><BODY BGCOLOR=white><TABLE><TR><TD WIDTH=120><FONT SIZE=1><A HREF=a>Home</A><BR><A HREF=b>News</A><BR><A HREF=c>Sport</A></FONT></TD>"
    "<TD><FONT SIZE=5><B>Ferry to stop in May</B></FONT><BR><FONT SIZE=2>By Una Vale<BR>May 6, 1998</FONT><P>"
    + "<P>".join(EN)
    + "<HR><FONT SIZE=1>© 1999 Varn Herald</FONT></TD></TR></TABLE></BODY></HTML>"
)
GERMAN = _page(
    "<title>Fähre stellt Betrieb ein | Varner Bote</title>",
    f'<header class="kopf"><a href="/"><img alt="Varner Bote"></a><nav><ul>{LINKS}</ul></nav></header><main><article><h1>Fähre stellt Betrieb ein</h1><p class="artikel-info">Von <span class="autor">Una Vale</span> und <span class="autor">Jon Reef</span> | Stand: 06.05.2024, 10:15 Uhr</p>'
    f'{_p(DE)}</article><section class="teaser-liste"><h2>Mehr zum Thema</h2><ul>{OTHERS}</ul></section></main><footer><p>Impressum, Datenschutz</p></footer>',
    "de",
)
FRENCH = _page(
    "<title>Le bac de Varn va s’arrêter</title>",
    f'<main><h1>Le bac de Varn va s’arrêter</h1><p class="signature">Par Una Vale et Jon Reef — Publié le 6 mai 2024 à 10h15, mis à jour le 8 mai 2024</p><div class="texte">{_p(FR)}</div><div class="lire-aussi related"><p>Lire aussi <a href="/x">Le prix des billets augmente</a></p></div></main>',
    "fr",
)
SPANISH = _page(
    '<title>El barco de Varn para en mayo - La Isla</title><meta property="og:site_name" content="La Isla"><meta name="author" content="La Isla">',
    f'<article><h1>El barco de Varn para en mayo</h1><div class="firma">Por Una Vale</div><div class="fecha">Varn - 06/05/2024 - 10:15</div>{_p(ES)}<div class="tags"><a href="/t">Varn</a></div></article>',
    "es",
)
MICRODATA = _page(
    "<title>Ferry to stop in May</title>",
    f'<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">Ferry to stop in May</h1><span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">Una Vale</span>, Harbour Editor</span><meta itemprop="datePublished" content="2024-05-06">'
    f'<meta itemprop="dateModified" content="2024-07-01"><div itemprop="articleBody">{_p(EN)}</div></div>',
)
PAYWALL = _page(
    '<title>Ferry to stop in May</title><script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry to stop in May","isAccessibleForFree":"False","datePublished":"2024-05-06","author":"Una Vale"}</script>',
    f'<article><h1>Ferry to stop in May</h1>{_p(EN[:1])}<div class="c-paywall"><h2>Read on for one florin</h2><p>Already with us? Sign in here. Three months for one florin, on every device that you own.</p></div></article>',
)
LINKED = _page(
    "<title>Ferry to stop in May</title>",
    f'<article><h1>Ferry to stop in May</h1><span class="visually-hidden">Skip this advert and go on reading the story below.</span>{_p(EN[:2])}<p><a href="/live"><em>{EN[2]}</em></a></p><p><a href="/r">Read more: fares to rise again on all of the lines to the islands</a></p>{_p(EN[3:])}</article>',
)
MENU = _page(
    "<title>Ferry to stop in May</title>",
    f'<div class="top"><ul class="m"><li>Council</li><li>Ombudsman</li><li>Protocol</li></ul><div class="box">A hundred islanders signed a letter to the ministry last week, and it was read aloud on the quay.</div></div><div class="c"><h1>Ferry to stop in May</h1>{_p(EN)}</div>',
)
PAGES = {
    "WordPress": Expected(
        WORDPRESS, "Ferry to stop in May", "Una Vale, Jon Reef", "2024-05-06", EN
    ),
    "Drupal": Expected(DRUPAL, "Ferry to stop in May", "Una Vale", "2024-05-06", EN),
    "Arc": Expected(ARC, "Ferry to stop in May", "Una Vale, Jon Reef", "2024-05-06", EN),
    "Ghost": Expected(GHOST, "Ferry to stop in May", "Una Vale", "2024-05-06", EN),
    "AMP": Expected(AMP, "Ferry to stop in May", "Una Vale", "2024-05-06", EN),
    "Blogger": Expected(BLOGGER, "Ferry to stop in May", "Una Vale", "2024-05-06", EN),
    "1990s": Expected(NINETIES, "Ferry to stop in May", "Una Vale", "1998-05-06", EN),
    "German": Expected(GERMAN, "Fähre stellt Betrieb ein", "Una Vale, Jon Reef", "2024-05-06", DE),
    "French": Expected(
        FRENCH, "Le bac de Varn va s’arrêter", "Una Vale, Jon Reef", "2024-05-06", FR
    ),
    "Spanish": Expected(SPANISH, "El barco de Varn para en mayo", "Una Vale", "2024-05-06", ES),
    "microdata": Expected(MICRODATA, "Ferry to stop in May", "Una Vale", "2024-05-06", EN),
    "paywall": Expected(
        PAYWALL, "Ferry to stop in May", "Una Vale", "2024-05-06", EN[:1], "Only its beginning"
    ),
    "linked paragraph": Expected(LINKED, "Ferry to stop in May", "", "", EN),
    "menu beside": Expected(MENU, "Ferry to stop in May", "", "", EN),
}
