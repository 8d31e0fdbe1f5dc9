import { FilterHeadersStatus, HttpContext, PluginContext, Status, log, registerPlugin } from "proxy-wasm-as";
import { readJsonConfig } from "proxy-wasm-as/assembly/std/config";
import { Jwks } from "proxy-wasm-as/assembly/std/jwks";
import { Jwt, JwtError } from "proxy-wasm-as/assembly/std/jwt";

/** What the filter is told. */
class Settings {
  /** The cluster by which the issuer is reached. @minLength 1 */
  cluster!: string;
  /** The host that the issuer is asked for; the cluster's name if it is empty. */
  host = "";
  /** Where the issuer has its keys, or its discovery document. */
  path = "/.well-known/jwks.json";
  /** Whether the path is that of a discovery document. */
  discovery = false;
  /** Who has to have issued a token. @minLength 1 */
  issuer!: string;
  /** Who a token has to be for. @minLength 1 */
  audience!: string;
  /** What tokens may be signed with. @oneOf RS256, ES256 @minItems 1 */
  algorithms: string[] = ["RS256", "ES256"];
  /** The headers that upstreams get, each with the name of its claim. */
  claims: Map<string, string> = new Map<string, string>();
}

/** Keeps the issuer's keys. */
class JwtAuth extends PluginContext {
  keys = new Jwks({});
  claims = new Map<string, string>();

  onConfigure(configuration: string): boolean {
    const settings = readJsonConfig<Settings>(configuration);
    if (settings === null) return false;
    const { cluster, host: authority, path, discovery, issuer, audience, algorithms } = settings;
    const keys = new Jwks({ cluster, authority, path, discovery, issuer, audience, algorithms });
    const { error } = keys;
    if (error !== null) {
      log.error(error);
      return false;
    }
    this.keys = keys;
    this.claims = settings.claims;
    keys.start(this);
    return true;
  }

  createHttpContext(): HttpContext {
    return new JwtAuthStream();
  }
}

/** Lets requests with a token pass, and tells the upstream what it says. */
class JwtAuthStream extends HttpContext {
  private token = "";

  onRequestHeaders(): FilterHeadersStatus {
    const plugin = this.plugin as JwtAuth;
    // Several come joined by commas, which no token has.
    const authorization = this.request.headers.get("authorization") ?? "";
    if (!authorization.startsWith("Bearer ") && !authorization.startsWith("bearer ")) return this.refuse();
    this.token = authorization.substring(7);
    const jwt = plugin.keys.verify(this.token);
    // A key that is not known yet may come with the next fetch.
    if (jwt.error == JwtError.UnknownKey && plugin.keys.wait(this, (stream) => stream.decide()))
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    return this.pass(jwt) ? FilterHeadersStatus.Continue : this.refuse();
  }

  /** Goes on once the keys have been fetched, or could not be. */
  decide(): void {
    if (this.pass((this.plugin as JwtAuth).keys.verify(this.token))) this.resumeRequest();
    else this.refuse();
  }

  /** Whether the token is to be believed; its claims are in the headers then, and nothing that the client wrote there. */
  private pass(jwt: Jwt): boolean {
    if (jwt.error != JwtError.None) return false;
    const headers = this.request.headers;
    for (const [header, name] of (this.plugin as JwtAuth).claims) {
      const claim = jwt.claims.get(name);
      const text = claim.text() ?? (claim.isInteger ? claim.raw() : null);
      const status = text === null ? headers.remove(header) : headers.set(header, text);
      if (status != Status.Ok) return false;
    }
    return true;
  }

  private refuse(): FilterHeadersStatus {
    return this.respond(401, "a valid token is needed\n", {
      headers: [["www-authenticate", "Bearer"]],
      details: "token_refused",
    });
  }
}

registerPlugin<JwtAuth>();
