/**
 * Compiles what it is sent, one after the other, and writes nothing: it answers the files. A process of its own, in plain
 * JavaScript: under a loader of TypeScript the compiler takes seconds to be read, and a compiler that is warm takes a
 * fifth of the time.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { main as asc } from "assemblyscript/asc";

process.on("disconnect", () => process.exit());

/** Compiles once. `reads` has each file that the compiler asked for, with the hash of its bytes or null where there is none. */
async function compile(parameters, folder) {
  const files = [];
  const reads = new Map();
  let message;
  let warnings;
  const hooks = {
    writeFile: (name, contents) => void files.push([name, Buffer.from(contents)]),
    readFile: (name, folder) => {
      const path = resolve(folder, name);
      try {
        const bytes = readFileSync(path);
        reads.set(path, createHash("sha256").update(bytes).digest("base64"));
        return bytes.toString("utf8");
      } catch {
        reads.set(path, null);
        return null;
      }
    },
  };
  try {
    process.chdir(folder); // which is gone if the test that asked has ended meanwhile
    const { error, stderr } = await asc(parameters, hooks);
    if (error !== null) message = stderr.toString() || String(error);
    else warnings = stderr.toString() || undefined;
  } catch (error) {
    message = String(error?.stack ?? error);
    return { message, files };
  }
  return { message, warnings, files, reads: [...reads] };
}

let last = Promise.resolve();
process.on("message", ({ parameters, folder }) => {
  last = last.then(async () => {
    const before = process.cpuUsage();
    const result = await compile(parameters, folder);
    const { user, system } = process.cpuUsage(before);
    process.send({ ...result, seconds: (user + system) / 1e6, memory: process.memoryUsage.rss() });
  });
});
