// The speaker on the page. The server holds nothing: the session travels with each turn, as with Alexa.

const LONGEST = 8000;
const SILENCE = "(silence)";
const VERDICTS = { escalate: "Escalate: it says to call", clarify: "Clarify: it asks", inform: "Inform: it tells" };

const $ = (id) => document.getElementById(id);
const chosen = (name) => document.querySelector(`input[name="${name}"]:checked`).value;

/** An element with `properties` and `children`, texts among them: no markup is ever parsed. */
function make(tag, properties = {}, ...children) {
  const { verdict, ...rest } = properties;
  const element = Object.assign(document.createElement(tag), rest);
  if (verdict) element.dataset.verdict = verdict;
  element.append(...children);
  return element;
}

// ---- the conversation -------------------------------------------------------------------------------------------

let memory = null; // what the skill remembers while its session is open
let silence = null; // the turn that staying silent would come to
let script = newScript(false); // what would be copied as a test
let turns = 0;
let queue = Promise.resolve();

function newScript(launch) {
  return { launch, locale: $("locale").value, strict: Boolean(chosen("strict")), turns: [] };
}

/** Does one thing after the other, so that two quick presses are two turns of one conversation. */
function inTurn(task) {
  queue = queue.then(task).catch((error) => trouble(`This page has stumbled: ${error.message}`));
}

async function ask(path, body) {
  const headers = { "Content-Type": "application/json" };
  let response;
  try {
    response = await fetch(path, body ? { method: "POST", headers, body: JSON.stringify(body) } : {});
  } catch {
    throw new Refused("No answer came: Face Guide is not running. Start it again with “face-guide serve” and say it again.");
  }
  if (!response.ok) throw new Refused(`Face Guide did not take that. ${await response.text()}`);
  return response;
}

class Refused extends Error {}

async function say(words) {
  hush();
  const said = { words, locale: $("locale").value, device: chosen("device"), strict: Boolean(chosen("strict")), memory };
  let turn;
  try {
    turn = await (await ask("/turn", said)).json();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    trouble(error.message);
    return false;
  }
  memory = turn.memory;
  silence = turn.silence;
  heardAndAnswered(words, turn);
  draw(turn.screen);
  return true;
}

function staySilent() {
  hush();
  if (!silence) return trouble("No session is open, so nobody waits for an answer.");
  const turn = silence;
  memory = silence = null;
  heardAndAnswered(SILENCE, turn);
}

function startOver() {
  memory = silence = null;
  turns = 0;
  $("transcript").replaceChildren();
  script = newScript(true);
  return say(null);
}

function settingsChanged() {
  hush();
  memory = silence = null;
  script = newScript(false);
  $("speaker").dataset.device = chosen("device");
  draw(null);
  showSession(false);
  showSettings();
  if (turns) $("transcript").append(make("li", { className: "hint" }, "The settings were changed: a new session."));
}

// ---- what is shown ----------------------------------------------------------------------------------------------

function heardAndAnswered(words, turn) {
  const { record } = turn;
  turns += 1;
  if (words !== null) script.turns.push(record);
  const answer = $("answer");
  answer.dataset.verdict = record.verdict;
  answer.ariaLive = $("voice").value ? "off" : "polite"; // one voice at a time: the page's own, or the screen reader's
  answer.textContent = record.speech;
  showSession(record.session === "open");
  $("open").textContent = "Start over";
  $("empty").hidden = true;
  $("transcript").append(entry(words, turn, turns));
  lookInside(turn);
  speak(turn);
}

function showSettings() {
  const device = document.querySelector('input[name="device"]:checked').parentElement.textContent.trim();
  $("now").textContent = `${$("locale").selectedOptions[0].textContent}, ${device.toLowerCase()}`;
}

function showSession(open) {
  $("session").textContent = open ? "The session is open: the speaker waits for you." : "No session is open.";
}

/** Says what went wrong where the answer would stand, in place of an answer. */
function trouble(words) {
  const answer = $("answer");
  delete answer.dataset.verdict;
  answer.ariaLive = "polite";
  answer.textContent = words;
}

function entry(words, turn, number) {
  const { record } = turn;
  const said = words === null ? "(opens Face Guide)" : words === SILENCE ? "(says nothing)" : words;
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
function lookInside(turn) {
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
  $("script").value = asTest(script);
  $("copied").textContent = "";
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

// ---- the conversation as a test ---------------------------------------------------------------------------------

/** The file of tests/conversations that says what came, for somebody to correct. */
function asTest({ launch, locale, strict, turns: said }) {
  const lines = ["about: say here what this conversation shows"];
  if (locale !== "en-US") lines.push(`locale: ${locale}`);
  if (strict) lines.push("strict: true");
  if (launch) lines.push("launch: true");
  lines.push(said.length ? "turns:" : "turns: []");
  for (const record of said) {
    const order = record.verdict === "escalate" ? /^Call .*? now\./.exec(record.speech) : null;
    const fields = [`says: ${quoted(record.heard)}`, `verdict: ${record.verdict}`, `template: ${record.template}`];
    if (order) fields.push(`begins: ${quoted(order[0])}`);
    if (record.session === "closed") fields.push("session: closed");
    lines.push(`  - {${fields.join(", ")}}`);
  }
  return `${lines.join("\n")}\n`;
}

/** A text in double quotes as YAML reads it: JSON's own, and what YAML wants escaped besides. */
function quoted(text) {
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

async function copyTest() {
  try {
    await navigator.clipboard.writeText($("script").value);
    $("copied").textContent = "Copied.";
  } catch {
    $("script").select();
    $("copied").textContent = "The browser would not copy. The text is selected: press Control C, or Command C.";
  }
}

// ---- the voice --------------------------------------------------------------------------------------------------

let speech = 0; // counts up, so that a voice that was stopped stays stopped
const player = new Audio();

/** Voices on this computer for the country chosen. Others would send the words away, so they are never used. */
function ownVoices() {
  const language = $("locale").value.slice(0, 2);
  const voices = globalThis.speechSynthesis?.getVoices() ?? [];
  return voices.filter((voice) => voice.localService && voice.lang.startsWith(language));
}

async function speak(turn) {
  const mine = ++speech;
  const how = $("voice").value;
  if (!how) return;
  $("puck").dataset.speaking = "";
  try {
    await (how === "browser" ? speakHere(turn.parts, mine) : play(turn.record.ssml, mine));
  } catch {
    if (mine === speech) $("answer").ariaLive = "polite";
    if (mine === speech) $("answer").textContent = `${turn.record.speech} (The voice did not work.)`;
  }
  if (mine === speech) delete $("puck").dataset.speaking;
}

/** Speaks `parts` one by one, each at its rate, and keeps the silence after each. */
async function speakHere(parts, mine) {
  const voices = ownVoices();
  const voice = voices.find((one) => one.lang.replace("_", "-") === $("locale").value) ?? voices[0];
  for (const { text, rate, pause } of parts) {
    if (text) {
      const words = Object.assign(new SpeechSynthesisUtterance(text), { voice, rate, lang: voice.lang });
      await new Promise((done, failed) => {
        words.onend = done;
        words.onerror = (event) => (mine === speech ? failed(event) : done());
        speechSynthesis.speak(words);
      });
    }
    if (mine === speech && pause) await new Promise((done) => setTimeout(done, pause));
    if (mine !== speech) return;
  }
}

/** Plays `ssml` in the voice that the server renders. */
async function play(ssml, mine) {
  const sound = URL.createObjectURL(await (await ask("/voice", { ssml })).blob());
  if (mine !== speech) return URL.revokeObjectURL(sound);
  await new Promise((done, failed) => {
    Object.assign(player, { src: sound, onended: done, onpause: done, onerror: failed });
    player.play().catch(failed);
  }).finally(() => URL.revokeObjectURL(sound));
}

function hush() {
  speech += 1;
  globalThis.speechSynthesis?.cancel();
  player.pause();
  delete $("puck").dataset.speaking;
}

let voiceChosen = false;
let rendersHere = false;

/** Offers the voices that there are, and takes the first unless somebody has chosen. */
function offerVoices() {
  const before = $("voice").value;
  const offers = [["", "None: I read, or my screen reader does"]];
  if (ownVoices().length) offers.unshift(["browser", "The voice of this computer"]);
  if (rendersHere) offers.splice(-1, 0, ["rendered", "The voice that is installed with Face Guide"]);
  $("voice").replaceChildren(...offers.map(([value, words]) => make("option", { value }, words)));
  $("voice").value = voiceChosen && offers.some(([value]) => value === before) ? before : offers[0][0];
}

// ---- the screen of the device -----------------------------------------------------------------------------------

/** Draws `screen`, boxes within boxes as APL lays them out; null leaves it dark. */
function draw(screen) {
  const device = chosen("device");
  $("device").hidden = device !== "speaker";
  $("screen").hidden = device === "speaker";
  $("screen").replaceChildren(...(screen ? [drawBox(screen)] : []));
  $("screen").scrollTop = 0;
}

function drawBox({ style, text, inside }) {
  const box = make("div", {}, text, ...inside.map(drawBox));
  for (const [property, value] of Object.entries(style)) box.style.setProperty(property, value);
  if (style["overflow-y"]) Object.assign(box, { tabIndex: 0, role: "region", ariaLabel: "What the screen shows" });
  return box;
}

// ---- setting up -------------------------------------------------------------------------------------------------

async function start() {
  const { locales, voice } = await (await ask("/settings")).json();
  for (const [code, country] of Object.entries(locales)) {
    $("locale").append(make("option", { value: code, selected: code === "en-US" }, `${country} (${code})`));
  }
  $("locale").append(make("option", { value: "en-NZ" }, "A country it does not know (en-NZ)"));
  rendersHere = voice;
  script = newScript(false);
  offerVoices();
  showSettings();
  globalThis.speechSynthesis?.addEventListener?.("voiceschanged", offerVoices);
}

$("say").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = $("words").value;
  if (!words.trim()) return trouble("Type what you would say first.");
  if (words.length > LONGEST) return trouble(`That is longer than ${LONGEST} characters. Say it in fewer words.`);
  if (words.trim() === SILENCE) $("words").value = "", inTurn(staySilent);
  else inTurn(async () => { if (await say(words) && $("words").value === words) $("words").value = ""; });
});
$("silent").addEventListener("click", () => inTurn(staySilent));
$("open").addEventListener("click", () => inTurn(startOver));
$("hush").addEventListener("click", hush);
$("copy").addEventListener("click", copyTest);
$("settings").addEventListener("submit", (event) => event.preventDefault());
$("settings").addEventListener("change", (event) => {
  if (event.target.id === "voice") voiceChosen = true;
  else inTurn(settingsChanged);
  if (event.target.id === "locale") offerVoices();
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape") hush(); });

inTurn(start);
