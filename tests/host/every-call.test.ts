/** Bad addresses, and other numbers that mean nothing, in every host call: answered as in Envoy, and nothing breaks. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { envoyTest, envoyVersion, startEnvoy } from "../support/envoy.js";
import { request } from "../support/http.js";
import { answers, everyCall } from "./every-call.js";

test("hostile: every host call with bad addresses is answered, with the reason", async () => {
  const every = everyCall();
  const host = await createHost({ wasm: every.wasm });
  const response = await host.request();
  assert.equal(answers(every, response.messages).length, every.calls.length);
  for (const { function: name, reason } of response.refusals) assert.notEqual(reason, "", name);
  const outside = response.refusals.filter(({ status }) => status === 6);
  for (const { reason } of outside) assert.match(reason, /outside the memory of 65536 bytes|allocator/);
  assert.equal(
    (await host.request()).trace.some((line) => line.includes("proxy_on_request_headers")),
    true,
  );
});

envoyTest("hostile: Envoy answers the same", async (t) => {
  const every = everyCall(envoyVersion);
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-every-call-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const wasm = join(folder, "every-call.wasm");
  writeFileSync(wasm, every.wasm);
  const envoy = await startEnvoy(t, { filters: [{ wasm }] });
  const from = envoy.log.length;
  await request(envoy.port);
  const logged = [...envoy.log.slice(from).matchAll(/wasm log[^:]*: (\d{10} \d{10})$/gm)].map(
    ([, text]) => text!,
  );
  const host = await createHost({ envoy: envoyVersion, wasm: every.wasm });
  const { messages } = await host.request({ mayHang: true });
  const theirs = answers(every, logged);
  const ours = answers(every, messages);
  assert.equal(theirs.length, every.calls.length);
  assert.deepEqual(
    ours.filter((answer, i) => answer !== theirs[i]),
    theirs.filter((answer, i) => answer !== ours[i]),
  );
});
