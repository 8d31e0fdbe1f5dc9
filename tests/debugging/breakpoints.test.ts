import assert from "node:assert/strict";
import type { ChildProcessByStdio } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { createHost } from "../../src/testing/index.js";
import { cli, env, main, newProject } from "../cli/support.js";
import { succeeds } from "../places/project.js";
import { root } from "../support/paths.js";
import { freePort } from "../support/ports.js";
import { until } from "../support/wait.js";
import { request } from "../support/http.js";
import type { Stop } from "./inspector.js";
import { Debugger } from "./inspector.js";

const filter = join(root, "tests", "debugging", "filters", "rules.ts");
const lines = readFileSync(filter, "utf8").split("\n");
const lineOf = (text: string): number => lines.findIndex((line) => line.includes(text)) + 1;

const tests = `import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "proxy-wasm-as/testing";

test("weighs", async () => {
  const host = await createHost({ wasm: "build/plugin.wasm", upstream: {}, timeLimit: 1000 });
  const { upstream } = await host.request({ path: "/seven7" });
  assert.equal(upstream.headers.get("x-weight"), "71");
});
`;

function project(t: TestContext): string {
  const folder = newProject(t, "http");
  cpSync(filter, join(folder, "assembly", "index.ts"));
  writeFileSync(join(folder, "test", "filter.test.js"), tests);
  return folder;
}

interface Started {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** Waits for such a place in the output. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
}

function start(t: TestContext, folder: string, ...parameters: string[]): Started {
  const child = spawn(process.execPath, [main, ...parameters], {
    cwd: folder,
    env: { ...env, PROXY_WASM_AS_DEBUG_WAIT: "15000" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  t.after(() => child.kill("SIGKILL")); // a debugged process waits for its debugger to go
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (part: string) => (text += part));
  const said = async (pattern: RegExp): Promise<RegExpExecArray> => {
    await until(() => pattern.test(text) || child.exitCode !== null, 120_000);
    const found = pattern.exec(text);
    if (found === null) throw new Error(`${pattern} was not said: ${text}`);
    return found;
  };
  return { child, said };
}

/** Stops in \`weight\`, steps, and reads variables; goes on. */
async function goThrough(inspector: Debugger, folder: string): Promise<void> {
  let stop: Stop;
  // The first stop is that of a program that waits for its debugger.
  do {
    stop = await inspector.stopped();
    if (stop.source === undefined) await inspector.resume();
  } while (stop.source === undefined);
  assert.equal(stop.source, pathToFileURL(join(folder, "assembly", "index.ts")).href);
  assert.equal(stop.line, lineOf("sum *= factor"));
  assert.match(stop.name, /weight/);
  const before = await inspector.locals(stop);
  assert.equal(before.get("factor"), 10);
  assert.equal(before.get("sum"), 7);
  const next = await inspector.step(stop);
  assert.equal(next.line, lineOf("return sum + 1"));
  const after = await inspector.locals(next);
  assert.equal(after.get("sum"), 70);
  await inspector.resume();
}

const breakpoints = [{ source: /\/assembly\/index\.ts$/, line: lineOf("sum *= factor") }];

test("test --debug stops at breakpoints in the filter's sources, steps, and shows variables", async (t) => {
  const folder = project(t);
  const { child, said } = start(t, folder, "test", "--debug", "--debug-port", String(await freePort()));
  const [, url] = await said(/Debugger listening on (ws:\S+)/);
  const inspector = await Debugger.attach(t, url!, breakpoints);
  await goThrough(inspector, folder);
  inspector.close(); // a process does not end before its debugger has gone
  await said(/pass 1\n/);
  if (child.exitCode === null) await once(child, "close");
  assert.equal(child.exitCode, 0);

  // The same module in a test that asks for it itself.
  const wasm = join(folder, "build", "plugin.wasm");
  const host = await createHost({ wasm, upstream: {}, debug: true });
  assert.equal((await host.request({ path: "/" })).upstream!.headers.get("x-weight"), "11");

  // What is shipped has changed, what is debugged has not.
  succeeds(folder, "build");
  await assert.rejects(
    createHost({ wasm, upstream: {}, debug: true }),
    /There is nothing to debug: \S+plugin\.debug\.wasm is older than \S+plugin\.wasm\. Run: npx proxy-wasm-as build --debug/,
  );
});

test("run --debug stops at breakpoints while requests go through the filter", async (t) => {
  const folder = project(t);
  const debugPort = await freePort();
  const { child, said } = start(
    t,
    folder,
    "run",
    "--port",
    "0",
    "--debug",
    "--debug-port",
    String(debugPort),
  );
  const [, url] = await said(/Debugger listening on (ws:\S+)/);
  const inspector = await Debugger.attach(t, url!, breakpoints);
  const [, port] = await said(/http:\/\/127\.0\.0\.1:(\d+)/);
  await inspector.ready();
  const answer = request(Number(port), { path: "/seven7" });
  await goThrough(inspector, folder);
  assert.match((await answer).body.toString(), /x-weight: 71|"x-weight": ?"71"/);
  inspector.close();
  child.kill("SIGINT");
});

test("replay --debug stops at breakpoints as the trace of a release module is gone through", async (t) => {
  const folder = project(t);
  succeeds(folder, "test", "--record", "t.jsonl");
  const none = cli(["replay", "t.jsonl", "--debug"], { cwd: folder });
  assert.equal(none.status, 1);
  assert.match(none.stderr, /^There is nothing to debug: [^]* Run: npx proxy-wasm-as build --debug/);
  succeeds(folder, "build", "--debug");
  const { child, said } = start(
    t,
    folder,
    ...["replay", "t.jsonl", "--debug", "--debug-port", String(await freePort())],
  );
  const [, url] = await said(/Debugger listening on (ws:\S+)/);
  const inspector = await Debugger.attach(t, url!, breakpoints);
  await goThrough(inspector, folder);
  await said(/The module goes the trace's way to the end/);
  inspector.close();
  if (child.exitCode === null) await once(child, "close");
  assert.equal(child.exitCode, 0);
});

test("projects have a configuration by which F5 debugs their tests", (t) => {
  const folder = newProject(t, "flow");
  const { configurations } = JSON.parse(readFileSync(join(folder, ".vscode", "launch.json"), "utf8")) as {
    configurations: { runtimeExecutable: string; runtimeArgs: string[]; resolveSourceMapLocations: null }[];
  };
  assert.deepEqual(
    configurations.map(({ runtimeExecutable, runtimeArgs }) => [runtimeExecutable, ...runtimeArgs].join(" ")),
    ["npm test -- --debug", "npm start -- --debug"],
  );
  // Otherwise VS Code reads no map of a module, whose address begins with wasm://.
  for (const one of configurations) assert.equal(one.resolveSourceMapLocations, null);
});
