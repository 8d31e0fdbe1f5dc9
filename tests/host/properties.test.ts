/** Properties cell by cell: what Envoy and the host answer to each path in each callback of each kind of plugin. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { createHost } from "../../src/testing/index.js";
import type { TestHost, TestHostOptions, TestPlugin } from "../../src/testing/index.js";
import type { Envoy, EnvoyOptions } from "../../src/envoy/index.js";
import { compilePuppet } from "../parity/puppet.js";
import { envoyTest, envoyVersion, passTrailers, startEnvoy, startUpstream } from "../support/envoy.js";
import { freePort } from "../support/ports.js";
import { request } from "../support/http.js";
import { pass } from "../support/wait.js";

/** `fields` of `top` as operations of the puppet; "prop" compares values, "propn" their sizes, where values differ by nature. */
const cells = (op: "prop" | "propn", top: string, fields: readonly string[]): string[] =>
  fields.map((field) => `${op} ${top}${field === "" ? "" : `/${field}`}`);

const paths = [
  ...cells("prop", "request", [
    "path",
    "url_path",
    "query",
    "host",
    "scheme",
    "method",
    "referer",
    "useragent",
  ]),
  ...cells("prop", "request", ["protocol", "headers/x-in", "headers/X-IN", "headers/nope", "nope", ""]),
  ...cells("propn", "request", ["id", "time", "size", "total_size", "duration"]),
  ...cells("prop", "response", ["code", "code_details", "grpc_status", "flags", "headers/x-up", "nope", ""]),
  ...cells("prop", "response", ["trailers/x-end", "headers/nope", "trailers/nope"]),
  ...cells("propn", "response", ["size", "total_size", "backend_latency"]),
  ...cells("prop", "connection", ["mtls", "requested_server_name", "tls_version", "nope", ""]),
  ...cells("prop", "connection", [
    "subject_local_certificate",
    "subject_peer_certificate",
    "termination_details",
  ]),
  ...cells("prop", "connection", [
    "dns_san_local_certificate",
    "uri_san_peer_certificate",
    "transport_failure_reason",
  ]),
  ...cells("propn", "connection", ["id"]),
  ...cells("propn", "connection_id", [""]),
  ...cells("propn", "source", ["port", "address"]),
  ...cells("propn", "destination", ["port", "address"]),
  ...cells("prop", "source", ["nope", ""]),
  ...cells("prop", "destination", ["nope", ""]),
  ...cells("prop", "upstream", [
    "request_attempt_count",
    "num_endpoints",
    "transport_failure_reason",
    "nope",
    "",
  ]),
  ...cells("prop", "upstream", ["tls_version", "subject_peer_certificate", "locality"]),
  ...cells("propn", "upstream", ["port", "address", "cx_pool_ready_duration"]),
  ...cells("prop", "xds", ["route_name", "cluster_name", "virtual_host_name", "filter_chain_name"]),
  ...cells("prop", "xds", ["listener_direction", "nope", ""]),
  ...cells("prop", "xds", ["cluster_metadata", "listener_metadata", "upstream_host_metadata"]),
  ...cells("prop", "xds", [
    "route_metadata",
    "route_metadata/filter_metadata",
    "route_metadata/filter_metadata/acme",
  ]),
  ...cells("prop", "metadata", ["", "filter_metadata", "filter_metadata/acme"]),
  ...cells("prop", "filter_state", ["", "nope", "wasm.mine"]),
  ...cells("prop", "mine", [""]),
  ...cells("prop", "plugin_name", [""]),
  ...cells("prop", "plugin_root_id", [""]),
  ...cells("prop", "plugin_vm_id", [""]),
  ...cells("prop", "node", ["", "id", "cluster", "metadata"]),
  ...cells("prop", "xds/node", ["id", "cluster", "nope"]),
  ...cells("propn", "xds", ["node"]),
  ...["cluster_name", "route_name", "listener_direction", "cluster_metadata", "route_metadata"].map(
    (path) => `prop ${path}`,
  ),
  "prop nope",
];

/** A script that asks for all paths in each of the callbacks. */
const scriptOf = (callbacks: readonly string[]): string =>
  callbacks.map((callback) => `${callback}:${paths.join(";")}`).join("|");

/** Values that Envoy has and the host cannot: only the status is compared. */
const statusOnly: Readonly<Record<string, string>> = {
  "propn xds/node": "Envoy tells its build and all of its extensions, in 60 kB",
};

/** The lines of a table in a log: what a callback was answered to a path, each once. */
const tableOf = (messages: readonly string[]): string[] => [
  ...new Set(
    messages
      .map((line) => line.split("\n")[0]!)
      .filter((line) => /^\w+ propn? /.test(line))
      .map((line) => {
        const [, cell, status] = /^\w+ (.*) = (\d+)/.exec(line)!;
        return cell! in statusOnly ? `${line.slice(0, line.indexOf(" = "))} = ${status}` : line;
      }),
  ),
];
const inHost = (host: TestHost): string[] => tableOf(host.logs.map(({ message }) => message));
const inEnvoy = (envoy: Envoy): string[] => tableOf(envoy.wasmLogs.map(({ message }) => message));

/** Fails with the cells that differ. */
function compareTables(
  host: readonly string[],
  envoy: readonly string[],
  callbacks: readonly string[],
): void {
  for (const callback of callbacks) {
    const isOf = (line: string): boolean => line.startsWith(`${callback} `);
    const [ofHost, ofEnvoy] = [host.filter(isOf), envoy.filter(isOf)];
    assert.equal(ofEnvoy.length, paths.length, `Envoy's cells of ${callback}`);
    assert.equal(ofHost.length, paths.length, `the host's cells of ${callback}`);
  }
  const differ = envoy.flatMap((line, i) => (host[i] === line ? [] : [`Envoy: ${line}\nhost:  ${host[i]}`]));
  assert.equal(differ.join("\n"), "");
  assert.equal(host.length, envoy.length);
}

/** What runs in both: settings of each, and what is done there. */
interface Case {
  readonly callbacks: readonly string[];
  readonly options: (
    wasm: string,
    upstream: number,
  ) => [envoy: Omit<EnvoyOptions, "envoy">, host: TestHostOptions];
  readonly inEnvoy: (envoy: Envoy) => Promise<unknown>;
  readonly inHost: (host: TestHost) => Promise<unknown>;
}

/** Runs a case in both and compares all cells. */
async function compare(t: Parameters<typeof startEnvoy>[0], each: Case): Promise<void> {
  const upstream = await startUpstream(t, (_, response) => {
    response.writeHead(200, { "x-up": "1", trailer: "x-end" });
    response.write("fine");
    response.addTrailers({ "x-end": "2" });
    response.end();
  });
  const [forEnvoy, forHost] = each.options(await compilePuppet(), upstream.port);
  const envoy = await startEnvoy(t, {
    ...forEnvoy,
    edit: (config) => {
      passTrailers(config);
      const manager = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
      manager.route_config.virtual_hosts[0].routes[0].name = "main";
      forEnvoy.edit?.(config);
    },
  });
  await each.inEnvoy(envoy);
  const last = `${each.callbacks.at(-1)} prop nope`;
  await envoy.waitForLog(() => inEnvoy(envoy).some((line) => line.startsWith(last)));
  const host = await createHost({
    envoy: envoyVersion,
    upstream: { headers: { "x-up": "1" }, body: "fine", trailers: { "x-end": "2" } },
    route: () => ({ cluster: "upstream", name: "main" }),
    ...forHost,
  });
  await each.inHost(host);
  await host.tick(50);
  compareTables(inHost(host), inEnvoy(envoy), each.callbacks);
}

/** A plugin of a module in a file. */
type Plugin = TestPlugin & { readonly wasm: string };

/** A filter whose script is a header of the request. */
const scripted = (wasm: string): Plugin[] => [
  { wasm, name: "script", rootId: "r", vmId: "v", configuration: "script|" },
];

/** A request with a body and trailers, sent to both. */
function asked(script: string): Pick<Case, "inEnvoy" | "inHost"> {
  const headers: [string, string][] = [
    ["x-in", "7"],
    ["x-script", script],
  ];
  const init = { method: "POST", path: "/right?a=1", headers };
  return {
    inEnvoy: (envoy) => request(envoy.port, { ...init, body: "abc", trailers: [["x-t", "1"]] }),
    inHost: async (host) => {
      const framing: [string, string][] = [
        ["transfer-encoding", "chunked"],
        ["te", "trailers"],
      ];
      const stream = host.open({ ...init, headers: [...framing, ...headers] });
      stream.sendHeaders();
      await host.tick(1);
      stream.send("abc");
      stream.sendTrailers({ "x-t": "1" });
      await host.tick(20);
    },
  };
}

envoyTest("properties: a request to a cluster", (t) => {
  const callbacks = ["qh", "qb", "qt", "rh", "rb", "rt", "log", "done", "del"];
  return compare(t, {
    callbacks,
    options: (wasm, port) => [{ filters: scripted(wasm), upstream: port }, { filters: scripted(wasm) }],
    ...asked(scriptOf(callbacks)),
  });
});

envoyTest("properties: a request that Envoy answers itself", (t) => {
  const callbacks = ["qh", "rh", "rb", "log"];
  return compare(t, {
    callbacks,
    options: (wasm) => [
      { filters: scripted(wasm) },
      { filters: scripted(wasm), route: () => ({ status: 200, body: "ok\n", name: "main" }) },
    ],
    ...asked(scriptOf(callbacks)),
  });
});

envoyTest("properties: a request that the filter answers", (t) => {
  const callbacks = ["rh", "rb", "log"];
  return compare(t, {
    callbacks,
    options: (wasm, port) => [{ filters: scripted(wasm), upstream: port }, { filters: scripted(wasm) }],
    ...asked(`qh:local 403 denied no|${scriptOf(callbacks)}`),
  });
});

envoyTest("properties: a request whose upstream refuses", async (t) => {
  const port = await freePort();
  const callbacks = ["rh", "rb", "log"];
  return compare(t, {
    callbacks,
    options: (wasm) => [
      { filters: scripted(wasm), upstream: port },
      { filters: scripted(wasm), upstream: "refused" },
    ],
    ...asked(scriptOf(callbacks)),
  });
});

envoyTest("properties: a request without a route", (t) => {
  const callbacks = ["qh", "rh", "log"];
  return compare(t, {
    callbacks,
    options: (wasm, port) => [
      {
        filters: scripted(wasm),
        upstream: port,
        edit: (config) => {
          const manager = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
          manager.route_config.virtual_hosts[0].routes[0].match = { prefix: "/other" };
        },
      },
      { filters: scripted(wasm), route: () => undefined },
    ],
    ...asked(scriptOf(callbacks)),
  });
});

envoyTest("properties: a request that waits for a call", (t) => {
  const callbacks = ["hcr", "rh", "log"];
  const call = "http auth :method=GET,:path=/,:authority=a";
  return compare(t, {
    callbacks,
    options: (wasm, port) => [
      { filters: scripted(wasm), upstream: port, clusters: { auth: port } },
      { filters: scripted(wasm), clusters: { auth: {} } },
    ],
    ...asked(
      `qh:sprop mine 1;${call};ret 1|hcr:eff stream;${paths.join(";")};cont 0|${scriptOf(callbacks.slice(1))}`,
    ),
  });
});

envoyTest("properties: an access logger, which has the plugin's context", (t) => {
  const callbacks = ["log"];
  const loggers = (wasm: string): Plugin[] => [
    { wasm, name: "script", rootId: "r", vmId: "v", configuration: `script|${scriptOf(callbacks)}` },
  ];
  return compare(t, {
    callbacks,
    options: (wasm, port) => [
      { accessLoggers: loggers(wasm), upstream: port },
      { accessLoggers: loggers(wasm), filters: [] },
    ],
    ...asked(""),
  });
});

envoyTest("properties: a plugin's own callbacks, in a filter, a logger and a service", async (t) => {
  const callbacks = ["create", "vm", "cfg", "tick"];
  const plugins = (wasm: string): Plugin[] => {
    const script = scriptOf(callbacks)
      .replace("cfg:", "cfg:tick 1;")
      .replace("tick:prop", "tick:tick 0;prop");
    return [{ wasm, name: "script", rootId: "r", vmId: "v", configuration: `script|${script}` }];
  };
  for (const kind of ["filters", "tcpFilters", "accessLoggers", "services"] as const) {
    await compare(t, {
      callbacks,
      options: (wasm, port) => [
        { [kind]: plugins(wasm), upstream: port },
        { filters: [], [kind]: plugins(wasm) },
      ],
      inEnvoy: () => Promise.resolve(),
      inHost: () => Promise.resolve(),
    });
  }
});

/** A connection that sends, gets and ends. */
const connected: Pick<Case, "inEnvoy" | "inHost"> = {
  inEnvoy: async (envoy) => {
    const socket = connect(envoy.tcpPort, "127.0.0.1");
    socket.on("error", () => undefined).resume();
    socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    await pass(150, "the connection is read while it is open");
    socket.end();
  },
  inHost: async (host) => {
    const connection = host.connect();
    await host.tick(1);
    connection.send("abc");
    await host.tick(1);
    connection.end();
    await host.tick(1);
  },
};

envoyTest("properties: a connection through a network filter", (t) => {
  const callbacks = ["nc", "dd#1", "ud#1", "uc", "dc", "log", "done", "del"];
  const plugins = (wasm: string): Plugin[] => [
    { wasm, name: "tcp", rootId: "r", vmId: "v", configuration: `tcp|${scriptOf(callbacks)}` },
  ];
  return compare(t, {
    callbacks: callbacks.map((name) => name.split("#")[0]!),
    options: (wasm, port) => [
      { tcpFilters: plugins(wasm), upstream: port },
      { tcpFilters: plugins(wasm), upstream: "echo" },
    ],
    ...connected,
  });
});

envoyTest("properties: a connection whose upstream refuses", async (t) => {
  const port = await freePort();
  const callbacks = ["nc", "dc", "log"];
  const plugins = (wasm: string): Plugin[] => [
    { wasm, name: "tcp", rootId: "r", vmId: "v", configuration: `tcp|${scriptOf(callbacks)}` },
  ];
  return compare(t, {
    callbacks,
    options: (wasm) => [
      { tcpFilters: plugins(wasm), upstream: port },
      { tcpFilters: plugins(wasm), upstream: "refused" },
    ],
    ...connected,
  });
});
