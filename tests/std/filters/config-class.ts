/** Reads its configuration into a class, and answers what it has read. */
import { FilterHeadersStatus, HttpContext, PluginContext, registerPlugin } from "proxy-wasm-as";
import { readConfig } from "proxy-wasm-as/assembly/std/config";
import { Base, Limits, type Port } from "./config-parts";

const MODE = "strict";

/** One of several, and those below it. */
class Node {
  name: string = "";
  children: Node[] = [];
}

/**
 * What the filter does.
 */
export class Settings extends Base {
  /** The header that is set. @minLength 2 @maxLength 4 */
  header!: string;
  mode: "strict" | "lax" = MODE;
  limits: Limits = new Limits();
  /** Who may come in. @maxItems 3
   * @pattern ^[a-z.]+\*?$ */
  allow: string[] = ["a.example"];
  port: Port = 80;
  ratio: number = 0.5;
  weights: Map<string, u8[]> = new Map();
  more: Limits | null = null;
  base: Base | null = null;
  note: string | null = null;
  comment?: string;
  tags: Set<string> = new Set<string>();
  tree: Node = new Node();
  byName: Map<string, Limits> = new Map<string, Limits>();
  /** @oneOf red, "light green" */
  colors: (string | null)[] = [];
  on = true;
  count = 3;
  big: u64 = 0;
  signed: i8 = -1;
  small: f32 = 1;
  /** @ignore */
  computed: string = "";
  private hidden: string = "";
}

class Plugin extends PluginContext {
  settings: Settings = new Settings();

  onConfigure(configuration: string): bool {
    const settings = readConfig<Settings>(configuration);
    if (settings === null) return false;
    this.settings = settings;
    return true;
  }

  createHttpContext(): HttpContext {
    return new Stream();
  }
}

class Stream extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const s = (this.plugin as Plugin).settings;
    const limits = s.limits;
    const more = s.more;
    let text = `${s.id} ${s.header} ${s.mode} ${limits.rps} ${limits.burst} ${s.allow.join(",")} ${s.port} ${s.ratio}`;
    const weights = s.weights.keys();
    for (let i = 0; i < weights.length; i++) text += ` ${weights[i]}=${s.weights.get(weights[i]).join("+")}`;
    text += ` ${more === null ? "none" : more.rps.toString()} ${s.note ?? "null"} ${s.comment ?? "null"}`;
    text += ` ${s.tags.values().join(",")} ${depth(s.tree)} ${s.byName.size} ${s.colors.length} ${s.on} ${s.count}`;
    const base = s.base;
    text += ` ${s.big} ${s.signed} ${s.small} ${base === null ? -1 : base.id}`;
    return this.respond(200, text);
  }
}

function depth(node: Node): i32 {
  let most = 0;
  for (let i = 0; i < node.children.length; i++) most = max(most, depth(node.children[i]));
  return most + 1;
}

registerPlugin<Plugin>();
