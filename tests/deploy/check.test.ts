/** Configurations, tried as each host would send them: the same verdict and text as Envoy's that got what the host sends. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { buildExample } from "../../scripts/build-examples.js";
import { refusalText, tryStart } from "../../src/cli/try-start.js";
import { sentConfiguration, sentStruct } from "../../src/deploy/index.js";
import type { Start, Target } from "../../src/deploy/index.js";
import { bootstrap } from "../../src/envoy/index.js";
import { tryModule } from "../../src/inspect/index.js";
import { cli } from "../cli/support.js";
import { envoyTest, found, startEnvoy } from "../support/envoy.js";
import { request } from "../support/http.js";
import { configurations } from "./support/configurations.js";

const targets = ["envoy", "istio", "envoy-gateway"] as const;

interface Case {
  readonly example: string;
  readonly target: Target;
  readonly sent: string;
}

function startWith(configuration: string | Uint8Array): Start {
  const none = { vmConfiguration: "", environment: {}, hostEnvironment: [] };
  return { point: "http", rootId: "", vmId: "", configuration, ...none };
}

/** All cases that reach a host, each configuration that arrives once. */
function cases(): Case[] {
  const list: Case[] = [];
  for (const [example, texts] of Object.entries(configurations))
    for (const text of texts)
      for (const target of targets) {
        let sent: string;
        try {
          sent = sentConfiguration(target, text);
        } catch {
          continue; // the host's own API takes it not: other tests
        }
        if (!list.some((other) => other.example === example && other.sent === sent))
          list.push({ example, target, sent });
      }
  return list;
}

/** What each plugin's module wrote while Envoy started them, and whether it did. */
async function inEnvoy(
  plugins: readonly { wasm: string; configuration: string }[],
): Promise<{ starts: boolean; lines: string[][] }> {
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-check-"));
  const file = join(folder, "envoy.json");
  const filters = plugins.map((plugin, index) => ({ ...plugin, vmId: `vm${index}` }));
  writeFileSync(file, JSON.stringify(bootstrap({ filters })));
  const parameters = ["--mode", "validate", "-c", file, "-l", "info", "--log-format", "[%l][%n] %v"];
  const child = spawn(found.path!, parameters);
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => (log += String(piece)));
  const status = await new Promise((resolve) => child.on("close", resolve));
  rmSync(folder, { recursive: true, force: true });
  const said = [...log.matchAll(/^\[([a-z]+)\]\[wasm\] wasm log (vm\d+): ([^]*?)\n(?=\[[a-z]+\]\[)/gm)];
  const lines = filters.map(({ vmId }) =>
    said.filter(([, , id]) => id === vmId).map(([, level, , text]) => `${level}: ${text}`),
  );
  return { starts: status === 0, lines };
}

test("there are 40 configurations of six examples, and no JSON API is asked about what is none", () => {
  assert.ok(Object.values(configurations).flat().length >= 40);
  assert.equal(Object.keys(configurations).length, 6);
  // A host that takes JSON only is not asked about text.
  assert.throws(() => sentConfiguration("istio", "text"), /Istio takes the configuration as JSON/);
  assert.throws(() => sentConfiguration("istio", "[]"), /Istio takes only an object/);
  assert.throws(() => sentConfiguration("envoy-gateway", "text"), /Envoy Gateway takes the configuration/);
});

envoyTest(
  "each is taken or refused with the same lines as in Envoy that got what the host sends",
  async () => {
    const taken: { wasm: string; configuration: string; lines: string[] }[] = [];
    let refusals = 0;
    for (const { example, target, sent } of cases()) {
      const wasm = await buildExample(example);
      const trial = await tryModule(readFileSync(wasm), { configuration: sent });
      const lines = trial.lines.map(({ level, message }) => `${level}: ${message}`);
      const refused = await tryStart(readFileSync(wasm), startWith(sent), "");
      const what = `${example} for ${target}: ${sent}`;
      assert.equal(refused === undefined, trial.stage === "running", what);
      if (refused === undefined) taken.push({ wasm, configuration: sent, lines });
      else {
        const envoy = await inEnvoy([{ wasm, configuration: sent }]);
        assert.equal(envoy.starts, false, what);
        assert.deepEqual(lines, envoy.lines[0], what);
        for (const line of refused.lines) assert.ok(lines.includes(line), `${what}\n${line}`);
        refusals++;
      }
    }
    const envoy = await inEnvoy(taken);
    assert.equal(envoy.starts, true);
    // Envoy starts a plugin that it takes more than once.
    for (const [index, { wasm, configuration, lines }] of taken.entries())
      assert.deepEqual(lines, envoy.lines[index]!.slice(0, lines.length), `${wasm}: ${configuration}`);
    assert.ok(taken.length >= 15 && refusals >= 15, `${taken.length} taken, ${refusals} refused`);
  },
);

envoyTest("a Struct in Envoy's own YAML arrives as protobuf's bytes", async (t) => {
  const wasm = await buildExample("docs-plugin-config");
  const value = { requests: 5, b: "x", yes: true, no: null, list: ["a", [], { in: 5 }], deep: { c: 5 } };
  const envoy = await startEnvoy(t, { filters: [{ wasm, configuration: value }] });
  await request(envoy.port, { path: "/" });
  const expected = Buffer.from(sentStruct(JSON.stringify(value))).toString("latin1");
  await envoy.waitForLog((log) => log.includes("secret: "));
  assert.ok(envoy.log.includes(`secret: ${expected}`), JSON.stringify(envoy.log));
});

test("what a refusal says: the module's own line, and what it got", async () => {
  const wasm = readFileSync(await buildExample("rate-limit"));
  const start = startWith('{"requests":0}');
  const refused = await tryStart(wasm, start, "");
  assert.equal(
    refusalText("rate-limit.wasm", refused!, start),
    'rate-limit.wasm refuses this configuration:\n  error: requests: must be at least 1 (offset 12)\nonConfigure got these 14 bytes: {"requests":0}',
  );
});

test("check: a verdict for each host, and 1 when one of them is a refusal", async (t) => {
  const wasm = await buildExample("rate-limit");
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-check-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const good = join(folder, "good.yaml");
  writeFileSync(good, "requests: 5\n");
  const bad = join(folder, "bad.json");
  writeFileSync(bad, '{"requests": 0}');
  const list = join(folder, "list.json");
  writeFileSync(list, "[]");
  const all = ["--for", targets.join(",")];
  const taken = cli(["check", "--config", good, wasm, ...all]);
  assert.equal(taken.status, 0, taken.stderr);
  assert.equal(taken.stdout.match(/takes this configuration\.$/gm)?.length, 3);
  const refused = cli(["check", "--config", bad, wasm, ...all]);
  assert.equal(refused.status, 1);
  assert.equal(
    refused.stderr.match(/^ {2}error: requests: must be at least 1 \(offset 1[23]\)$/gm)?.length,
    3,
  );
  const json = cli(["check", "--config", list, wasm, ...all, "--json"]);
  assert.equal(json.status, 1);
  const verdicts = JSON.parse(json.stdout) as { for: string; takes: boolean; sent: string | null }[];
  assert.deepEqual(
    verdicts.map((verdict) => [verdict.for, verdict.takes, verdict.sent]),
    [
      ["envoy", false, "[]"],
      ["istio", false, null],
      ["envoy-gateway", false, "[]"],
    ],
  );
  const struct = cli(["check", "--config", good, wasm, "--struct"]);
  assert.equal(struct.status, 1);
  assert.match(struct.stderr, /got a Struct of \d+ bytes in protobuf's format\. As a StringValue,/);
});

test("manifest: a configuration that the module refuses is written nowhere, unless that is asked for", async (t) => {
  const wasm = await buildExample("rate-limit");
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-check-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "out.yaml");
  const image = ["--image", "registry.example/filter:1"];
  const hosts: [string, string[]][] = [
    ["istio", image],
    ["envoy-gateway", [...image, "--target-ref", "Gateway/web"]],
    ["envoy", ["--inline"]],
  ];
  for (const [host, more] of hosts) {
    const line = ["manifest", wasm, "--for", host, ...more, "--config", '{"requests": 0}', "-o", file];
    const { status, stdout, stderr } = cli(line);
    assert.equal(status, 1, host);
    assert.equal(stdout, "");
    assert.match(stderr, /^ {2}error: requests: must be at least 1 \(offset 1[23]\)$/m);
    assert.match(stderr, /^No manifest was written; --untried writes it all the same\.$/m);
    assert.throws(() => readFileSync(file), /ENOENT/);
  }
  const [, more] = hosts[0]!;
  const untried = cli([
    ...["manifest", wasm, "--for", "istio", ...more, "--config", '{"requests": 0}'],
    "--untried",
  ]);
  assert.equal(untried.status, 0);
  assert.match(untried.stdout, /requests: 0/);
});
