import { newBytes } from "../../memory/byte-array";
import { find } from "../../memory/find";
import { utf8 } from "../encoding/utf8";
import { isQuotable } from "../http/syntax";
import { isBoundary, newBoundaryLine } from "./boundary";
import { hasEscape, quoted } from "./disposition";

/**
 * Writes a `multipart/form-data` body. The boundary must not be one that a stranger can guess, or parts of theirs may contain
 * it. May be used everywhere.
 *
 * @example
 * const picture = this.request.body.bytes();
 * const form = new MultipartWriter(random.uuid()).text("user", "ann").file("picture", "a.png", "image/png", picture);
 * const headers = [["content-type", form.contentType]];
 * const body = form.toBytes();
 */
@final
export class MultipartWriter {
  /**
   * Tells whether all could be written: false once the boundary was none or is in a part, a type had a control character, or a name
   * two backslashes in a row or one at its end, which programs read in different ways. Such a part is left out.
   */
  complete: bool = true;
  private chunks: Uint8Array[] = new Array<Uint8Array>();
  private line: Uint8Array;

  constructor(
    /** The text that separates the parts. */
    readonly boundary: string,
  ) {
    this.line = newBoundaryLine(boundary);
    if (!isBoundary(boundary)) this.complete = false;
  }

  /** The value for `content-type`. */
  get contentType(): string {
    return 'multipart/form-data; boundary="' + this.boundary + '"';
  }

  /** Adds a field; answers this. */
  text(name: string, value: string): MultipartWriter {
    return this.part(name, "", "form-data; name=" + quoted(name), "", utf8.encode(value));
  }

  /** Adds a file; answers this. */
  file(name: string, fileName: string, type: string, content: Uint8Array): MultipartWriter {
    const disposition = "form-data; name=" + quoted(name) + "; filename=" + quoted(fileName);
    return this.part(name, fileName, disposition, type, content);
  }

  private part(
    name: string,
    fileName: string,
    disposition: string,
    type: string,
    content: Uint8Array,
  ): MultipartWriter {
    const line = this.line;
    // The line break may be the one in front of the content.
    const inside = find<u8>(
      content.dataStart,
      content.dataStart + content.length,
      line.dataStart + 2,
      line.length - 2,
    );
    const isOdd = hasEscape(name) || hasEscape(fileName) || !isQuotable(type) || !isQuotable(disposition);
    if (inside != 0 || isOdd) {
      this.complete = false;
      return this;
    }
    const first = this.chunks.length == 0 ? this.boundaryStart() : line;
    let head = "\r\ncontent-disposition: " + disposition + "\r\n";
    if (type.length > 0) head += "content-type: " + type + "\r\n";
    this.chunks.push(first);
    this.chunks.push(utf8.encode(head + "\r\n"));
    this.chunks.push(content);
    return this;
  }

  private boundaryStart(): Uint8Array {
    return this.line.subarray(2);
  }

  /** The body. */
  toBytes(): Uint8Array {
    const chunks = this.chunks;
    const end = utf8.encode("--\r\n");
    const line = chunks.length == 0 ? this.boundaryStart() : this.line;
    let size = line.length + end.length;
    for (let i = 0; i < chunks.length; i++) size += chunks[i].length;
    const bytes = newBytes(size);
    let at = bytes.dataStart;
    for (let i = 0; i < chunks.length + 2; i++) {
      const chunk = i < chunks.length ? chunks[i] : i == chunks.length ? line : end;
      memory.copy(at, chunk.dataStart, chunk.length);
      at += chunk.length;
    }
    return bytes;
  }
}
