/** Whatever a filter writes, both sides agree on what is a tunnel: of WebSockets, of CONNECT, and of requests that ask for none. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { randomFrom } from "../fuzz/random.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { askForTunnel, startTunnelUpstream, tunnelFaults } from "../support/tunnel-peers.js";

const kinds = {
  websocket: "GET /one HTTP/1.1\r\nhost: a\r\nconnection: Upgrade\r\nupgrade: websocket\r\n",
  connect: "CONNECT a:80 HTTP/1.1\r\nhost: a:80\r\n",
  plain: "GET /one HTTP/1.1\r\nhost: a\r\n",
};

interface Attack {
  readonly kind: keyof typeof kinds;
  /** Whether the upstream opens the tunnel. */
  readonly opens: boolean;
  /** See filters/framing/operations.ts. */
  readonly operations: readonly string[];
  readonly inFlow: boolean;
}

interface Outcome {
  readonly client: readonly string[];
  readonly faults: readonly string[];
}

async function start(t: TestContext): Promise<(attack: Attack) => Promise<Outcome>> {
  const upstream = await startTunnelUpstream(t);
  const filters = await Promise.all(
    ["framing", "framing-flow"].map(async (name) => ({
      wasm: await compileFilter(`tests/envoy/filters/${name}.ts`),
      allowOnHeadersStopIteration: true,
    })),
  );
  const envoy = await startEnvoy(t, {
    filters,
    upstream: upstream.port,
    clusters: { side: upstream.port },
    connectionManager: { upgrade_configs: [{ upgrade_type: "websocket" }, { upgrade_type: "CONNECT" }] },
    edit: (config) => {
      const manager = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
      const { routes } = manager.route_config.virtual_hosts[0];
      routes.unshift({ match: { connect_matcher: {} }, route: { cluster: "upstream" } });
    },
  });
  return async ({ kind, opens, operations, inFlow }) => {
    upstream.seen.length = 0;
    const name = inFlow ? "x-flow" : "x-op";
    const client = await askForTunnel(
      envoy.port,
      `${kinds[kind]}x-id: one\r\nx-answer: ${opens ? "open" : "no"}\r\n${name}: ${operations.join(";")}\r\n\r\n`,
      "GET /two HTTP/1.1\r\nhost: a\r\nx-id: two\r\n\r\n",
    );
    const faults = tunnelFaults(client, upstream.seen);
    upstream.drop();
    return { client, faults };
  };
}

const names = [":status", ":status", ":status", ":method", ":path", ":authority", "host", ":protocol"];
names.push("content-length", "transfer-encoding", "connection", "upgrade", "te", "expect", "http2-settings");
names.push("capsule-protocol", "proxy-connection", "x-a");
const values = [
  "204",
  "304",
  "100",
  "101",
  "200",
  "404",
  "0",
  "",
  "GET",
  "HEAD",
  "CONNECT",
  "/x",
  "a:80",
  "3",
];
values.push("chunked", "close", "upgrade", "Upgrade", "websocket", "h2c", "CONNECT-UDP", "keep-alive");
const verbs = ["set", "set", "add", "remove", "remove", "replace", "replace-more", "replace-only"];
const inClass = ["request|request", "request-body|request", "held-request|request", "response|response"];
inClass.push("response-body|response", "held-response|response", "response|request");
const inFlows = ["request|request", "later|request", "request-chunk|request", "response|response"];
inFlows.push("response-later|response", "response-chunk|response");

function generate(seed: number): Attack {
  const random = randomFrom(seed);
  const pick = <T>(all: readonly T[]): T => all[random(all.length)]!;
  const inFlow = random(2) === 0;
  const operations = Array.from({ length: 1 + random(2) }, () =>
    [pick(inFlow ? inFlows : inClass), pick(verbs), pick(names), pick(values)].join("|"),
  );
  const answers = random(8);
  if (answers < 1) operations.push(`answer|||${pick(names)}|${pick(values)}`);
  const kind = pick(["websocket", "websocket", "connect", "plain"] as const);
  return { kind, opens: random(3) > 0, operations, inFlow };
}

envoyTest("framing: of 100 generated attacks, none makes the peers disagree on a tunnel", async (t) => {
  const attack = await start(t);
  const found: string[] = [];
  let opened = 0;
  for (let seed = 0; seed < 100; seed++) {
    const what = generate(seed);
    const { client, faults } = await attack(what);
    if (client.some((one) => one.startsWith("tunnel"))) opened++;
    if (faults.length > 0) found.push(`${seed} ${JSON.stringify(what)}: ${faults.join("; ")}`);
  }
  assert.deepEqual(found, []);
  // Both what opens and what does not has been tried.
  assert.ok(opened > 20 && opened < 80, String(opened));
});

envoyTest("framing: a CONNECT is not answered with a tunnel that nobody is at the end of", async (t) => {
  const attack = await start(t);
  const status = (where: string, value: string): string => `${where}|response|set|:status|${value}`;
  const cases: readonly (readonly [opens: boolean, inFlow: boolean, operations: string[], client: string])[] =
    [
      [false, false, [status("response", "200")], "response one"],
      [false, false, [status("held-response", "204")], "response one"],
      [false, true, [status("response", "200")], "response one"],
      [true, false, [status("response", "403")], "tunnel one"],
      [true, false, [status("held-response", "500")], "tunnel one"],
      [true, true, [status("response", "204")], "tunnel one"],
      [true, false, ["answer|||x|x"], "response "],
      [true, true, ["answer|||x|x"], "response "],
      [true, false, ["answer-response|||x|x"], "response "],
      [true, false, ["answer|||x|x", status("response", "204")], "response "],
    ];
  for (const [opens, inFlow, operations, expected] of cases) {
    const { client, faults } = await attack({ kind: "connect", opens, inFlow, operations });
    const what = `${opens} ${inFlow} ${operations.join(";")}`;
    assert.deepEqual(faults, [], what);
    assert.equal(client[0], expected, what);
  }
});
