import { binaryOf, encode } from "./abi/text.js";
import { logLevels } from "./abi/enums.js";
import type { LogLevel } from "./abi/enums.js";
import { hostFunctions } from "./calls/index.js";
import type { Environment, LogEntry, Refusal } from "./environment.js";
import { Router } from "./http/router.js";
import type { Route } from "./http/router.js";
import type { HeaderMap } from "./abi/header-map.js";
import { rulesOf } from "./envoy-rules.js";
import type { EnvoyRules, EnvoyVersion } from "./envoy-rules.js";
import { HttpStream } from "./http/stream.js";
import type { Client, ServerHeader } from "./http/stream-options.js";
import { HttpContext } from "./http/wasm-filter.js";
import type { Cluster } from "./services/cluster.js";
import { envoyForeignFunctions } from "./services/foreign.js";
import type { ForeignFunction } from "./services/foreign.js";
import { Metrics } from "./services/metrics.js";
import type { ConnectionInfo, PropertyValue } from "./services/properties.js";
import { SharedData } from "./services/shared-data.js";
import { SharedQueues } from "./services/shared-queues.js";
import { TcpStream } from "./tcp/stream.js";
import type { TcpClient } from "./tcp/stream.js";
import { TcpContext } from "./tcp/wasm-filter.js";
import { EnvoyCrash } from "./vm/errors.js";
import { secretBytes, seededBytes } from "./services/random.js";
import type { CallingModule, HostCall } from "./vm/host-call.js";
import type { Loop } from "./vm/loop.js";
import { PluginHandle } from "./vm/plugin-handle.js";
import type { PluginOptions } from "./vm/plugin.js";
import { Registry, compile } from "./vm/registry.js";
import type { Compiled } from "./vm/registry.js";

/** The parts and settings of a host. */
export interface HostOptions {
  readonly loop: Loop;
  /** Which Envoy the host is; 1.40 unless given. */
  readonly envoy?: EnvoyVersion;
  /** The HTTP filters, in the order in which requests pass them. */
  readonly filters?: readonly PluginOptions[];
  /** The network filters. */
  readonly tcpFilters?: readonly PluginOptions[];
  readonly accessLoggers?: readonly PluginOptions[];
  /** Plugins that see no traffic. */
  readonly services?: readonly PluginOptions[];
  /** Upstreams, by the names that modules and routes use. */
  readonly clusters?: Readonly<Record<string, Cluster>>;
  /** Chooses the route of a request by its headers; undefined is 404. Without it: to the cluster "upstream", else 200 "ok". */
  readonly route?: (headers: HeaderMap) => Route | undefined;
  /** The most bytes that a filter may hold of a request or response. 1 MiB unless given. */
  readonly bufferLimit?: number;
  /** Properties, by path with dots, over those that the host knows itself. */
  readonly properties?: Readonly<Record<string, PropertyValue>>;
  readonly foreignFunctions?: Readonly<Record<string, ForeignFunction>>;
  /** Loads further ones, when a module is there that calls any: those that need libraries. */
  readonly loadForeignFunctions?: () => Promise<Readonly<Record<string, ForeignFunction>>>;
  /** "info" unless given, as Envoy starts. */
  readonly logLevel?: LogLevel;
  readonly onLog?: (entry: LogEntry) => void;
  /** Gets each call between host and module, as it begins and when it is over; `callText` makes text of it. */
  readonly onCall?: (call: HostCall, module: CallingModule) => void;
  /** Gets each host function that did not answer Ok, and what the SDK refused by itself, with the reason. */
  readonly onRefusal?: (refusal: Refusal) => void;
  /** Gets each instance of a module as it is made; what counts or measures looks into it. */
  readonly onInstance?: (instance: WebAssembly.Instance) => void;
  /** Go on where Envoy would crash; the crash is only logged. */
  readonly survive?: boolean;
  readonly requestId?: () => string;
  /**
   * Makes random bytes (`random`, `Math.random` of filters that use it) the same in each run, by this seed. This machine's own,
   * which nobody can guess, unless given.
   */
  readonly random?: number | undefined;
  /** The treatment of the upstream's `server` header: Envoy writes its own over it ("OVERWRITE") unless this is given. */
  readonly serverHeaderTransformation?: ServerHeader;
}

/** How a request reaches the host. */
export interface StreamInput {
  readonly protocol?: "HTTP/1.1" | "HTTP/2";
  readonly connection?: ConnectionInfo;
}

const DEFAULT_LIMIT = 1 << 20;

/** Plugins and the VMs that they run in: an Envoy with one worker. */
export class Host {
  readonly metrics: Metrics;
  /** The rules of the Envoy release that the host is. */
  readonly rules: EnvoyRules;
  private filters: readonly PluginHandle[] = [];
  private tcpFilters: readonly PluginHandle[] = [];
  private accessLoggers: readonly PluginHandle[] = [];
  private lastConnection = 0;
  private lastRequest = 0;
  private readonly registry: Registry;
  private readonly environment: Environment;

  private readonly foreignFunctions = new Map(envoyForeignFunctions);

  private constructor(private readonly options: HostOptions) {
    this.rules = rulesOf(options.envoy);
    this.addForeignFunctions({});
    this.environment = environmentOf(options, this.rules, this.foreignFunctions);
    this.metrics = this.environment.metrics;
    this.registry = new Registry(this.environment, hostFunctions);
  }

  /** Starts all plugins; throws `LoadError` with Envoy's message when one cannot be. */
  static async start(options: HostOptions): Promise<Host> {
    const host = new Host(options);
    host.accessLoggers = await host.loadAll(options.accessLoggers);
    host.filters = await host.loadAll(options.filters);
    host.tcpFilters = await host.loadAll(options.tcpFilters);
    await host.loadAll(options.services);
    return host;
  }

  private async loadAll(list: readonly PluginOptions[] = []): Promise<PluginHandle[]> {
    const modules = await Promise.all(list.map(({ wasm }) => compile(wasm)));
    if (modules.some(callsForeignFunctions))
      this.addForeignFunctions((await this.options.loadForeignFunctions?.()) ?? {});
    const handles: PluginHandle[] = [];
    this.options.loop.do(() => {
      for (const [i, options] of list.entries())
        handles.push(
          new PluginHandle(options, this.environment, () => this.registry.load(options, modules[i]!)),
        );
    });
    return handles;
  }

  /** Those that were given stand before those that are loaded. */
  private addForeignFunctions(functions: Readonly<Record<string, ForeignFunction>>): void {
    const given = this.options.foreignFunctions ?? {};
    const known = Object.entries(functions).filter(([name]) => !this.rules.lacksForeign.has(name));
    for (const [name, foreign] of [...known, ...Object.entries(given)])
      this.foreignFunctions.set(binaryOf(name), foreign);
  }

  /** Takes a request; what `client` gets is its response. */
  openStream(client: Client, { protocol = "HTTP/1.1", connection }: StreamInput = {}): HttpStream {
    const { options } = this;
    return new HttpStream(
      {
        environment: this.environment,
        connection: connection ?? this.newConnection(),
        protocol,
        bufferLimit: options.bufferLimit ?? DEFAULT_LIMIT,
        requestId: options.requestId ?? (() => this.newRequestId()),
        serverHeader: options.serverHeaderTransformation,
        filters: (stream) => ({
          wasm: this.filters
            .map((handle) => handle.forStream())
            .filter((plugin) => plugin !== undefined)
            .map(({ root, settings }) => new HttpContext(root, stream, settings)),
          router: new Router(stream, options.route ?? (() => this.defaultRoute())),
        }),
        onLog: (stream) => {
          for (const logger of this.accessLoggers) logger.root.logStream(stream);
        },
      },
      client,
    );
  }

  /** Takes a connection for the network filters. */
  openConnection(client: TcpClient, info?: ConnectionInfo): TcpStream {
    return new TcpStream(
      {
        environment: this.environment,
        info: info ?? this.newConnection(),
        cluster: "upstream",
        filters: (stream) =>
          this.tcpFilters
            .map((handle) => handle.forStream())
            .filter((plugin) => plugin !== undefined)
            .map(({ root, settings }) => new TcpContext(root, stream, settings)),
      },
      client,
    );
  }

  /** Ends all plugins: `proxy_on_done`, then `proxy_on_delete` of those that do not ask for time. */
  close(): void {
    for (const root of [...this.registry.roots()]) if (root.vm.failure === undefined) root.end();
  }

  private defaultRoute(): Route {
    return this.environment.clusters.has("upstream")
      ? { cluster: "upstream" }
      : { status: 200, body: "ok\n" };
  }

  private newConnection(): ConnectionInfo {
    const id = this.lastConnection++;
    return { id, sourceAddress: `127.0.0.1:${40000 + (id % 20000)}`, destinationAddress: "127.0.0.1:10000" };
  }

  private newRequestId(): string {
    return `00000000-0000-4000-8000-${String(++this.lastRequest).padStart(12, "0")}`;
  }
}

function callsForeignFunctions({ info }: Compiled): boolean {
  return info.imports.some(({ name }) => name === "proxy_call_foreign_function");
}

function environmentOf(
  options: HostOptions,
  rules: EnvoyRules,
  foreignFunctions: ReadonlyMap<string, ForeignFunction>,
): Environment {
  let crash: EnvoyCrash | undefined;
  const environment: Environment = {
    loop: options.loop,
    rules,
    called: options.onCall,
    refused: options.onRefusal,
    instantiated: options.onInstance,
    log: (entry) => options.onLog?.(entry),
    logLevel: logLevels.indexOf(options.logLevel ?? "info"),
    crash(what, instead) {
      crash ??= new EnvoyCrash(what, instead, rules.version);
      if (options.survive !== true) throw crash;
      environment.log({ level: "critical", from: "", message: crash.message, contextId: 0, ofModule: false });
    },
    clusters: new Map(
      Object.entries(options.clusters ?? {}).map(([name, cluster]) => [binaryOf(name), cluster]),
    ),
    sharedData: new SharedData(),
    queues: new SharedQueues(),
    metrics: new Metrics(),
    foreignFunctions,
    properties: new Map(
      Object.entries(options.properties ?? {}).map(([path, value]) => [
        binaryOf(path),
        typeof value === "string" ? encode(value) : value,
      ]),
    ),
    random: options.random === undefined ? secretBytes : seededBytes(options.random),
  };
  return environment;
}
