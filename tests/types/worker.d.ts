/** What the scripts of Pyodide, which stand in front of the worker, put there. */

declare const loadPyodide: typeof import("pyodide").loadPyodide;
