/** A text in a link, and as files. */

const LONGEST = 100_000, MOST = 1000; // characters and lines of a program that a page opens by itself

/** Whether a text that nobody has typed here just now is short enough for an editor to open at once. */
export const fits = (text) => text.length <= LONGEST && text.split("\n").length <= MOST;

/** Return a text as it stands in an address: compressed, in base64url. */
export async function pack(text) {
  const packed = new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw")));
  return btoa(Array.from(new Uint8Array(await packed.arrayBuffer()), (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Return the text that was packed.
 * @throws {Error} in words for the reader, if it is none, or too long
 */
export async function unpack(packed) {
  const long = new Error("The text in this link is too long for a program, so it was left out.");
  if (packed.length > LONGEST) throw long;
  let text = "";
  try {
    const bytes = Uint8Array.from(atob(packed.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))
      .pipeThrough(new TextDecoderStream("utf-8", { fatal: true }));
    // Piece by piece: a small link can hold an endless text.
    for await (const piece of read(stream)) if ((text += piece).length > LONGEST) break;
  } catch {
    throw new Error("The text in this link cannot be read. It may have been cut off on its way.");
  }
  if (!fits(text)) throw long;
  return text;
}

async function* read(stream) {
  const reader = stream.getReader();
  try {
    for (let piece; !(piece = await reader.read()).done;) yield piece.value;
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Let the browser save a text as a file. */
export function save(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Return a program as a Jupyter notebook (nbformat 4), a cell for each of its paragraphs. */
export function notebook(text) {
  const cells = paragraphs(text).map((source, index) => (
    { cell_type: "code", id: `cell-${index + 1}`, metadata: {}, execution_count: null, outputs: [], source }));
  const kernelspec = { name: "python3", display_name: "Python 3", language: "python" };
  return `${JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}

/** A paragraph begins at the margin, below an empty line; not in a bracket or a long string, nor where a statement goes on. */
function paragraphs(text) {
  const found = [];
  let parts = [], open = 0, quotes = 0;
  for (const part of text.trim().split(/\n(?:[ \t]*\n)+(?=\S)/)) {
    if (parts.length && open <= 0 && quotes % 2 === 0 && !/^(?:else|elif|except|finally)\b/.test(part)) {
      found.push(parts.join("\n\n"));
      parts = [];
      open = 0;
    }
    parts.push(part);
    const code = part.replace(/#.*|"[^"\n]*"|'[^'\n]*'/g, "");
    open += (code.match(/[([{]/g) ?? []).length - (code.match(/[)\]}]/g) ?? []).length;
    quotes += (part.match(/"""|'''/g) ?? []).length;
  }
  return [...found, parts.join("\n\n")];
}
