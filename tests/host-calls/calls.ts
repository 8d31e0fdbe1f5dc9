/** The rows and columns of docs/host-calls.md: what is called, from where. */

/** A host call in the puppet's words (tests/parity/filters/puppet.ts), under the name that the table gives it. */
export interface HostCall {
  readonly row: string;
  readonly operation: string;
  /** Others in the same callback would not be what they are alone: it needs a stream of its own, or even an Envoy. */
  readonly needs?: "stream" | "envoy";
}

const maps: readonly (readonly [map: number, name: string, key: string, pairs: string])[] = [
  [0, "request headers", ":path", ":method=POST,:path=/,:authority=a,:scheme=http,x-forwarded-proto=http"],
  [1, "request trailers", "x-sent", "x-sent=1"],
  [2, "response headers", ":status", ":status=200"],
  [3, "response trailers", "x-sent", "x-sent=1"],
  [6, "headers of an HTTP call's answer", ":status", ":status=200"],
  [7, "trailers of an HTTP call's answer", "x-sent", "x-sent=1"],
  [4, "initial metadata of a gRPC call", "x-sent", "x-sent=1"],
  [5, "trailing metadata of a gRPC call", "x-sent", "x-sent=1"],
];

const buffers: readonly (readonly [buffer: number, name: string])[] = [
  [0, "request body"],
  [1, "response body"],
  [2, "data from the client"],
  [3, "data from the upstream"],
  [4, "body of an HTTP call's answer"],
  [5, "gRPC message"],
  [6, "VM configuration"],
  [7, "plugin configuration"],
];

const call = (row: string, operation: string): HostCall => ({ row, operation });
const apart = (row: string, operation: string): HostCall => ({ row, operation, needs: "stream" });
const alone = (row: string, operation: string): HostCall => ({ row, operation, needs: "envoy" });

/** All host calls, by the heading of their table. */
export const hostCalls: ReadonlyMap<string, readonly HostCall[]> = new Map([
  [
    "Headers, trailers, metadata",
    maps.flatMap(([map, name, key, pairs]) => [
      call(`${name}: get`, `get ${map} ${key}`),
      call(`${name}: all`, `pairs ${map}`),
      call(`${name}: size`, `size ${map} quiet`),
      apart(`${name}: add`, `add ${map} x-new 1`),
      apart(`${name}: replace`, `rep ${map} x-new 1`),
      apart(`${name}: remove`, `rem ${map} x-new`),
      apart(`${name}: replace all`, `setp ${map} ${pairs}`),
    ]),
  ],
  [
    "Bodies, data, configuration",
    buffers.flatMap(([buffer, name]) => [
      call(`${name}: size`, `bst ${buffer}`),
      apart(`${name}: read`, `bget ${buffer} 0 10`),
      apart(`${name}: write`, `bset ${buffer} 0 1 y`),
    ]),
  ],
  [
    "The stream",
    [
      alone("continue the request", "cont 0"),
      alone("continue the response", "cont 1"),
      alone("continue data from the client", "cont 2"),
      alone("continue data from the upstream", "cont 3"),
      alone("close the request", "close 0"),
      alone("close the response", "close 1"),
      alone("close the client's connection", "close 2"),
      alone("close the upstream's connection", "close 3"),
      alone("send a local response", "local 418 details body"),
      alone("done", "done"),
      call("set the effective context: its own", "eff stream"),
    ],
  ],
  [
    "Calls",
    [
      call("HTTP call", "http auth :method=GET,:path=/,:authority=a"),
      call("gRPC call", "gcall @dead m"),
      call("gRPC stream", "gstream @dead m"),
      call("gRPC send, no such stream", "gsend 999 x"),
      call("gRPC close, no such stream", "gclose 999"),
      call("gRPC cancel, no such stream", "gcancel 999"),
      call("status of the last gRPC call", "status"),
    ],
  ],
  [
    "State, metrics, properties",
    [
      call("set shared data", "sdset key value"),
      call("get shared data", "sdget key"),
      call("register a queue", "qreg queue"),
      call("resolve a queue", "qres ~ queue"),
      call("enqueue", "qenq queue x"),
      call("dequeue", "qdeq queue"),
      call("define a metric", "mdef 1 gauge"),
      call("record a metric", "mrec gauge 1"),
      call("increment a metric", "minc gauge 1"),
      call("get a metric", "mget gauge"),
      call("property plugin_name", "propn plugin_name"),
      call("property request.path", "propn request/path"),
      call("property response.code", "propn response/code"),
      call("property source.address", "propn source/address"),
      call("property cluster_name", "propn cluster_name"),
      call("set a property", "sprop new 1"),
      call("foreign function compress", "foreign compress x"),
      call("foreign function clear_route_cache", "foreign clear_route_cache"),
    ],
  ],
  [
    "Log, time",
    [
      call("log", "log 1 text"),
      call("get the log level", "level"),
      call("get the time", "time"),
      call("set the tick period", "tick 20"),
    ],
  ],
]);

/** A callback, how the puppet names it, and what comes first. */
export interface Callback {
  readonly name: string;
  readonly section: string;
  /** Whose: a plugin's and a connection's script is in the plugin's configuration, a stream's in its request. */
  readonly kind: "plugin" | "stream" | "connection";
  /** Sections that lead to it. */
  readonly before?: string;
  /** Operations in it before the one in question. */
  readonly first?: string;
}

const answered = "http auth :method=GET,:path=/,:authority=a";

export const callbacks: readonly Callback[] = [
  { name: "onContextCreate (plugin)", section: "create", kind: "plugin" },
  { name: "onVmStart", section: "vm", kind: "plugin" },
  { name: "onConfigure", section: "cfg", kind: "plugin" },
  { name: "onTick", section: "tick#1", kind: "plugin", before: "cfg:tick 20|" },
  { name: "onQueueReady", section: "qr#1", kind: "plugin", before: "cfg:qreg ready;qenq ready x|" },
  { name: "onContextCreate (stream)", section: "cc", kind: "plugin" },
  { name: "onRequestHeaders", section: "qh", kind: "stream" },
  { name: "onRequestBody", section: "qb#1", kind: "stream" },
  { name: "onRequestTrailers", section: "qt", kind: "stream" },
  { name: "onResponseHeaders", section: "rh", kind: "stream" },
  { name: "onResponseBody", section: "rb#1", kind: "stream" },
  { name: "onResponseTrailers", section: "rt", kind: "stream" },
  {
    name: "onHttpCallResponse, the held request in effect",
    section: "hcr#1",
    kind: "stream",
    before: `qh:${answered};ret 4|`,
    first: "eff stream;",
  },
  {
    name: "onGrpcClose, the held request in effect",
    section: "gc#1",
    kind: "stream",
    before: "qh:gcall @dead m;ret 4|",
    first: "eff stream;",
  },
  { name: "onLog", section: "log", kind: "stream" },
  { name: "onDone", section: "done", kind: "stream" },
  { name: "onDelete", section: "del", kind: "stream" },
  { name: "onNewConnection", section: "nc", kind: "connection" },
  { name: "onDownstreamData", section: "dd", kind: "connection" },
  { name: "onUpstreamData", section: "ud", kind: "connection" },
  { name: "onDownstreamClose", section: "dc", kind: "connection" },
];
