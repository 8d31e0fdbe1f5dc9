import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { connect, createServer } from "node:net";
import type { TestContext } from "node:test";
import type { Envoy } from "../../src/envoy/index.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";

/** An upstream that opens every tunnel it is asked for, and then answers each line in capitals; others get their request back. */
async function startTunnels(t: TestContext): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let open = false;
    let head = "";
    socket.setEncoding("latin1").on("error", () => undefined);
    socket.on("data", (data) => {
      if (open) return void socket.write(String(data).toUpperCase());
      head += String(data);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      open = /^CONNECT |^upgrade: /im.test(head);
      const lines = head.startsWith("CONNECT")
        ? ["HTTP/1.1 200 OK"]
        : open
          ? ["HTTP/1.1 101 Switching Protocols", "connection: upgrade", "upgrade: websocket"]
          : ["HTTP/1.1 200 OK", "content-length: 5"];
      socket.write(`${lines.join("\r\n")}\r\n\r\n${open ? "" : "hello"}`);
      const rest = head.slice(end + 4);
      if (open && rest !== "") socket.write(rest.toUpperCase());
      head = "";
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as { port: number }).port;
}

/** Sends `head`, and "ping" once the tunnel is open; answers what came in the tunnel within a second. */
function ping(envoy: Envoy, head: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    let all = "";
    let sent = false;
    const socket = connect(envoy.port, "127.0.0.1", () => socket.write(`${head.join("\r\n")}\r\n\r\n`));
    const finish = (): void => {
      socket.destroy();
      resolve(all);
    };
    const timer = setTimeout(finish, 5000);
    socket.setEncoding("latin1").on("error", () => undefined);
    socket.on("data", (data) => {
      all += String(data);
      if (!sent && all.includes("\r\n\r\n")) {
        sent = true;
        socket.write("ping");
      }
      if (!all.includes("PING")) return;
      clearTimeout(timer);
      finish();
    });
  });
}

const websocket = ["GET /chat HTTP/1.1", "host: a", "connection: Upgrade", "upgrade: websocket"];
const tunnel = ["CONNECT a:80 HTTP/1.1", "host: a:80"];

for (const name of ["whole-body-tunnel", "flow-tunnel"]) {
  envoyTest(`${name}: WebSockets and CONNECT pass, what else has a body is held`, async (t) => {
    const envoy = await startEnvoy(t, {
      filters: [{ wasm: await compileFilter(`tests/envoy/filters/${name}.ts`) }],
      upstream: await startTunnels(t),
      connectionManager: { upgrade_configs: [{ upgrade_type: "websocket" }, { upgrade_type: "CONNECT" }] },
      edit: (config) => {
        const [listener] = config.static_resources.listeners;
        const manager = listener.filter_chains[0].filters[0].typed_config;
        const { routes } = manager.route_config.virtual_hosts[0];
        routes.unshift({ match: { connect_matcher: {} }, route: { cluster: "upstream" } });
      },
    });
    assert.match(await ping(envoy, websocket), /^HTTP\/1\.1 101 [^]*PING$/);
    assert.match(await ping(envoy, tunnel), /^HTTP\/1\.1 200 [^]*PING$/);
    const plain = await ping(envoy, ["GET / HTTP/1.1", "host: a", "connection: close"]);
    assert.match(plain, /\[hello\]/);
    // An upgrade that announces a body is none that may pass unseen.
    const smuggled = await ping(envoy, [...websocket, "content-length: 4", "", "ping"]);
    assert.doesNotMatch(smuggled, /PING/);
  });
}
