// The speaker on the page. The server holds nothing: the session travels with each turn, as with Alexa.

import { $, chosen, make } from "./elements.js";
import { entry, lookInside } from "./look.js";
import { draw } from "./screen.js";
import { asTest } from "./script.js";
import { ask } from "./server.js";
import { t, translate } from "./texts.js";
import { hush, offerVoices, speak } from "./voice.js";

const LONGEST = 8000;
const SILENCE = "(silence)";

let memory = null; // what the skill remembers while its session is open
let silence = null; // the turn that staying silent would come to
let script = newScript(false); // what would be copied as a test
let turns = 0;
let rendersHere = false; // whether the server has a voice
let voiceChosen = false;
let queue = Promise.resolve();

function newScript(launch) {
  return { launch, locale: $("locale").value, strict: Boolean(chosen("strict")), turns: [] };
}

/** Does one thing after the other, so that two quick presses are two turns of one conversation. */
function inTurn(task) {
  queue = queue.then(task).catch((error) => note(error.message));
}

async function say(words) {
  hush();
  const said = { words, locale: $("locale").value, device: chosen("device"), strict: Boolean(chosen("strict")), memory };
  const turn = await (await ask("/turn", said)).json();
  memory = turn.memory;
  silence = turn.silence;
  heardAndAnswered(words, turn);
  draw(turn.screen);
}

/** Says what stands in the box, and puts it back there if nobody took it. */
function sayTyped() {
  const words = $("words").value;
  $("words").value = "";
  inTurn(async () => {
    try {
      await (words.trim() === SILENCE ? staySilent() : say(words));
    } catch (error) {
      $("words").value ||= words;
      throw error;
    }
  });
}

function staySilent() {
  hush();
  if (!silence) return note(t("No session is open, so nobody waits for an answer."));
  const turn = silence;
  memory = silence = null;
  heardAndAnswered(SILENCE, turn);
}

async function startOver() {
  const before = [...$("transcript").children];
  memory = silence = null;
  turns = 0;
  script = newScript(true);
  await say(null);
  for (const entry of before) entry.remove();
}

async function settingsChanged() {
  hush();
  memory = silence = null;
  script = newScript(false);
  await translate($("locale").value.slice(0, 2));
  $("speaker").dataset.device = chosen("device");
  draw([]);
  showSession(false);
  showSettings();
  if (turns) $("open").textContent = t("Start over");
  if (turns) $("transcript").append(make("li", { className: "hint" }, t("The settings were changed: a new session.")));
}

/** Shows and speaks `turn`; `words` is null where Face Guide was opened. */
function heardAndAnswered(words, turn) {
  const { record } = turn;
  note("");
  turns += 1;
  if (words !== null) script.turns.push(record);
  const answer = $("answer");
  answer.dataset.verdict = record.verdict;
  answer.ariaLive = $("voice").value ? "off" : "polite"; // one voice at a time: the page's own, or the screen reader's
  answer.textContent = record.speech;
  showSession(record.session === "open");
  $("open").textContent = t("Start over");
  $("empty").hidden = true;
  const said = words === null ? t("(opens Face Guide)") : words === SILENCE ? t("(says nothing)") : words;
  $("transcript").append(entry(said, turn, turns));
  $("script").value = asTest(script);
  $("copied").textContent = "";
  lookInside(turn);
  speak(turn).catch(() => note(t("The voice did not work. The answer was: {speech}", record)));
}

function showSettings() {
  const device = document.querySelector('input[name="device"]:checked').parentElement.textContent.trim();
  $("now").textContent = `${$("locale").selectedOptions[0].textContent}, ${device.toLowerCase()}`;
}

function showSession(open) {
  $("session").textContent = t(open ? "The session is open: the speaker waits for you." : "No session is open.");
}

/** Says something about the page itself, beside the answer and never in its place. */
function note(words) {
  $("note").textContent = words;
}

async function copyTest() {
  try {
    await navigator.clipboard.writeText($("script").value);
    $("copied").textContent = t("Copied.");
  } catch {
    $("script").select();
    $("copied").textContent = t("The browser would not copy. The text is selected: press Control C, or Command C.");
  }
}

function offer() {
  offerVoices(rendersHere, voiceChosen);
}

async function start() {
  const { locales, voice } = await (await ask("/settings")).json();
  for (const [code, country] of Object.entries(locales)) {
    $("locale").append(make("option", { value: code, selected: code === "en-US" }, `${country[0].toUpperCase()}${country.slice(1)} (${code})`));
  }
  $("locale").append(make("option", { value: "en-NZ" }, t("A country it does not know (en-NZ)")));
  rendersHere = voice;
  script = newScript(false);
  offer();
  showSettings();
  globalThis.speechSynthesis?.addEventListener?.("voiceschanged", offer);
}

$("say").addEventListener("submit", (event) => {
  event.preventDefault();
  sayTyped();
});
$("words").addEventListener("input", ({ target }) => {
  target.setCustomValidity(target.value.length > LONGEST ? t("Longer than {most} characters: say it in fewer words.", { most: LONGEST }) : "");
});
$("silent").addEventListener("click", () => inTurn(staySilent));
$("open").addEventListener("click", () => inTurn(startOver));
$("hush").addEventListener("click", hush);
$("copy").addEventListener("click", copyTest);
$("settings").addEventListener("submit", (event) => event.preventDefault());
$("settings").addEventListener("change", (event) => {
  if (event.target.id === "voice") voiceChosen = true;
  else inTurn(settingsChanged);
  if (event.target.id === "locale") inTurn(offer);
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape") hush(); });

inTurn(start);
