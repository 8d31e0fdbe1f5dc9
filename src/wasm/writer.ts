/**
 * Writes a module's binary format.
 *
 * @module
 */

/** A number as unsigned LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

/** A number that is not negative as signed LEB128. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 63; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

/** Bytes that are put together bit by bit. */
export class Writer {
  private readonly parts: Uint8Array[] = [];
  private size = 0;

  add(part: ArrayLike<number>): this {
    const bytes = part instanceof Uint8Array ? part : Uint8Array.from(part);
    this.parts.push(bytes);
    this.size += bytes.length;
    return this;
  }

  /** Adds a part with its size before it. */
  addSized(part: ArrayLike<number>): this {
    return this.add(unsigned(part.length)).add(part);
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(this.size);
    let at = 0;
    for (const part of this.parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}
