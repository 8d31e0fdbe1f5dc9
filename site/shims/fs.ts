/** `node:fs` in a browser: files that the page has put there, read only. */

const files = new Map<string, Uint8Array>();

/** Puts a file there, in place of one of the same name. */
export function addFile(name: string, content: string | Uint8Array): void {
  files.set(name, typeof content === "string" ? new TextEncoder().encode(content) : content);
}

function find(name: string): Uint8Array {
  const content = files.get(name);
  if (content === undefined) throw Object.assign(new Error(`there is no file ${name}`), { code: "ENOENT" });
  return content;
}

export function readFileSync(name: string, encoding?: string): string | Uint8Array {
  const content = find(name);
  return encoding === undefined ? Buffer.from(content) : new TextDecoder().decode(content);
}

export function existsSync(name: string): boolean {
  return files.has(name);
}

export async function readFile(name: string, encoding?: string): Promise<string | Uint8Array> {
  return readFileSync(name, encoding);
}

export async function stat(name: string): Promise<{ mtimeMs: number; size: number }> {
  return { mtimeMs: 0, size: find(name).length };
}

/** Nothing is recorded in a page. */
function cannotWrite(): never {
  throw new Error("a page writes no files");
}

export { cannotWrite as openSync, cannotWrite as writeSync };

export const promises = { readFile, stat };
