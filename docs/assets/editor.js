/** The editor: a text with line numbers, in Python's colours. Tab leaves it, as it leaves any other field. */

import { element } from "./elements.js";

/**
 * Open an editor in a place of the page.
 * @param {HTMLElement} place
 * @param {string} text
 * @param {{label: string, changed: (text: string) => void, run: () => void}} asked what it is called, and who is told
 */
export async function edit(place, text, { label, changed, run }) {
  const styles = element("link", { rel: "stylesheet", href: new URL("vendor/prism-code-editor.css", import.meta.url) });
  const styled = new Promise((resolve, reject) => Object.assign(styles, { onload: resolve, onerror: reject }));
  document.head.append(styles);
  const [{ createEditor, defaultKeymap, editHistory, editorCommands, insertText }] = await Promise.all([
    import("./vendor/prism-code-editor.js"), styled]);
  const { Tab, "8+Tab": Back, ...keys } = defaultKeymap;
  const editor = createEditor(place, { language: "python", value: text, tabSize: 4, insertSpaces: true, onUpdate: changed },
    editorCommands({ ...keys, "Mod+Enter": () => (run(), true) }), editHistory());
  const { textarea } = editor;
  textarea.setAttribute("aria-label", label);
  let marked;

  return {
    focus: () => textarea.focus({ preventScroll: true }),
    /** Put another text in, which can be undone. */
    set(text) {
      if (text !== editor.value) insertText(editor, text, 0, editor.value.length, 0);
    },
    /** Select a line, and mark it if something has failed there; no line takes the mark away. */
    select(line, failed) {
      marked?.classList.remove("failed");
      marked = editor.lines[line];
      if (!marked) return;
      marked.classList.toggle("failed", Boolean(failed));
      const before = editor.value.split("\n").slice(0, line - 1).join("\n").length + Number(line > 1);
      textarea.setSelectionRange(before, before + editor.value.slice(before).split("\n")[0].length);
      textarea.dispatchEvent(new Event("selectionchange")); // the editor hears of it only where it has the focus
      marked.scrollIntoView({ block: failed ? "nearest" : "center" }); // what has failed stands beside what is said of it
    },
  };
}
