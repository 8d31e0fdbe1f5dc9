import { Status } from "../../abi/enums";
import { HttpContext } from "../../context/http-context";
import { CallResult } from "../../context/call-result";
import { PluginContext } from "../../context/plugin-context";
import { Timer } from "../../context/timers";
import { clock } from "../../services/clock";
import { log } from "../../services/log";
import { CacheControl } from "../http/cache-control";
import { json } from "../json/document";
import { Hs256Verifier } from "../jwt/hs256";
import { Jwt, JwtError, JwtVerifier, failed, tokenHeader } from "../jwt/verifier";
import { Url } from "../url/url";
import { HS256 } from "./algorithms";
import { IssuerKey, readKeySet } from "./key-set";
import { JwksOptions, optionsError } from "./options";
import { SharedSet } from "./shared-set";
import { StreamWaiter, Waiter } from "./waiters";

/** The largest answer of an issuer that is read. */
const MOST_BYTES: u32 = 262144;
/** The most streams that wait for one fetch. */
const MOST_WAITERS: i32 = 1000;
/** Seconds between two fetches while no key is known. */
const EAGER: i64 = 10;

/**
 * Decides whether tokens of an issuer are to be believed, with the keys that the issuer publishes: they are fetched by a
 * call, kept for all threads, renewed before they are too old, and fetched at once when a token names a key that is not among
 * them, but never more often than `floor` says, whoever sends what. While the issuer is down or answers nonsense, the old
 * keys hold, for `stale` seconds. Make it in `onConfigure`, look at `error`, and call `start`.
 *
 * @example
 * class Auth extends PluginContext {
 *   keys: Jwks = new Jwks({ cluster: "issuer", issuer: "https://issuer.example", audience: "api" });
 *
 *   onConfigure(configuration: string): bool {
 *     if (this.keys.error !== null) return false;
 *     this.keys.start(this);
 *     return true;
 *   }
 *   createHttpContext(): HttpContext {
 *     return new AuthStream(this);
 *   }
 * }
 * class AuthStream extends HttpContext {
 *   constructor(private readonly auth: Auth) {
 *     super();
 *   }
 *
 *   onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
 *     const keys = this.auth.keys;
 *     const token = keys.verify(this.request.headers.get("x-token") ?? "");
 *     if (token.error == JwtError.UnknownKey && keys.wait<AuthStream>(this, (stream) => stream.decide()))
 *       return FilterHeadersStatus.StopAllIterationAndWatermark;
 *     return token.error == JwtError.None ? FilterHeadersStatus.Continue : this.respond(401);
 *   }
 *   decide(): void {
 *     const token = this.auth.keys.verify(this.request.headers.get("x-token") ?? "");
 *     if (token.error == JwtError.None) this.resumeRequest();
 *     else this.respond(401);
 *   }
 * }
 */
@final
export class Jwks {
  /** The error in the options; null when there is none. With an error, all tokens are refused. */
  readonly error: string | null;
  private options: JwksOptions;
  private keys: IssuerKey[] = [];
  private secret: Hs256Verifier | null = null;
  private shared: SharedSet;
  private plugin: PluginContext | null = null;
  private waiters: Waiter[] = [];
  private underWay: bool = false;
  private poll: Timer | null = null;
  /** In milliseconds: when to fetch again, and until when the keys hold. */
  private renewAt: i64 = 0;
  private until: i64 = 0;

  constructor(options: Partial<JwksOptions>) {
    const given = options as JwksOptions;
    this.options = given;
    this.shared = new SharedSet(given.cluster + "\0" + given.authority + "\0" + given.path);
    let error = optionsError(given);
    if (error === null && given.keys.length > 0) {
      this.use(readKeySet(given.keys, given.algorithms));
      this.until = i64.MAX_VALUE;
      if (this.keys.length == 0) error = "keys: no key in them can be used";
    }
    const secret = given.secret;
    if (error === null && secret !== null) {
      this.secret = new Hs256Verifier(secret);
      this.prepare(this.secret!);
    }
    this.error = error;
  }

  /** Fetches the keys, and keeps them fresh from now on. Call it in `onConfigure`. */
  start(plugin: PluginContext): void {
    if (this.error !== null || this.options.cluster.length == 0) return;
    this.plugin = plugin;
    plugin.everyWith<Jwks>(5000, this, (self) => self.renew());
    // Not at once: Envoy tries a configuration in a VM that it throws away before an answer can come.
    plugin.afterWith<Jwks>(1, this, (self) => self.renew());
  }

  /** How many keys are known. */
  get size(): i32 {
    return this.until > clock.milliseconds() ? this.keys.length : 0;
  }

  /**
   * Verifies a token. `JwtError.UnknownKey` when its key is not known: then `wait` says whether it may be known soon. May be
   * called in every callback.
   */
  verify(token: string): Jwt {
    if (this.error !== null) return failed(JwtError.Key);
    const header = tokenHeader(token);
    if (!header.exists) return failed(JwtError.Malformed);
    const algorithm = header.get("alg").textOr("");
    if (!this.options.algorithms.includes(algorithm)) return failed(JwtError.Algorithm);
    if (algorithm == HS256) return this.secret!.verify(token);
    const name = header.get("kid").text();
    let key = this.find(name, algorithm);
    if (key === null && this.plugin !== null) {
      this.takeNews();
      key = this.find(name, algorithm);
      if (key === null) this.fetch();
    }
    return key === null ? failed(JwtError.UnknownKey) : key.verifier.verify(token);
  }

  /**
   * Calls back when the keys that are being fetched are there, or do not come. Answers false when nothing is being fetched,
   * or too many wait: then a token whose key is unknown is to be refused. Hold the request for so long.
   */
  wait<T extends HttpContext>(stream: T, callback: (stream: T) => void): bool {
    return this.waitAs(new StreamWaiter<T>(stream, callback));
  }

  /** @internal */
  waitAs(waiter: Waiter): bool {
    const plugin = this.plugin;
    if (plugin === null || this.waiters.length >= MOST_WAITERS) return false;
    if (!this.underWay) {
      if (!this.shared.isUnderWay(<i64>this.options.timeout)) return false;
      // Another thread fetches, which can tell this one only by what it leaves behind.
      if (this.poll === null) this.poll = plugin.everyWith<Jwks>(50, this, (self) => self.look());
    }
    this.waiters.push(waiter);
    return true;
  }

  private look(): void {
    if (this.shared.isUnderWay(<i64>this.options.timeout)) return;
    this.takeNews();
    this.wake();
  }

  private wake(): void {
    const poll = this.poll;
    if (poll !== null) poll.stop();
    this.poll = null;
    const waiting = this.waiters;
    this.waiters = [];
    for (let i = 0; i < waiting.length; i++) waiting[i].wake();
    for (let i = 0; i < waiting.length; i++) waiting[i].run();
  }

  private find(name: string | null, algorithm: string): IssuerKey | null {
    if (this.until <= clock.milliseconds()) return null;
    let found: IssuerKey | null = null;
    for (let i = 0; i < this.keys.length; i++) {
      const key = this.keys[i];
      if (key.algorithm != algorithm) continue;
      const own = key.name;
      if (name !== null && own !== null && own == name) return key;
      if (name !== null) continue;
      // A token that names no key is that of the only one.
      if (found !== null) return null;
      found = key;
    }
    return found;
  }

  private renew(): void {
    this.takeNews();
    if (clock.milliseconds() >= this.renewAt) this.fetch();
  }

  private fetch(): void {
    if (this.underWay) return;
    const floor = this.options.floor;
    if (!this.shared.claim((this.size == 0 ? min(floor, EAGER) : floor) * 1000)) return;
    this.underWay = true;
    const options = this.options;
    this.call(options.cluster, options.authority, options.path, options.discovery);
  }

  private call(cluster: string, authority: string, path: string, discovery: bool): void {
    const timeout = this.options.timeout;
    const headers = [["accept", "application/json"]];
    const status = discovery
      ? this.plugin!.fetchWith<Jwks>(cluster, { authority, path, headers, timeout }, this, (self, result) =>
          self.discovered(result),
        )
      : this.plugin!.fetchWith<Jwks>(cluster, { authority, path, headers, timeout }, this, (self, result) =>
          self.fetched(result),
        );
    if (status == Status.Ok) return;
    // While a proxy starts, its clusters may not be there yet.
    this.shared.release();
    this.end(null, "the call cannot be made");
  }

  private discovered(result: CallResult): void {
    const text = this.textOf(result);
    if (text === null) return;
    const root = json.parse(text, 32).root;
    const issuer = this.options.issuer;
    if (issuer === null || !root.get("issuer").equals(issuer))
      return this.end(null, "the discovery document is another issuer's");
    const url = Url.parse(root.get("jwks_uri").textOr(""));
    if (url === null) return this.end(null, "the discovery document names no keys");
    const other = this.options.keysCluster;
    const port = url.port < 0 ? "" : ":" + url.port.toString();
    const query = url.query;
    const path = (url.path.length == 0 ? "/" : url.path) + (query === null ? "" : "?" + query);
    this.call(other.length == 0 ? this.options.cluster : other, url.host + port, path, false);
  }

  private fetched(result: CallResult): void {
    const text = this.textOf(result);
    if (text === null) return;
    const control = result.headers.get("cache-control");
    const age = control === null ? -1 : new CacheControl(control).seconds("max-age");
    const lifetime = min<i64>(max<i64>(age < 0 ? 300 : age, this.options.floor), 86400) * 1000;
    const now = clock.milliseconds();
    const head = now.toString() + " " + lifetime.toString() + " ";
    if (!this.take(head + text)) return this.end(null, "no key in the answer can be used");
    this.end(head + text, "");
  }

  /** The body of an answer; null when there is none that can be read, which ends the fetch. */
  private textOf(result: CallResult): string | null {
    const status = result.status;
    if (status == 200 && result.bodySize <= MOST_BYTES) return result.body.text();
    this.end(null, status == 200 ? "the answer is too large" : "the issuer answered " + status.toString());
    return null;
  }

  private end(text: string | null, why: string): void {
    this.underWay = false;
    this.shared.put(text, this.options.stale * 1000);
    if (text === null) {
      log.warn("jwks: " + this.options.cluster + ": " + why);
      // Not each tick: as often as the floor lets.
      this.renewAt = clock.milliseconds();
    }
    this.wake();
  }

  private takeNews(): void {
    const news = this.shared.news();
    if (news !== null) this.take(news);
  }

  /** Takes keys with when they were fetched and how long they are fresh before them; false when there are none. */
  private take(text: string): bool {
    const first = text.indexOf(" ");
    const second = text.indexOf(" ", first + 1);
    const fetched = i64.parse(text.substring(0, first));
    const lifetime = i64.parse(text.substring(first + 1, second));
    const keys = readKeySet(text.substring(second + 1), this.options.algorithms);
    if (keys.length == 0) return false;
    this.use(keys);
    this.renewAt = fetched + (lifetime / 5) * 4;
    this.until = fetched + max(lifetime, this.options.stale * 1000);
    return true;
  }

  private use(keys: IssuerKey[]): void {
    for (let i = 0; i < keys.length; i++) this.prepare(keys[i].verifier);
    this.keys = keys;
  }

  private prepare(verifier: JwtVerifier): void {
    const options = this.options;
    verifier.audience = options.audience;
    verifier.issuer = options.issuer;
    verifier.skew = options.skew;
    verifier.requireExpiry = options.requireExpiry;
  }
}
