import { binaryOf, bytesOf, readable } from "../host/index.js";

/** A header's value: text, which is sent as UTF-8, or bytes. */
export type FieldValue = string | Uint8Array;

/** Header or trailer fields: a record, or pairs when a name occurs twice. */
export type FieldsInit =
  Readonly<Record<string, FieldValue | readonly FieldValue[]>> | readonly (readonly [string, FieldValue])[];

/** A body: text, which is sent as UTF-8, bytes, or several chunks. */
export type BodyInit = string | Uint8Array | readonly (string | Uint8Array)[];

const encoder = new TextEncoder();

/** Fields as the host has them: names in lower case, names and values as binary text. */
export function fieldsOf(init: FieldsInit = []): [string, string][] {
  const pairs = isPairs(init)
    ? init
    : Object.entries(init).flatMap(([name, value]) =>
        (isList(value) ? value : [value]).map((one): [string, FieldValue] => [name, one]),
      );
  return pairs.map(([name, value]) => [binaryOf(name).toLowerCase(), binaryOf(value)]);
}

function isPairs(init: FieldsInit): init is readonly (readonly [string, FieldValue])[] {
  return Array.isArray(init);
}

function isList(value: FieldValue | readonly FieldValue[]): value is readonly FieldValue[] {
  return Array.isArray(value);
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

/** Fields that can be looked up by name; values are read as UTF-8. */
export class Fields implements Iterable<readonly [string, string]> {
  private text: readonly (readonly [string, string])[] | undefined;

  /** @param binary Names in lower case and values, each character of which is a byte. */
  constructor(private readonly binary: readonly (readonly [name: string, value: string])[]) {}

  /** Names and values in order. */
  get pairs(): readonly (readonly [name: string, value: string])[] {
    return (this.text ??= this.binary.map(([name, value]) => [readable(name), readable(value)]));
  }

  /** The first value; undefined without one. */
  get(name: string): string | undefined {
    return this.getAll(name)[0];
  }

  getAll(name: string): string[] {
    const key = name.toLowerCase();
    return this.pairs.filter(([candidate]) => candidate === key).map(([, value]) => value);
  }

  /** Names and values in order, values as the bytes that they are. */
  get bytes(): readonly (readonly [name: string, value: Uint8Array])[] {
    return this.binary.map(([name, value]) => [readable(name), bytesOf(value)]);
  }

  /** The first value as the bytes that it is; undefined without one. */
  getBytes(name: string): Uint8Array | undefined {
    const key = binaryOf(name).toLowerCase();
    const found = this.binary.find(([candidate]) => candidate === key);
    return found === undefined ? undefined : bytesOf(found[1]);
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
