import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

// prettier-ignore
const robots: StaticArray<string> = [
  "bot", "crawler", "spider", "slurp", "curl", "wget", "python-requests", "go-http-client", "okhttp", "java/", "monitor",
];
const phones: StaticArray<string> = ["iphone", "ipod", "android", "windows phone", "mobile"];
const tablets: StaticArray<string> = ["ipad", "tablet", "kindle", "silk/", "playbook"];

/** Whether one of the words stands in the text. */
function hasOne(text: string, words: StaticArray<string>): bool {
  for (let i = 0; i < words.length; i++) if (text.includes(unchecked(words[i]))) return true;
  return false;
}

/** Tells the upstream what kind of device asks, by words in its user agent. */
class DeviceType extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const agent = this.request.headers.get("user-agent");
    this.request.headers.set("x-device", agent === null ? "none" : this.kindOf(agent.toLowerCase()));
    return FilterHeadersStatus.Continue;
  }

  private kindOf(agent: string): string {
    if (hasOne(agent, robots)) return "robot";
    if (hasOne(agent, tablets)) return "tablet";
    return hasOne(agent, phones) ? "phone" : "desktop";
  }
}

registerHttpFilter<DeviceType>();
