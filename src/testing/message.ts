/** Header or trailer fields: a record, or pairs when a name occurs twice. Values are text of which each character is a byte. */
export type FieldsInit =
  Readonly<Record<string, string | readonly string[]>> | readonly (readonly [string, string])[];

/** A body: text, which is sent as UTF-8, bytes, or several chunks. */
export type BodyInit = string | Uint8Array | readonly (string | Uint8Array)[];

const encoder = new TextEncoder();

export function fieldsOf(init: FieldsInit = []): [string, string][] {
  if (isPairs(init)) return init.map(([name, value]) => [name, value]);
  return Object.entries(init).flatMap(([name, value]) =>
    (typeof value === "string" ? [value] : value).map((one): [string, string] => [name, one]),
  );
}

function isPairs(init: FieldsInit): init is readonly (readonly [string, string])[] {
  return Array.isArray(init);
}

export function chunksOf(init: BodyInit | undefined): Uint8Array[] {
  if (init === undefined) return [];
  const list = typeof init === "string" || init instanceof Uint8Array ? [init] : init;
  return list.map(bytesOfChunk).filter((chunk) => chunk.length > 0);
}

export function bytesOfChunk(chunk: string | Uint8Array): Uint8Array {
  return typeof chunk === "string" ? encoder.encode(chunk) : chunk;
}

export function join(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** Fields that can be looked up by name. */
export class Fields implements Iterable<readonly [string, string]> {
  constructor(readonly pairs: readonly (readonly [name: string, value: string])[]) {}

  /** The first value; undefined without one. */
  get(name: string): string | undefined {
    return this.getAll(name)[0];
  }

  getAll(name: string): string[] {
    const key = name.toLowerCase();
    return this.pairs.filter(([candidate]) => candidate === key).map(([, value]) => value);
  }

  has(name: string): boolean {
    return this.getAll(name).length > 0;
  }

  /** The names, in order. */
  get names(): string[] {
    return this.pairs.map(([name]) => name);
  }

  [Symbol.iterator](): Iterator<readonly [string, string]> {
    return this.pairs[Symbol.iterator]();
  }

  toString(): string {
    return this.pairs.map(([name, value]) => `${name}: ${value}`).join("\n");
  }
}
