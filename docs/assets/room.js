/**
 * The room: all that runs in the frame which holds the worker with Python. Its origin is opaque and its policy lets nothing out,
 * and the worker has both from it. It hears its page once: {scripts, files}, a port for the worker, and one to say that it has failed.
 */

addEventListener("message", function enter({ source, data, ports: [port, alarm] }) {
  if (source !== parent || !alarm || !Array.isArray(data?.scripts)) return;
  removeEventListener("message", enter);
  const fail = ({ message }) => alarm.postMessage(String(message));
  try {
    // In Chromium, a frame of an opaque origin can start no module.
    const worker = new Worker(URL.createObjectURL(new Blob(data.scripts, { type: "text/javascript" })));
    worker.onerror = fail;
    worker.postMessage(data.files, [port, ...Object.values(data.files)]);
  } catch (error) {
    fail(error);
  }
});
