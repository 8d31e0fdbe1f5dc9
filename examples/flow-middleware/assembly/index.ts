import { Status, clock, log, registerPlugin } from "proxy-wasm-as";
import { Exchange, FlowPlugin, Middleware, Next, fetch, use } from "proxy-wasm-as/assembly/flow";

/** Logs each request with its status and duration. */
export function access(x: Exchange, next: Next): void {
  const { method, path } = x.request;
  const begun = clock.milliseconds();
  const response = next.run();
  const status = response === null ? "answered here" : response.status.toString();
  const duration = <i32>(clock.milliseconds() - begun);
  log.info(`${method!} ${path!} ${status} ${duration} ms`);
}

/** Lets nobody pass whom the service "auth" does not know, and says to the upstream who it is. */
export function auth(x: Exchange, next: Next): void {
  const headers = x.request.headers;
  const check = fetch("auth", { path: "/check", headers: headers.pick(["authorization"]) });
  if (check.failed || check.status >= 500) return x.respond(503, "try again\n");
  if (!check.ok) return x.respond(401, "who are you?\n");
  headers.remove("x-user"); // or the client's would stay where a name cannot be sent
  if (check.text == "" || headers.set("x-user", check.text) != Status.Ok)
    return x.respond(503, "try again\n");
  next.run();
}

/** Lets a user make three requests in ten seconds, in each worker thread. */
export function rateLimit(x: Exchange, next: Next): void {
  const user = x.request.headers.get("x-user");
  if (user === null) return x.respond(401, "who are you?\n");
  const gate = x.plugin as Gate;
  if (!gate.admits(user)) return x.respond(429, "later\n", { headers: [["retry-after", "10"]] });
  const response = next.run();
  response?.headers.set("x-ratelimit-remaining", gate.remaining(user).toString());
}

class Gate extends FlowPlugin {
  private window: i64 = 0;
  private readonly counts = new Map<string, i32>();
  private readonly chain: Middleware[] = [access, auth, rateLimit];

  handle(x: Exchange): void {
    use(x, this.chain);
  }

  admits(user: string): boolean {
    const window = clock.milliseconds() / 10000;
    if (window != this.window) {
      this.window = window;
      this.counts.clear();
    }
    const count = this.counts.get(user) ?? 0;
    if (count >= 3) return false;
    this.counts.set(user, count + 1);
    return true;
  }

  remaining(user: string): i32 {
    return 3 - (this.counts.get(user) ?? 0);
  }
}

registerPlugin<Gate>();
