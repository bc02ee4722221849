// The voice: of this computer, or rendered by the server. Both keep the breaks, rates and digits that the SSML asks for.

import { $, make } from "./elements.js";
import { ask } from "./server.js";
import { t } from "./texts.js";

let speech = 0; // counts up, so that a voice that was stopped stays stopped
const player = new Audio();

/** Voices on this computer for the country chosen. Others would send the words away, so they are never used. */
function ownVoices() {
  const language = $("locale").value.slice(0, 2);
  const voices = globalThis.speechSynthesis?.getVoices() ?? [];
  return voices.filter((voice) => voice.localService && voice.lang.startsWith(language));
}

/** Speaks `turn` in the voice that is chosen, to its end or until it is hushed. Fails where that voice does. */
export async function speak(turn) {
  const mine = ++speech;
  const how = $("voice").value;
  if (!how) return;
  $("puck").dataset.speaking = "";
  try {
    await (how === "browser" ? speakHere(turn.parts, mine) : play(turn.record.ssml, mine));
  } catch (error) {
    if (mine === speech) throw error;
  } finally {
    if (mine === speech) delete $("puck").dataset.speaking;
  }
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

/** Stops the voice at once. */
export function hush() {
  speech += 1;
  globalThis.speechSynthesis?.cancel();
  player.pause();
  delete $("puck").dataset.speaking;
}

/** Offers the voices that there are, and takes the first unless what somebody chose is to be kept. */
export function offerVoices(rendersHere, keep) {
  const before = $("voice").value;
  const offers = [["", t("None: I read, or my screen reader does")]];
  if (rendersHere) offers.unshift(["rendered", t("The voice that is installed with Face Guide")]);
  if (ownVoices().length) offers.unshift(["browser", t("The voice of this computer")]);
  $("voice").replaceChildren(...offers.map(([value, words]) => make("option", { value }, words)));
  $("voice").value = keep && offers.some(([value]) => value === before) ? before : offers[0][0];
}
