import {
  FilterHeadersStatus,
  HttpContext,
  PluginContext,
  clock,
  random,
  registerPlugin,
} from "proxy-wasm-as";
import { readJsonConfig } from "proxy-wasm-as/assembly/std/config";
import { Cookies, SameSite, SetCookie } from "proxy-wasm-as/assembly/std/cookies";
import { base64url, utf8 } from "proxy-wasm-as/assembly/std/encoding";
import { equalsInConstantTime, hmacSha256 } from "proxy-wasm-as/assembly/std/hash";

/** The prefix keeps other hosts, and pages without TLS, from setting them: https://www.rfc-editor.org/rfc/rfc6265#section-4.1.3 */
const SESSION = "__Host-session";
const TOKEN = "__Host-csrf";

/** What the filter is told. */
class Settings {
  /** What cookies are signed with: keep it secret. @minLength 32 */
  secret!: string;
  /** For how many seconds a session lasts. @min 1 */
  seconds: u32 = 3600;
}

/** Makes and checks what browsers keep. */
class Sessions extends PluginContext {
  seconds: i64 = 0;
  private key = new Uint8Array(0);

  onConfigure(configuration: string): bool {
    const settings = readJsonConfig<Settings>(configuration);
    if (settings === null) return false;
    this.key = utf8.encode(settings.secret);
    this.seconds = settings.seconds;
    return true;
  }

  createHttpContext(): HttpContext {
    return new SessionStream();
  }

  /** A new session: a name that nobody can guess, until when it lasts, and the signature of both. */
  make(): string {
    const end = clock.milliseconds() / 1000 + this.seconds;
    const text = `${base64url.encode(random.bytes(16))}.${end}`;
    return `${text}.${this.sign("session", text)}`;
  }

  /** The name of a session that this filter has made, and that is not over; null for all others. */
  read(session: string): string | null {
    const parts = session.split(".");
    if (parts.length != 3 || !this.isSigned("session", `${parts[0]}.${parts[1]}`, parts[2])) return null;
    // What is signed is as it was made, so that it is a number.
    return i64.parse(parts[1]) > clock.milliseconds() / 1000 ? parts[0] : null;
  }

  /** What a page must know to change something in a session. */
  tokenOf(name: string): string {
    return this.sign("csrf", name);
  }

  /** Tells whether `token` is that of the session. */
  isToken(name: string, token: string): bool {
    return this.isSigned("csrf", name, token);
  }

  /** One key signs for several uses: what was signed for one of them is of no use for another. */
  private sign(use: string, text: string): string {
    return base64url.encode(hmacSha256(this.key, utf8.encode(use + " " + text)));
  }

  private isSigned(use: string, text: string, signature: string): bool {
    return equalsInConstantTime(utf8.encode(this.sign(use, text)), utf8.encode(signature));
  }
}

/** Gives each browser a session, and lets it change something only from the site's own pages. */
class SessionStream extends HttpContext {
  /** The cookies to set. */
  private fresh: string[] = [];

  onRequestHeaders(): FilterHeadersStatus {
    const plugin = this.plugin as Sessions;
    const headers = this.request.headers;
    const cookies = Cookies.of(headers.getAll("cookie"));
    const sent = cookies.getAll(SESSION);
    // A browser has one; of several it is not known who has set them.
    let name = sent.length == 1 ? plugin.read(sent[0]) : null;
    const method = this.request.method ?? "";
    if (method != "GET" && method != "HEAD" && method != "OPTIONS") {
      const token = headers.get("x-csrf-token") ?? "";
      if (name === null || !plugin.isToken(name, token))
        return this.respond(403, "this request does not come from one of our pages\n", { details: "csrf" });
    }
    name ??= this.begin();
    // What stands here is the filter's word: what a client has sent under these names is replaced.
    headers.set("x-session", name);
    headers.set("x-csrf-token", plugin.tokenOf(name));
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(): FilterHeadersStatus {
    const headers = this.response.headers;
    const wish = headers.get("x-session");
    headers.remove("x-session");
    if (wish == "renew") this.begin();
    if (wish == "end") this.fresh = [cookie(SESSION, "", 0), cookie(TOKEN, "", 0)];
    for (const cookie of this.fresh) headers.add("set-cookie", cookie);
    // Nobody else may get these cookies from a cache.
    if (this.fresh.length > 0) headers.set("cache-control", "no-store");
    return FilterHeadersStatus.Continue;
  }

  /** Begins another session; answers its name. */
  private begin(): string {
    const plugin = this.plugin as Sessions;
    const session = plugin.make();
    const name = session.slice(0, session.indexOf("."));
    this.fresh = [
      cookie(SESSION, session, plugin.seconds),
      cookie(TOKEN, plugin.tokenOf(name), plugin.seconds),
    ];
    return name;
  }
}

/** A cookie for this host. The page's scripts need the token, and nothing else. */
function cookie(name: string, value: string, seconds: i64): string {
  const cookie = new SetCookie(name, value);
  cookie.path = "/";
  cookie.secure = true;
  cookie.httpOnly = name == SESSION;
  cookie.sameSite = name == SESSION ? SameSite.Lax : SameSite.Strict;
  cookie.maxAge = seconds;
  return cookie.toString();
}

registerPlugin<Sessions>();
