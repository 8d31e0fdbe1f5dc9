import {
  CallResult,
  FilterHeadersStatus,
  HttpContext,
  PluginContext,
  Status,
  log,
  registerPlugin,
} from "proxy-wasm-as";
import { Flight, FlightRole, LruCache } from "proxy-wasm-as/assembly/std/cache";
import { Config } from "proxy-wasm-as/assembly/std/config";
import { JsonWriter, json } from "proxy-wasm-as/assembly/std/json";

/** What Open Policy Agent says of one input. */
class Decision {
  constructor(readonly allowed: bool) {}
}

/** Asks Open Policy Agent whether requests may pass: once for all that it cannot tell apart, and not again for some seconds. */
class Opa extends PluginContext {
  private cluster = "";
  private path = "";
  private milliseconds: i64 = 0;
  private decisions = new LruCache<Decision>(10000);
  private flights = new Flight<OpaStream>(1000);

  onConfigure(configuration: string): bool {
    const config = Config.readJson(configuration);
    config.allowOnly(["cluster", "path", "seconds"]);
    this.cluster = config.text("cluster");
    this.path = config.textOr("path", "/v1/data/httpapi/authz/allow");
    this.milliseconds = 1000 * config.integerOr("seconds", 5, 0, 3600);
    const error = config.error ?? (this.path.startsWith("/v1/data/") ? null : "path begins with /v1/data/");
    if (error !== null) log.error(error);
    return error === null;
  }

  createHttpContext(): HttpContext {
    return new OpaStream();
  }

  /** What is known of an input; null when it has to be asked for. */
  known(input: string): Decision | null {
    return this.decisions.get(input);
  }

  /** Asks, unless it is being asked already; `stream` gets the decision. False when that is not possible. */
  ask(input: string, stream: OpaStream): bool {
    const role = this.flights.join(input, stream);
    if (role != FlightRole.First) return role == FlightRole.Waiting;
    const sent = this.fetch(
      this.cluster,
      {
        method: "POST",
        path: this.path,
        headers: [["content-type", "application/json"]],
        body: `{"input":${input}}`,
        timeout: 1000,
      },
      (result) => this.answered(input, result),
    );
    if (sent == Status.Ok) return true;
    this.flights.land(input);
    return false;
  }

  private answered(input: string, result: CallResult): void {
    let decision: Decision | null = null;
    const answer = json.parse(result.body.text(), 32);
    if (result.status == 200 && answer.error === null) {
      // A rule that is true or false, or an object with "allow". Where there is no rule, there is no result: that is a no.
      const value = answer.root.get("result");
      decision = new Decision(value.boolOr(value.get("allow").boolOr(false)));
      this.decisions.set(input, decision, this.milliseconds);
    } else log.warn(`Open Policy Agent has answered ${result.status}`);
    for (const stream of this.flights.land(input)) stream.decided(decision);
  }
}

class OpaStream extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    const opa = this.plugin as Opa;
    // All that the policy sees, so that two requests with the same input have the same decision.
    const input = new JsonWriter()
      .object()
      .name("method")
      .string(this.request.method ?? "")
      .name("host")
      .string(this.request.host ?? "")
      .name("path")
      .string(this.request.path ?? "")
      .name("authorization")
      .string(this.request.headers.getAll("authorization").join(","))
      .end()
      .text();
    const known = opa.known(input);
    if (known !== null) return known.allowed ? FilterHeadersStatus.Continue : this.refuse();
    if (opa.ask(input, this)) return FilterHeadersStatus.StopAllIterationAndWatermark;
    return this.respond(503, "nobody can say\n", { details: "opa_not_asked" });
  }

  /** Fails closed: no decision means no. */
  decided(decision: Decision | null): void {
    if (decision === null) this.respond(503, "nobody can say\n", { details: "opa_failed" });
    else if (decision.allowed) this.resumeRequest();
    else this.refuse();
  }

  private refuse(): FilterHeadersStatus {
    return this.respond(403, "not for you\n", { details: "opa_denied" });
  }
}

registerPlugin<Opa>();
