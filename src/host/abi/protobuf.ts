/** Protobuf's wire format, as far as host functions take it. */

/** A field of a message; numbers of fixed size, and groups, are read as 0. */
export interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/** Deeper groups are no message to Envoy either. */
const MAX_DEPTH = 100;

/** The fields of a message; undefined when the bytes are none. */
export function fieldsOf(bytes: Uint8Array): Field[] | undefined {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70 && at < bytes.length; shift += 7) {
      const byte = bytes[at++]!;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    return -1;
  };
  const fields: Field[] = [];
  const groups: number[] = [];
  while (at < bytes.length) {
    const tag = varint();
    if (tag < 8) return undefined;
    let value: number | Uint8Array = 0;
    switch (tag % 8) {
      case 0:
        value = varint();
        if (value < 0) return undefined;
        break;
      case 1:
        at += 8;
        break;
      case 2: {
        const length = varint();
        if (length < 0 || at + length > bytes.length) return undefined;
        value = bytes.slice(at, at + length);
        at += length;
        break;
      }
      case 5:
        at += 4;
        break;
      case 3:
        groups.push(Math.floor(tag / 8));
        if (groups.length > MAX_DEPTH) return undefined;
        continue;
      case 4:
        if (groups.pop() !== Math.floor(tag / 8)) return undefined;
        break;
      default:
        return undefined;
    }
    if (at > bytes.length) return undefined;
    if (groups.length === 0) fields.push({ number: Math.floor(tag / 8), value });
  }
  return groups.length === 0 ? fields : undefined;
}
