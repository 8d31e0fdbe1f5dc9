// Edits bodies as they pass: what `x-edit` says, both ways.
import {
  BodyEditor,
  EditedBodyContext,
  FilterDataStatus,
  FilterHeadersStatus,
  registerHttpFilter,
} from "proxy-wasm-as";
import { StreamEditor } from "proxy-wasm-as/assembly/std/edit";
import { Regex } from "proxy-wasm-as/assembly/std/regex";

const numbers = new Regex("[0-9]{4,}");

/** Passes each byte on when the next has come, and "!" at the end. */
class Late extends BodyEditor {
  private kept: Uint8Array = new Uint8Array(0);

  get held(): u32 {
    return this.kept.length + 1;
  }

  push(chunk: Uint8Array, last: bool): Uint8Array {
    const all = new Uint8Array(this.kept.length + chunk.length + 1);
    all.set(this.kept);
    all.set(chunk, this.kept.length);
    all[all.length - 1] = 0x21;
    if (last) return all;
    this.kept = all.slice(max(all.length - 2, 0), all.length - 1);
    return all.subarray(0, max(all.length - 2, 0));
  }
}

/** Passes each byte on when the next has come; the last one is a capital letter. */
class Capital extends BodyEditor {
  private kept: u8 = 0;

  get held(): u32 {
    return this.kept == 0 ? 0 : 1;
  }

  push(chunk: Uint8Array, last: bool): Uint8Array {
    const bytes: u8[] = [];
    if (this.kept != 0) bytes.push(this.kept);
    for (let i = 0; i < chunk.length; i++) bytes.push(chunk[i]);
    if (bytes.length > 0) this.kept = bytes.pop();
    if (last && this.kept != 0) bytes.push(this.kept - 0x20);
    const all = new Uint8Array(bytes.length);
    for (let i = 0; i < bytes.length; i++) all[i] = bytes[i];
    return all;
  }
}

class Edits extends EditedBodyContext {
  private what: string = "";

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.what = this.request.headers.get("x-edit") ?? "";
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (this.what != "stops") return FilterDataStatus.Continue;
    if (endOfStream)
      this.after(10, () => {
        this.resumeRequest();
      });
    return FilterDataStatus.StopIterationAndBuffer;
  }

  createRequestEditor(): BodyEditor | null {
    return this.editor();
  }

  createResponseEditor(): BodyEditor | null {
    return this.editor();
  }

  private editor(): BodyEditor | null {
    if (this.what == "") return null;
    if (this.what == "late") return new Late();
    if (this.what == "capital") return new Capital();
    return new StreamEditor().replace("secret", "***").replacePattern(numbers, "<$&>", 8);
  }
}

registerHttpFilter<Edits>();
