import { FilterHeadersStatus, HttpContext, PluginContext, Status, log, registerPlugin } from "proxy-wasm-as";
import { readJsonConfig } from "proxy-wasm-as/assembly/std/config";
import { Jwks } from "proxy-wasm-as/assembly/std/jwks";
import { Jwt, JwtError } from "proxy-wasm-as/assembly/std/jwt";

/** What the filter is told. */
class Settings {
  /** The cluster by which the issuer is reached. @minLength 1 */
  cluster!: string;
  /** The host that the issuer is asked for; the cluster's name if it is empty. */
  host: string = "";
  /** Where the issuer has its keys, or its discovery document. */
  path: string = "/.well-known/jwks.json";
  /** Whether the path is that of a discovery document. */
  discovery: boolean = false;
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
  keys: Jwks = new Jwks({});
  headers: string[] = [];
  claims: string[] = [];

  onConfigure(configuration: string): bool {
    const settings = readJsonConfig<Settings>(configuration);
    if (settings === null) return false;
    const keys = new Jwks({
      cluster: settings.cluster,
      authority: settings.host,
      path: settings.path,
      discovery: settings.discovery,
      issuer: settings.issuer,
      audience: settings.audience,
      algorithms: settings.algorithms,
    });
    const error = keys.error;
    if (error !== null) {
      log.error(error);
      return false;
    }
    this.keys = keys;
    this.headers = settings.claims.keys();
    this.claims = settings.claims.values();
    keys.start(this);
    return true;
  }

  createHttpContext(): HttpContext {
    return new JwtAuthStream();
  }
}

/** Lets requests with a token pass, and tells the upstream what it says. */
class JwtAuthStream extends HttpContext {
  private token: string = "";

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const plugin = this.plugin as JwtAuth;
    // Several come joined by commas, which no token has.
    const authorization = this.request.headers.get("authorization") ?? "";
    if (!authorization.startsWith("Bearer ") && !authorization.startsWith("bearer ")) return this.refuse();
    this.token = authorization.substring(7);
    const jwt = plugin.keys.verify(this.token);
    // A key that is not known yet may come with the next fetch.
    if (
      jwt.error == JwtError.UnknownKey &&
      plugin.keys.wait<JwtAuthStream>(this, (stream) => stream.decide())
    )
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    return this.pass(jwt) ? FilterHeadersStatus.Continue : this.refuse();
  }

  /** Goes on once the keys have been fetched, or could not be. */
  decide(): void {
    if (this.pass((this.plugin as JwtAuth).keys.verify(this.token))) this.resumeRequest();
    else this.refuse();
  }

  /** Whether the token is to be believed; its claims are in the headers then, and nothing that the client wrote there. */
  private pass(jwt: Jwt): bool {
    if (jwt.error != JwtError.None) return false;
    const plugin = this.plugin as JwtAuth;
    for (let i = 0; i < plugin.headers.length; i++) {
      const claim = jwt.claims.get(plugin.claims[i]);
      const text = claim.text() ?? (claim.isInteger ? claim.raw() : null);
      const status =
        text === null
          ? this.request.headers.remove(plugin.headers[i])
          : this.request.headers.set(plugin.headers[i], text);
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
