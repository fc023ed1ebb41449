"""How sure: modality and polarity from the cues of the clause, checked against the period."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.language.link_words import LinkWords
from pipeline.link.scene import Scene
from pipeline.ontology import FactType
from pipeline.schema import CueMention, Kind, Modality, Period, Polarity, Published, Span

_HALF_WAY = 7.0
_ACTS = "acts"  # scope of a cue that plans what is done, not how a thing is ("promet 410 km")
_STATE_REACH = 4.0
_ALL = tuple(Modality)
_SETTLED = 0.22  # score that a cue needs to count
_DONE = 0.5  # score of what is told as done
_APART = 0.8  # share of its force that a cue of another clause keeps
_PERFECT = 24  # characters before a verb in which its auxiliary stands
_INTENT = (Modality.PLANNED, Modality.FORECAST)


class ModalityFinder:
    """Tells how sure the figures of one scene are."""

    def __init__(self, scene: Scene, words: LinkWords) -> None:
        self.scene = scene
        self._words = words

    def of_figure(
        self, anchors: Sequence[Span], index: int, period: Period | None, subject: Kind | None, row: FactType
    ) -> Modality:
        """The modality of a figure of the type `row` at `anchors` (figure first, then trigger) in sentence `index`.

        What its announcement settles is told as done; terms that will hold from a day are a plan; what is intended is
        a plan until a word says that it is done; of what comes about a conditional is a forecast.
        """
        scores = self._scores(anchors, index, row.state)
        found = self._choose(scores, period, subject)
        if row.announced and found in _INTENT:
            return Modality.ACTUAL
        if row.takes_effect and found is Modality.FORECAST:
            return Modality.PLANNED
        if row.intended and found is Modality.ACTUAL and scores[Modality.ACTUAL] < _DONE:
            return Modality.PLANNED
        if row.foretold and found is Modality.SPECULATED:
            return Modality.FORECAST
        if row.state and found is Modality.FORECAST:
            return Modality.SPECULATED  # nobody forecasts what a thing is like
        return found

    def lies_ahead(self, anchors: Sequence[Span], index: int) -> bool:
        """Whether the words around `anchors` in sentence `index` tell a plan or a forecast, whatever its period."""
        return self._choose(self._scores(anchors, index, state=False), None, None) in _INTENT

    def _scores(self, anchors: Sequence[Span], index: int, state: bool) -> dict[Modality, float]:
        """How strongly the cues of the sentence speak for each modality, by their nearness.

        Of a `state` (a property that holds) only a cue right before the figure counts; of an act told in the perfect
        tense no plan counts that stands before its verb or in a clause behind the figure.
        """
        scores = dict.fromkeys(_ALL, 0.0)
        sentence = self.scene.sentence(index)
        done = self._told_done(anchors)
        if done:
            scores[Modality.ACTUAL] = _DONE
        for cue in self.scene.cues_in("modality", sentence.start, sentence.end):
            if state and (cue.attribute("scope") == _ACTS or not _right_before(self.scene, cue, anchors[0])):
                continue
            found = Modality(cue.value)
            if done and found in _INTENT and not self._governed(cue, anchors):
                continue
            apart = min(self.scene.crossing(cue.span, a) for a in anchors) >= 1
            if apart and found is Modality.ACTUAL:
                continue
            scores[found] = max(scores[found], _force(self.scene, cue, anchors) * (_APART if apart else 1.0))
        return scores

    def _told_done(self, anchors: Sequence[Span]) -> bool:
        """Whether the trigger is a participle behind the auxiliary of the perfect tense ("a recruté 1 500 personnes",
        "a aussi vendu")."""
        figure, trigger = anchors[0], anchors[-1]
        if trigger.start >= figure.start:
            return False
        before = self.scene.before(trigger, _PERFECT).split()[-2:]
        if trigger.text.lower().split()[0] in self._words.perfect:
            return True
        return any(word in self._words.perfect for word in before[-1:]) or (
            len(before) == 2 and before[0] in self._words.perfect and before[1] in self._words.adverbs
        )

    def _governed(self, cue: CueMention, anchors: Sequence[Span]) -> bool:
        """Whether the cue stands between the verb and the end of the figure's clause."""
        if cue.span.start < anchors[-1].start:
            return False
        return cue.span.start < anchors[0].end or self.scene.crossing(cue.span, anchors[0]) == 0

    def _choose(self, scores: dict[Modality, float], period: Period | None, subject: Kind | None) -> Modality:
        """The modality for which most speaks. A period that begins after publication is never `actual`, and a future
        without any cue is the plan of an actor or, of a market, a forecast."""
        future = _is_future(period, self.scene.published)
        planned, forecast = scores[Modality.PLANNED], scores[Modality.FORECAST]
        if future is False and scores[Modality.SPECULATED] < 2 * _SETTLED:
            planned, forecast = 0.5 * planned, 0.6 * forecast
        strength = {Modality.SPECULATED: scores[Modality.SPECULATED], Modality.FORECAST: forecast}
        strength[Modality.PLANNED] = planned
        best = max(strength, key=lambda m: (strength[m], m is Modality.PLANNED))
        if strength[best] >= _SETTLED and strength[best] > scores[Modality.ACTUAL]:
            return Modality.FORECAST if best is Modality.PLANNED and subject is Kind.MARKET else best
        if future:
            return Modality.FORECAST if subject is Kind.MARKET else Modality.PLANNED
        return Modality.ACTUAL


def _right_before(scene: Scene, cue: CueMention, figure: Span) -> bool:
    return cue.span.start <= figure.start and scene.distance(cue.span, figure) <= _STATE_REACH


def _force(scene: Scene, cue: CueMention, anchors: Sequence[Span]) -> float:
    nearest = min(scene.distance(cue.span, a) for a in anchors)
    force = float(cue.attribute("weight") or 1.0) / (1.0 + nearest / _HALF_WAY)
    return force if cue.span.start < anchors[0].start else 0.6 * force


def _is_future(period: Period | None, published: Published | None) -> bool | None:
    """Whether the period lies ahead of publication (True) or behind it (False); None where it is running or
    unknown."""
    if period is None or published is None:
        return None
    if period.start and period.start > published.last:
        return True
    if period.end and period.end < published.first:
        return False
    return True if period.start is None and period.end else None


def polarity(scene: Scene, anchors: Sequence[Span], index: int) -> Polarity:
    """`negative` where a denial stands in the clause of the statement."""
    sentence = scene.sentence(index)
    for cue in scene.cues_in("polarity", sentence.start, sentence.end):
        if min(scene.distance(cue.span, a) for a in anchors) <= 6:
            return Polarity(cue.value)
    return Polarity.POSITIVE
