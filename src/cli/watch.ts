import type { FSWatcher } from "chokidar";
import { watch as watchFiles } from "chokidar";
import { statSync } from "node:fs";
import { extname, join } from "node:path";
import type { Project } from "./compile.js";
import { whenLeaving } from "./leave.js";

/** How long after a change others may follow, in milliseconds: editors write a file in several steps. */
const SETTLE = 100;

/** How far the times of files may be behind the clock, in milliseconds. */
const BEHIND = 20;

/**
 * Calls `changed` after changes to a project's sources, never twice at a time. Answers how to stop. Changes since the time
 * `since`, in milliseconds, count as well: those of which a watcher that is only beginning is not told.
 */
export function watchSources(
  { folder, config }: Project,
  since: number,
  changed: () => Promise<void>,
): () => Promise<void> {
  const watcher = watchFiles([`${folder}/assembly`, config], {
    ignoreInitial: true,
    ignored: (path, stats) => stats?.isFile() === true && ![".ts", ".json"].includes(extname(path)),
  });
  return callAfterChanges(watcher, ["all"], since, changed);
}

/** `watchSources`, of one file that others make anew; that it is gone meanwhile is no change. */
export function watchModule(file: string, since: number, changed: () => Promise<void>): () => Promise<void> {
  const watcher = watchFiles(file, { ignoreInitial: true, awaitWriteFinish: { stabilityThreshold: SETTLE } });
  return callAfterChanges(watcher, ["add", "change"], since, changed);
}

function callAfterChanges(
  watcher: FSWatcher,
  events: readonly ("all" | "add" | "change")[],
  since: number,
  changed: () => Promise<void>,
): () => Promise<void> {
  const forget = whenLeaving(() => void watcher.close());
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const settle = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(changed);
    }, SETTLE);
  };
  for (const event of events) watcher.on(event, settle);
  watcher.on("ready", () => {
    if (pathsOf(watcher).some((path) => changeOf(path) >= since - BEHIND)) settle();
  });
  return async () => {
    clearTimeout(timer);
    forget();
    await watcher.close();
    await running;
  };
}

function pathsOf(watcher: FSWatcher): string[] {
  return Object.entries(watcher.getWatched()).flatMap(([folder, names]) =>
    names.map((name) => join(folder, name)),
  );
}

/** When a file was last written or moved, or a folder's files were; 0 when it is gone. */
function changeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0;
}
