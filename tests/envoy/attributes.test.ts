/** Envoy's attributes and foreign functions, with their types. */
import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

envoyTest("attributes and foreign functions: each phase, absent and present", async (t) => {
  const upstream = await startUpstream(t, (_, response) => {
    response.setHeader("x-up", "1");
    response.end("fine");
  });
  const elsewhere = await startUpstream(t, (_, response) => void response.end("elsewhere"));
  const envoy = await startEnvoy(t, {
    filters: [{ wasm: await compileFilter("tests/envoy/filters/attributes.ts"), name: "attributes" }],
    upstream: upstream.port,
    clusters: { elsewhere: elsewhere.port },
    connectionManager: {
      access_log: [
        {
          name: "stderr",
          typed_config: {
            "@type": "type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StderrAccessLog",
            log_format: {
              text_format_source: { inline_string: "state %FILTER_STATE(envoy.string:PLAIN)%\n" },
            },
          },
        },
      ],
    },
    edit: (config) => {
      const manager = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
      const host = manager.route_config.virtual_hosts[0];
      host.routes[0].metadata = { filter_metadata: { acme: { owner: "me", weight: 2.5 } } };
      host.routes.unshift({ match: { path: "/elsewhere" }, route: { cluster: "elsewhere" } });
    },
  });
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const response = await request(envoy.port, {
    path: "/right?a=1",
    headers: [
      ["x-in", "7"],
      ["x-public-key", publicKey.export({ type: "spki", format: "der" }).toString("hex")],
      ["x-private-key", privateKey.export({ type: "pkcs8", format: "der" }).toString("hex")],
      ["x-signature", sign("sha256", Buffer.from("data"), privateKey).toString("hex")],
    ],
  });
  assert.equal(response.body, "fine");
  // What Envoy itself writes behind a message, the access log, has no prefix.
  const said = (): string[] => envoy.wasmLogs.map(({ message }) => message.split("\n")[0]!);
  await envoy.waitForLog(() => said().some((line) => line.startsWith("log state")));
  const { port } = upstream;
  assert.ok(port > 0);
  // The plugin runs in several VMs; the last one to be configured serves.
  const lines = said();
  assert.ok(lines.includes("plugin 'attributes' '' ''"), lines.join("\n"));
  assert.ok(lines.includes("wrong true 2"));
  assert.ok(lines.includes("declared 0") && lines.includes("declared again 2"));
  assert.deepEqual(lines.slice(lines.indexOf("request request '/right?a=1' 'a=1' 'GET' '7' - 'HTTP/1.1'")), [
    "request request '/right?a=1' 'a=1' 'GET' '7' - 'HTTP/1.1'",
    "request response -1 - -",
    "request peers true true false false - 'upstream'",
    "request route 'me' 2.5 7",
    "cel false 8",
    "zlib true true",
    "no zlib true 3",
    "signature true false true true",
    "pem false true",
    "state 0 1",
    "once 0 2 '1'",
    "response request - - - - - 'HTTP/1.1'",
    "response response 200 'via_upstream' '1'",
    "response peers true true true false - 'upstream'",
    "response route 'me' 2.5 7",
    "log request '/right?a=1' 'a=1' 'GET' '7' - 'HTTP/1.1'",
    "log response 200 'via_upstream' '1'",
    "log peers true true true false - 'upstream'",
    "log route 'me' 2.5 7",
    "log times true true",
    "log state '1'",
  ]);
  await envoy.waitForLog(() => envoy.log.includes("state from wasm"));
  assert.equal((await request(envoy.port, { headers: [["x-elsewhere", "1"]] })).body, "elsewhere");
  const right = await request(envoy.port, { path: "/right" });
  assert.equal(right.status, 200);
  await envoy.waitForLog(() => said().includes("cel true 8"));
});
