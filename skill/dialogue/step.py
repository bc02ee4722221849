"""The dialogue: what is replied to a turn, and what is remembered. Hearing has run before, and decides first."""

from __future__ import annotations

from dataclasses import replace

from skill.dialogue import net, topics, waiting
from skill.dialogue.acts import HEARD_ACTS, OF_HELP, Act
from skill.dialogue.saying import say
from skill.hearing.heard import Heard, verdict_of
from skill.hearing.knowledge import ears
from skill.hearing.words import words
from skill.places import UNKNOWN_COUNTRY, country_code, language_of
from skill.turn import Kind, Reply, State, Turn, Verdict, Who

_SPOKEN_OF = frozenset({"about", "describe", "report", "yes_and", "no_but", "topic", "sudden", "gradual"})
_SETTINGS = {
    "slower": ("rate", "slow"), "faster": ("rate", "fast"), "shorter": ("length", "short"), "full": ("length", "full"),
}  # fmt: skip


def step(state: State, turn: Turn, act: Act, heard: Heard, *, lost: bool = False) -> tuple[Reply, State]:
    """The reply to `turn`, which means `act` and tells `heard`, and the next state.

    The order is the safety net: a sign escalates in every state and under every act; then what is open
    (an alarm, a safety question) gets its answer; only then the act itself counts. `lost` says that the
    session's memory could not be read: then the safety line comes first, and a fresh start.
    """
    if state.question == net.SPEECH_SAMPLE:
        heard = _as_speech_sample(heard)
    if state.question == waiting.LAST_WELL and _is_only_a_time(turn, heard):
        heard = replace(heard, since="well")
    state = net.with_signs(_remembering(state, heard), heard.findings)
    verdict = verdict_of(heard)
    if verdict is Verdict.ESCALATE:
        return net.escalate(state, heard, act.act)
    if lost:
        return say("conversation/fresh_start", state, Verdict.CLARIFY)
    if turn.kind is Kind.LAUNCH and not state.alarm:
        return say("conversation/launch", topics.at(state, ""))
    if verdict is Verdict.INFORM and act.personal:
        verdict = Verdict.CLARIFY
    if act.act == "sugar" and not state.alarm:
        act = Act("topic", "diabetes")
    heard = replace(heard, topic=act.topic or _topic_of(turn, heard))
    placed = bool(heard.findings or heard.scenes) or heard.lowered or heard.broken
    counts = verdict is Verdict.INFORM or (heard.asks in OF_HELP and not placed)
    answers = state.question in net.QUESTIONS  # then "it moves slower" is about the mouth, and no wish
    if act.act == "describe" and heard.asks in HEARD_ACTS and not heard.topic and counts and not answers:
        act, verdict = Act(heard.asks), Verdict.INFORM
    in_check = state.question.startswith(("check", "usual")) and act.act == "alone"
    own = None if in_check else waiting.own_words(state, act)
    answered = own or _to_what_is_open(state, act, heard, verdict)
    return answered or _to_the_act(state, turn, act, heard, verdict)


def _as_speech_sample(heard: Heard) -> Heard:
    """`heard` without what the trained ears made of the test sentence: how it sounded is for people to say."""
    return replace(heard, findings=tuple(f for f in heard.findings if f.ear in {"rules", "slot"}), telling=False)


def _is_only_a_time(turn: Turn, heard: Heard) -> bool:
    """Whether a time was all that was said.

    "At seven" tells when they were last well, if that was asked; more words may say that it was noticed then,
    and a stroke team must never get the one for the other.
    """
    if not heard.when:
        return False
    spelling = ears(language_of(turn.locale)).spelling
    return words(" ".join(slot.spoken for slot in turn.slots), spelling) == words(heard.when, spelling)


def _remembering(state: State, heard: Heard) -> State:
    """`state` with the person spoken of and the circumstances: from the words, never from the intent's name."""
    state = replace(state, scenes=tuple(sorted({*state.scenes, *heard.scenes})))
    if heard.when and not (heard.since == "noticed" and state.since in _LAST_WELL):
        state = replace(state, when=heard.when, since=heard.since)
    if heard.who is Who.OTHER:
        return replace(state, who=Who.OTHER, person=heard.person or state.person)
    if heard.who is Who.SELF and state.who is Who.UNKNOWN:
        return replace(state, who=Who.SELF)
    return state


_LAST_WELL = frozenset({"well", "woke"})
"""Last well says more to a stroke team than when it was noticed, so a later "noticed" never takes its place."""


def _topic_of(turn: Turn, heard: Heard) -> str:
    return next((name for slot in turn.slots for name in slot.ids if topics.is_topic(name)), heard.topic)


def _to_what_is_open(state: State, act: Act, heard: Heard, verdict: Verdict) -> tuple[Reply, State] | None:
    if state.alarm:
        return waiting.answer(state, act, heard, placed=act.act not in _SPOKEN_OF or bool(heard.topic))
    if state.question:
        return net.answer(state, act, verdict, heard.topic, timed=bool(heard.when))
    return None


def _to_the_act(state: State, turn: Turn, act: Act, heard: Heard, verdict: Verdict) -> tuple[Reply, State]:
    asked, topic = state.question, heard.topic
    state = replace(state, misses=0)
    if act.act in _SPOKEN_OF or topic:
        if verdict is Verdict.CLARIFY and not state.alarm:
            return net.clarify(state, topic, heard.findings, act.act)
        if topic:
            return say("conversation/topic", topics.at(state, topic))
        return say("conversation/no_topic", state)
    match act.act:
        case "help" | "number" | "wait" | "for_other" | "for_self" as plain:
            who = {"for_other": Who.OTHER, "for_self": Who.SELF}.get(plain, state.who)
            return say(f"conversation/{plain}", replace(state, who=who), question=asked)
        case "slower" | "faster" | "shorter" | "full":
            return _setting(state, act.act)
        case "next" | "back" | "yes":
            return _onwards(state, -1 if act.act == "back" else 1)
        case "repeat":
            return say(state.last_template or "conversation/launch", state, question=asked)
        case "start_over":
            return say("conversation/started_over", _started_over(state))
        case "country":
            return _country(state, turn)
        case "check":
            return net.check(state)
        case "stop":
            unsettled = asked or state.signs
            return say("conversation/goodbye_with_number" if unsettled else "conversation/goodbye", state, closes=True)
        case "wrong":
            return say("conversation/nothing_to_correct", state)
        case "no" | "unsure" | "courtesy":
            return say("conversation/anything_else", state)
    return say("conversation/fallback", state, Verdict.CLARIFY)


def _onwards(state: State, by: int) -> tuple[Reply, State]:
    if state.steps:
        return waiting.walk(state, by)
    if topics.is_topic(state.topic):
        return say("conversation/topic", topics.moved(state, by))
    return say("conversation/anything_else", state)


def _setting(state: State, act: str) -> tuple[Reply, State]:
    """The new setting, shown at once on the topic that was being told: nobody says "slower" for later only.

    "Tell me more" where all is told in full already asks for the next piece.
    """
    field, value = _SETTINGS[act]
    if field == "rate" and state.rate not in {"normal", value}:
        value = "normal"
    changed = replace(state, rate=value) if field == "rate" else replace(state, length=value)
    if state.last_template != "conversation/topic":
        return say(f"conversation/set_{value}", changed, question=state.question)
    if act == "full" and changed == state:
        return _onwards(state, 1)
    return say("conversation/topic", changed if field == "rate" else topics.at(changed, state.topic))


def _country(state: State, turn: Turn) -> tuple[Reply, State]:
    code = next((country_code(slot.spoken, turn.locale) for slot in turn.slots if slot.spoken), UNKNOWN_COUNTRY)
    template = "conversation/country_unknown" if code == UNKNOWN_COUNTRY else "conversation/country"
    return say(template, replace(state, country=code), question=state.question)


def _started_over(state: State) -> State:
    """A fresh state that keeps what must never be lost: signs, alarm, called, and the country that sets the number."""
    return State(
        signs=state.signs,
        alarm=state.alarm,
        alarm_sign=state.alarm_sign,
        called=state.called,
        country=state.country,
        who=state.who,
        person=state.person,
        notice_given=state.notice_given,
    )
