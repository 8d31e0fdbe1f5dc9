/** `node:timers/promises` in a browser. */
export function setTimeout(milliseconds: number): Promise<void> {
  return new Promise((done) => globalThis.setTimeout(done, milliseconds));
}
