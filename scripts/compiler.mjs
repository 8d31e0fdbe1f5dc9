/**
 * Compiles what it is sent, one after the other. A process of its own, in plain JavaScript: under a loader of TypeScript
 * the compiler takes seconds to be read, and a compiler that is warm takes a fifth of the time.
 */
import { main as asc } from "assemblyscript/asc";

process.on("disconnect", () => process.exit());

let last = Promise.resolve();
process.on("message", ({ parameters, inMemory }) => {
  last = last.then(async () => {
    const files = [];
    let message;
    try {
      const keep = (name, contents) => void files.push([name, Buffer.from(contents)]);
      const { error, stderr } = await asc(parameters, inMemory ? { writeFile: keep } : {});
      if (error !== null) message = stderr.toString() || String(error);
    } catch (error) {
      message = String(error?.stack ?? error);
    }
    process.send({ message, files, memory: process.memoryUsage.rss() });
  });
});
