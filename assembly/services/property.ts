/**
 * The host's properties.
 *
 * @module
 */
import { Status } from "../abi/enums";
import { proxy_get_property } from "../abi/imports";
import { expectValue, receivedText } from "../memory/received";
import { OUT, mark, release } from "../memory/scratch";
import { put, putSize } from "../memory/text";
import { record } from "../runtime/status";

/** The property at `path`, whose segments are separated by NUL, as text; null when there is none. */
export function readProperty(path: string): string | null {
  const before = mark();
  const address = put(path);
  expectValue();
  const status = record(proxy_get_property(address, putSize, OUT, OUT + 4));
  const text = status == Status.Ok ? receivedText() : null;
  release(before);
  return text;
}
