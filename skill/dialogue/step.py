"""The dialogue: what is replied to a turn, and what is remembered. Hearing has run before, and decides first."""

from __future__ import annotations

from dataclasses import replace

from skill.dialogue import net, topics, waiting
from skill.dialogue.acts import Act
from skill.dialogue.saying import say
from skill.hearing.heard import Heard, verdict_of
from skill.places import UNKNOWN_COUNTRY, country_code
from skill.turn import Kind, Reply, State, Turn, Verdict, Who

_SPOKEN_OF = frozenset({"about", "describe", "report", "yes_and", "no_but", "topic"})
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
    state = net.with_signs(_remembering(state, heard), heard.findings)
    verdict = verdict_of(heard)
    if verdict is Verdict.ESCALATE:
        return net.escalate(state, heard)
    if lost:
        return say("conversation/fresh_start", state, Verdict.CLARIFY)
    if turn.kind is Kind.LAUNCH:
        return say("conversation/launch", state)
    if verdict is Verdict.INFORM and act.personal:
        verdict = Verdict.CLARIFY
    topic = act.topic or _topic_of(turn, heard)
    if act.act == "describe" and verdict is Verdict.INFORM and heard.asks and not topic:
        act = Act(heard.asks)
    in_check = state.question.startswith(("check", "usual")) and act.act == "alone"
    own = None if in_check else waiting.own_words(state, act)
    answered = own or _to_what_is_open(state, act, verdict, topic, timed=bool(heard.when))
    return answered or _to_the_act(state, turn, act, verdict, topic)


def _as_speech_sample(heard: Heard) -> Heard:
    """`heard` without what the trained ears made of the test sentence: how it sounded is for people to say."""
    return replace(heard, findings=tuple(f for f in heard.findings if f.ear in {"rules", "slot"}), telling=False)


def _remembering(state: State, heard: Heard) -> State:
    """`state` with the person spoken of and the circumstances: from the words, never from the intent's name."""
    state = replace(state, scenes=tuple(sorted({*state.scenes, *heard.scenes})))
    if heard.when:
        state = replace(state, when=heard.when, since=heard.since)
    if heard.who is Who.OTHER:
        return replace(state, who=Who.OTHER, person=heard.person or state.person)
    if heard.who is Who.SELF and state.who is Who.UNKNOWN:
        return replace(state, who=Who.SELF)
    return state


def _topic_of(turn: Turn, heard: Heard) -> str:
    return next((name for slot in turn.slots for name in slot.ids if topics.is_topic(name)), heard.topic)


def _to_what_is_open(
    state: State, act: Act, verdict: Verdict, topic: str, *, timed: bool
) -> tuple[Reply, State] | None:
    if state.alarm:
        return waiting.answer(state, act, told=act.act in _SPOKEN_OF and not topic, timed=timed)
    if state.question:
        return net.answer(state, act, verdict, topic, timed=timed)
    return None


def _to_the_act(state: State, turn: Turn, act: Act, verdict: Verdict, topic: str) -> tuple[Reply, State]:
    asked = state.question
    state = replace(state, misses=state.misses if act.act == "fallback" else 0)
    if act.act in _SPOKEN_OF or topic:
        if verdict is Verdict.CLARIFY and not state.alarm:
            return net.clarify(state, topic)
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
        case "no" | "unsure":
            return say("conversation/anything_else", state)
    return say("conversation/fallback", replace(state, misses=state.misses + 1), Verdict.CLARIFY)


def _onwards(state: State, by: int) -> tuple[Reply, State]:
    if state.steps:
        return waiting.walk(state, by)
    if topics.is_topic(state.topic):
        return say("conversation/topic", topics.moved(state, by))
    return say("conversation/anything_else", state)


def _setting(state: State, act: str) -> tuple[Reply, State]:
    field, value = _SETTINGS[act]
    if field == "rate" and state.rate not in {"normal", value}:
        value = "normal"
    changed = replace(state, rate=value) if field == "rate" else replace(state, length=value)
    return say(f"conversation/set_{value}", changed, question=state.question)


def _country(state: State, turn: Turn) -> tuple[Reply, State]:
    code = next((country_code(slot.spoken) for slot in turn.slots if slot.spoken), UNKNOWN_COUNTRY)
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
