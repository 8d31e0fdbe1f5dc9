// Reads every property, by path and by expression, and writes what can be written, wherever it runs: as an access logger, an HTTP
// filter and a network filter. Says its configuration and the callback when it has come through.
import {
  AccessLogger,
  FilterDataStatus,
  FilterHeadersStatus,
  FilterStatus,
  HttpContext,
  PluginContext,
  TcpContext,
  log,
  property,
  registerPlugin,
} from "proxy-wasm-as";
import {
  Expression,
  LifeSpan,
  attributes,
  clearRouteCache,
  setFilterState,
} from "proxy-wasm-as/assembly/envoy";

const peers = ["source", "destination", "upstream", "connection"];
const ofPeers = ["address", "port", "local_address", "id", "mtls", "requested_server_name", "tls_version"];
const certificates = ["subject_local_certificate", "subject_peer_certificate", "dns_san_local_certificate"];
const more = ["dns_san_peer_certificate", "uri_san_local_certificate", "uri_san_peer_certificate"];
const ends = [
  "sha256_peer_certificate_digest",
  "transport_failure_reason",
  "termination_details",
  "locality",
];
const times = ["cx_pool_ready_duration", "request_attempt_count", "num_endpoints", "filter_state"];
const messages = ["request", "response"];
const lines = [
  "path",
  "url_path",
  "host",
  "scheme",
  "method",
  "referer",
  "useragent",
  "id",
  "query",
  "protocol",
];
const sizes = ["time", "duration", "size", "total_size", "code", "code_details", "flags", "grpc_status"];
const maps = ["backend_latency", "headers", "headers.x-a", "trailers", "trailers.x-a"];
const places = ["xds", ""];
const names = ["cluster_name", "route_name", "virtual_host_name", "filter_chain_name", "listener_direction"];
const metadata = ["cluster_metadata", "route_metadata", "listener_metadata", "upstream_host_metadata"];
const hosts = [
  "upstream_host_locality_metadata",
  "virtual_host_metadata",
  "node",
  "node.id",
  "node.metadata",
];
const own = [
  "metadata",
  "metadata.filter_metadata.a",
  "filter_state",
  "filter_state.a",
  "upstream_filter_state",
];
const self = ["plugin_name", "plugin_root_id", "plugin_vm_id", "connection_id", "upstream_filter_state.a"];
const conditions = [
  "source.address.startsWith('1')",
  "destination['port']",
  "{'a': source.address}",
  "has(source.address)",
  "[source, destination].exists(x, x.port == 1)",
  "request.headers['x-a']",
  "response.trailers.size()",
];

const paths: string[] = [];
const expressions: (Expression | null)[] = [];

function addAll(firsts: string[], groups: string[][]): void {
  for (let i = 0; i < firsts.length; i++) {
    if (firsts[i] != "") paths.push(firsts[i]);
    for (let j = 0; j < groups.length; j++) {
      for (let k = 0; k < groups[j].length; k++)
        paths.push(firsts[i] == "" ? groups[j][k] : firsts[i] + "." + groups[j][k]);
    }
  }
}

/** Once in each VM. */
function prepare(): void {
  if (paths.length > 0) return;
  addAll(peers, [ofPeers, certificates, more, ends, times]);
  addAll(messages, [lines, sizes, maps]);
  addAll(places, [names, metadata, hosts]);
  addAll([""], [own, self]);
  for (let i = 0; i < paths.length; i++) expressions.push(Expression.compile(paths[i]));
  for (let i = 0; i < conditions.length; i++) expressions.push(Expression.compile(conditions[i]));
}

function readAll(label: string, where: string): void {
  for (let i = 0; i < paths.length; i++) property.bytes(paths[i].split("."));
  for (let i = 0; i < expressions.length; i++) {
    const expression = expressions[i];
    if (expression !== null) expression.evaluate();
  }
  attributes.source.address();
  attributes.source.port();
  attributes.destination.address();
  attributes.destination.port();
  attributes.upstream.address();
  attributes.metadata.text("a", "b");
  attributes.routeMetadata.text("a", "b");
  property.set("every", label);
  setFilterState("envoy.string", label, LifeSpan.DownstreamRequest);
  setFilterState("envoy.upstream.server_name", "a", LifeSpan.DownstreamConnection);
  clearRouteCache();
  log.warn(label + " " + where);
}

class Log extends AccessLogger {
  private label: string = "";

  onConfigure(configuration: string): bool {
    this.label = configuration;
    prepare();
    return true;
  }

  onLog(): void {
    this.request.headers.entries();
    this.request.trailers.entries();
    this.response.headers.entries();
    this.response.trailers.entries();
    this.request.headers.set("x-a", "1");
    this.response.headers.set("x-a", "1");
    readAll(this.label, "log");
    this.after(1, () => readAll(this.label, "later"));
  }
}

class Plugin extends PluginContext {
  label: string = "";

  onConfigure(configuration: string): bool {
    this.label = configuration;
    prepare();
    return true;
  }

  createHttpContext(): HttpContext {
    return new Stream();
  }
}

class NetworkPlugin extends PluginContext {
  label: string = "";

  onConfigure(configuration: string): bool {
    this.label = configuration;
    prepare();
    return true;
  }

  createTcpContext(): TcpContext {
    return new Connection();
  }
}

class Stream extends HttpContext {
  private read(where: string): void {
    readAll((this.plugin as Plugin).label, where);
  }

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.read("request");
    this.after(1, () => this.read("later"));
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.read("body");
    return FilterDataStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.read("response");
    return FilterHeadersStatus.Continue;
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.read("response body");
    return FilterDataStatus.Continue;
  }

  onLog(): void {
    this.read("log");
  }

  onDone(): void {
    this.read("done");
  }

  onDelete(): void {
    this.read("delete");
  }
}

class Connection extends TcpContext {
  private read(where: string): void {
    readAll((this.plugin as NetworkPlugin).label, where);
  }

  onNewConnection(): FilterStatus {
    this.read("new");
    return FilterStatus.Continue;
  }

  onDownstreamData(dataSize: u32, endOfStream: bool): FilterStatus {
    this.read("down");
    return FilterStatus.Continue;
  }

  onUpstreamData(dataSize: u32, endOfStream: bool): FilterStatus {
    this.read("up");
    return FilterStatus.Continue;
  }

  onDone(): void {
    this.read("done");
  }

  onLog(): void {
    this.read("log");
  }

  onDelete(): void {
    this.read("delete");
  }
}

registerPlugin<Log>("log");
registerPlugin<Plugin>("http");
registerPlugin<NetworkPlugin>("network");
