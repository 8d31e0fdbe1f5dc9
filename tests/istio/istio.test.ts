/** Istio's own code on our images and manifests. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { parse, stringify } from "yaml";
import { packImage, parseReference, pullImage, pushImage } from "../../src/oci/index.js";
import { ManifestError, manifest, sentConfiguration } from "../../src/deploy/index.js";
import type { Target } from "../../src/deploy/index.js";
import { configurations } from "../deploy/support/configurations.js";
import { clusterGrid } from "../deploy/support/grid.js";
import { asDocker, moduleOf } from "../oci/support/module.js";
import { registryTest, startRegistry } from "../oci/support/registry.js";
import { ask, goTest, noGo } from "./support/go.js";
import { schemaErrors } from "./support/schemas.js";

const hex = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const imageTest = noGo === undefined ? registryTest : goTest;

for (const layout of ["compat", "artifact"] as const) {
  imageTest(`${layout}: Istio fetches what we push, by tag, by digest and through its cache`, async (t) => {
    const { host } = await startRegistry(t);
    const module = moduleOf(10_000);
    const image = await packImage(module, { layout, annotations: { a: "b" } });
    await pushImage(image, parseReference(`${host}/team/filter:1`), ["1", "latest"]);
    const digest = image.digest.slice("sha256:".length);
    const name = `${host}/team/filter`;
    const refs = [`${name}:1`, name, `${name}@${image.digest}`, `${name}:1@${image.digest}`];
    for (const answer of ask(refs.map((ref) => ({ op: "image", ref }))))
      assert.deepEqual(answer, { digest, module: hex(module) });
    const url = `oci://${name}:1`;
    const [right, none, wrong] = ask([
      { op: "cache", url, checksum: digest },
      { op: "cache", url },
      { op: "cache", url, checksum: hex(module) },
    ]);
    assert.deepEqual(right, { module: hex(module) });
    assert.deepEqual(none, { module: hex(module) });
    assert.match(wrong!.error!, new RegExp(`has checksum ${digest}, which does not match: ${hex(module)}`));
  });

  imageTest(`${layout}: a pull secret, a wrong password and none, as Istio and as we see them`, async (t) => {
    const { host } = await startRegistry(t, { password: true });
    const module = moduleOf(100);
    const image = await packImage(module, { layout });
    const reference = parseReference(`${host}/filter:1`);
    await pushImage(image, reference, ["1"], { credentials: { username: "user", password: "secret" } });
    const secret = (password: string): string =>
      JSON.stringify({ auths: { [host]: { auth: Buffer.from(`user:${password}`).toString("base64") } } });
    const ref = `${host}/filter:1`;
    const [right, wrong, none] = ask([
      { op: "image", ref, pullSecret: secret("secret") },
      { op: "image", ref, pullSecret: secret("wrong") },
      { op: "image", ref },
    ]);
    assert.equal(right!.module, hex(module), right!.error);
    assert.match(wrong!.error!, /UNAUTHORIZED/);
    assert.match(none!.error!, /UNAUTHORIZED/);
    await assert.rejects(
      pushImage(image, reference, ["2"], { credentials: { username: "user", password: "wrong" } }),
      { code: "credentials", message: /the user name or the password is wrong/ },
    );
  });
}

imageTest("an image by docker's manifest is read by Istio as our pull reads it", async (t) => {
  const { host } = await startRegistry(t);
  const module = moduleOf(1000);
  const image = asDocker(await packImage(module));
  const reference = parseReference(`${host}/filter:1`);
  await pushImage(image, reference, ["1"]);
  const [byTag, byDigest] = ask([
    { op: "image", ref: `${host}/filter:1` },
    { op: "image", ref: `${host}/filter@${image.digest}` },
  ]);
  const expected = { digest: image.digest.slice("sha256:".length), module: hex(module) };
  assert.deepEqual([byTag, byDigest], [expected, expected]);
  assert.equal(hex((await pullImage(reference)).module), hex(module));
});

imageTest("a module of 200 MB in the layout that is compressed: Istio takes it, and our pull", async (t) => {
  const { host } = await startRegistry(t);
  const module = moduleOf(200_000_000);
  module.set(randomBytes(5_000_000), 1000);
  const image = await packImage(module);
  const reference = parseReference(`${host}/filter:1`);
  await pushImage(image, reference, ["1"]);
  assert.equal(ask([{ op: "image", ref: `${host}/filter:1` }])[0]!.module, hex(module));
  assert.equal(hex((await pullImage(reference)).module), hex(module));
});

imageTest(
  "Istio's agent fetches for an EnvoyFilter what a WasmPlugin cannot say, HTTP and network",
  async (t) => {
    const { host } = await startRegistry(t);
    const image = await packImage(moduleOf(1000));
    await pushImage(image, parseReference(`${host}/filter:1`), ["1"]);
    const digest = image.digest.slice("sha256:".length);
    const config = (more: { sha256?: string; point: "http" | "tcp" }): string => {
      const { point, ...code } = more;
      const text = manifest({
        target: "envoyfilter",
        name: "filter",
        point,
        code: { kind: "image", image: `${host}/filter:1`, ...code },
        allowOnHeadersStopIteration: true,
        configuration: "text",
        failStrategy: "FAIL_RELOAD",
      });
      const { spec } = parse(text) as { spec: { configPatches: { patch: { value: object } }[] } };
      return JSON.stringify(spec.configPatches[0]!.patch.value);
    };
    const answers = ask([
      { op: "convert", config: config({ point: "http" }) },
      { op: "convert", config: config({ point: "http", sha256: digest }) },
      { op: "convert", config: config({ point: "tcp" }) },
      { op: "convert", config: config({ point: "http", sha256: "0".repeat(64) }) },
    ]);
    for (const { config: given, error } of answers.slice(0, 3)) {
      assert.match(given ?? "", /"local":\s*\{\s*"filename":/, error);
      assert.match(given!, /"allowOnHeadersStopIteration":\s*true/);
      assert.match(given!, /FAIL_RELOAD/);
    }
    assert.match(answers[3]!.config ?? answers[3]!.error!, /rbac|does not match/i);
  },
);

goTest(
  "each manifest of the grid is accepted by Istio's validation and by the published schemas",
  async () => {
    const grid = clusterGrid();
    assert.ok(grid.length >= 60, `${grid.length} combinations`);
    const texts = grid.map(({ options }) => manifest(options));
    const istio = grid.flatMap(({ title, options }, index) =>
      options.target === "envoy-gateway" ? [] : [{ title, yaml: texts[index]! }],
    );
    for (const [index, { error, warnings }] of ask(
      istio.map(({ yaml }) => ({ op: "validate", yaml })),
    ).entries()) {
      assert.equal(error, undefined, `${istio[index]!.title}: ${error}\n${istio[index]!.yaml}`);
      // Said of each EnvoyFilter.
      const others = warnings?.filter(
        (text) => !/^EnvoyFilter exposes internal implementation details[^\n]*$/.test(text),
      );
      assert.deepEqual(others ?? [], [], `${istio[index]!.title}: ${others?.join()}\n${istio[index]!.yaml}`);
    }
    for (const [index, { title }] of grid.entries())
      assert.deepEqual(schemaErrors(texts[index]!), [], `${title}\n${texts[index]!}`);
  },
);

goTest(
  "the configuration that `check` starts a module with is what Istio, and Envoy Gateway behind Kubernetes, hand to the plugin",
  async () => {
    const more = [
      '{"é": 1e3, "z": "<a&b>\\u2028\\u007f", "B": [1.50, -0, 1e21, 1e-7, 0.1], "a": {"y": null, "x": true}}',
      '{"12:30": "0777", "on": "n", "yes": [], "no": {}, "😀": "日本"}',
      '{"wide": 9007199254740993}',
      '[1, [2, null], "x"]',
    ];
    const gateway = { group: "gateway.networking.k8s.io", kind: "Gateway", name: "web" };
    const code = { kind: "image", image: "registry.example/filter:1" } as const;
    const cases: { target: Target; configuration: string; yaml: string }[] = [];
    for (const target of ["istio-wasm-plugin", "istio-traffic-extension", "envoy-gateway"] as const)
      for (const configuration of [...Object.values(configurations).flat(), ...more]) {
        if (configuration === undefined) continue;
        const refs = target === "envoy-gateway" && { targetRefs: [gateway] };
        let yaml: string;
        try {
          yaml = manifest({ target, name: "filter", code, configuration, ...refs });
        } catch (error) {
          // The host takes no such value; `check` says the same.
          assert.ok(error instanceof ManifestError);
          continue;
        }
        cases.push({ target, configuration, yaml });
      }
    assert.ok(cases.length >= 80, `${cases.length} configurations`);
    for (const [index, { config = "", error }] of ask(
      cases.map(({ yaml }) => ({ op: "sent", yaml })),
    ).entries()) {
      const { target, configuration, yaml } = cases[index]!;
      assert.equal(error, undefined, yaml);
      assert.equal(config, sentConfiguration(target, configuration), `${target}: ${configuration}\n${yaml}`);
    }
  },
);

goTest("the judges find what is wrong: they are no rubber stamps", async () => {
  const { options } = clusterGrid().find(({ title }) =>
    title.startsWith("istio-wasm-plugin http image+sha256"),
  )!;
  const change = (edit: (object: { spec: Record<string, unknown> }) => void): string => {
    const object = parse(manifest(options)) as { spec: Record<string, unknown> };
    edit(object);
    return stringify(object, { defaultKeyType: "PLAIN", defaultStringType: "QUOTE_DOUBLE" });
  };
  const digest = change(({ spec }) => (spec["sha256"] = "sha256:12"));
  assert.match(ask([{ op: "validate", yaml: digest }])[0]!.error!, /sha256/);
  assert.notDeepEqual(schemaErrors(change(({ spec }) => (spec["pluginNme"] = "x"))), []);
  assert.notDeepEqual(schemaErrors(change(({ spec }) => (spec["phase"] = "authz"))), []);
  const gateway = clusterGrid().find(({ title }) => title.startsWith("envoy-gateway"))!;
  const policy = manifest(gateway.options);
  assert.deepEqual(schemaErrors(policy), []);
  assert.notDeepEqual(schemaErrors(policy.replace("type: Image", "type: Picture")), []);
  assert.notDeepEqual(schemaErrors(policy.replace("code:", "kode:")), []);
  const filter = manifest(
    clusterGrid().find(({ title }) => title.startsWith("envoyfilter http image"))!.options,
  );
  const wrongType = filter.replaceAll("filters.http.wasm.v3.Wasm", "filters.http.wasm.v3.Wasn");
  assert.ok(ask([{ op: "validate", yaml: wrongType }])[0]!.error !== undefined);
});
