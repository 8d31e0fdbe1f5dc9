import { FilterHeadersStatus, HttpContext, PluginContext, registerPlugin } from "proxy-wasm-as";
import { Regex } from "proxy-wasm-as/assembly/std/regex";

/** Keeps the compiled pattern: compiling one for each request would cost much more than matching. */
class RegexRewrite extends PluginContext {
  /**
   * The first path segment that begins with "foo-". What is left of it must be no "..", nor become one: Envoy has resolved
   * such segments before, and "/foo-../admin" would lead to "/admin" behind its back.
   */
  readonly pattern = new Regex("/foo-([^/?#.%][^/?#]*)/");
  readonly replacement = "/$1/";

  createHttpContext(): HttpContext {
    return new RegexRewriteStream();
  }
}

/** Rewrites paths by a pattern. */
class RegexRewriteStream extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    const path = this.request.headers.get(":path");
    if (path === null) return FilterHeadersStatus.Continue;
    const plugin = this.plugin as RegexRewrite;
    const rewritten = plugin.pattern.replace(path, plugin.replacement);
    if (rewritten != path) this.request.headers.set(":path", rewritten);
    return FilterHeadersStatus.Continue;
  }
}

registerPlugin<RegexRewrite>();
