/** Lets requests with a token pass that one of the issuer's keys has signed. */
import { registerPlugin } from "proxy-wasm-as";
import { Exchange, FlowPlugin } from "proxy-wasm-as/assembly/flow";
import { verifyToken } from "proxy-wasm-as/assembly/std/flow-jwks";
import { Jwks } from "proxy-wasm-as/assembly/std/jwks";
import { JwtError } from "proxy-wasm-as/assembly/std/jwt";

class Auth extends FlowPlugin {
  keys: Jwks = new Jwks({ cluster: "issuer" });

  onConfigure(configuration: string): bool {
    this.keys = new Jwks({ cluster: "issuer", floor: 60, keys: configuration, stale: 1000 });
    this.keys.start(this);
    return this.keys.error === null;
  }

  handle(x: Exchange): void {
    const jwt = verifyToken(this.keys, x.request.headers.get("x-token") ?? "");
    x.respond(jwt.error == JwtError.None ? 200 : 401, jwt.error.toString());
  }
}

registerPlugin<Auth>();
