// Changes what a route can depend on: a header, or a state of the stream, which `x-do` names.
import { FilterHeadersStatus, HttpContext, log, property, registerHttpFilter } from "proxy-wasm-as";
import { attributes, clearRouteCache } from "proxy-wasm-as/assembly/envoy";

class Routes extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.request.headers;
    log.info(
      "names " + names("0") + " " + names("1") + " " + names("2") + " " + names("x") + " " + names("-1"),
    );
    const first = property.text(["xds", "route_metadata", "filter_metadata", "acme", "people", "0", "name"]);
    log.info("person " + (first === null ? "-" : first));
    log.info("number " + attributes.routeMetadata.number("acme", "numbers\x001").toString());
    const what = headers.get("x-do");
    if (what === null) return FilterHeadersStatus.Continue;
    if (what.includes("header")) headers.set("x-version", "beta");
    if (what.includes("state")) property.set("version", "beta");
    if (what.includes("clear")) clearRouteCache();
    return FilterHeadersStatus.Continue;
  }
}

function names(index: string): string {
  const path = ["xds", "route_metadata", "filter_metadata", "acme", "names", index];
  const name = property.text(path);
  return name === null ? "-" : name;
}

registerHttpFilter<Routes>();
