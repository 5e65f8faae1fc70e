/**
 * A Web Worker that holds Python, and runs one program at a time. The scripts of Pyodide stand in front of it (frame.js).
 *
 * It is first sent the files by their names, and a port. On the port it is sent {run, name, text, before, recorder, until, asked}: a number, a
 * program, and what brings Python to where that program is to run, if it is not to be its first; or what records it, if that is asked, and
 * until which line and iteration, and what a page wants to know of it; and with the files of Matplotlib, once, if it draws. It answers
 * with that number and {kind}s: `ready` (versions), `output` (text, warning), `cut` (lines, end), `done` (error, line, pictures, broken),
 * `recorded` (text), and `failed` (what, why) if "Python", "NumPy" or "Matplotlib" cannot be had. What reads and writes the port is taken before any
 * program runs, and held where none finds it: so only this script says that a program is done.
 */

(() => {
  const HERE = "python:/"; // where Pyodide thinks that it lies
  const LONGEST = 1000; // characters of an error
  const { apply } = Reflect;
  const { get } = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data");

  onmessage = ({ data: files, ports: [port] }) => {
    onmessage = null;
    const send = port.postMessage.bind(port);
    const loading = load(files);
    port.onmessage = (event) => play(loading, send, apply(get, event, []));
  };

  async function play(loading, send, /** @type {{run?: unknown, name?: unknown, text?: unknown, before?: unknown, recorder?: unknown, until?: unknown, asked?: unknown, files?: unknown}} */ { run, name, text, before = "", recorder = "", until = "", asked = "", files = {} } = {}) {
    if (!Number.isSafeInteger(run) || ![name, text, before, recorder, until, asked].every((one) => typeof one === "string") || typeof files !== "object") return;
    const say = (kind, more) => send({ run, kind, ...more });
    let python;
    try {
      python = await loading;
    } catch (error) {
      return say("failed", { what: error.what ?? "Python", why: String(error.message ?? error).slice(0, LONGEST) });
    }
    say("ready", { versions: python.versions });
    try {
      await python.take(files);
    } catch (error) {
      return say("failed", { what: "Matplotlib", why: String(error.message ?? error).slice(0, LONGEST) });
    }
    try {
      if (recorder) return say("recorded", { text: python.record(recorder, name, text, until, asked) });
      const [error, line, pictures] = python.run(name, text, (text, warning) => say("output", { text, warning }), (lines, end) => say("cut", { lines, end }), before);
      say("done", { error: error?.slice(0, LONGEST), line, pictures });
    } catch (error) {
      const why = String(error.message ?? error).trim().split("\n").at(-1).slice(0, LONGEST / 2);
      if (recorder) return say("done", { error: why }); // there is nothing that could be recorded
      say("done", { error: `Python itself has broken down (${why}). The next run starts it anew`, broken: true });
    }
  }

  /** Load what it takes; return what runs, records and takes in more, and the versions of what does. */
  async function load(files) {
    const handed = async (address) => {
      const name = String(address).replace(HERE, "");
      if (!files[name]) throw new Error(`${name} was not handed over`);
      return new Response(files[name], { headers: { "Content-Type": name.endsWith(".wasm") ? "application/wasm" : "text/plain" } });
    };
    const fetched = self.fetch;
    self.fetch = handed;
    const pyodide = await loadPyodide({ indexURL: HERE, packageBaseUrl: HERE });
    self.fetch = fetched;
    await install("numpy").catch((error) => {
      throw Object.assign(error, { what: "NumPy" });
    });
    const space = pyodide.globals.get("dict")();
    pyodide.runPython(new TextDecoder().decode(files["run.py"]), { globals: space });
    const run = space.get("run");
    return {
      record: space.get("record"),
      versions: pyodide.runPython("import sys; f'Python {sys.version.split()[0]} and NumPy {numpy.__version__}'"),
      run(...all) {
        const ended = run(...all);
        const told = ended.toJs();
        ended.destroy();
        return told;
      },
      async take(more) {
        if (!Object.keys(more).length) return;
        Object.assign(files, more);
        await install("matplotlib");
      },
    };

    /** Install a package and import it. */
    async function install(name) {
      let why = "";
      const fetched = self.fetch;
      self.fetch = handed;
      // The page has checked the file. It resolves whatever happens: only the import proves it.
      await pyodide.loadPackage(name, { checkIntegrity: false, messageCallback() {}, errorCallback: (text) => (why = text) });
      self.fetch = fetched;
      try {
        pyodide.runPython(`import ${name}`);
      } catch (error) {
        throw new Error(why || error.message);
      }
    }
  }
})();
