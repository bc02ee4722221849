// CPython compiled to WebAssembly, which npm has for Python versions that this machine may lack: it runs the package of
// the first argument and prints its Python, then the response to each request envelope of standard input.
import { createInterface } from "node:readline";
import { loadPyodide } from "pyodide";

const python = await loadPyodide();
python.FS.mkdir("/package");
python.FS.mount(python.FS.filesystems.NODEFS, { root: process.argv[2] }, "/package");
python.runPython("import sys; sys.path.insert(0, '/package'); sys.dont_write_bytecode = True");
console.log(python.runPython("'%d.%d' % sys.version_info[:2]"));
const answer = python.runPython(
  "import json; from skill.aws_lambda import handler; lambda text: json.dumps(handler(json.loads(text), None))",
);
for await (const line of createInterface({ input: process.stdin })) console.log(answer(line));
