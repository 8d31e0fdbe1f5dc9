import { copyBytes } from "../../memory/byte-array";
import { find } from "../../memory/find";
import { decode } from "../../memory/text";
import { lowerCase } from "../../memory/utf16";
import { MediaType } from "../http/media-type";
import { isToken } from "../http/syntax";
import { isAmbiguous, isBoundary, newBoundaryLine } from "./boundary";
import { isFormData, parameterOf, parametersOf } from "./disposition";

/** The most bytes of a part's headers. */
const MOST_HEADER_BYTES: usize = 16384;

/** The most headers of a part. */
const MOST_HEADERS: i32 = 32;

/** One part of a body. */
@final
export class MultipartPart {
  /** The names of its headers, in lower case, and their values. */
  readonly headers: string[][] = new Array<string[]>();

  constructor(
    /** The whole body. */
    private source: Uint8Array,
    private start: i32 = 0,
    private end: i32 = 0,
  ) {}

  /** The value of the first header `name`, which is in lower case; null when there is none. */
  header(name: string): string | null {
    for (let i = 0; i < this.headers.length; i++) if (this.headers[i][0] == name) return this.headers[i][1];
    return null;
  }

  /** The name of the form's field; `""` when there is none. */
  get name(): string {
    const name = this.parameter("name");
    return name === null ? "" : name;
  }

  /** The name of the file as the client says it, which is not to be trusted; null when it is no file. */
  get fileName(): string | null {
    return this.parameter("filename");
  }

  /** `content-type`; `text/plain` when it is not there. */
  get type(): string {
    const type = this.header("content-type");
    return type === null ? "text/plain" : type;
  }

  /** How many bytes its content has. */
  get size(): i32 {
    return this.end - this.start;
  }

  /** Its content, a copy. */
  get bytes(): Uint8Array {
    return copyBytes(this.source.dataStart + this.start, this.size);
  }

  /** Its content as text, in which every byte survives. */
  get text(): string {
    return decode(this.source.dataStart + this.start, this.size);
  }

  /** @internal Sets the position of the content in the body. */
  $place(start: i32, end: i32): void {
    this.start = start;
    this.end = end;
  }

  private parameter(name: string): string | null {
    const disposition = this.header("content-disposition");
    return disposition === null ? null : parameterOf(disposition, name);
  }
}

/**
 * A body of several parts (RFC 2046, RFC 7578), read as strictly as what comes behind should: a body that programs read in
 * different ways is refused. May be used everywhere.
 *
 * @example
 * const body = Multipart.parse(this.request.headers.get("content-type")!, this.request.body.bytes());
 * if (body === null) return this.respond(400);
 * for (let i = 0; i < body.parts.length; i++)
 *   if (body.parts[i].fileName !== null && body.parts[i].size > 1000000) return this.respond(413);
 */
@final
export class Multipart {
  constructor(
    /** The parts, in order. */
    readonly parts: MultipartPart[],
  ) {}

  /**
   * The boundary that a `content-type` names; null when it is no `multipart/…`, the boundary is none, or programs read another one
   * there: "boundary=" comes twice, or there is a comma or a backslash.
   */
  static boundaryOf(contentType: string): string | null {
    const type = readType(contentType);
    return type === null ? null : type.get("boundary");
  }

  /**
   * Reads a body; null when `contentType` has no boundary, when the last boundary is missing, a header is broken, something
   * stands in front of the first boundary or behind the last one, a boundary has no whole line break of its own in front of it, or
   * there are more than `most` parts.
   */
  static parse(contentType: string, body: Uint8Array, most: i32 = 1000): Multipart | null {
    const type = readType(contentType);
    if (type === null) return null;
    const isForm = type.subtype == "form-data";
    const line = newBoundaryLine(type.get("boundary")!);
    const start = body.dataStart;
    const end = start + body.length;
    const size = <usize>line.length;
    // The first boundary has no line break in front of it.
    if (<usize>body.length < size - 2 || !startsWith(start, line.dataStart + 2, size - 2)) return null;
    const parts = new Array<MultipartPart>();
    let at = start + size - 2;
    while (end - at >= 2) {
      if (load<u16>(at) == 0x2d2d) {
        // The last one. White space may follow, and no more: some programs go on reading parts.
        for (at += 2; at < end && isSpace(load<u8>(at)); at++);
        return at == end ? new Multipart(parts) : null;
      }
      // White space behind a boundary, which the RFC allows and nobody writes, makes it none for some programs.
      if (end - at < 2 || load<u16>(at) != 0x0a0d || parts.length >= most) return null;
      const part = new MultipartPart(body);
      const content = readHeaders(part, at + 2, end, isForm);
      if (content == 0 || (isForm && part.header("content-disposition") === null)) return null;
      // The line break in front of a boundary is part of it. The one that ends the headers is none: for some programs such a part
      // is empty, for others it has the next one in it. One among the headers ends them for some.
      const next = findBoundary(at + 2, end, line.dataStart + 2, size - 2);
      if (next < content) return null;
      part.$place(<i32>(content - start), <i32>(next - start));
      parts.push(part);
      at = next + size;
    }
    return null;
  }

  /** The first part with this name; null when there is none. */
  get(name: string): MultipartPart | null {
    for (let i = 0; i < this.parts.length; i++) if (this.parts[i].name == name) return this.parts[i];
    return null;
  }
}

/** A `content-type` with a boundary; null when it is none. */
function readType(text: string): MediaType | null {
  if (isAmbiguous(text)) return null;
  const type = MediaType.parse(text);
  if (type === null || type.type != "multipart") return null;
  const boundary = type.get("boundary");
  return boundary === null || !isBoundary(boundary) ? null : type;
}

function startsWith(address: usize, expected: usize, size: usize): bool {
  return memory.compare(address, expected, size) == 0;
}

function isSpace(byte: u8): bool {
  return byte == 0x20 || byte == 0x09 || byte == 0x0d || byte == 0x0a;
}

/**
 * Finds the line break in front of the next boundary, from the two bytes before `at`; 0 when there is no boundary, or one that
 * only some programs see, because it follows half a line break.
 */
function findBoundary(at: usize, end: usize, boundary: usize, size: usize): usize {
  let found = find<u8>(at, end, boundary, size);
  while (found != 0 && load<u16>(found - 2) != 0x0a0d) {
    const before = load<u8>(found - 1);
    if (before == 0x0a || before == 0x0d) return 0;
    found = find<u8>(found + 1, end, boundary, size);
  }
  return found == 0 ? 0 : found - 2;
}

function skipBlanks(at: usize, end: usize): usize {
  while (at < end && (load<u8>(at) == 0x20 || load<u8>(at) == 0x09)) at++;
  return at;
}

/** Reads the headers of a part at `at`; answers where its content begins, 0 when one of them is broken. */
function readHeaders(part: MultipartPart, at: usize, end: usize, isForm: bool): usize {
  const most = at + min(MOST_HEADER_BYTES, end - at);
  while (most - at >= 2) {
    if (load<u16>(at) == 0x0a0d) return at + 2;
    const name = at;
    while (at < most && load<u8>(at) != 0x3a && load<u8>(at) > 0x20) at++;
    const token = decode(name, at - name);
    if (at == most || load<u8>(at) != 0x3a || !isToken(token, 0, token.length)) return 0;
    const value = skipBlanks(at + 1, most);
    at = value;
    while (at < most && load<u8>(at) != 0x0d) {
      const byte = load<u8>(at++);
      if ((byte < 0x20 && byte != 0x09) || byte == 0x7f) return 0;
    }
    if (most - at < 2 || load<u16>(at) != 0x0a0d) return 0;
    let valueEnd = at;
    while (valueEnd > value && (load<u8>(valueEnd - 1) == 0x20 || load<u8>(valueEnd - 1) == 0x09)) valueEnd--;
    at += 2;
    const header = lowerCase(token, 0, token.length);
    // Twice the same: programs believe one or the other.
    if (part.header(header) !== null || part.headers.length >= MOST_HEADERS) return 0;
    const text = decode(value, valueEnd - value);
    if (header == "content-disposition" && (parametersOf(text) === null || (isForm && !isFormData(text))))
      return 0;
    part.headers.push([header, text]);
  }
  return 0;
}
