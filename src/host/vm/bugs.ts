/**
 * Finds the bugs that a log tells of, a line each: traps, and the critical message with which a bug in a filter ends a callback.
 * `log` is of the host, or of a module.
 *
 * @example
 * bugsIn("abort: Index out of range at assembly/index.ts:5:9 in onRequestHeaders"); // that line
 */
export function bugsIn(log: string): string[] {
  const traps = [...log.matchAll(/Function: (\w+) failed: (?:Uncaught )?(.*)/g)];
  const aborts = [...log.matchAll(/(?:^|: )(abort: .*|.* at \S+\.ts:\d+:\d+\b.*)$/gm)];
  return [
    ...aborts.map(([, message]) => message!.trim()),
    ...traps.map(([, callback, why]) => `the module trapped in ${callback} (${why})`),
  ];
}
