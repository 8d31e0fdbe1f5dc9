/**
 * Rules in the order in which they are asked.
 *
 * @module
 */
import { Headers } from "../../http/headers";
import { log } from "../../services/log";
import { Matcher } from "./matcher";
import { AskedRequest, readableHost, readablePath } from "./request";
import { Rule } from "./rule";

/** A rule, and what compares requests with it. */
@final
class Entry<T> {
  constructor(
    readonly rule: T,
    readonly matcher: Matcher,
  ) {}
}

/**
 * Rules, each with what it asks of a request and what holds for those. `T` is a class that extends `Rule`. Make them in
 * `onConfigure`, of a list that `readConfig` has read:
 * `{ "rules": [{ "match": { "hosts": ["*.example.com"], "paths": ["/api/*"] }, "requests": 5 }] }`
 *
 * @example
 * class Limit extends Rule {
 *   requests: u32 = 10;
 * }
 * class Settings {
 *   rules: Limit[] = [];
 * }
 * class Limits extends PluginContext {
 *   rules: Rules<Limit> = new Rules<Limit>();
 *
 *   onConfigure(configuration: string): bool {
 *     const settings = readConfig<Settings>(configuration);
 *     return settings !== null && this.rules.use(settings.rules); // the log says why not
 *   }
 * }
 */
@final
export class Rules<T extends Rule> {
  private entries: Entry<T>[] = new Array<Entry<T>>();

  /**
   * Takes rules in place of those before. An error in a rule is logged with its place, and the answer is false: the rules before
   * are kept. May be used everywhere.
   *
   * @param name the configuration's field that the rules come from.
   */
  use(rules: T[], name: string = "rules"): bool {
    const entries = new Array<Entry<T>>();
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i];
      const matcher = new Matcher(rule.match);
      const error = matcher.error;
      if (error !== null) {
        log.error("configuration: " + name + "[" + i.toString() + "].match." + error);
        return false;
      }
      const entry = new Entry<T>(rule, matcher);
      entries.push(entry);
      // Behind those of the same priority.
      let at = i;
      for (; at > 0 && entries[at - 1].rule.priority < rule.priority; at--) entries[at] = entries[at - 1];
      entries[at] = entry;
    }
    this.entries = entries;
    return true;
  }

  /**
   * The first rule that matches, those of a higher priority before the others; null when none does. Hosts are compared in lower
   * case and without their port, paths in normal form (`/x/../%61` is `/a`). A host or path that has no such form, as servers read
   * it in different ways, is in no rule that names hosts or paths: where rules protect something, refuse what `isReadable` does not
   * accept. May be used while the request's headers can be read.
   *
   * @example
   * const rules = new Rules<Rule>(); // a field of the plugin, filled in onConfigure
   * const rule = rules.find(this.request.headers);
   * if (rule !== null) log.info("a rule of priority " + rule.priority.toString());
   */
  find(headers: Headers): T | null {
    const request = new AskedRequest(headers);
    const entries = this.entries;
    for (let i = 0; i < entries.length; i++) {
      const entry = unchecked(entries[i]);
      if (entry.matcher.matches(request)) return entry.rule;
    }
    return null;
  }

  /**
   * Tells whether all servers read the request's host and path in the same way. `OPTIONS *` and CONNECT have no path.
   *
   * @example
   * if (!rules.isReadable(this.request.headers)) return this.respond(400);
   */
  isReadable(headers: Headers): bool {
    const host = headers.get(":authority");
    const path = headers.get(":path");
    return (
      host !== null &&
      readableHost(host) !== null &&
      (path === null || path == "*" || readablePath(path) !== null)
    );
  }
}
