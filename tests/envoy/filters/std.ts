// The helpers of std on real messages; the header "x-do" says what to do.
import { FilterHeadersStatus, HttpContext, PluginContext, registerPlugin } from "proxy-wasm-as";
import { Cookies, SameSite, SetCookie } from "proxy-wasm-as/assembly/std/cookies";
import { base64, utf8 } from "proxy-wasm-as/assembly/std/encoding";
import { Glob } from "proxy-wasm-as/assembly/std/glob";
import { formatHttpDate, parseHttpDate } from "proxy-wasm-as/assembly/std/http";
import { Es256Verifier, Hs256Verifier, Jwt, Rs256Verifier, pemToDer } from "proxy-wasm-as/assembly/std/jwt";
import { RequestTarget, normalizePath, percentDecode } from "proxy-wasm-as/assembly/std/url";

class Std extends PluginContext {
  hs256: Hs256Verifier = new Hs256Verifier(new Uint8Array(0));
  rs256: Rs256Verifier = new Rs256Verifier(new Uint8Array(0));
  es256: Es256Verifier = new Es256Verifier(new Uint8Array(0));
  admin: Glob | null = Glob.compile("/admin/**");

  /** Takes a secret and two public keys, separated by "|". */
  onConfigure(configuration: string): bool {
    const parts = configuration.split("|");
    if (parts.length < 3) return true;
    const rsa = pemToDer(parts[1]);
    const ec = pemToDer(parts[2]);
    if (rsa === null || ec === null) return false;
    this.hs256 = new Hs256Verifier(utf8.encode(parts[0]));
    this.rs256 = new Rs256Verifier(rsa);
    this.es256 = new Es256Verifier(ec);
    return true;
  }

  createHttpContext(): HttpContext {
    return new StdStream();
  }
}

class StdStream extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const todo = this.request.headers.get("x-do");
    const plugin = this.plugin as Std;
    if (todo === null) return FilterHeadersStatus.Continue;
    if (todo == "edit") return this.edit();
    if (todo == "admin") return this.checkPath();
    const token = this.request.headers.get("authorization")!.substring(7);
    let jwt: Jwt;
    if (todo == "HS256") jwt = plugin.hs256.verify(token);
    else if (todo == "RS256") jwt = plugin.rs256.verify(token);
    else jwt = plugin.es256.verify(token);
    const subject = jwt.subject;
    return this.respond(200, jwt.error.toString() + " " + (subject === null ? "-" : subject));
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const cookie = new SetCookie("seen", base64.encode(utf8.encode("été")));
    cookie.path = "/";
    cookie.maxAge = 60;
    cookie.sameSite = SameSite.Lax;
    this.response.headers.add("set-cookie", cookie.toString());
    const date = this.response.headers.get("date");
    if (date !== null)
      this.response.headers.set("x-same-date", (formatHttpDate(parseHttpDate(date)) == date).toString());
    return FilterHeadersStatus.Continue;
  }

  private edit(): FilterHeadersStatus {
    const headers = this.request.headers;
    const target = new RequestTarget(headers.get(":path")!);
    target.query.set("a", "x y");
    target.query.remove("debug");
    headers.set(":path", target.toString());
    const cookies = Cookies.of(headers.getAll("cookie"));
    cookies.set("session", "new");
    cookies.remove("ads");
    headers.set("cookie", cookies.toString());
    return FilterHeadersStatus.Continue;
  }

  private checkPath(): FilterHeadersStatus {
    const path = normalizePath(new RequestTarget(this.request.headers.get(":path")!).path);
    if (path === null) return this.respond(400);
    const isAdmin = (this.plugin as Std).admin!.test(percentDecode(path));
    return isAdmin ? this.respond(403) : FilterHeadersStatus.Continue;
  }
}

registerPlugin<Std>();
