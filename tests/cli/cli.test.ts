import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildExample } from "../../scripts/build-examples.js";
import { envoyTest } from "../support/envoy.js";
import { request } from "../support/http.js";
import { cli, env, main, newProject, start, temporaryFolder } from "./support.js";

const commands = [
  ...["new", "build", "run", "test", "ui", "inspect", "bench"],
  ...["schema", "stats-tags", "pack", "push", "pull", "check", "manifest", "doctor"],
];

test("--help and --version say what there is, with an example for each command", () => {
  const { stdout } = cli(["--help"]);
  for (const command of commands) assert.match(stdout, new RegExp(`^ {2}${command}\\b`, "m"));
  assert.match(cli(["--version"]).stdout, /^\d+\.\d+\.\d+\n$/);
  for (const command of commands) {
    const help = cli([command, "--help"]);
    assert.equal(help.status, 0);
    assert.match(help.stdout, /Example:\n {2}\$ (npx )?proxy-wasm-as/);
    assert.ok(
      help.stdout.split("\n").every((line) => line.length <= 80),
      help.stdout,
    );
  }
});

/** Wrong calls: what was typed, the exit code, and the line that says what to do. */
const wrong: readonly (readonly [readonly string[], number, RegExp])[] = [
  [["rn"], 2, /unknown command 'rn'/],
  [["run", "x.wasm", "--port", "99999"], 2, /A port is 0 to 65535/],
  [["run", "x.wasm", "--upstream", "localhost"], 2, /Say host and port: http:\/\/localhost:8080/],
  [["run", "x.wasm", "--cluster", "auth"], 2, /Say name and address: auth=http:\/\/localhost:9000/],
  [["run", "x.wasm", "--as", "udp"], 2, /Allowed choices are http, tcp, service/],
  [["inspect"], 2, /missing required argument 'file'/],
  [["inspect", "x.wasm", "--functions", "many"], 2, /It is a number/],
  [["new", "x", "--template", "grpc"], 2, /Allowed choices are http, flow, tcp, service/],
  [["run", "missing.wasm"], 1, /^There is no file missing\.wasm; build it first \(npm run build\)\.\n$/],
  [
    ["run", "package.json"],
    1,
    /^package\.json is no module: it does not begin like a WebAssembly module\.\n$/,
  ],
  [["run", "x.wasm", "--keep", "y.json"], 1, /^--keep leaves a configuration of Envoy; add --envoy\.\n$/],
  [
    ["run", "x.wasm", "--config", "a", "--config-file", "b"],
    1,
    /^Give --config or --config-file, not both\.\n$/,
  ],
  [
    ["run", "x.wasm", "--config-file", "none"],
    1,
    /^There is no file none; name the configuration's file\.\n$/,
  ],
  [["test", "x.wasm"], 1, /^Say what to hold x\.wasm against: --suite/],
  [["test", "x.wasm", "--suite", "none.textpb"], 1, /^none\.textpb.* cannot be read \(ENOENT\)/],
  [["new", "src"], 1, /^src is not empty; choose another name/],
  [["new", "package.json"], 1, /^package\.json is a file; choose another name\.\n$/],
  [["new"], 1, /^Name the folder to make: proxy-wasm-as new my-filter\n$/],
];

for (const [parameters, status, message] of wrong)
  test(`proxy-wasm-as ${parameters.join(" ")} ends with ${status} and says what to do`, () => {
    const result = cli(parameters);
    assert.equal(result.status, status, result.stderr);
    assert.match(result.stderr, message);
    assert.equal(result.stdout, "");
    assert.doesNotMatch(result.stderr, /\n {4}at /);
  });

test("outside a project, build, run and test say where to go", (t) => {
  const cwd = temporaryFolder(t);
  for (const command of ["build", "test"]) {
    const { status, stderr } = cli([command], { cwd });
    assert.equal(status, 1);
    assert.equal(
      stderr,
      "There is no asconfig.json here; go to your project, or make one: npx proxy-wasm-as new my-filter\n",
    );
  }
  assert.match(cli(["run"], { cwd }).stderr, /^Name a module, or go to a project/);
});

test("doctor lists what is used here, also as JSON", () => {
  const findings = JSON.parse(cli(["doctor", "--json"]).stdout) as { what: string; found: string }[];
  assert.deepEqual(
    findings.map(({ what }) => what),
    ["proxy-wasm-as", "Node", "AssemblyScript", "Envoy"],
  );
  assert.equal(findings[2]!.found, "0.28.20");
});

test("run leads requests through the filter, tells of each, and ends with Ctrl-C", async () => {
  const running = await start(["run", await buildExample("hello"), "--port", "0"]);
  const response = await request(running.port, { path: "/welcome" });
  assert.match(response.body, /x-hello: world/);
  assert.equal((await request(running.port, { path: "/denied" })).status, 403);
  await running.shows(/^\d\d:\d\d:\d\d 200 {2}GET \/welcome {2}[\d.]+ ms \d+ B$/m);
  await running.shows(/^\d\d:\d\d:\d\d 403 {2}GET \/denied {2}[\d.]+ ms 7 B by the filter$/m);
  assert.doesNotMatch(running.output(), /\u001b/);
  assert.equal(await running.interrupt(), 130);
  await assert.rejects(fetch(`http://127.0.0.1:${running.port}/`));
});

test("run --json writes an object for each request and message", async () => {
  const running = await start(["run", await buildExample("hello"), "--port", "0", "--json"]);
  await request(running.port, { path: "/denied" });
  await running.shows(/"type":"request"/);
  const lines = running.output().trim().split("\n");
  const entry = JSON.parse(lines.at(-1)) as { path: string; status: number; bytes: number };
  assert.deepEqual([entry.path, entry.status, entry.bytes], ["/denied", 403, 7]);
  await running.interrupt();
});

test("run says that a port is in use, and what to do", async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const wasm = await buildExample("hello");
  for (const more of [[], ["--envoy"]]) {
    const child = spawn(process.execPath, [main, "run", wasm, "--port", String(port), ...more], { env });
    let stderr = "";
    child.stderr.on("data", (text) => (stderr += String(text)));
    assert.equal(await new Promise((done) => child.on("close", done)), 1);
    assert.equal(
      stderr,
      `Port ${port} is in use; end what listens there, or choose another: --port ${port + 1} (0 takes any).\n`,
    );
  }
  server.close();
});

test("run passes the filter's refusal of its configuration on", async () => {
  const wasm = await buildExample("rate-limit");
  const { status, stdout, stderr } = cli(["run", wasm, "--port", "0", "--config", "nonsense"]);
  assert.equal(status, 1);
  assert.match(stdout, /error/);
  assert.match(stderr, /rate-limit\.wasm does not start: Failed to configure base Wasm plugin\. .*\n$/);
});

test("build says what made the module larger, and leaves the old one when the new one is wrong", (t) => {
  const cwd = newProject(t, "http");
  const first = cli(["build", "--debug"], { cwd });
  assert.equal(first.status, 0, first.stderr);
  assert.match(first.stdout, /^build\/plugin\.wasm {2}[\d,]+ bytes\n {2}calls {2}proxy_/);
  assert.match(first.stdout, /build\/plugin\.debug\.wasm {2}[\d,]+ bytes, with names and a source map/);
  assert.deepEqual(readdirSync(join(cwd, "build")).sort(), [
    "plugin.debug.wasm",
    "plugin.debug.wasm.map",
    "plugin.wasm",
    "plugin.wasm.map",
  ]);
  const source = join(cwd, "assembly", "index.ts");
  const text = readFileSync(source, "utf8");
  const old = readFileSync(join(cwd, "build", "plugin.wasm"));

  writeFileSync(source, text.replace('"denied\\n"', "12"));
  const broken = cli(["build"], { cwd });
  assert.equal(broken.status, 1);
  assert.match(broken.stderr, /ERROR TS\d+[^]*└─ in assembly\/index\.ts\(\d+,\d+\)[^]*Nothing was built/);
  assert.deepEqual(readFileSync(join(cwd, "build", "plugin.wasm")), old);
  assert.equal(readdirSync(join(cwd, "build")).length, 4);

  writeFileSync(source, text.replace('"denied\\n"', '"denied by the new version\\n"'));
  const grown = JSON.parse(cli(["build", "--json"], { cwd }).stdout) as {
    bytes: number;
    bytesBefore: number;
    changes: { name: string; difference: number }[];
  };
  assert.equal(grown.bytesBefore, old.length);
  assert.ok(grown.bytes > old.length);
  assert.ok(grown.changes.some(({ name, difference }) => name.startsWith("data") && difference > 0));
});

test("build in a folder that cannot be written to says so", (t) => {
  const cwd = newProject(t, "http");
  writeFileSync(join(cwd, "build"), "a file in the folder's place");
  const { status, stderr } = cli(["build"], { cwd });
  assert.equal(status, 1);
  assert.match(stderr, /^.*build cannot be written to \((EEXIST|ENOTDIR)\); change its permissions, or name/);
});

test("test runs suites: passed, failed, and as JSON", async (t) => {
  const wasm = await buildExample("hello");
  const file = join(temporaryFolder(t), "tests.textpb");
  writeFileSync(
    file,
    `test { name: "Denies" request_headers { input { header { key: ":path" value: "/denied" } }
       result { immediate { http_status: 403 } body { exact: "denied\\n" } } } }
     test { name: "Greets" request_headers { result { has_header { key: "x-hello" value: "you" } } } }`,
  );
  const { status, stdout } = cli(["test", wasm, "--suite", file]);
  assert.equal(status, 1);
  assert.match(
    stdout,
    /in the embedded host\n {2}✔ Denies .*\n {2}✖ Greets .*\n {6}request_headers: has_header/,
  );
  assert.match(stdout, /\n1 passed, 1 failed\n$/);
  const one = cli(["test", wasm, "--suite", file, "--only", "Den", "--json"]);
  assert.equal(one.status, 0);
  assert.equal((JSON.parse(one.stdout) as { passed: boolean }[])[0]!.passed, true);
  assert.match(
    cli(["test", wasm, "--suite", file, "--only", "zzz"]).stderr,
    /^No test has "zzz" in its name/,
  );
});

for (const template of ["http", "flow", "tcp", "service"])
  test(`a new ${template} project passes its tests at once`, (t) => {
    const cwd = newProject(t, template);
    assert.ok(existsSync(join(cwd, ".gitignore")) && existsSync(join(cwd, ".vscode", "settings.json")));
    for (const name of ["README.md", "envoy.yaml", "assembly/index.ts", "package.json"])
      assert.doesNotMatch(readFileSync(join(cwd, name), "utf8"), /my[-_]filter/, name);
    const { scripts } = JSON.parse(readFileSync(join(cwd, "package.json"), "utf8")) as { scripts: object };
    const told = readFileSync(join(cwd, "AGENTS.md"), "utf8").matchAll(/^npm (?:run )?([\w:]+)/gm);
    assert.deepEqual(Array.from(told, ([, name]) => name!).sort(), Object.keys(scripts).sort());
    const { status, stdout, stderr } = cli(["test"], { cwd });
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /pass [1-9]\n[^]*fail 0\n/);
  });

test("run --watch builds a project, and takes a change into use", async (t) => {
  const cwd = newProject(t, "http");
  const running = await start(["run", "--port", "0", "--watch"], cwd);
  assert.equal((await request(running.port, { path: "/denied" })).body, "denied\n");
  const source = join(cwd, "assembly", "index.ts");
  const text = readFileSync(source, "utf8");
  writeFileSync(source, text.replace('"denied\\n"', "12"));
  await running.shows(/the module from before stays in use/);
  assert.equal((await request(running.port, { path: "/denied" })).body, "denied\n");
  writeFileSync(source, text.replace('"denied\\n"', '"changed\\n"'));
  await running.shows(/has changed and is in use/);
  assert.equal((await request(running.port, { path: "/denied" })).body, "changed\n");
  assert.equal(await running.interrupt(), 130);
  assert.deepEqual(readdirSync(join(cwd, "build")).sort(), ["plugin.run.wasm", "plugin.run.wasm.map"]);
});

test("new in an empty folder, and in one that cannot be written to", (t) => {
  const cwd = temporaryFolder(t);
  mkdirSync(join(cwd, "Mine & Yours"));
  const { status, stderr } = cli(["new", "Mine & Yours", "--no-install"], { cwd });
  assert.equal(status, 0, stderr);
  const { name } = JSON.parse(readFileSync(join(cwd, "Mine & Yours", "package.json"), "utf8")) as {
    name: string;
  };
  assert.equal(name, "mine-yours");
  assert.deepEqual(readdirSync(cwd), ["Mine & Yours"]);
  writeFileSync(join(cwd, "file"), "");
  const refused = cli(["new", "file/below", "--no-install"], { cwd });
  assert.equal(refused.status, 1);
  assert.match(
    refused.stderr,
    /^file\/below cannot be written \(ENOTDIR\); choose a folder that is yours\.\n$/,
  );
});

envoyTest("run --envoy does the same in a real Envoy, which ends with it", async (t) => {
  const keep = join(temporaryFolder(t), "envoy.json");
  const wasm = await buildExample("hello");
  const running = await start(["run", wasm, "--port", "0", "--envoy", "--keep", keep]);
  assert.match((await request(running.port, { path: "/welcome" })).body, /x-hello: world/);
  await running.shows(/^\d\d:\d\d:\d\d 200 {2}GET \/welcome {2}[\d.]+ ms \d+ B$/m);
  assert.ok("static_resources" in (JSON.parse(readFileSync(keep, "utf8")) as object));
  assert.equal(await running.interrupt(), 130);
  await assert.rejects(fetch(`http://127.0.0.1:${running.port}/`));
});

envoyTest("run --envoy says that Envoy refuses a module", async (t) => {
  const file = join(temporaryFolder(t), "empty.wasm");
  writeFileSync(file, "\0asm\u0001\0\0\0", "latin1");
  const { status, stderr } = cli(["run", file, "--port", "0", "--envoy"]);
  assert.equal(status, 1);
  assert.match(stderr, /Envoy did not start with .*empty\.wasm \(exit code 1\); its log above says why\.\n$/);
});
