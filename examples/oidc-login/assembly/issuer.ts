import { clock, log } from "proxy-wasm-as";
import { Exchange, Signal, fetch } from "proxy-wasm-as/assembly/flow";
import { JsonCursor, json } from "proxy-wasm-as/assembly/std/json";
import { Url } from "proxy-wasm-as/assembly/std/url";

/** How long the document is used, and how long nobody asks again when there was none, in milliseconds. */
const FRESH: i64 = 3600000;
const PAUSE: i64 = 2000;

/** What an issuer says of itself in its discovery document: https://openid.net/specs/openid-connect-discovery-1_0.html */
export class Issuer {
  /** The host and the path of the document; the host is empty when the issuer's name is no URL. */
  readonly host: string;
  readonly path: string;
  private scheme: string;
  /** Where browsers go to log in; empty while nothing is known. */
  authorization = "";
  /** Where browsers go to log out; empty when there is no such place. */
  logout = "";
  tokenHost = "";
  tokenPath = "";
  /** Tells whether the issuer names itself when it sends browsers back (RFC 9207). */
  namesItself: bool = false;
  private next: i64 = 0;
  private fetching = false;
  private readonly fetched = new Signal();

  constructor(
    readonly name: string,
    readonly cluster: string,
  ) {
    const url = Url.parse(name);
    this.scheme = url?.scheme ?? "";
    this.host = url === null ? "" : hostOf(url);
    const path = url?.path ?? "";
    this.path = (path.endsWith("/") ? path.slice(0, -1) : path) + "/.well-known/openid-configuration";
  }

  /** Tells whether the issuer is known; waits for its document where it is not. One request fetches it, the others wait. */
  isKnown(x: Exchange): bool {
    if (clock.milliseconds() < this.next) return this.authorization.length > 0;
    if (this.fetching) this.fetched.wait(5000);
    else {
      this.fetching = true;
      x.onCancel(this, (self) => self.end());
      const answer = fetch(this.cluster, { authority: this.host, path: this.path });
      this.next =
        clock.milliseconds() + (answer.ok && this.take(json.parse(answer.text, 32).root) ? FRESH : PAUSE);
      this.end();
    }
    return this.authorization.length > 0;
  }

  private end(): void {
    this.fetching = false;
    this.fetched.fire();
  }

  /** Takes a document; false when it is not this issuer's, or lacks something. */
  private take(document: JsonCursor): bool {
    const authorization = document.get("authorization_endpoint").textOr("");
    const token = Url.parse(document.get("token_endpoint").textOr(""));
    if (!document.get("issuer").equals(this.name) || token === null || !this.isPlace(authorization)) {
      log.warn(`the discovery document of ${this.name} cannot be used`);
      return false;
    }
    const logout = document.get("end_session_endpoint").textOr("");
    this.authorization = authorization;
    this.logout = this.isPlace(logout) ? logout : "";
    this.tokenHost = hostOf(token);
    this.tokenPath = token.path + (token.query === null ? "" : "?" + token.query!);
    this.namesItself = document.get("authorization_response_iss_parameter_supported").boolOr(false);
    return true;
  }

  private isPlace(text: string): bool {
    const url = Url.parse(text);
    return url !== null && url.scheme == this.scheme && url.fragment === null;
  }
}

function hostOf(url: Url): string {
  return url.host + (url.port < 0 ? "" : `:${url.port}`);
}
