// Questions to the server that the page came from.

import { t } from "./texts.js";

/** The response to `body` at `path`, or to nothing but `path`. Fails with words for whoever looks at the page. */
export async function ask(path, body) {
  const headers = { "Content-Type": "application/json" };
  let response;
  try {
    response = await fetch(path, body ? { method: "POST", headers, body: JSON.stringify(body) } : {});
  } catch {
    throw new Error(t("No answer came: Face Guide is not running. Start it again with “face-guide serve” and say it again."));
  }
  if (!response.ok) throw new Error(`${t("Face Guide did not take that.")} ${await response.text()}`);
  return response;
}
