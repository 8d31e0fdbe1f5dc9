import { LogLevel, PluginContext, log, registerPlugin } from "proxy-wasm-as";
import { Exchange, FlowPlugin, fetch } from "proxy-wasm-as/assembly/flow";

/** The headers that the service sees, and those of its answer that the upstream sees. */
const asked = ["authorization", "cookie", "x-forwarded-for"];
const passedOn = ["x-user", "x-roles"];

/** Asks a service whether a request may pass. The configuration is the name of the service's cluster. */
class AuthRequest extends FlowPlugin {
  private cluster: string = "auth";

  onConfigure(configuration: string): bool {
    if (configuration.length > 0) this.cluster = configuration;
    return true;
  }

  handle(x: Exchange): void {
    const headers = x.request.headers;
    const sent = headers.pick(asked);
    sent.push(["x-original-method", headers.get(":method")!]);
    sent.push(["x-original-path", headers.get(":path")!]);
    const check = fetch(this.cluster, { path: "/check", headers: sent, timeout: 500 });
    if (check.failed) {
      log.warn("the authorisation service has not answered");
      return x.respond(503, "try again\n");
    }
    if (!check.ok) return x.respond(check.status == 401 ? 401 : 403, "denied\n");
    for (let i = 0; i < passedOn.length; i++) {
      // A client must not be able to name itself.
      headers.remove(passedOn[i]);
      const value = check.header(passedOn[i]);
      if (value !== null) headers.set(passedOn[i], value);
    }
  }
}

registerPlugin<AuthRequest>();
