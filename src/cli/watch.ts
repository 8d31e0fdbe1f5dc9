import { watch as watchFiles } from "chokidar";
import { extname } from "node:path";
import type { Project } from "./compile.js";
import { whenLeaving } from "./leave.js";

/** How long after a change others may follow, in milliseconds: editors write a file in several steps. */
const SETTLE = 100;

/** Calls `changed` after changes to a project's sources, never twice at a time. Answers how to stop. */
export function watchSources({ folder, config }: Project, changed: () => Promise<void>): () => Promise<void> {
  const watcher = watchFiles([`${folder}/assembly`, config], {
    ignoreInitial: true,
    ignored: (path, stats) => stats?.isFile() === true && ![".ts", ".json"].includes(extname(path)),
  });
  const forget = whenLeaving(() => void watcher.close());
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  watcher.on("all", () => {
    clearTimeout(timer);
    timer = setTimeout(() => (running = running.then(changed)), SETTLE);
  });
  return async () => {
    clearTimeout(timer);
    forget();
    await watcher.close();
    await running;
  };
}
