/** The table of hosts, what is said of modules by it, and what builds leave out. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildExample } from "../../scripts/build-examples.js";
import { Host, VirtualLoop } from "../../src/host/index.js";
import { hosts } from "../../src/hosts/index.js";
import { heldModule, holdAgainst } from "../../src/inspect/index.js";
import type { HostFinding } from "../../src/inspect/index.js";
import { cli, newProject } from "../cli/support.js";
import { file, pageText } from "./page.js";

async function held(wasm: string, name: string): Promise<HostFinding[]> {
  const host = hosts.find((each) => each.name === name)!;
  return holdAgainst(await heldModule(readFileSync(wasm)), host);
}

const names = (findings: readonly HostFinding[], level: HostFinding["level"]): string[] =>
  findings.filter((finding) => finding.level === level).map(({ name }) => name);

test("docs/hosts.md is what `npm run hosts` writes", async () => {
  assert.equal(readFileSync(file, "utf8"), await pageText());
});

test("each host is named once, and says how it is known", () => {
  assert.equal(new Set(hosts.map(({ name }) => name)).size, hosts.length);
  for (const { name, source, known } of hosts) assert.ok(source.length > 10, `${name} ${known}`);
});

test("a module is not loaded where an import is missing, of another type, or a feature is", async () => {
  const limited = await buildExample("rate-limit");
  assert.deepEqual(names(await held(limited, "apisix"), "error"), ["proxy_get_log_level", "exceptions"]);
  assert.deepEqual(names(await held(limited, "envoy-1.36"), "error"), []);
  const kong = await held(limited, "kong");
  assert.deepEqual(names(kong, "error"), ["exceptions"]);
  assert.match(
    kong.find(({ name }) => name === "proxy_get_log_level")!.message,
    /ends the module when it is called; build with --host/,
  );
  const google = await held(limited, "google");
  assert.deepEqual(names(google, "error"), []);
  assert.deepEqual(names(google, "warning").sort(), ["proxy_get_shared_data", "proxy_set_shared_data"]);
  const log = await held(await buildExample("json-log"), "apisix");
  assert.ok(names(log, "note").includes("proxy_on_log"), JSON.stringify(log));
});

test("inspect --host tells all hosts, also as JSON, and ends with 1 where one does not load the module", async () => {
  const wasm = await buildExample("rate-limit");
  const { status, stdout } = cli(["inspect", wasm, "--host", "java,apisix", "--json"]);
  assert.equal(status, 1);
  const { hosts: reports } = JSON.parse(stdout) as { hosts: { host: string; loads: boolean }[] };
  assert.deepEqual(
    reports.map(({ host, loads }) => [host, loads]),
    [
      ["java", false],
      ["apisix", false],
    ],
  );
  const wrong = cli(["inspect", wasm, "--host", "nginx"]);
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /Known hosts are envoy-1\.36, /);
});

const logs = `import { FilterHeadersStatus, HttpContext, LogLevel, log, registerHttpFilter } from "proxy-wasm-as";

class Logs extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (log.isEnabled(LogLevel.Debug)) log.debug("path " + (this.request.headers.get(":path") ?? ""));
    return FilterHeadersStatus.StopAllIterationAndWatermark;
  }
}

registerHttpFilter<Logs>();
`;

test("build --host leaves out what the hosts lack, and writes nothing that they would not load", async (t) => {
  const folder = newProject(t, "http");
  writeFileSync(join(folder, "assembly", "index.ts"), logs);
  const wasm = join(folder, "build", "plugin.wasm");
  const plain = cli(["build"], { cwd: folder });
  assert.equal(plain.status, 0, plain.stderr);
  assert.deepEqual(names(await held(wasm, "apisix"), "error"), ["proxy_get_log_level", "exceptions"]);
  assert.match(cli(["inspect", wasm, "--host", "apisix"]).stdout, /called\s+by[^]*onRequestHeaders/);
  const before = readFileSync(wasm);
  const forHosts = cli(["build", "--host", "apisix,java"], { cwd: folder });
  assert.equal(forHosts.status, 0, forHosts.stderr);
  for (const host of ["apisix", "java", "kong"]) assert.deepEqual(await held(wasm, host), [], host);
  assert.notDeepEqual(readFileSync(wasm), before);

  const returned: unknown[] = [];
  const loop = new VirtualLoop();
  const host = await Host.start({
    loop,
    filters: [{ wasm: readFileSync(wasm) }],
    onCall: ({ name, isOver, result }) => {
      if (name === "proxy_on_request_headers" && isOver) returned.push(result);
    },
  });
  const nothing = (): void => undefined;
  const client = { headers: nothing, data: nothing, trailers: nothing, reset: nothing };
  const fields = [
    [":method", "GET"],
    [":path", "/"],
    [":authority", "a"],
    [":scheme", "http"],
  ] as const;
  loop.do(() =>
    host.openStream(client).onHeaders(
      fields.map(([name, value]) => [name, value]),
      true,
    ),
  );
  assert.deepEqual(returned, [1], "4 is no status that the Java host knows");
  host.close();
});

test("package.json names a project's hosts, and each build is held to them", async (t) => {
  const folder = newProject(t, "http");
  const source = join(folder, "assembly", "index.ts");
  writeFileSync(source, logs.replace("if (log", "if (this.request.body.size > 5 && log"));
  const file = join(folder, "package.json");
  const settings = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const name = (list: unknown): void =>
    writeFileSync(file, JSON.stringify({ ...settings, proxyWasm: { hosts: list } }));
  name(["envoy-1.36", "apisix"]);
  const refused = cli(["build"], { cwd: folder });
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /Apache APISIX .*: does not load it/);
  assert.match(refused.stderr, /proxy_get_buffer_status is not there, so the module is not loaded/);
  assert.match(refused.stderr, /called\s+by[^]*onRequestHeaders/);
  assert.match(refused.stderr, /Nothing was built/);
  name(["nginx"]);
  assert.match(cli(["build"], { cwd: folder }).stderr, /^package\.json: Known hosts are envoy-1\.36,/);
  name("kong");
  assert.match(cli(["build"], { cwd: folder }).stderr, /is a list of names of hosts/);
});

test("what tests, runs and benches build is held to the project's hosts, too", async (t) => {
  const folder = newProject(t, "http");
  const source = join(folder, "assembly", "index.ts");
  writeFileSync(source, logs);
  const file = join(folder, "package.json");
  const settings = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...settings, proxyWasm: { hosts: ["apisix", "java"] } }));
  const wasm = join(folder, "build", "plugin.wasm");
  assert.equal(cli(["build"], { cwd: folder }).status, 0);
  const built = readFileSync(wasm);
  writeFileSync(
    join(folder, "test", "filter.test.js"),
    `import { test } from "node:test";
import { createHost } from "proxy-wasm-as/testing";
test("it holds", async () => {
  const host = await createHost({ wasm: "build/plugin.wasm" });
  const { hostCalls } = await host.request({ mayHang: true });
  const [call] = hostCalls.filter(({ name, isOver }) => name === "proxy_on_request_headers" && isOver);
  if (call.result !== 1) throw new Error(String(call.result));
});
`,
  );
  const tested = cli(["test"], { cwd: folder });
  assert.equal(tested.status, 0, tested.stdout + tested.stderr);
  assert.deepEqual(readFileSync(wasm), built, "what was tested is what is shipped");
  writeFileSync(source, logs.replace("if (log", "if (this.request.body.size > 5 && log"));
  const refused = cli(["test"], { cwd: folder });
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /proxy_get_buffer_status is not there, so the module is not loaded/);
});
