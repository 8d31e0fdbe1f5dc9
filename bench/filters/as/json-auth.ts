import { FilterHeadersStatus, HttpContext, PluginContext, log, registerPlugin } from "proxy-wasm-as";
import { json } from "proxy-wasm-as/assembly/std/json";

/** Reads which header has to have which value: `{"header": "x-token", "token": "…"}`. */
class JsonAuth extends PluginContext {
  header: string = "";
  token: string = "";

  onConfigure(configuration: string): bool {
    const document = json.parse(configuration);
    const error = document.error;
    if (error !== null) {
      log.error(error);
      return false;
    }
    this.header = document.root.get("header").textOr("");
    this.token = document.root.get("token").textOr("");
    return this.header.length > 0 && this.token.length > 0;
  }

  createHttpContext(): HttpContext {
    return new JsonAuthStream();
  }
}

/** Lets requests pass that have the token. */
class JsonAuthStream extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const plugin = this.plugin as JsonAuth;
    return this.request.headers.equals(plugin.header, plugin.token)
      ? FilterHeadersStatus.Continue
      : this.respond(401);
  }
}

registerPlugin<JsonAuth>();
