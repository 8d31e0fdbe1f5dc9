import { Exchange, FlowPlugin } from "proxy-wasm-as/assembly/flow";
import { registerPlugin } from "proxy-wasm-as";

/** Puts "*" in the place of all digits but the last four, in each run of 13 to 19 digits. */
export function maskCards(text: string): string {
  let masked = "";
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && isDigit(text.charCodeAt(i))) continue;
    const run = text.substring(start, i);
    masked += run.length >= 13 && run.length <= 19 ? "*".repeat(run.length - 4) + run.slice(-4) : run;
    if (i < text.length) masked += text.charAt(i);
    start = i + 1;
  }
  return masked;
}

function isDigit(unit: i32): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

class BodyRewrite extends FlowPlugin {
  onConfigure(): boolean {
    this.flow.requestBodyLimit = 64 * 1024;
    this.flow.responseBodyLimit = 256 * 1024;
    return true;
  }

  handle(x: Exchange): void {
    // A client could have the response compressed, or in pieces of its choice, and would see what is to be hidden.
    x.request.headers.remove("accept-encoding");
    x.request.headers.remove("range");
    const sent = x.request.text();
    const masked = maskCards(sent);
    if (masked != sent) x.request.setBody(masked);
    const response = x.next();
    if (response.headers.get("content-type")?.startsWith("text/"))
      response.setBody(response.text().replaceAll("secret", "******"));
  }
}

registerPlugin<BodyRewrite>();
