// The texts of the page in the language of the country that is chosen; they stand here in English, which names them.

import { ask } from "./server.js";

let texts = {};
let sources = null; // every text of the page as it was delivered

/** `text` in the chosen language, each {name} in it filled from `values`. */
export function t(text, values = {}) {
  return (texts[text] || text).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Shows the page in `language`, unless it does already; what it has no words for stays in English. */
export async function translate(language) {
  if (document.documentElement.lang === language) return;
  sources ??= gathered();
  texts = await (await ask(`/texts/${language}.json`)).json();
  document.documentElement.lang = language;
  for (const [show, text] of sources) show(t(text));
}

/** How to show each text again, and the text itself, one line long. */
function gathered() {
  const found = [[(text) => { document.title = text; }, document.title]];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const text = node.data.trim().replace(/\s+/g, " ");
    const [before] = /^\s*/.exec(node.data);
    const [after] = /\s*$/.exec(node.data);
    if (text && !node.parentElement.closest("noscript")) found.push([(shown) => { node.data = before + shown + after; }, text]);
  }
  for (const input of document.querySelectorAll("[title]")) found.push([(text) => { input.title = text; }, input.title]);
  return found;
}
