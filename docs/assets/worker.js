/**
 * A Web Worker that holds Python. It loads Pyodide and NumPy when it is first sent a program, and runs one at a time.
 *
 * It is sent {host, name, text}: the address of Pyodide's folder, and a program. It answers with {kind}s:
 * `loading` (part, from 0 to 1), `ready` (versions), `output` (text, warning), `cut` (lines, end), `done` (error, line), and
 * `failed` (what, why) if Python ("Python") or NumPy ("NumPy") cannot be had.
 */

/** What the files of this version come to, in bytes, unpacked: for saying how far loading has got. */
const SIZE = 23_900_000;

const say = (kind, data = {}) => postMessage({ kind, ...data });
let python;

onmessage = async ({ data: { host, name, text } }) => {
  try {
    python ??= await load(host);
  } catch (error) {
    return say("failed", { what: error.what ?? "Python", why: String(error.message ?? error) });
  }
  say("ready", { versions: python.versions });
  try {
    const [error, line] = python.run(name, text, (text, warning) => say("output", { text, warning }), (lines, end) => say("cut", { lines, end }));
    say("done", { error, line });
  } catch (error) {
    // Python itself has broken down, as it does when it runs out of memory.
    say("done", { error: String(error.message ?? error).trim().split("\n").at(-1), broken: true });
  }
};

/** Load what it takes; return the function `run` of run.py, and the versions of what runs it. */
async function load(host) {
  count();
  const [{ loadPyodide }, code] = await Promise.all([
    import(`${host}pyodide.mjs`),
    fetch(new URL("run.py", import.meta.url)).then((answer) => answer.text()),
  ]);
  // Firefox hides from a script of another host where it lies, so it is told.
  const pyodide = await loadPyodide({ indexURL: host, packageBaseUrl: host });
  let why = "";
  // Pyodide compares the file with the SHA-256 in its lock file. It resolves whatever happens: only the import proves it.
  await pyodide.loadPackage("numpy", { checkIntegrity: true, messageCallback() {}, errorCallback: (text) => (why = text) });
  try {
    pyodide.runPython("import numpy");
  } catch (error) {
    throw Object.assign(new Error(why || error.message), { what: "NumPy" });
  }
  const space = pyodide.globals.get("dict")();
  pyodide.runPython(code, { globals: space });
  const run = space.get("run");
  return {
    versions: pyodide.runPython("import sys; f'Python {sys.version.split()[0]} and NumPy {numpy.__version__}'"),
    run(...all) {
      const ended = run(...all);
      const [error, line] = ended.toJs();
      ended.destroy();
      return [error, line];
    },
  };
}

/** Say how much has been read, of all that is fetched from now on. */
function count() {
  const fetched = self.fetch.bind(self);
  let read = 0;
  self.fetch = async (...request) => {
    const answer = await fetched(...request);
    if (!answer.ok || !answer.body) return answer;
    const counted = answer.body.pipeThrough(new TransformStream({
      transform(chunk, controller) {
        say("loading", { part: Math.min((read += chunk.length) / SIZE, 1) });
        controller.enqueue(chunk);
      },
    }));
    return new Response(counted, answer);
  };
}
