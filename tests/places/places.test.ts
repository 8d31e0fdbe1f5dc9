import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Backtraces, PlaceMap } from "../../src/places/index.js";
import { FilterBug, createHost } from "../../src/testing/index.js";
import { cli, main } from "../cli/support.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { request } from "../support/http.js";
import { projectWith, succeeds } from "./project.js";

envoyTest(
  "explain has functions, files and lines for a trap of a release module in a real Envoy's log",
  async (t) => {
    const { folder, placeOf } = projectWith(t, "bugs.ts");
    succeeds(folder, "build");
    const wasm = join(folder, "build", "plugin.wasm");
    assert.ok(!readFileSync(wasm).includes("onRequestHeaders#"), "a release module has no names");
    const envoy = await startEnvoy(t, { filters: [{ wasm }] });
    assert.equal((await request(envoy.port)).status, 200);
    assert.equal((await request(envoy.port, { path: "/poke" })).status, 503);
    await envoy.waitForLog((log) => /unknown\(function index:\d+\)/.test(log));
    const file = join(folder, "envoy.log");
    writeFileSync(file, envoy.log);

    const told = succeeds(folder, "explain", file);
    const [, innermost] = /backtrace:\n(.*)\n/.exec(told)!;
    assert.match(innermost!, new RegExp(`^ +0: +poke \\(${placeOf("load<i32>")}\\)`));
    assert.doesNotMatch(told, /wasm-function|unknown/);
    assert.deepEqual(
      told.split("\n").filter((line) => !/^ +\d+: /.test(line)),
      envoy.log.split("\n").filter((line) => !/^ +\d+: /.test(line)),
    );

    // Behind a log that goes on: a line is answered before the next one comes.
    const filter = spawn(process.execPath, [main, "explain", "--map", `${wasm}.map`], { cwd: folder });
    for (const line of envoy.log.split("\n").filter((one) => /^ +0: /.test(one)))
      filter.stdin.write(`${line}\n`);
    const [first] = (await once(filter.stdout, "data")) as [Buffer];
    assert.match(first.toString(), /^ +0: +poke/);
    filter.stdin.end();
    await once(filter, "close");

    assert.match(
      cli(["explain", file, "--map", "asconfig.json"], { cwd: folder }).stderr,
      /^asconfig.json cannot be used/,
    );
    assert.match(
      cli(["explain", file, "--map", "none.map"], { cwd: folder }).stderr,
      /^There is no file none.map; a build leaves it/,
    );
  },
);

test("explain leaves the backtrace of another module as it is, and says so", (t) => {
  const { folder } = projectWith(t, "bugs.ts");
  succeeds(folder, "build");
  const log = [
    "Function: proxy_on_request_headers failed: Uncaught RuntimeError: unreachable",
    "Proxy-Wasm plugin in-VM backtrace:",
    "  0:  0xfffff - unknown(function index:9999)",
    "  1:  0x1 - unknown(function index:9998)",
    "",
  ].join("\n");
  writeFileSync(join(folder, "envoy.log"), log);
  const { status, stdout, stderr } = cli(["explain", "envoy.log"], { cwd: folder });
  assert.equal(status, 0);
  assert.equal(stdout, log);
  assert.match(
    stderr.replace(/\s+/g, " "),
    /^2 lines of backtraces are not of the module that build\/plugin\.wasm\.map was made with; keep the map/,
  );

  // The right function with an address that is not in it is of another build.
  const known = PlaceMap.read(readFileSync(join(folder, "build", "plugin.wasm.map"), "utf8"));
  const index = [...Array(100).keys()].find((number) => known.nameOf(number) !== undefined)!;
  const one = cli(["explain"], { cwd: folder, input: `  0:  0xfffff - unknown(function index:${index})\n` });
  assert.equal(one.stdout, `  0:  0xfffff - unknown(function index:${index})\n`);
  assert.match(one.stderr, /^1 line of backtraces is not of the module/);

  writeFileSync(join(folder, "envoy.log"), "nothing of interest\n");
  const none = cli(["explain", "envoy.log"], { cwd: folder });
  assert.equal(none.stdout, "nothing of interest\n");
  assert.match(none.stderr, /^envoy\.log has no backtrace of a module\./);
});

test("lines of any length pass explain as they are, in no more time than it takes to read them", () => {
  const map = PlaceMap.read(JSON.stringify({ version: 3, sources: [], mappings: "" }));
  const backtraces = new Backtraces(map);
  const started = process.cpuUsage();
  for (const part of [
    "  0:  0x1 - ",
    "wasm-function[1]:0x",
    "at a (",
    "[1]",
    "at ",
    "0: 0x",
    "<wasm function 1",
  ])
    for (const length of [4000, 1_000_000]) {
      const line = part.repeat(length / part.length);
      assert.equal(backtraces.line(line), line);
    }
  const { user } = process.cpuUsage(started);
  assert.ok(user < 2e6, `${user / 1e6} s`);
});

test("a bug in a test has the stack in the filter's files, traps as well; inspect and bench name functions by the map", async (t) => {
  const { folder, placeOf } = projectWith(t, "bugs.ts");
  writeFileSync(
    join(folder, "test", "filter.test.js"),
    `import { test } from "node:test";\ntest("nothing", () => undefined);\n`,
  );
  succeeds(folder, "test");
  const wasm = join(folder, "build", "plugin.wasm");
  const stackOf = async (path: string): Promise<readonly string[]> => {
    const host = await createHost({ wasm, upstream: {} });
    const error: unknown = await host.request({ path }).catch((reason: unknown) => reason);
    assert.ok(error instanceof FilterBug);
    for (const line of error.stacks[0]!) assert.ok(error.message.includes(`\n    ${line}`), error.message);
    return error.stacks[0]!;
  };
  const line = (text: string): string => placeOf(text).replace(/:\d+$/, "");
  assert.match((await stackOf("/divide"))[0]!, /^at weigh \((near )?assembly\/index\.ts:1[23]:/);
  assert.match((await stackOf("/poke"))[0]!, new RegExp(`^at poke \\(${placeOf("load<i32>")}\\)`));
  const nested = await stackOf("/nested");
  assert.match(nested[0]!, new RegExp(`\\((near )?${line("names[at]")}:`));
  assert.ok(nested.length >= 2, nested.join("\n"));
  assert.match(nested.at(-1)!, /#onRequestHeaders|in Bugs#onRequestHeaders/);

  assert.match(
    succeeds(folder, "inspect", wasm, "-n", "100"),
    /Bugs#onRequestHeaders \(assembly\/index\.ts:\d+\)/,
  );
  assert.match(
    succeeds(folder, "bench", wasm, "-r", "10", "-n", "100"),
    /Bugs#onRequestHeaders \(assembly\/index\.ts:\d+\)/,
  );
});

test("a map finds functions by their offsets, and no place of a function before it", () => {
  const map = PlaceMap.read(
    JSON.stringify({
      version: 3,
      sources: ["assembly/index.ts"],
      sourcesContent: ["function a(): void {}\nconst b = (): i32 => 1;\n"],
      mappings: "UAAA,IACA",
      x_proxy_wasm_as: {
        digest: "",
        functions: [
          [3, "assembly/index/a", 10, 4],
          [4, "assembly/index/c", 20, 4],
        ],
      },
    }),
  );
  assert.deepEqual(map.frame(11, 3), {
    name: "assembly/index/a",
    place: { source: "assembly/index.ts", line: 1, column: 1 },
    isNear: false,
    scope: "a",
  });
  assert.equal(map.frame(11, 4), undefined);
  assert.equal(map.frame(16), undefined);
  assert.equal(map.frame(21, 4)!.place, undefined);
  assert.equal(map.scopeOf({ source: "assembly/index.ts", line: 2, column: 22 })!.name, "b");
  assert.throws(() => PlaceMap.read("{}"), /it is no source map/);
  assert.throws(() => PlaceMap.read("no"), /it is no source map/);
});
