import { BodyEditor, EditedBodyContext, FilterHeadersStatus, registerHttpFilter } from "proxy-wasm-as";
import { HtmlEditor } from "proxy-wasm-as/assembly/std/html";

/** Has the links of pages lead to another host. */
class Rewrite extends EditedBodyContext {
  onRequestHeaders(): FilterHeadersStatus {
    this.request.headers.remove("accept-encoding"); // what is compressed cannot be edited
    return FilterHeadersStatus.Continue;
  }

  createResponseEditor(): BodyEditor | null {
    const type = this.response.headers.get("content-type") ?? "text/html";
    if (!type.startsWith("text/html")) return null;
    return new HtmlEditor().replaceInAttribute("a", "href", "foo.com", "bar.com");
  }
}

registerHttpFilter<Rewrite>();
