import { BodyEditor, EditedBodyContext, FilterHeadersStatus, registerHttpFilter } from "proxy-wasm-as";
import { HtmlEditor } from "proxy-wasm-as/assembly/std/html";

/** Puts a script at the beginning of each page's head. */
class Injection extends EditedBodyContext {
  onRequestHeaders(): FilterHeadersStatus {
    this.request.headers.remove("accept-encoding"); // what is compressed cannot be edited
    return FilterHeadersStatus.Continue;
  }

  createResponseEditor(): BodyEditor | null {
    const type = this.response.headers.get("content-type") ?? "text/html";
    if (!type.startsWith("text/html")) return null;
    return new HtmlEditor().prepend("head", '<script src="https://www.foo.com/api.js"></script>');
  }
}

registerHttpFilter<Injection>();
