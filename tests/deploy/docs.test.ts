/** What docs/deploy-*.md tell people to type, and what the commands say of themselves. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { parse } from "yaml";
import { buildExample } from "../../scripts/build-examples.js";
import { build } from "../../src/cli/build.js";
import { check } from "../../src/cli/check.js";
import { diffCommand } from "../../src/cli/diff.js";
import { inspect } from "../../src/cli/inspect.js";
import { manifestCommand } from "../../src/cli/manifest.js";
import { pack } from "../../src/cli/pack.js";
import { pull } from "../../src/cli/pull.js";
import { push } from "../../src/cli/push.js";
import { root } from "../support/paths.js";

const commands = { build, pack, push, pull, inspect, check, manifest: manifestCommand, diff: diffCommand };
type Name = keyof typeof commands;

const docs = readdirSync(join(root, "docs"))
  .filter((name) => /^deploy-.*\.md$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(root, "docs", name), "utf8") }));

/** Stands for all that is not ours: it does nothing. `npx` writes down what it was called with. */
const shell = `
kubectl() { :; }; npm() { :; }; istioctl() { :; }; cosign() { :; }; envoy() { :; }; curl() { :; }; docker() { :; }; grep() { :; }
npx() {
  shift
  for each in "$@"; do printf '%s\\0' "$each" >> calls; done
  printf '\\n\\0' >> calls
  # What is not read may end the command before the pipe, by a signal.
  case " $* " in *" --password-stdin "*) cat > /dev/null;; esac
  if [ "$1" = push ]; then echo "oci://registry.example/team/filter:1.0.0@sha256:${"0f".repeat(32)}"; fi
}
TOKEN=secret
POD=pod
`;

/** Runs the blocks of a page in a shell; answers the calls of our command, each as its parameters. */
function callsOf(text: string, cwd: string): string[][] {
  const blocks = [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block!);
  // A page may say that a name comes from elsewhere.
  const image = `IMAGE=oci://registry.example/team/filter:1.0.0@sha256:${"0f".repeat(32)}`;
  const script = ["set -eu", shell, image, ...blocks].join("\n");
  const { status, stderr } = spawnSync("bash", ["-c", script], { cwd, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return readFileSync(join(cwd, "calls"), "utf8")
    .split("\n\0")
    .filter((call) => call !== "")
    .map((call) => call.split("\0").slice(0, -1));
}

for (const { name, text } of docs) {
  test(`docs/${name}: each command is one that there is, and each manifest is written`, async (t) => {
    const before = process.cwd();
    const cwd = mkdtempSync(join(tmpdir(), "proxy-wasm-as-docs-"));
    process.chdir(cwd);
    t.after(() => {
      process.chdir(before);
      rmSync(cwd, { recursive: true, force: true });
    });
    mkdirSync("build");
    copyFileSync(await buildExample("hello"), "build/plugin.wasm");
    writeFileSync("config.json", '{"mode":"strict"}');
    const calls = callsOf(text, cwd);
    assert.ok(calls.length >= 2, "the page has commands");
    for (const [index, [first, ...parameters]] of calls.entries()) {
      // A page that names root ids is about a module that has several.
      if (parameters.includes("--root-id"))
        copyFileSync(await buildExample("service-queue"), "build/plugin.wasm");
      assert.ok(first! in commands, `proxy-wasm-as ${first}`);
      const command = commands[first as Name]().exitOverride();
      if (first === "manifest") {
        if (parameters.includes("--kustomize")) parameters[parameters.indexOf("--kustomize")] = "-o";
        assert.ok(parameters.includes("-o"), "a command that prints would be seen here");
        t.mock.method(console, "log", () => undefined);
        parameters[parameters.indexOf("-o") + 1] = `${index}.yaml`;
        await command.parseAsync(parameters, { from: "user" });
        assert.ok(Object.keys(parse(readFileSync(`${index}.yaml`, "utf8")) as object).length > 1);
      } else await command.action(() => undefined).parseAsync(parameters, { from: "user" });
    }
  });
}

test("the workflow runs the commands of the script, each of them one that there is", () => {
  const { text } = docs.find(({ name }) => name === "deploy-pipeline.md")!;
  const [, script = ""] = /```sh\n(.*?)```/s.exec(text)!;
  const [, workflow = ""] = /```yaml\n(.*?)```/s.exec(text)!;
  const { jobs } = parse(workflow) as { jobs: { release: { steps: { run?: string }[] } } };
  const ran = jobs.release.steps.map(({ run = "" }) => run).join("\n");
  const commandsOf = (all: string): string[] =>
    [...all.matchAll(/npx proxy-wasm-as (\w+)|npm (ci|test)/g)].map(([command]) => command);
  assert.deepEqual(commandsOf(ran), commandsOf(script));
  const { status, stderr } = spawnSync("bash", ["-n"], { input: ran, encoding: "utf8" });
  assert.equal(status, 0, stderr);
});

/** Runs the pipeline's script, as it stands, with one step that fails; answers the steps of ours that were begun. */
function stepsWhenFails(t: TestContext, step: string): string[] {
  const { text } = docs.find(({ name }) => name === "deploy-pipeline.md")!;
  const [, script = ""] = /```sh\n(.*?)```/s.exec(text)!;
  const cwd = mkdtempSync(join(tmpdir(), "proxy-wasm-as-docs-"));
  t.after(() => rmSync(cwd, { recursive: true, force: true }));
  const failing = `npx() { echo "$2" >> steps; [ "$2" != ${step} ]; }\n`;
  const whole = [shell.replace(/^npx\(\)[^]*?^\}\n/m, failing), script].join("\n");
  const { status } = spawnSync("bash", ["-c", whole], { cwd, encoding: "utf8" });
  assert.notEqual(status, 0, step);
  return readFileSync(join(cwd, "steps"), "utf8").trim().split("\n");
}

test("the pipeline's script stops at the first step that fails, a push in the middle of a pipe, too", (t) => {
  assert.deepEqual(stepsWhenFails(t, "build"), ["build"]);
  assert.deepEqual(stepsWhenFails(t, "check"), ["build", "check"]);
  assert.deepEqual(stepsWhenFails(t, "push"), ["build", "check", "push"]);
});

test("the pages name no option that no command has", () => {
  const ours = new Set(Object.values(commands).flatMap((make) => make().options.map(({ long }) => long)));
  const others = new Set(["--mode", "--level"]); // Envoy's, istioctl's
  for (const { name, text } of docs) {
    const prose = text.replaceAll(/```.*?```/gs, "");
    for (const [, code] of prose.matchAll(/`([^`]+)`/g))
      for (const [option] of code!.matchAll(/(?<![\w-])--[a-z][a-z0-9-]*/g))
        assert.ok(ours.has(option) || others.has(option), `${name}: ${option}`);
  }
});

test("help fits 80 columns, and each option says what it is", () => {
  for (const make of Object.values(commands)) {
    const command = make().configureHelp({ helpWidth: 80 });
    for (const line of command.helpInformation().split("\n")) assert.ok(line.length <= 80, line);
    for (const { flags, description } of command.options) assert.ok(description.length > 3, flags);
  }
});
