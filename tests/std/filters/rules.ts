// Answers which rule a request meets.
import { FilterHeadersStatus, HttpContext, PluginContext, registerPlugin } from "proxy-wasm-as";
import { readConfig } from "proxy-wasm-as/assembly/std/config";
import { Rule, Rules } from "proxy-wasm-as/assembly/std/rules";

/** A rule with a name. */
class Named extends Rule {
  name!: string;
}

class Settings {
  rules: Named[] = [];
  otherwise: string = "none";
}

class Plugin extends PluginContext {
  rules: Rules<Named> = new Rules<Named>();
  otherwise: string = "";

  onConfigure(configuration: string): bool {
    const settings = readConfig<Settings>(configuration);
    if (settings === null) return false;
    this.otherwise = settings.otherwise;
    return this.rules.use(settings.rules);
  }

  createHttpContext(): HttpContext {
    return new Stream();
  }
}

class Stream extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const { rules, otherwise } = this.plugin as Plugin;
    const found = rules.find(this.request.headers);
    const readable = rules.isReadable(this.request.headers) ? "" : ", unreadable";
    return this.respond(200, (found === null ? otherwise : found.name) + readable);
  }
}

registerPlugin<Plugin>();
