import { FilterHeadersStatus, HttpContext, PluginContext, registerPlugin } from "proxy-wasm-as";
import { readJsonConfig } from "proxy-wasm-as/assembly/std/config";
import { Rule, Rules } from "proxy-wasm-as/assembly/std/rules";

/** What holds for the requests of a rule. */
class Policy extends Rule {
  /** Whether they are refused. */
  deny = false;
  /** Headers of their responses. */
  set: Map<string, string> = new Map<string, string>();
}

class Settings {
  rules: Policy[] = [];
  /** Whether requests are refused that no rule is for. */
  deny = false;
}

class Policies extends PluginContext {
  rules = new Rules<Policy>();
  deny = false;

  onConfigure(configuration: string): bool {
    const settings = readJsonConfig<Settings>(configuration);
    if (settings === null) return false;
    this.deny = settings.deny;
    return this.rules.use(settings.rules);
  }

  createHttpContext(): HttpContext {
    return new PoliciesStream();
  }
}

class PoliciesStream extends HttpContext {
  private policy: Policy | null = null;

  onRequestHeaders(): FilterHeadersStatus {
    const { rules, deny } = this.plugin as Policies;
    const headers = this.request.headers;
    // What servers read in different ways is in no rule, and would pass those that protect something.
    if (!rules.isReadable(headers)) return this.respond(400, "ambiguous host or path\n");
    const policy = rules.find(headers);
    this.policy = policy;
    if (policy === null ? deny : policy.deny)
      return this.respond(403, "denied\n", { details: "denied_by_rule" });
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(): FilterHeadersStatus {
    const policy = this.policy;
    if (policy !== null) for (const [name, value] of policy.set) this.response.headers.set(name, value);
    return FilterHeadersStatus.Continue;
  }
}

registerPlugin<Policies>();
