// A turn as it stands in the transcript, and all that is known about it in the panel.

import { $, make } from "./elements.js";

const VERDICTS = { escalate: "Escalate: it says to call", clarify: "Clarify: it asks", inform: "Inform: it tells" };

/** What one turn leaves in the transcript. `said` is what the person did, in words. */
export function entry(said, turn, number) {
  const { record } = turn;
  const look = make("button", { type: "button" }, `Look inside answer ${number}`);
  look.addEventListener("click", () => {
    lookInside(turn);
    $("inside-title").focus();
  });
  const item = make(
    "li", {},
    make("p", {}, make("span", { className: "who" }, "You: "), said),
    make("p", { className: "said" }, make("span", { className: "who" }, "Face Guide: "), record.speech),
    make("p", {}, make("span", { className: "verdict", verdict: record.verdict }, VERDICTS[record.verdict]),
      record.session === "closed" ? ". The session is closed." : "."),
  );
  if (record.card) {
    item.append(make("details", {}, make("summary", {}, "Card in the Alexa app"),
      make("div", { className: "card" }, make("p", { className: "who" }, record.card.title), record.card.text)));
  }
  item.append(look);
  return item;
}

/** Fills the panel with all that is known about `turn`. */
export function lookInside(turn) {
  const { record, sound } = turn;
  const asked = turn.request ? "" : "Silence: the platform plays the reprompt and asks no skill.";
  const rows = {
    "Heard as": record.intent ?? (asked || "Launch"),
    Slots: list(Object.entries(record.slots), ([name, slot]) => [`${name}: “${slot.value}”`, slot.ids.join(", ")]),
    Findings: list(record.findings, (one) => [
      `${one.sign}: ${one.status}, ${one.who}`, `“${one.words}”`, `heard by ${one.ear}`, `${one.kind}, ${one.urgency}`]),
    Topic: record.topic ?? "none",
    Verdict: make("span", { className: "verdict", verdict: record.verdict }, VERDICTS[record.verdict]),
    Template: record.template ?? "none: the last resort",
    Session: (record.new_session ? "new, " : "") + record.session,
    Length: `${sound.words} words, about ${sound.seconds} seconds`,
    "To the number": sound.words_to_number === null ? "the number is not said"
      : `${counted(sound.words_to_number, "word")}, about ${sound.seconds_to_number} seconds`,
    "Reading grade": sound.grade === null ? "only judged in a checkout of the project"
      : sound.grade < 1 ? "below 1" : sound.grade,
    "On silence": record.reprompt ?? "nothing: the session is closed",
  };
  const shown = make("dl", {});
  for (const [name, value] of Object.entries(rows)) shown.append(make("dt", {}, name), make("dd", {}, value));
  const folded = { State: turn.state, Request: turn.request, Response: turn.response, SSML: record.ssml };
  $("inside").replaceChildren(
    make("h3", {}, record.heard === null ? "Opening Face Guide" : `“${record.heard}”`), shown,
    ...Object.entries(folded).filter(([, value]) => value).map(([name, value]) => make(
      "details", {}, make("summary", {}, name),
      make("pre", {}, typeof value === "string" ? value : JSON.stringify(value, null, 2)))),
  );
  $("nothing").hidden = true;
  $("inside").hidden = $("test").hidden = false;
}

function list(items, words) {
  if (items.length === 0) return "none";
  return make("ul", {}, ...items.map((item) => make("li", {}, words(item).filter(Boolean).join(", "))));
}

function counted(number, thing) {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
