"""The labelled utterances and the phrases of each sign, as an annotation set for Alexa's NLU evaluation.

The form is that of `v1.skill.nlu.annotationSets.UpdateNLUAnnotationSetAnnotationsRequest` in Amazon's own spec.json
(npm ask-smapi-model 1.24.0), which the page "NLU Annotation Set REST API Reference" describes. Amazon lists the tool
among its deprecated features since August 2024; the Utterance Profiler takes the same sentences, one at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from skill.alexa.handler import ELICITED
from skill.authoring.data import MODELS
from skill.authoring.hearing_data import model_rules, read_signs
from skill.authoring.phrases import expand
from skill.authoring.understanding import Utterance, answer_to, is_right, utterances
from skill.dialogue.acts import intents
from skill.hearing.lexicon import GAP
from skill.places import language_of
from skill.simulator.ears import FALLBACK, Filled, Understood, ears, spoken_words
from skill.turn import Verdict


def annotation_set(locale: str) -> dict[str, Any]:
    """The annotation set of `locale`: for each utterance the one intent, with its slots, that it should reach.

    Amazon counts an annotation as failed unless intent and slots are the very same, so there is one a line: what the
    model carries literally where that leads to the right answer, else the first intent that leads there, else the
    free-text slot with the whole utterance, so that no sign may end in Fallback.
    """
    labelled = {u.text: _meant(u, locale) for u in utterances(language_of(locale)) if u.text}
    phrases = {text: Understood("ReportSignIntent", {"sign": Filled(text)}) for text in sign_phrases(locale)}
    return {"data": [_annotation(text, meant) for text, meant in {**phrases, **labelled}.items()]}


def _annotation(text: str, meant: Understood) -> dict[str, Any]:
    intent: dict[str, Any] = {"name": meant.intent}
    if meant.slots:
        intent["slots"] = {name: {"value": filled.value} for name, filled in meant.slots.items()}
    return {"inputs": {"utterance": text}, "expected": [{"intent": intent}]}


def _meant(utterance: Utterance, locale: str) -> Understood:
    carried = ears(locale).understood(utterance.text, strict=True, elicits=False)
    whole = Understood(ELICITED, {"words": Filled(utterance.text)})
    # What a sign or an idle word comes to lies in the words: an intent without them would hit it by chance alone.
    wordless = utterance.kind not in {*Verdict, "offtopic"}
    candidates: Iterable[Understood] = (carried, *(_named(utterance.text, locale) if wordless else ()))
    for understood in candidates:
        lost = understood.intent == FALLBACK and utterance.kind != "offtopic"
        if not lost and is_right(utterance.answers[0], answer_to(understood, locale)):
            return understood
    return whole


def _named(text: str, locale: str) -> Iterator[Understood]:
    """Each intent without a slot, and each list slot filled with the last words of `text` where it knows them."""
    known = ears(locale)
    slotted = {(carrier.intent, carrier.slot, carrier.type) for carrier in known.carriers}
    yield from (
        Understood(name) for name in intents(language_of(locale)) if name not in {intent for intent, _, _ in slotted}
    )
    said = spoken_words(text)
    for intent, slot, kind in sorted(slotted):
        tails = (said[at:] for at in range(len(said)))
        yield from (
            Understood(intent, {slot: Filled(" ".join(tail), (known.values[kind][tail],), listed=True)})
            for tail in tails
            if tail in known.values.get(kind, {})
        )


def sign_phrases(locale: str) -> Iterator[str]:
    """Each phrase of signs.yaml in its first form."""
    path = MODELS / locale.partition("-")[0] / "signs.yaml"
    rules = model_rules(path)
    for _, node in read_signs(path)[1].entries():
        for group in node.nodes("heard_as"):
            for phrase in group.texts("phrases"):
                first = next(iter(expand(phrase, rules, group, "phrases", barest=True)))
                yield " ".join(first.replace(GAP, " ").split())
