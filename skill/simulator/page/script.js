// A conversation as a file of tests/conversations.

/** The file of tests/conversations that says what came, for somebody to correct. */
export function asTest({ launch, locale, strict, turns: said }) {
  const lines = ["about: say here what this conversation shows"];
  if (locale !== "en-US") lines.push(`locale: ${locale}`);
  if (strict) lines.push("strict: true");
  if (launch) lines.push("launch: true");
  lines.push(said.length ? "turns:" : "turns: []");
  for (const record of said) {
    const order = record.verdict === "escalate" ? /^[^.!?]+\./.exec(record.speech) : null;
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
