// Prints what Alexa's own schemas find wrong with the APL document named on the command line, one line each.
const { readFileSync } = require("node:fs");
const { StaticAplTemplateValidator } = require("apl-suggester");

new StaticAplTemplateValidator()
  .validate(JSON.parse(readFileSync(process.argv[2], "utf8")))
  .then((problems) => problems.forEach(({ path, errorMessage }) => console.log(`${path}: ${errorMessage}`)));
