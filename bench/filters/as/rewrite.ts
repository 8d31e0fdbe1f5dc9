import { FilterHeadersStatus, HttpContext, PluginContext, registerPlugin } from "proxy-wasm-as";
import { Regex } from "proxy-wasm-as/assembly/std/regex";

/** Has the compiled pattern. */
class Rewrite extends PluginContext {
  readonly pattern: Regex = new Regex("^/api/v([0-9]+)/([a-z]+)");
  readonly replacement: string = "/$2/v$1";

  createHttpContext(): HttpContext {
    return new RewriteStream();
  }
}

/** Moves the version behind the resource. */
class RewriteStream extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const path = this.request.headers.get(":path");
    if (path === null) return FilterHeadersStatus.Continue;
    const plugin = this.plugin as Rewrite;
    const rewritten = plugin.pattern.replace(path, plugin.replacement);
    if (rewritten != path) this.request.headers.set(":path", rewritten);
    return FilterHeadersStatus.Continue;
  }
}

registerPlugin<Rewrite>();
