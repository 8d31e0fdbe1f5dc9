import { SharedData, Status, clock, log, registerPlugin } from "proxy-wasm-as";
import { Exchange, FlowPlugin, Signal, fetch } from "proxy-wasm-as/assembly/flow";

/** In shared data: until when the token is good, and the token, `1700000000 abc`. */
const KEY = "token";

/** The time in seconds. */
function now(): u32 {
  return <u32>(clock.milliseconds() / 1000);
}

/** The number that the digits stand for with which `text` begins. */
function numberIn(text: string): u32 {
  let number: u32 = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = <u32>text.charCodeAt(i) - 0x30;
    if (digit > 9) break;
    number = number * 10 + digit;
  }
  return number;
}

class TokenCache extends FlowPlugin {
  private fetching = false;
  private readonly fetched = new Signal();

  handle(x: Exchange): void {
    const token = this.token(x);
    if (token === null) return x.respond(503, "no token\n");
    // A token that cannot be sent would leave the client's own in its place.
    if (x.request.headers.set("authorization", "Bearer " + token) != Status.Ok)
      return x.respond(503, "no token\n");
  }

  /** The token, from the cache or from the service. */
  private token(x: Exchange): string | null {
    for (let attempt = 0; attempt < 2; attempt++) {
      const cached = this.cached();
      if (cached !== null) return cached;
      if (!this.fetching) return this.fetchToken(x);
      this.fetched.wait(1000);
    }
    return null;
  }

  private cached(): string | null {
    const stored = SharedData.get(KEY);
    if (stored === null || numberIn(stored.text) <= now()) return null;
    return stored.text.slice(stored.text.indexOf(" ") + 1);
  }

  private fetchToken(x: Exchange): string | null {
    this.fetching = true;
    // When its client goes, another must be able to fetch.
    x.onCancel(this, (self) => self.finish());
    const answer = fetch("tokens", { method: "POST", path: "/token", timeout: 800 });
    if (answer.ok) {
      const seconds = answer.header("x-expires-in");
      const until = now() + (seconds === null ? 60 : numberIn(seconds));
      SharedData.set(KEY, `${until} ${answer.text}`);
    } else log.warn(`no token: ${answer.status}`);
    this.finish();
    return answer.ok ? answer.text : null;
  }

  private finish(): void {
    this.fetching = false;
    this.fetched.fire();
  }
}

registerPlugin<TokenCache>();
