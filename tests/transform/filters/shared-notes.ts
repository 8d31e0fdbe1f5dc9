/** A filter without fields of its own, whose module keeps what it has seen: the collector must see all of it. */
import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

class Visit {
  path: string = "";
  note: string = "";
  before: Visit | null = null;
}

/** The latest request, and the one before it. */
let latest: Visit | null = null;

/** How often each agent came, and what is empty as a literal. */
const agents = new Map<string, i32>();
const notes = new Map<string, string>();

class Notes extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const visit = new Visit();
    visit.path = this.request.headers.get(":path")!;
    visit.before = latest;
    if (latest !== null) latest!.before = null;
    latest = visit;
    const agent = this.request.headers.get("user-agent");
    const name = agent === null ? "" : agent;
    agents.set(name, (agents.has(name) ? agents.get(name) : 0) + 1);
    if (!notes.has(visit.path)) notes.set(visit.path, "");
    if (notes.size > 50) notes.clear();
    const last = visit.before;
    const text = [visit.path.toUpperCase(), visit.note, last === null ? "-" : last.path].join("|");
    this.request.headers.set("x-notes", text + "|" + agents.get(name).toString());
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Notes>();
