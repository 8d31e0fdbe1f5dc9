/** What goes wrong, command by command: one line that says what to do, the right exit code, and no file half-written. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildExample } from "../../scripts/build-examples.js";
import { execute } from "../../src/cli/program.js";
import { assemble } from "../support/assemble.js";
import { env, main, newProject, plainEnv } from "./support.js";
import { pass, until } from "../support/wait.js";

let hello = "";
const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-errors-"));
const home = process.cwd();

/** What lies in the folder before each command, and has to lie there as it was after it. */
const files: Readonly<Record<string, string | Uint8Array>> = {
  file: "x",
  "text.wasm": "hello",
  "cut.wasm": Buffer.from("\0asm\u0001\0\0\0\u0001\u007f", "latin1"),
  "empty.wasm": Buffer.from("\0asm\u0001\0\0\0", "latin1"),
  "crash.wasm": assemble(`(import "env" "proxy_done" (func $done (result i32)))
    (memory (export "memory") 2) (func (export "proxy_abi_version_0_2_1"))
    (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 0))
    (func (export "_initialize") (drop (call $done)))`),
  "bad.textpb": "test { name: ",
  "bad.yaml": "a: [",
  "other/keep": "me",
};

before(async () => {
  hello = await buildExample("hello");
  for (const name of ["other", "empty"]) mkdirSync(join(folder, name));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  process.chdir(folder);
});
after(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command in this process; answers its exit code, and what it wrote to the error stream. */
async function told(parameters: readonly string[]): Promise<{ code: number; said: string }> {
  const { error, log } = console;
  const lines: string[] = [];
  console.error = (...parts: unknown[]) => void lines.push(parts.join(" "));
  console.log = () => undefined;
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    await execute(parameters);
    return { code: Number(process.exitCode), said: lines.join("\n") };
  } finally {
    process.exitCode = before;
    Object.assign(console, { error, log });
  }
}

const H = "HELLO";
const image = "localhost:1/team/filter:1";

/** A command line, its exit code, and what it says: one line, but for the one that names --help. */
const cases: readonly (readonly [line: string, code: number, said: RegExp])[] = [
  // wrong arguments
  ["--nope", 2, /^error: unknown option '--nope'\n\(add --help for what there is\)$/],
  ["rn", 2, /unknown command 'rn'\n\(Did you mean run\?\)/],
  ...["build a", "new a b", "run a b", "test a b", "inspect a b", "bench a b", "doctor a", "pack a b"].map(
    (line) => [line, 2, /^error: too many arguments for '\w+'/] as const,
  ),
  ...["inspect", "pack", "push a", "pull", "stats-tags"].map(
    (line) => [line, 2, /^error: missing required argument '\w+'/] as const,
  ),
  ...["new", "build", "run", "test", "inspect", "bench", "stats-tags", "pack", "push", "pull", "doctor"].map(
    (name) => [`${name} --nope`, 2, /^error: unknown option '--nope'/] as const,
  ),
  ["explain a b", 2, /^error: too many arguments for 'explain'/],
  ["explain --nope", 2, /^error: unknown option '--nope'/],
  ["manifest a", 2, /^error: required option '--for <host>' not specified/],
  [`manifest ${H} --for k8s --image ${image}`, 2, /Allowed choices are istio,/],
  [`bench ${H} -H x`, 2, /Say name and value: 'x-key: secret'/],
  [`bench ${H} --answer auth`, 2, /Say name and status: auth=200/],
  [`bench ${H} -r 0`, 2, /It is a number, 1 or more\./],
  [`push ${H} nowhere`, 1, /"nowhere" is not the name of an image: .* write it as REGISTRY/],
  ["pull nowhere", 1, /"nowhere" is not the name of an image: .* write it as REGISTRY/],
  ["stats-tags a=b", 1, /^"a=b" is no label: it would be written as "a_b"$/],
  [
    `manifest ${H} --for istio`,
    1,
    /^Say where the module comes from, in one way: --image, --url or --file\.$/,
  ],
  // missing files
  ...["run", "bench", "inspect", "pack", "push IMAGE", "manifest --for istio --image IMAGE"].map((line) => {
    const [name, ...rest] = line.replace("IMAGE", image).split(" ");
    return [
      [name, "none.wasm", ...rest].join(" "),
      1,
      /^There is no file none\.wasm; build it first \(npm run build\)\.$/,
    ] as const;
  }),
  ...["run", "bench"].map(
    (name) => [`${name} ${H} --config-file none`, 1, /^There is no file none; name the configur/] as const,
  ),
  [`manifest ${H} --for istio --image ${image} --config-file none`, 1, /^There is no file none; name/],
  [`bench ${H} --body none`, 1, /^There is no file none; name the body's file\.$/],
  [`test ${H} --suite none.yaml`, 1, /^none\.yaml: cannot be read \(ENOENT\)$/],
  ["test none.wasm --suite bad.textpb", 1, /^bad\.textpb:1: expected string$/],
  [`test ${H} --suite bad.yaml`, 1, /^bad\.yaml:1: /],
  [`test ${H}`, 1, /^Say what to hold .* against: --suite tests\.textpb \(or \.yaml\)$/],
  ...["build", "test"].map(
    (name) => [name, 1, /^There is no asconfig\.json here; go to your project/] as const,
  ),
  ...["run", "bench"].map((name) => [name, 1, /^Name a module, or go to a project: proxy-wasm-as/] as const),
  // broken modules, and folders in their place
  ...["run", "bench", "inspect", "pack", "push IMAGE", "manifest --for istio --image IMAGE"].flatMap(
    (line) => {
      const [name, ...rest] = line.replace("IMAGE", image).split(" ");
      const call = (file: string): string => [name, file, ...rest].join(" ");
      return [
        [call("other"), 1, /^other is a folder; build it first/],
        [call("text.wasm"), 1, /^text\.wasm is (no module|not a (valid )?WebAssembly module): /],
        [call("cut.wasm"), 1, /^cut\.wasm is (no module|not a (valid )?WebAssembly module): /],
      ] as const;
    },
  ),
  ["run empty.wasm --port 0", 1, /^empty\.wasm does not start: .* "proxy-wasm-as inspect empty\.wasm" says/],
  ["bench empty.wasm", 1, /^empty\.wasm does not start: .* "proxy-wasm-as inspect empty\.wasm" says/],
  ["inspect empty.wasm", 1, /^$/],
  ["run crash.wasm --port 0", 1, /^crash\.wasm (does not start|cannot be run): /],
  ["bench crash.wasm", 1, /^crash\.wasm does not start: /],
  ["inspect crash.wasm", 1, /^$/],
  // places that cannot be written to
  ["new file", 1, /^file is a file; choose another name\.$/],
  ["new other --no-install", 1, /^other is not empty; choose another name, or empty it first\.$/],
  ["new file/below --no-install", 1, /^file\/below cannot be written \(ENOTDIR\); choose a folder/],
  [`pack ${H} -o file/image.tar`, 1, /file\/image\.tar/],
  [`manifest ${H} --for istio --image ${image} -o file/a.yaml`, 1, /file\/a\.yaml/],
  [
    `run ${H} --envoy --keep file/envoy.json --port 0`,
    1,
    /^file\/envoy\.json cannot be written \(ENOTDIR\)\.$/,
  ],
  // no Envoy
  [
    `run ${H} --envoy --port 0`,
    1,
    /^ENVOY is .*file, which does not run as an Envoy; correct or unset it\. With/,
  ],
  [`test ${H} --suite good.yaml --envoy`, 1, /^ENVOY is .*file, which does not run as an Envoy; correct or/],
];

for (const [line, code, said] of cases)
  test(`${line}: ${code}`, async () => {
    const envoy = process.env["ENVOY"];
    const isForEnvoy = line.includes("--envoy") && !line.includes("--keep");
    if (isForEnvoy) {
      process.env["ENVOY"] = join(folder, "file");
      writeFileSync(join(folder, "good.yaml"), "test:\n  - name: any\n");
    }
    try {
      const answer = await told(line.split(" ").map((part) => (part === H ? hello : part)));
      assert.match(answer.said, said);
      assert.equal(answer.code, code, answer.said);
      assert.ok(answer.said.split("\n").length <= (code === 2 ? 4 : 1), answer.said);
      assert.doesNotMatch(answer.said, /\n {4}at |\u001b/);
    } finally {
      if (envoy === undefined) delete process.env["ENVOY"];
      else process.env["ENVOY"] = envoy;
      rmSync(join(folder, "good.yaml"), { force: true });
    }
    for (const [name, content] of Object.entries(files))
      assert.deepEqual(readFileSync(join(folder, name)), Buffer.from(content), name);
    const names = readdirSync(folder).sort();
    const own = Object.keys(files).map((name) => name.split("/")[0]!);
    assert.deepEqual(
      names.filter((name) => !own.includes(name) && name !== "node_modules"),
      ["empty"],
    );
  });

test("new without a network: the project is made, and npm's words say why it has no packages", async () => {
  const nodeOptions = process.env["NODE_OPTIONS"]; // the test runner's, which name what npm cannot find there
  delete process.env["NODE_OPTIONS"];
  process.env["npm_config_registry"] = "http://127.0.0.1:1";
  process.env["npm_config_fetch_retries"] = "0";
  try {
    const { code, said } = await told(["new", "empty/project"]);
    assert.equal(code, 1);
    assert.match(said, /ECONNREFUSED[^]*npm install did not work; try it again by hand\.$/);
    assert.ok(existsSync(join(folder, "empty", "project", "package.json")));
  } finally {
    delete process.env["npm_config_registry"];
    delete process.env["npm_config_fetch_retries"];
    if (nodeOptions !== undefined) process.env["NODE_OPTIONS"] = nodeOptions;
    rmSync(join(folder, "empty", "project"), { recursive: true, force: true });
  }
});

test("Ctrl-C ends a build: the old module stays, nothing half-made and no compiler is left", async (t) => {
  const cwd = newProject(t, "http");
  mkdirSync(join(cwd, "build"));
  writeFileSync(join(cwd, "build", "plugin.wasm"), "old");
  const child = spawn(process.execPath, [main, "build"], {
    cwd,
    env: plainEnv,
    stdio: "ignore",
    detached: true,
  });
  const ended = new Promise<number | null>((done) => child.on("close", done));
  const drafts = (): string[] => readdirSync(join(cwd, "build")).filter((name) => name.startsWith(".draft"));
  await until(() => drafts().length > 0 || child.exitCode !== null);
  process.kill(child.pid!, "SIGINT"); // to it alone: it has to end the compiler itself
  assert.equal(await ended, 130);
  assert.deepEqual(readdirSync(join(cwd, "build")), ["plugin.wasm"]);
  assert.equal(readFileSync(join(cwd, "build", "plugin.wasm"), "utf8"), "old");
  await until(() => !isGroupAlive(child.pid!)); // the compiler
});

test("Ctrl-C while a new project installs: the project is whole, and nothing is left running", async (t) => {
  const cwd = mkdtempSync(join(tmpdir(), "interrupted-"));
  const silent = createServer().listen(0, "127.0.0.1"); // a registry that never answers
  t.after(() => {
    silent.close();
    rmSync(cwd, { recursive: true, force: true });
  });
  await once(silent, "listening");
  const registry = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const more = { npm_config_registry: registry, npm_config_cache: join(cwd, "cache") };
  const child = spawn(process.execPath, [main, "new", "project"], {
    cwd,
    env: { ...env, ...more },
    detached: true,
  });
  const ended = new Promise<number | null>((done) => child.on("close", done));
  const [made] = (await once(child.stdout, "data")) as [Buffer];
  assert.match(String(made), /^Made project/);
  await pass(200, "npm installs, and says nothing of it");
  process.kill(-child.pid!, "SIGINT");
  assert.equal(await ended, 130);
  for (const file of ["package.json", "asconfig.json", "assembly/index.ts", "README.md"])
    assert.ok(existsSync(join(cwd, "project", file)), file);
  await until(() => !isGroupAlive(child.pid!)); // npm
});

test("Ctrl-C ends a measurement, and nothing is left behind", async (t) => {
  const cwd = mkdtempSync(join(tmpdir(), "interrupted-"));
  t.after(() => rmSync(cwd, { recursive: true, force: true }));
  const parameters = [main, "bench", await buildExample("hello"), "--requests", "100000000"];
  const child = spawn(process.execPath, parameters, { cwd, env, stdio: "ignore", detached: true });
  const ended = new Promise<string>((done) => child.on("close", (code, signal) => done(`${code} ${signal}`)));
  await pass(1500, "it measures, and says nothing of it");
  process.kill(-child.pid!, "SIGINT");
  assert.match(await ended, /^130 |SIGINT$/);
  assert.deepEqual(readdirSync(cwd), []);
  assert.ok(!isGroupAlive(child.pid!));
});

function isGroupAlive(leader: number): boolean {
  try {
    process.kill(-leader, 0);
    return true;
  } catch {
    return false;
  }
}
