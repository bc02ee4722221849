// The screen of the device.

import { $, chosen, make } from "./elements.js";

/** Draws `screen`, boxes within boxes as APL lays them out; null leaves it dark. */
export function draw(screen) {
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
