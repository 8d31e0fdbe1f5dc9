import { FilterHeadersStatus, HttpContext, PluginContext, log, registerPlugin } from "proxy-wasm-as";
import { Config } from "proxy-wasm-as/assembly/std/config";
import { utf8 } from "proxy-wasm-as/assembly/std/encoding";
import { equalsInConstantTime } from "proxy-wasm-as/assembly/std/hash";
import { RequestTarget, isPathBelow, normalizePath, percentDecode } from "proxy-wasm-as/assembly/std/url";

/** Who may do what below a path. */
class Rule {
  constructor(
    readonly path: string,
    /** Empty: all. */
    readonly methods: string[],
    /** The keys that open it; empty: no key is needed. */
    readonly keys: string[],
  ) {}

  applies(path: string, method: string): bool {
    return isPathBelow(path, this.path) && (this.methods.length == 0 || this.methods.includes(method));
  }

  /** Takes as long for a key that is nearly right as for any other: the time must not help to guess. */
  opens(given: string): bool {
    const bytes = utf8.encode(given);
    let found = false;
    for (const key of this.keys) if (equalsInConstantTime(utf8.encode(key), bytes)) found = true;
    return found;
  }
}

/** Keeps the rules of the configuration. */
class AccessControl extends PluginContext {
  readonly rules: Rule[] = [];

  onConfigure(configuration: string): bool {
    const config = Config.readJson(configuration);
    config.allowOnly(["rules"]);
    for (const rule of config.sections("rules")) {
      rule.allowOnly(["path", "methods", "keys"]);
      this.rules.push(new Rule(rule.text("path"), rule.texts("methods"), rule.texts("keys")));
    }
    const error = config.error;
    if (error !== null) log.error(error);
    return error === null;
  }

  createHttpContext(): HttpContext {
    return new AccessControlStream();
  }
}

/** Asks the first rule that applies; a request that none applies to is refused. */
class AccessControlStream extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    const { method, path: sent } = this.request;
    if (method === null || sent === null) return this.respond(400);
    const target = new RequestTarget(sent);
    // There are many ways to write a path: "/admin", "//admin" and "/%61dmin" must lead to the same rule.
    const path = normalizePath(target.path);
    if (path === null) return this.respond(400, "ambiguous path\n", { details: "ambiguous_path" });
    target.path = path;
    const normal = target.toString();
    if (normal != sent) this.request.headers.set(":path", normal); // what was checked is what the upstream sees

    const decoded = percentDecode(path);
    for (const rule of (this.plugin as AccessControl).rules)
      if (rule.applies(decoded, method)) return this.ask(rule);
    return this.respond(403, "forbidden\n", { details: "no_rule" });
  }

  private ask(rule: Rule): FilterHeadersStatus {
    if (rule.keys.length == 0) return FilterHeadersStatus.Continue;
    const given = this.request.headers.getAll("x-api-key");
    if (given.length != 1) return this.respond(401, "one x-api-key is needed\n", { details: "no_key" });
    if (!rule.opens(given[0])) return this.respond(403, "forbidden\n", { details: "wrong_key" });
    this.request.headers.remove("x-api-key"); // the upstream needs not know it
    return FilterHeadersStatus.Continue;
  }
}

registerPlugin<AccessControl>();
