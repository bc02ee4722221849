// The screen of the device.

import { $, chosen, make } from "./elements.js";
import { t } from "./texts.js";

/** Draws `screen`, boxes within boxes as APL lays them out; without any it stays dark. */
export function draw(screen) {
  const device = chosen("device");
  $("device").hidden = device !== "speaker";
  $("screen").hidden = device === "speaker";
  $("screen").replaceChildren(...screen.map(drawBox));
}

function drawBox({ style, text, label, inside }) {
  const box = make(text ? "p" : "div", {}, text, ...inside.map(drawBox));
  for (const [property, value] of Object.entries(style)) box.style.setProperty(property, value);
  if (label) Object.assign(box, { tabIndex: 0, role: "region", ariaLabel: t("What the screen shows") });
  return box;
}
