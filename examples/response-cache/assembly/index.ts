import { clock, registerPlugin } from "proxy-wasm-as";
import { Exchange, ExchangeResponse, FlowPlugin } from "proxy-wasm-as/assembly/flow";
import { SharedCache } from "proxy-wasm-as/assembly/std/cache";
import { FlowFlight } from "proxy-wasm-as/assembly/std/flow-cache";
import { CacheControl } from "proxy-wasm-as/assembly/std/http";
import { integerOr } from "proxy-wasm-as/assembly/std/number";
import { ProtobufReader, ProtobufWriter } from "proxy-wasm-as/assembly/std/protobuf";

/** The most bytes of a response that is kept, with its headers. */
const MOST: u32 = 65536;

/** What belongs to one connection, or is made anew for each response. */
const OWN = [
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "server",
  "transfer-encoding",
  "x-envoy-upstream-service-time",
];

/** Keeps responses that everybody may have, for all threads; of those that want the same, one asks the upstream. */
class ResponseCache extends FlowPlugin {
  private responses = new SharedCache("responses", 1024, MOST);
  private flights = new FlowFlight();

  handle(x: Exchange): void {
    const headers = x.request.headers;
    const asked = new CacheControl(headers.getAll("cache-control").join(","));
    // Whoever says who it is may get something else than others, and whoever wants a part wants no whole.
    const isPersonal = headers.has("authorization") || headers.has("cookie");
    const wantsOther = headers.has("range") || asked.has("no-store") || asked.has("no-cache");
    if (x.request.method != "GET" || isPersonal || wantsOther) return;
    // All get the same form, which everybody can read.
    headers.remove("accept-encoding");
    const key = `${x.request.scheme ?? ""}://${x.request.host ?? ""}${x.request.path ?? ""}`;
    let kept = this.responses.get(key);
    const isFirst = kept === null && this.flights.begin(x, key, 1000);
    if (kept === null && !isFirst) kept = this.responses.get(key);
    if (kept !== null) return answer(x, kept);
    const response = x.next();
    const milliseconds = timeOf(response);
    if (milliseconds > 0) this.responses.set(key, written(response), milliseconds);
    if (isFirst) this.flights.end(key);
  }
}

/** For how many milliseconds a response may be kept for everybody; 0 for one that may not. */
function timeOf(response: ExchangeResponse): i64 {
  const headers = response.headers;
  if (response.status != 200 || headers.has("set-cookie") || headers.has("vary")) return 0;
  // Only one whose size is known: the others pass as they come.
  if (integerOr<u32>(headers.get("content-length") ?? "", MOST, 0, MOST) == MOST) return 0;
  const control = new CacheControl(headers.getAll("cache-control").join(","));
  if (control.has("no-store") || control.has("private") || control.has("no-cache")) return 0;
  const seconds = control.has("s-maxage") ? control.seconds("s-maxage") : control.seconds("max-age");
  return 1000 * (seconds - integerOr<i64>(headers.get("age") ?? "", 0, 0));
}

/** A response as it is kept: when it came (1), names and values of its headers (2, 3), and its body (4). */
function written(response: ExchangeResponse): Uint8Array {
  const writer = new ProtobufWriter().number(1, <u64>clock.milliseconds());
  for (const [name, value] of response.headers.entries())
    if (!name.startsWith(":") && !OWN.includes(name)) writer.text(2, name).text(3, value);
  return writer.bytes(4, response.bytes()).toBytes();
}

function answer(x: Exchange, kept: Uint8Array): void {
  const reader = new ProtobufReader(kept);
  const headers: string[][] = [];
  let age: i64 = 0;
  let since: i64 = 0;
  let body = new Uint8Array(0);
  while (reader.next()) {
    if (reader.field == 1) since = <i64>reader.number;
    else if (reader.field == 2) headers.push([reader.text, ""]);
    else if (reader.field == 3) headers[headers.length - 1][1] = reader.text;
    else body = reader.bytes;
  }
  const others: string[][] = [];
  for (const header of headers) {
    if (header[0] == "age") age = integerOr<i64>(header[1], 0, 0);
    else others.push(header);
  }
  others.push(["age", (age + max((clock.milliseconds() - since) / 1000, 0)).toString()]);
  x.respondBytes(200, body, { headers: others, details: "response_cache" });
}

registerPlugin<ResponseCache>();
