/**
 * Reading JSON text.
 *
 * @module
 */
import { JsonCursor } from "./cursor";
import { Fault, faultText } from "./fault";
import { check, fault, faultAddress, skipSpace } from "./scan";
import { encodedText } from "./text";

/** A JSON document that has been checked as a whole; made by `json.parse`. */
@final
export class JsonDocument {
  /** @internal */
  constructor(
    private fault: Fault,
    /** The position of the error, in bytes from the beginning; -1 when there is none. */
    readonly errorOffset: i32,
    /** The outermost value; of type `Missing` when there is an error. */
    readonly root: JsonCursor,
  ) {}

  /** The error, such as `offset 17: expected , or }`; null when there is none. */
  get error(): string | null {
    if (this.fault == Fault.None) return null;
    return "offset " + this.errorOffset.toString() + ": " + faultText(this.fault);
  }
}

/**
 * JSON as RFC 8259 has it, in UTF-8: no comments, no trailing commas, no byte order mark. The whole text is checked at
 * once, in time that is linear in its size; after that nothing can be wrong with it.
 */
export namespace json {
  /**
   * Reads `text`, for example a body. At most `maxDepth` (up to 1,024) arrays and objects may be in each other, and
   * `maxSize` bytes in the text: else there is an error. May be called anywhere.
   *
   * @example
   * const document = json.parse(this.request.body.text());
   * if (document.error) return this.respond(400, "body: " + document.error!);
   * const amount = document.root.get("order").get("amount").integerOr(0);
   */
  export function parse(text: string, maxDepth: i32 = 128, maxSize: i32 = 16777216): JsonDocument {
    // Not encoded when it is too long anyway.
    if (text.length > maxSize) return failed(Fault.TooLarge, maxSize, new ArrayBuffer(0));
    return parseBuffer(encodedText(text), maxDepth, maxSize);
  }

  /** Like `parse`, of bytes; the document has its own copy. */
  export function parseBytes(bytes: Uint8Array, maxDepth: i32 = 128, maxSize: i32 = 16777216): JsonDocument {
    const size = min(bytes.length, maxSize + 1);
    const start = bytes.byteOffset;
    return parseBuffer(bytes.buffer.slice(start, start + size), maxDepth, maxSize);
  }
}

/** @internal Reads bytes that nobody changes any more. */
export function parseBuffer(bytes: ArrayBuffer, maxDepth: i32, maxSize: i32): JsonDocument {
  const start = changetype<usize>(bytes);
  const end = start + bytes.byteLength;
  if (bytes.byteLength > maxSize) return failed(Fault.TooLarge, maxSize, bytes);
  if (!check(start, end, maxDepth)) return failed(fault, <i32>(faultAddress - start), bytes);
  return new JsonDocument(Fault.None, -1, new JsonCursor(bytes, <i32>(skipSpace(start, end) - start), -1));
}

function failed(fault: Fault, offset: i32, bytes: ArrayBuffer): JsonDocument {
  return new JsonDocument(fault, offset, new JsonCursor(bytes, -1, -1));
}
