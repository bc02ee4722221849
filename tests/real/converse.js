// One conversation, held by virtual-alexa with a generated model and the real handler.
// usage: node converse.js MODEL PYTHON < turns, one JSON value a line: "launch", {"says": …} or {"elicited": …}
const { execFileSync } = require("child_process");
const { readFileSync } = require("fs");
const { VirtualAlexa } = require("virtual-alexa");

const [model, python] = process.argv.slice(2);
const invoke = (event) => execFileSync(python, ["-m", "skill", "invoke", "-"], { input: JSON.stringify(event) });
const alexa = VirtualAlexa.Builder()
  .interactionModelFile(model)
  .handler(async (event) => JSON.parse(invoke(event)))
  .create();
let request;
alexa.filter((event) => { request = event.request; });

let response;
const take = (turn) => {
  if (turn === "launch") return alexa.launch();
  if (turn.says) return alexa.utter(turn.says);
  // virtual-alexa follows the dialog, but leaves it to its user which words fill the slot that was asked for.
  const asked = response.directive("Dialog.ElicitSlot");
  return alexa.request().intent(asked.updatedIntent.name).slot(asked.slotToElicit, turn.elicited).send();
};

(async () => {
  for (const line of readFileSync(0, "utf8").trim().split("\n")) {
    response = await take(JSON.parse(line));
    console.log(JSON.stringify({ request, response: response.response }));
  }
})();
