import { LogLevel, PluginContext, log, registerPlugin } from "proxy-wasm-as";
import { Exchange, FlowPlugin, fetch } from "proxy-wasm-as/assembly/flow";

/** The headers that the service sees, and those of its answer that the upstream sees. */
const asked = ["authorization", "cookie", "x-forwarded-for"];
const passedOn = ["x-user", "x-roles"];

/** Asks a service whether a request may pass. The configuration is the name of the service's cluster. */
class AuthRequest extends FlowPlugin {
  private cluster = "auth";

  onConfigure(configuration: string): boolean {
    if (configuration) this.cluster = configuration;
    return true;
  }

  handle(x: Exchange): void {
    const headers = x.request.headers;
    const sent = headers.pick(asked);
    sent.push(["x-original-method", x.request.method!], ["x-original-path", x.request.path!]);
    const check = fetch(this.cluster, { path: "/check", headers: sent, timeout: 500 });
    if (check.failed) {
      log.warn("the authorisation service has not answered");
      return x.respond(503, "try again\n");
    }
    if (!check.ok) return x.respond(check.status == 401 ? 401 : 403, "denied\n");
    for (const name of passedOn) {
      headers.remove(name); // a client must not be able to name itself
      const value = check.header(name);
      if (value !== null) headers.set(name, value);
    }
  }
}

registerPlugin<AuthRequest>();
