// A turn as it stands in the transcript, and all that is known about it in the panel.

import { $, make } from "./elements.js";
import { t } from "./texts.js";

const VERDICTS = { escalate: "Escalate: it says to call", clarify: "Clarify: it asks", inform: "Inform: it tells" };

/** What one turn leaves in the transcript. `said` is what the person did, in words. */
export function entry(said, turn, number) {
  const { record } = turn;
  const look = make("button", { type: "button" }, t("Look inside answer {number}", { number }));
  look.addEventListener("click", () => {
    lookInside(turn);
    $("inside-title").focus();
  });
  const item = make(
    "li", {},
    make("p", {}, make("span", { className: "who" }, t("You: ")), said),
    make("p", { className: "said" }, make("span", { className: "who" }, t("Face Guide: ")), record.speech),
    make("p", {}, make("span", { className: "verdict", verdict: record.verdict }, t(VERDICTS[record.verdict])),
      record.session === "closed" ? t(". The session is closed.") : "."),
  );
  if (record.card) {
    item.append(make("details", {}, make("summary", {}, t("Card in the Alexa app")),
      make("div", { className: "card" }, make("p", { className: "who" }, record.card.title), record.card.text)));
  }
  item.append(look);
  return item;
}

/** Fills the panel with all that is known about `turn`. */
export function lookInside(turn) {
  const { record, sound } = turn;
  const asked = turn.request ? "" : t("Silence: the platform plays the reprompt and asks no skill.");
  const rows = {
    "Heard as": record.intent ?? (asked || t("Launch")),
    Slots: list(Object.entries(record.slots), ([name, slot]) => [`${name}: “${slot.value}”`, slot.ids.join(", ")]),
    Findings: list(record.findings, (one) => [
      `${one.sign}: ${one.status}, ${one.who}`, `“${one.words}”`, t("heard by {ear}", one), `${one.kind}, ${one.urgency}`]),
    Topic: record.topic ?? t("none"),
    Verdict: make("span", { className: "verdict", verdict: record.verdict }, t(VERDICTS[record.verdict])),
    Template: record.template ?? t("none: the last resort"),
    Session: (record.new_session ? t("new, ") : "") + t(record.session),
    Length: t("{words} words, about {seconds} seconds", sound),
    "To the number": sound.words_to_number === null ? t("the number is not said")
      : t(sound.words_to_number === 1 ? "1 word, about {seconds_to_number} seconds"
        : "{words_to_number} words, about {seconds_to_number} seconds", sound),
    "Reading grade": sound.grade === null ? t("only judged in a checkout of the project")
      : sound.grade < 1 ? t("below 1") : sound.grade,
    "On silence": record.reprompt ?? t("nothing: the session is closed"),
  };
  const shown = make("dl", {});
  for (const [name, value] of Object.entries(rows)) shown.append(make("dt", {}, t(name)), make("dd", {}, value));
  const folded = { State: turn.state, Request: turn.request, Response: turn.response, SSML: record.ssml };
  $("inside").replaceChildren(
    make("h3", {}, record.heard === null ? t("Opening Face Guide") : `“${record.heard}”`), shown,
    ...Object.entries(folded).filter(([, value]) => value).map(([name, value]) => make(
      "details", {}, make("summary", {}, t(name)),
      make("pre", {}, typeof value === "string" ? value : JSON.stringify(value, null, 2)))),
  );
  $("nothing").hidden = true;
  $("inside").hidden = $("test").hidden = false;
}

function list(items, words) {
  if (items.length === 0) return t("none");
  return make("ul", {}, ...items.map((item) => make("li", {}, words(item).filter(Boolean).join(", "))));
}
