// Editors of streams, given bytes in chunks of one size.
import { StreamEditor } from "../../../assembly/std/edit";
import { Regex } from "../../../assembly/std/regex";

export const u8ArrayId = idof<Uint8Array>();

/** The most bytes that were kept back in the last run. */
let most: u32 = 0;

export function mostHeld(): u32 {
  return most;
}

function run(editor: StreamEditor, body: Uint8Array, size: i32): Uint8Array {
  most = 0;
  const all = new Array<Uint8Array>();
  let length = 0;
  for (let at = 0; at < body.length; at += size) {
    const out = editor.push(body.slice(at, min(at + size, body.length)), false);
    most = max(most, editor.held);
    length += out.length;
    all.push(out);
  }
  const end = editor.push(new Uint8Array(0), true);
  all.push(end);
  const whole = new Uint8Array(length + end.length);
  let at = 0;
  for (let i = 0; i < all.length; i++) {
    whole.set(all[i], at);
    at += all[i].length;
  }
  return whole;
}

export function replaceBytes(search: Uint8Array, by: Uint8Array, body: Uint8Array, size: i32): Uint8Array {
  return run(new StreamEditor().replaceBytes(search, by), body, size);
}

export function replacePattern(
  pattern: string,
  by: string,
  longest: i32,
  body: Uint8Array,
  size: i32,
): Uint8Array {
  return run(new StreamEditor().replacePattern(new Regex(pattern), by, longest), body, size);
}

export function replaceTwice(a: string, b: string, c: string, body: Uint8Array, size: i32): Uint8Array {
  return run(new StreamEditor().replace(a, b).replace(b, c), body, size);
}
