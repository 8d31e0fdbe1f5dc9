// Does with the headers what the request's `x-do` (for the request) and `x-do-response` (for the response) say, and logs
// what came of it. Commands are separated by ";", their parts by "|"; "%0a" stands for a byte.
import {
  FilterHeadersStatus,
  Headers,
  HttpContext,
  Status,
  lastStatus,
  log,
  registerHttpFilter,
} from "proxy-wasm-as";

/** "%0a" to the byte, as text that keeps every byte. */
function unescape(text: string): string {
  const parts = text.split("%");
  let result = parts[0];
  for (let i = 1; i < parts.length; i++) {
    const byte = <i32>parseInt(parts[i].substr(0, 2), 16);
    result += String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte) + parts[i].substr(2);
  }
  return result;
}

function hex(bytes: Uint8Array | null): string {
  if (bytes === null) return "null";
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += (bytes[i] < 16 ? "0" : "") + bytes[i].toString(16);
  return "<" + text + ">";
}

function pairs(parts: string[]): string[][] {
  const result: string[][] = [];
  for (let i = 1; i + 1 < parts.length; i += 2) result.push([unescape(parts[i]), unescape(parts[i + 1])]);
  return result;
}

function quote(text: string | null): string {
  return text === null ? "null" : "[" + text + "]";
}

function run(headers: Headers, commands: string | null, request: Headers): void {
  if (commands === null) return;
  const list = commands.split(";");
  for (let i = 0; i < list.length; i++) {
    const parts = list[i].split("|");
    const verb = parts[0];
    const name = parts.length > 1 ? unescape(parts[1]) : "";
    const value = parts.length > 2 ? unescape(parts[2]) : "";
    let result = "";
    if (verb == "get") result = quote(headers.get(name));
    else if (verb == "getAll") result = "[" + headers.getAll(name).join("][") + "]";
    else if (verb == "getBytes") result = hex(headers.getBytes(name));
    else if (verb == "has") result = headers.has(name).toString();
    else if (verb == "equals") result = headers.equals(name, value).toString();
    else if (verb == "byteLength") result = headers.byteLength > 20 ? "plausible" : "too small";
    else if (verb == "entries") {
      const all = headers.entries();
      for (let j = 0; j < all.length; j++) result += all[j][0] + "=" + all[j][1] + ",";
    } else if (verb == "copy") headers.set(value, headers.get(name)!);
    else if (verb == "copyBytes") result = headers.getBytes(name)!.length.toString();
    else if (verb == "set") headers.set(name, value);
    else if (verb == "add") headers.add(name, value);
    else if (verb == "remove") headers.remove(name);
    else if (verb == "replaceAll") headers.replaceAll(pairs(parts));
    else if (verb == "many") {
      const many: string[][] = [];
      for (let j = 0; j < 1025; j++) many.push(["x-" + j.toString(), "y"]);
      headers.replaceAll(many);
    } else if (verb == "requestGet") result = quote(request.get(name));
    else if (verb == "requestSet") request.set(name, value);
    else if (verb == "allBytes") {
      for (let byte = 0; byte < 256; byte++) {
        const text = "a" + String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte) + "b";
        if (headers.set("x-byte-" + byte.toString(), text) != Status.Ok) result += byte.toString() + ",";
        else if (!headers.equals("x-byte-" + byte.toString(), text)) result += "altered " + byte.toString();
      }
    } else if (verb == "codePoints") {
      // U+FFFD as it is, a surrogate that stands for no byte, one half of a pair, and a pair.
      const texts = ["\ufffd", "\ud800", "\udbff!", "\ud834\udd1e", "\udc7f", "\udd00"];
      for (let j = 0; j < texts.length; j++) headers.set("x-point-" + j.toString(), texts[j]);
    } else result = "unknown verb";
    log.info(
      verb + " " + name + " " + result + (lastStatus() == Status.Ok ? "" : " !" + lastStatus().toString()),
    );
  }
}

class Verbs extends HttpContext {
  private later: string | null = null;

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.request.headers;
    this.later = headers.get("x-do-response");
    run(headers, headers.get("x-do"), headers);
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    run(this.response.headers, this.later, this.request.headers);
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Verbs>();
