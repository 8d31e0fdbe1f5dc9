import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { buildExample } from "../../scripts/build-examples.js";
import { envoyTest } from "../support/envoy.js";
import { request } from "../support/http.js";
import { root } from "../support/paths.js";

const main = join(root, "dist", "cli", "main.js");
const env = { ...process.env, NODE_OPTIONS: "" };

function cli(...parameters: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [main, ...parameters], { cwd: root, encoding: "utf8", env });
}

test("--help and --version say what there is, with an example for each command", () => {
  assert.match(cli("--help").stdout, /run .*\n[^]*doctor/);
  assert.match(cli("--version").stdout, /^\d+\.\d+\.\d+\n$/);
  for (const command of ["run", "doctor"]) {
    const { status, stdout } = cli(command, "--help");
    assert.equal(status, 0);
    assert.match(stdout, /Example:\n {2}\$ proxy-wasm-as/);
    assert.ok(stdout.split("\n").every((line) => line.length <= 80));
  }
});

test("a wrong call ends with 2, a failure with 1, each with what to do", () => {
  const unknown = cli("rn");
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /unknown command 'rn'/);
  const port = cli("run", "x.wasm", "--port", "99999");
  assert.equal(port.status, 2);
  assert.match(port.stderr, /A port is 0 to 65535/);
  const missing = cli("run", "missing.wasm");
  assert.equal(missing.status, 1);
  assert.equal(missing.stderr, "There is no file missing.wasm; build it first (npm run build).\n");
});

test("doctor lists what is used here, also as JSON", () => {
  const findings = JSON.parse(cli("doctor", "--json").stdout) as { what: string; found: string }[];
  assert.deepEqual(
    findings.map(({ what }) => what),
    ["proxy-wasm-as", "Node", "AssemblyScript", "Envoy"],
  );
  assert.equal(findings[2]!.found, "0.28.20");
});

envoyTest("run puts a module in front of an echo server, and its Envoy ends with it", async () => {
  const wasm = await buildExample("hello");
  const child = spawn(process.execPath, [main, "run", wasm, "--port", "0"], { cwd: root, env });
  let output = "";
  child.stderr.on("data", (text) => (output += String(text)));
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.on("data", (text) => {
      output += String(text);
      const match = /http:\/\/127\.0\.0\.1:(\d+)/.exec(output);
      if (match !== null) resolve(Number(match[1]));
    });
    child.on("exit", () => reject(new Error(output)));
  });
  const response = await request(port, { path: "/welcome" });
  assert.match(response.body, /x-hello: world/);
  child.kill("SIGINT");
  assert.equal(await new Promise((resolve) => child.on("exit", resolve)), 130);
  await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
});

envoyTest("run says that Envoy refuses a module", async () => {
  const { status, stderr } = cli("run", join(root, "package.json"), "--port", "0");
  assert.equal(status, 1);
  assert.match(stderr, /Envoy did not start \(exit code 1\); its log above says why\.\n$/);
});
