export { createEditor } from "prism-code-editor";
export { defaultKeymap, editHistory, editorCommands } from "prism-code-editor/commands";
export { insertText } from "prism-code-editor/utils";
