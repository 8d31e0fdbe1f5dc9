/** Configurations as Envoy passes them on. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Configuration, EnvoyStartError } from "../../src/envoy/index.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

const filter = (): Promise<string> => compileFilter("tests/std/filters/config-plugin.ts");

/** What the plugin has read. */
async function summary(t: TestContext, configuration: Configuration): Promise<string> {
  const upstream = await startUpstream(t);
  const filters = [{ wasm: await filter(), configuration }];
  const envoy = await startEnvoy(t, { filters, upstream: upstream.port });
  assert.equal((await request(envoy.port)).status, 200);
  return upstream.requests[0]!.headers.find(([name]) => name === "x-summary")![1];
}

const configuration = {
  header: "x-ü",
  limits: { rps: 7 },
  routes: [{ path: "/a", weight: 0.25 }, { path: "/b" }],
};
const expected = Buffer.from("x-ü 7 /a=0.25 /b=1").toString("latin1");

envoyTest("a Struct, JSON text and JSON bytes are read the same", async (t) => {
  assert.equal(await summary(t, configuration), expected);
  assert.equal(await summary(t, JSON.stringify(configuration, null, 2)), expected);
  assert.equal(await summary(t, Buffer.from(`\n${JSON.stringify(configuration)}`)), expected);
});

envoyTest("a wrong configuration stops Envoy's start, and its log says where it is wrong", async (t) => {
  const cases: [Configuration, string][] = [
    [{ header: "x", limits: { rps: 0 } }, "limits.rps: must be at least 1"],
    ['{"header":"x","limit":{}}', "limit: unknown field (offset 22)"],
    ['{"header":"x"', "offset 13: expected , or }"],
  ];
  for (const [wrong, message] of cases) {
    await assert.rejects(
      startEnvoy(t, { filters: [{ wasm: await filter(), configuration: wrong }] }),
      (error: EnvoyStartError) => error.log.includes(message),
    );
  }
});

envoyTest(
  "a class is read from a Struct and from JSON text, and what is wrong stops Envoy's start",
  async (t) => {
    const wasm = await compileFilter("tests/std/filters/config-class.ts");
    const whole = {
      header: "x-e",
      limits: { rps: 7 },
      weights: { a: [1] },
      colors: ["red", null],
      note: null,
    };
    const answers = new Set<string>();
    for (const given of [whole, JSON.stringify(whole)]) {
      const envoy = await startEnvoy(t, { filters: [{ wasm, configuration: given }] });
      answers.add((await request(envoy.port)).body.toString());
    }
    assert.deepEqual(
      [...answers],
      ["0 x-e strict 7 5 a.example 80 0.5 a=1 none null null  1 0 2 true 3 0 -1 1 -1"],
    );
    for (const wrong of [
      { ...whole, limits: { rps: 0.5 } },
      { ...whole, limits: { rps: null } },
    ])
      await assert.rejects(
        startEnvoy(t, { filters: [{ wasm, configuration: wrong }] }),
        (error: EnvoyStartError) =>
          error.log.includes("configuration: limits.rps: expected a whole number, found "),
      );
  },
);
