import { SharedData, clock, log, registerPlugin } from "proxy-wasm-as";
import { Exchange, FlowPlugin, Signal, fetch } from "proxy-wasm-as/assembly/flow";

const KEY = "token";

/** A token, and until when it is good: `1700000000000 abc`, as shared data has it. */
class Token {
  constructor(
    readonly until: i64,
    readonly text: string,
  ) {}

  static parse(stored: string): Token {
    const space = stored.indexOf(" ");
    return new Token(I64.parseInt(stored.substring(0, space)), stored.substring(space + 1));
  }
}

class TokenCache extends FlowPlugin {
  private fetching: bool = false;
  private readonly fetched: Signal = new Signal();

  handle(x: Exchange): void {
    const token = this.token(x);
    if (token === null) return x.respond(503, "no token\n");
    x.request.headers.set("authorization", "Bearer " + token);
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
    if (stored === null) return null;
    const token = Token.parse(stored.text);
    return token.until > clock.milliseconds() ? token.text : null;
  }

  private fetchToken(x: Exchange): string | null {
    this.fetching = true;
    // When its client goes, another must be able to fetch.
    x.onCancel<TokenCache>(this, (self) => self.finish());
    const answer = fetch("tokens", { method: "POST", path: "/token", timeout: 800 });
    if (answer.ok) {
      const seconds = answer.header("x-expires-in");
      const until = clock.milliseconds() + (seconds === null ? 60 : I64.parseInt(seconds)) * 1000;
      SharedData.set(KEY, until.toString() + " " + answer.text);
    } else log.warn("no token: " + answer.status.toString());
    this.finish();
    return answer.ok ? answer.text : null;
  }

  private finish(): void {
    this.fetching = false;
    this.fetched.fire();
  }
}

registerPlugin<TokenCache>();
