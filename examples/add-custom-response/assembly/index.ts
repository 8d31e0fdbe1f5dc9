import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

/** Where clients find the page for errors. */
const ERROR_PAGE = "https://storage.googleapis.com/www.example.com/server-error.html";

/** Sends clients to a page of ours when the upstream fails; the page learns the upstream's status. */
class AddCustomResponse extends HttpContext {
  onResponseHeaders(): FilterHeadersStatus {
    const status = this.response.headers.get(":status");
    if (!status?.startsWith("5")) return FilterHeadersStatus.Continue;
    return this.respond(302, "", {
      headers: [
        ["origin-status", status],
        ["location", ERROR_PAGE],
      ],
    });
  }
}

registerHttpFilter<AddCustomResponse>();
