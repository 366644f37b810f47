"""The words of a language that tell who speaks."""

from functools import cache, lru_cache

from ..language import Language, load


class Cues:
    """The word lists that tell who speaks, by folded word or (`speech`, `reporting`) by stem."""

    def __init__(self, language: Language) -> None:
        words, stems = language.words, language.stems
        self.stem = language.stem
        self.reflexives = words("reflexives")
        self.foreign_marks = language.data["foreign_marks"]
        self.speech = stems("speech")
        self.reporting = stems("reporting")
        self.clausal = stems("clausal")
        self.labelling = stems("labelling")
        self.inverting = stems("inverting")
        self.naming = words("naming")
        self.titles = words("titles")
        self.listeners = words("listeners")
        self.honorifics = words("honorifics")
        self.speakers = words("pronoun_speakers")
        self.determiners = words("articles") | words("possessives") | words("demonstratives")
        self.prepositions = words("prepositions")
        self.inner_prepositions = words("noun_prepositions")
        denying = {word for word in words("negations") if self.stem(word) in self.reporting}
        self.auxiliaries = words("auxiliaries") | words("negations") - denying
        self.being = words("being")
        self.noun_ends = self.auxiliaries | self.listeners | words("seen_by")
        self.breaks = words("subject_openers") | words("conjunctions")
        self.relatives = words("relatives")
        self.coordinators = words("coordinators")
        self.complementisers = words("complementisers")
        self.adverbs = words("speech_adverbs")
        self.past_forms = words("past_forms")
        self.past_ending: str = language.data["past_ending"]
        self.participle: str = language.data["participle_ending"]
        self.adverb_ending: str = language.data["adverb_ending"]
        self.not_adverbs = words("not_adverbs")
        self.negation_ending: str = language.data["negation_ending"]
        self.accordings: dict[str, list[tuple[str, ...]]] = {}
        for phrase in language.phrases("according"):
            self.accordings.setdefault(phrase[0], []).append(phrase)
        self.times = (
            words("relative_days")
            | language.data["weekdays"].keys()
            | language.data["months"].keys()
            | language.data["period_openers"].keys()
        )
        self.reports = lru_cache(maxsize=1 << 16)(self._reports)

    def is_between(self, key: str) -> bool:
        """Whether a word may stand between a subject and its verb: "also", "recently", "didn't"."""
        if key.endswith(self.adverb_ending):
            return key not in self.not_adverbs
        return key in self.auxiliaries or key.endswith(self.negation_ending)

    def _reports(self, key: str) -> bool:
        """Whether a token may say that something is reported."""
        return key in self.accordings or self.stem(key) in self.reporting


@cache
def cues(code: str = "en") -> Cues:
    return Cues(load(code))
