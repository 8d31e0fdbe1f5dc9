// A reader of server-sent events, given bytes in chunks of one size.
import { SseReader } from "../../../assembly/std/sse";

export const u8ArrayId = idof<Uint8Array>();

export function events(body: Uint8Array, size: i32, most: i32): string {
  const reader = new SseReader(most);
  let all = "";
  for (let at = 0; at < body.length; at += size) {
    reader.push(body.slice(at, min(at + size, body.length)));
    for (let event = reader.next(); event !== null; event = reader.next())
      all += event.type + "|" + event.id + "|" + event.data + "\0";
  }
  return all + reader.skipped.toString();
}

/** How many there are, for what is counted. */
export function count(body: Uint8Array, size: i32): i32 {
  const reader = new SseReader();
  let count = 0;
  for (let at = 0; at < body.length; at += size) {
    reader.push(body.subarray(at, min(at + size, body.length)));
    while (reader.next() !== null) count++;
  }
  return count;
}
