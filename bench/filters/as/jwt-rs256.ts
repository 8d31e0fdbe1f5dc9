import { FilterHeadersStatus, HttpContext, PluginContext, Status, registerPlugin } from "proxy-wasm-as";
import { base64 } from "proxy-wasm-as/assembly/std/encoding";
import { JwtError, Rs256Verifier } from "proxy-wasm-as/assembly/std/jwt";

/** Has the public key. */
class Tokens extends PluginContext {
  verifier: Rs256Verifier = new Rs256Verifier(new Uint8Array(0)); // refuses all

  onConfigure(configuration: string): bool {
    const key = base64.decode(configuration);
    if (key === null) return false;
    this.verifier = new Rs256Verifier(key);
    return true;
  }

  createHttpContext(): HttpContext {
    return new TokenStream();
  }
}

/** Lets requests pass whose token is signed and has not expired, and names their user. */
class TokenStream extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const authorization = this.request.headers.get("authorization");
    if (authorization === null || !authorization.startsWith("Bearer ")) return this.respond(401);
    const token = (this.plugin as Tokens).verifier.verify(authorization.substring(7));
    if (token.error != JwtError.None) return this.respond(401);
    const subject = token.subject;
    if (subject === null || this.request.headers.set("x-user", subject) != Status.Ok)
      return this.respond(401);
    return FilterHeadersStatus.Continue;
  }
}

registerPlugin<Tokens>();
