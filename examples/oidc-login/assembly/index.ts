import { Status, log, random, registerPlugin } from "proxy-wasm-as";
import { Exchange, FlowPlugin, fetch } from "proxy-wasm-as/assembly/flow";
import { readJsonConfig } from "proxy-wasm-as/assembly/std/config";
import { Cookies, SameSite, SetCookie } from "proxy-wasm-as/assembly/std/cookies";
import { base64, base64url, utf8 } from "proxy-wasm-as/assembly/std/encoding";
import { verifyToken } from "proxy-wasm-as/assembly/std/flow-jwks";
import { Form } from "proxy-wasm-as/assembly/std/form";
import { hmacSha256, sha256 } from "proxy-wasm-as/assembly/std/hash";
import { Jwks } from "proxy-wasm-as/assembly/std/jwks";
import { JsonType, json } from "proxy-wasm-as/assembly/std/json";
import { JwtError } from "proxy-wasm-as/assembly/std/jwt";
import { Query, RequestTarget, Url, percentEncode } from "proxy-wasm-as/assembly/std/url";
import { Issuer } from "./issuer";
import { Signer } from "./signer";

const CALLBACK = "/oidc/callback";
const LOGOUT = "/oidc/logout";
/** The prefix keeps other hosts, and pages without TLS, from setting them. */
const SESSION = "__Host-session";
const LOGIN = "__Host-login";
/** How many seconds somebody has to log in. */
const PATIENCE: i64 = 600;
/** How long the name of a login and of a session is. */
const NAME = 43;

/** What the filter is told. */
class Settings {
  /** The issuer, as its tokens name it. @minLength 1 */
  issuer!: string;
  /** The cluster by which it is reached. @minLength 1 */
  cluster!: string;
  /** As the issuer knows this site. @minLength 1 */
  clientId!: string;
  clientSecret!: string;
  /** The beginning of this site's URLs, such as `https://app.example`. @minLength 1 */
  origin!: string;
  /** What cookies are signed with. @minLength 32 */
  secret!: string;
  /** What is asked of the issuer; `openid` has to be among it. */
  scope = "openid";
  /** For how many seconds a session lasts. @min 1 */
  seconds: u32 = 3600;
}

/** Lets people pass who have logged in at an issuer (OpenID Connect, code flow with PKCE), and sends others there. */
class OidcLogin extends FlowPlugin {
  private settings = new Settings();
  private signer = new Signer(new Uint8Array(0));
  private issuer = new Issuer("", "");
  private keys = new Jwks({});

  onConfigure(configuration: string): bool {
    const settings = readJsonConfig<Settings>(configuration);
    if (settings === null) return false;
    const { issuer: name, cluster, clientId: audience } = settings;
    const issuer = new Issuer(name, cluster);
    const authority = issuer.host;
    const keys = new Jwks({ cluster, authority, path: issuer.path, discovery: true, issuer: name, audience });
    const origin = Url.parse(settings.origin);
    const isWrong = origin === null || origin.path.length > 0 || authority.length == 0;
    const error = isWrong ? "issuer and origin are URLs, the origin without a path" : keys.error;
    if (error !== null) log.error(error);
    if (error !== null) return false;
    this.settings = settings;
    // A session of another issuer or site with the same secret is none here: its users are other people.
    const here = utf8.encode(`${name} ${settings.origin} ${audience}`);
    this.signer = new Signer(hmacSha256(utf8.encode(settings.secret), here));
    this.issuer = issuer;
    this.keys = keys;
    keys.start(this);
    return true;
  }

  handle(x: Exchange): void {
    const headers = x.request.headers;
    const cookies = Cookies.of(headers.getAll("cookie"));
    const target = new RequestTarget(x.request.path ?? "");
    if (target.path == CALLBACK) return this.finish(x, cookies, target.query);
    if (target.path == LOGOUT) return this.logout(x);
    const session = this.read(cookies, SESSION);
    if (session === null) return this.begin(x);
    // What a client has sent under this name is replaced, or the request is refused.
    if (headers.set("x-user", session.substring(NAME)) != Status.Ok)
      return refuse(x, "this name cannot be sent");
    // The upstream has no use for them.
    cookies.remove(SESSION);
    cookies.remove(LOGIN);
    if (cookies.toString().length > 0) headers.set("cookie", cookies.toString());
    else headers.remove("cookie");
  }

  /** Sends a browser to the issuer, and leaves it a cookie by which it is known when it comes back. */
  private begin(x: Exchange): void {
    const path = x.request.path ?? "/";
    // A program, or a form that would be lost, does not want to be sent elsewhere.
    const isPage = x.request.method == "GET" && x.request.headers.includes("accept", "text/html");
    if (!isPage) return x.respond(401, "log in first\n", { details: "no_session" });
    if (!this.issuer.isKnown(x)) return x.respond(503, "nobody can log in now\n", { details: "no_issuer" });
    // Nobody but this filter can tell the three from the name: the browser does not see the verifier.
    const name = newName();
    const verifier = this.signer.sign("verifier", name);
    const query = new Query("response_type=code");
    query.append("client_id", this.settings.clientId);
    query.append("redirect_uri", this.settings.origin + CALLBACK);
    query.append("scope", this.settings.scope);
    query.append("state", this.signer.sign("state", name));
    query.append("nonce", this.signer.sign("nonce", name));
    query.append("code_challenge", base64url.encode(sha256(utf8.encode(verifier))));
    query.append("code_challenge_method", "S256");
    // Where to go afterwards stands in the cookie, too, signed; a cookie has room for 4,096 bytes. A path of another form could
    // make another host of the origin.
    const login = this.signer.seal(
      LOGIN,
      name + (path.startsWith("/") && path.length < 2000 ? path : "/"),
      PATIENCE,
    );
    redirect(x, withQuery(this.issuer.authorization, query), [cookie(LOGIN, login, PATIENCE)]);
  }

  /** The issuer has sent a browser back: with a code, which says who it is. */
  private finish(x: Exchange, cookies: Cookies, query: Query): void {
    const login = this.read(cookies, LOGIN);
    if (x.request.method != "GET" || login === null) return refuse(x, "this login was not begun here");
    const name = login.substring(0, NAME);
    if (!this.signer.isSigned("state", name, only(query, "state")))
      return refuse(x, "this login is another one");
    if (!this.issuer.isKnown(x)) return refuse(x, "nobody can log in now");
    const isFromIssuer = only(query, "iss") == this.issuer.name;
    if (!isFromIssuer && (this.issuer.namesItself || query.has("iss")))
      return refuse(x, "another issuer answers");
    const code = only(query, "code");
    if (code.length == 0 || query.has("error")) return refuse(x, "the issuer says no");
    const user = this.userOf(code, name);
    if (user === null) return refuse(x, "the issuer does not say who this is");
    const session = this.signer.seal(SESSION, newName() + user, this.settings.seconds);
    const set = [cookie(SESSION, session, this.settings.seconds), cookie(LOGIN, "", 0)];
    // The origin is ours, whatever the path looks like.
    redirect(x, this.settings.origin + login.substring(NAME), set);
  }

  /** Asks the issuer whose code it is; null when nobody's. */
  private userOf(code: string, name: string): string | null {
    const { clientId, clientSecret, origin } = this.settings;
    const form = new Form().append("grant_type", "authorization_code").append("code", code);
    form
      .append("redirect_uri", origin + CALLBACK)
      .append("code_verifier", this.signer.sign("verifier", name));
    const credentials = percentEncode(clientId) + ":" + percentEncode(clientSecret);
    const headers = [
      ["content-type", "application/x-www-form-urlencoded"],
      ["authorization", "Basic " + base64.encode(utf8.encode(credentials))],
    ];
    const { cluster, tokenHost: authority, tokenPath: path } = this.issuer;
    const answer = fetch(cluster, { method: "POST", authority, path, headers, body: form.toString() });
    if (!answer.ok) return null;
    const jwt = verifyToken(this.keys, json.parse(answer.text, 32).root.get("id_token").textOr(""));
    if (jwt.error != JwtError.None) return null;
    // The token is for this login, and for nobody else with us.
    if (!this.signer.isSigned("nonce", name, jwt.claims.get("nonce").textOr(""))) return null;
    const party = jwt.claims.get("azp");
    const audience = jwt.claims.get("aud");
    const isShared = audience.type == JsonType.Array && audience.length > 1;
    if ((party.exists || isShared) && !party.equals(clientId)) return null;
    const subject = jwt.subject;
    return subject !== null && subject.length > 0 ? subject : null;
  }

  /** Ends a session, here and at the issuer. Only a page of ours may: browsers tell whose a POST is. */
  private logout(x: Exchange): void {
    const isOurs = x.request.headers.equals("origin", this.settings.origin);
    if (x.request.method != "POST" || !isOurs) return refuse(x, "log out from one of our pages");
    const query = new Query("");
    query.append("client_id", this.settings.clientId);
    query.append("post_logout_redirect_uri", this.settings.origin + "/");
    const known = this.issuer.isKnown(x) && this.issuer.logout.length > 0;
    const next = known ? withQuery(this.issuer.logout, query) : this.settings.origin + "/";
    redirect(x, next, [cookie(SESSION, "", 0)]);
  }

  /** What is in a cookie of ours. Of several it is not known who has set them. */
  private read(cookies: Cookies, name: string): string | null {
    const sent = cookies.getAll(name);
    return sent.length == 1 ? this.signer.open(name, sent[0]) : null;
  }
}

/** A name that nobody can guess. */
function newName(): string {
  return base64url.encode(random.bytes(32));
}

/** The value of a parameter that comes once; empty when it does not. */
function only(query: Query, name: string): string {
  const values = query.getAll(name);
  return values.length == 1 ? values[0] : "";
}

function withQuery(url: string, query: Query): string {
  return url + (url.includes("?") ? "&" : "?") + query.toString();
}

function cookie(name: string, value: string, seconds: i64): string {
  const cookie = new SetCookie(name, value);
  cookie.path = "/";
  cookie.secure = cookie.httpOnly = true;
  cookie.sameSite = SameSite.Lax; // it comes along when the issuer sends the browser back
  cookie.maxAge = seconds;
  return cookie.toString();
}

function redirect(x: Exchange, location: string, cookies: string[]): void {
  const headers = [
    ["location", location],
    ["cache-control", "no-store"],
    ["referrer-policy", "no-referrer"],
  ];
  for (const cookie of cookies) headers.push(["set-cookie", cookie]);
  x.respond(303, "", { headers });
}

function refuse(x: Exchange, why: string): void {
  x.respond(403, why + "\n", { headers: [["cache-control", "no-store"]], details: "login_refused" });
}

registerPlugin<OidcLogin>();
