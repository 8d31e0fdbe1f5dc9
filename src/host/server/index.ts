/**
 * A reverse proxy that leads real traffic through Wasm filters, without an Envoy: HTTP/1.1, HTTP/2 without TLS, and
 * WebSockets. A module that changes on disk is taken into use for new requests.
 *
 * @example
 * const server = await serveHost({ filters: [{ wasm: "build/plugin.wasm" }], upstream: 8080, port: 10000 });
 * console.log(`http://127.0.0.1:${server.port}/`);
 * await server.close();
 *
 * @module
 */
import { watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createServer as createHttp2 } from "node:http2";
import { createServer as createTcp } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { basename, dirname } from "node:path";
import type { LogLevel } from "../abi/enums.js";
import type { LogEntry, Refusal } from "../environment.js";
import { rulesOf } from "../envoy-rules.js";
import type { EnvoyVersion } from "../envoy-rules.js";
import { loadForeignFunctions } from "../foreign/load.js";
import { Host } from "../host.js";
import type { Cluster } from "../services/cluster.js";
import type { Metrics } from "../services/metrics.js";
import type { CallingModule, HostCall } from "../vm/host-call.js";
import { RealLoop } from "../vm/loop.js";
import type { PluginOptions } from "../vm/plugin.js";
import { serve, serveUpgrade } from "./downstream.js";
import type { ServedRequest } from "./downstream.js";
import { Http1Cluster } from "./http1-cluster.js";
import type { Address, Run } from "./http1-cluster.js";
import { Http2Cluster } from "./http2-cluster.js";
import { serveTcp } from "./tcp.js";

export type { ServedRequest } from "./downstream.js";

/** A plugin whose module is a file. */
export type ServedPlugin = Omit<PluginOptions, "wasm"> & { readonly wasm: string };

/** A port of this machine, or a host and port; with `http2` it is reached by HTTP/2 without TLS. */
export type Target = number | Address;

/** The settings of a server. */
export interface ServeOptions {
  readonly filters: readonly ServedPlugin[];
  /** Network filters, in place of `filters`: connections are led through them as they are, to the upstream. */
  readonly tcpFilters?: readonly ServedPlugin[];
  readonly accessLoggers?: readonly ServedPlugin[];
  readonly services?: readonly ServedPlugin[];
  /** The target of requests; without one they are answered 200 `ok`. */
  readonly upstream?: Target;
  /** More clusters, by name. Those whose name begins with "grpc" are reached by HTTP/2 unless they say otherwise. */
  readonly clusters?: Readonly<Record<string, Target>>;
  /** The port to listen on; left out or 0, one that is free. */
  readonly port?: number;
  /** The address to listen on; 127.0.0.1 unless given. */
  readonly address?: string;
  /** @internal Reads a module's file. */
  readonly readModule?: (file: string) => Promise<Uint8Array>;
  /** Tells whether to take changed modules into use. */
  readonly watch?: boolean;
  /** Which Envoy the host is; 1.40 unless given. */
  readonly envoy?: EnvoyVersion;
  readonly bufferLimit?: number;
  readonly logLevel?: LogLevel;
  readonly onLog?: (entry: LogEntry) => void;
  /** Gets each call between host and module, as it begins and when it is over. */
  readonly onCall?: (call: HostCall, module: CallingModule) => void;
  /** Gets what the host and the SDK refuse, with the reasons. */
  readonly onRefusal?: (refusal: Refusal) => void;
  /** Called with each request when it is over. */
  readonly onRequest?: (request: ServedRequest) => void;
  /** Is told when changed modules are in use, or why they are not. */
  readonly onReload?: (error?: Error) => void;
}

/** A running server. */
export interface HostServer {
  readonly port: number;
  /** How many requests are on their way. */
  readonly openStreams: number;
  /** The metrics of all modules. */
  readonly metrics: Metrics;
  /** Loads the modules again; requests on their way end with the old ones. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

/** A host and the requests on their way through it. */
interface Generation {
  readonly host: Host;
  open: number;
  retired: boolean;
}

/** The first bytes of HTTP/2 clients. */
const PREFACE = "PRI";

/** Starts a server; throws `LoadError` with Envoy's message when a module or its configuration is refused. */
export async function serveHost(options: ServeOptions): Promise<HostServer> {
  const loop = new RealLoop(setImmediate);
  const run: Run = (event) => {
    try {
      loop.do(event);
    } catch (error) {
      options.onLog?.({
        level: "critical",
        from: "",
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
        contextId: 0,
        ofModule: false,
      });
    }
  };
  const clusters = makeClusters(options, run);
  const { readModule = (file: string) => readFile(file) } = options;
  const read = async (plugin: ServedPlugin): Promise<PluginOptions> => ({
    ...plugin,
    wasm: await readModule(plugin.wasm),
  });
  const start = async (): Promise<Generation> => ({
    host: await Host.start({
      ...options,
      loadForeignFunctions,
      loop,
      clusters,
      survive: true,
      filters: await Promise.all(options.filters.map(read)),
      tcpFilters: await Promise.all((options.tcpFilters ?? []).map(read)),
      accessLoggers: await Promise.all((options.accessLoggers ?? []).map(read)),
      services: await Promise.all((options.services ?? []).map(read)),
    }),
    open: 0,
    retired: false,
  });
  let current = await start();
  const begin = (): { generation: Generation; end: () => void } => {
    const generation = current;
    generation.open++;
    return {
      generation,
      end: () => {
        if (--generation.open === 0 && generation.retired) run(() => generation.host.close());
      },
    };
  };

  const http1 = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (incoming, outgoing) => {
    const { generation, end } = begin();
    serve(generation.host, run, incoming, outgoing, end, options.onRequest);
  });
  http1.on("upgrade", (incoming, socket, head) => {
    const { generation, end } = begin();
    serveUpgrade(generation.host, run, incoming, socket, head, end);
  });
  const http2 = createHttp2((incoming, outgoing) => {
    const { generation, end } = begin();
    serve(generation.host, run, incoming, outgoing, end, options.onRequest);
  });
  http2.on("sessionError", () => undefined);
  const sockets = new Set<Socket>();
  const listener = createTcp({ allowHalfOpen: options.tcpFilters !== undefined }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    if (options.tcpFilters !== undefined) {
      const { generation, end } = begin();
      serveTcp(generation.host, run, socket, end);
      return;
    }
    socket.once("data", (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      const isHttp2 = first.toString("latin1", 0, PREFACE.length) === PREFACE;
      (isHttp2 ? http2 : http1).emit("connection", socket);
      process.nextTick(() => socket.resume());
    });
  });
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(options.port ?? 0, options.address ?? "127.0.0.1", resolve);
  });

  const reload = async (): Promise<void> => {
    const next = await start();
    const old = current;
    current = next;
    old.retired = true;
    if (old.open === 0) run(() => old.host.close());
  };
  const stopWatching = options.watch === true ? watchModules(options, reload) : () => undefined;
  return {
    port: (listener.address() as AddressInfo).port,
    get openStreams() {
      return current.open;
    },
    get metrics() {
      return current.host.metrics;
    },
    reload,
    close: async () => {
      stopWatching();
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
      run(() => current.host.close());
      for (const cluster of Object.values(clusters)) cluster.close();
    },
  };
}

function makeClusters(options: ServeOptions, run: Run): Record<string, Cluster & { close(): void }> {
  const targets = {
    ...options.clusters,
    ...(options.upstream !== undefined && { upstream: options.upstream }),
  };
  return Object.fromEntries(
    Object.entries(targets).map(([name, target]) => {
      const address: Address = typeof target === "number" ? { host: "127.0.0.1", port: target } : target;
      return [
        name,
        (address.http2 ?? name.startsWith("grpc"))
          ? new Http2Cluster(address, run, rulesOf(options.envoy))
          : new Http1Cluster(address, run),
      ];
    }),
  );
}

/** A build writes a file in several steps. */
const SETTLE = 100;

function watchModules(options: ServeOptions, reload: () => Promise<void>): () => void {
  const files = new Set(
    [
      ...options.filters,
      ...(options.tcpFilters ?? []),
      ...(options.accessLoggers ?? []),
      ...(options.services ?? []),
    ].map(({ wasm }) => wasm),
  );
  let timer: NodeJS.Timeout | undefined;
  // The folder and not the file, which a build may replace by another.
  const watchers = [...files].map((file) =>
    watch(dirname(file), (_event, name) => {
      if (name !== basename(file)) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        reload().then(
          () => options.onReload?.(),
          (error: unknown) => options.onReload?.(error instanceof Error ? error : new Error(String(error))),
        );
      }, SETTLE);
    }),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
