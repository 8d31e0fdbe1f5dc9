import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** Answers what a method of a text answers, and a text that was made before, which has to be whole. */
class LibraryFaults extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const words = this.request.headers.get("x-words")!.split(",");
    const text = words[1];
    const neighbour = text + "?";
    let made = "";
    if (words[0] == "replaceAll") made = text.replaceAll(words[2], words[3]);
    else if (words[0] == "padStart") made = text.padStart(<i32>parseInt(words[2]), words[3]);
    else if (words[0] == "padEnd") made = text.padEnd(<i32>parseInt(words[2]), words[3]);
    else made = "a".repeat(1 << 16).replaceAll("", "x".repeat(1 << 15));
    const after = neighbour + "!";
    return this.respond(200, made + "," + after);
  }
}

registerHttpFilter<LibraryFaults>();
