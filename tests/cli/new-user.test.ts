/** What a new user types, from an empty folder and with the packed package: docs/getting-started.md. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, readdirSync, symlinkSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findEnvoy } from "../../src/envoy/index.js";
import { envoyCache } from "../support/envoy.js";
import { request } from "../support/http.js";
import { root } from "../support/paths.js";
import { env, startProgram, temporaryFolder } from "./support.js";

/** What the page shows of a command's output is what the command says, but for times and what depends on the version of zlib. */
function assertShown(beginning: string, output: string): void {
  const page = readFileSync(join(root, "docs/getting-started.md"), "utf8");
  const block = page.split("```text\n").find((text) => text.startsWith(beginning));
  assert.ok(block !== undefined, `docs/getting-started.md shows nothing that begins with ${beginning}`);
  for (const line of block.slice(0, block.indexOf("\n```")).split("\n")) {
    if (line.startsWith("  time ")) continue;
    const exact = line.replace(/, [\d,]+ bytes by gzip$/, "");
    assert.ok(output.includes(exact), `${exact}\nis not in\n${output}`);
  }
}

test("from an empty folder: new, test, start, change, see it, build, inspect, and in Envoy", async (t) => {
  const folder = temporaryFolder(t);
  // TRANSCRIPT=FILE keeps what a person would see.
  const lines: string[] = [];
  const say = (...said: string[]): void => void lines.push(`$ ${said[0]}`, ...said.slice(1));
  const quiet = { ...env, npm_config_ignore_scripts: "true", npm_config_loglevel: "error" };
  const npm = (cwd: string, ...parameters: string[]): string => {
    const { status, stdout, stderr } = spawnSync("npm", parameters, { cwd, encoding: "utf8", env: quiet });
    assert.equal(status, 0, `npm ${parameters.join(" ")}\n${stdout}${stderr}`);
    if (cwd !== root) say(`npm ${parameters.join(" ")}`, stdout.trim());
    return stdout;
  };
  npm(root, "pack", "--pack-destination", folder);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"))!;
  execFileSync("tar", ["xzf", tarball], { cwd: folder });

  // The packages are this clone's, so that no network is needed; only proxy-wasm-as itself is the packed one.
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, ".bin"), { recursive: true });
  for (const name of readdirSync(join(root, "node_modules")))
    if (name !== "proxy-wasm-as" && !name.startsWith("."))
      symlinkSync(join(root, "node_modules", name), join(modules, name));
  execFileSync("mv", [join(folder, "package"), join(modules, "proxy-wasm-as")]);
  symlinkSync("../proxy-wasm-as/dist/cli/main.js", join(modules, ".bin", "proxy-wasm-as"));
  execFileSync("chmod", ["+x", join(modules, "proxy-wasm-as", "dist", "cli", "main.js")]);

  const started = performance.now();
  const created = spawnSync("npx", ["--no-install", "proxy-wasm-as", "new", "my-first", "--no-install"], {
    cwd: folder,
    encoding: "utf8",
    env: quiet,
  });
  assert.equal(created.status, 0, created.stderr);
  say("npx proxy-wasm-as new my-first", created.stdout.trim());
  assert.match(
    created.stdout,
    /^Made my-first: an HTTP filter with configuration\.\nNext:\n {2}cd my-first\n/,
  );
  const project = join(folder, "my-first");

  assert.match(npm(project, "test"), /pass 2\n/);
  assert.match(npm(project, "run", "build"), /build\/plugin\.wasm {2}[\d,]+ bytes/);
  assertShown("build/plugin.wasm  ", npm(project, "run", "inspect"));
  assertShown("build/plugin.bench.wasm  ", npm(project, "exec", "--", "proxy-wasm-as", "bench"));

  say("npm start, and in another terminal curl -i localhost:10000/welcome");
  const running = await startProgram("npm", ["start", "--", "--port", "0"], project);
  const get = (path: string): ReturnType<typeof request> => request(running.port, { path });
  const welcome = await get("/welcome");
  assert.match(welcome.body, /^x-greeting: hello$/m);
  lines.push(`HTTP/1.1 ${welcome.status}`, welcome.body.trim());
  const source = join(project, "assembly", "index.ts");
  writeFileSync(source, readFileSync(source, "utf8").replace('"denied\\n"', '"not you\\n"'));
  await running.shows(/has changed and is in use/);
  assert.equal((await get("/denied")).body, "not you\n");
  await running.interrupt();
  lines.push("(after a change of the source, and curl localhost:10000/denied:)", running.output().trim());

  const { path: envoy } = findEnvoy(envoyCache);
  if (envoy !== undefined) {
    const parameters = ["run", "start:envoy", "--", "--port", "0"];
    const inEnvoy = await startProgram("npm", parameters, project, { ENVOY: envoy });
    assert.equal((await request(inEnvoy.port, { path: "/denied" })).body, "not you\n");
    await inEnvoy.interrupt();
    say("npm run start:envoy, and curl localhost:10000/denied", inEnvoy.output().trim());
  }
  const seconds = Math.round((performance.now() - started) / 1000);
  lines.push(`${seconds} seconds from new to Envoy`);
  const transcript = process.env["TRANSCRIPT"];
  if (transcript !== undefined) writeFileSync(transcript, `${lines.join("\n").replaceAll(folder, "")}\n`);
  t.diagnostic(`${seconds} seconds from new to Envoy`);

  // Two filters in one repository, and what they import by name.
  const repository = join(folder, "packages");
  for (const [name, from] of [
    ["one", "http"],
    ["two", "flow"],
  ] as const) {
    const made = spawnSync(
      "npx",
      ["--no-install", "proxy-wasm-as", "new", `packages/${name}`, "--template", from, "--no-install"],
      { cwd: folder, encoding: "utf8", env: quiet },
    );
    assert.equal(made.status, 0, made.stderr);
    assert.match(npm(join(repository, name), "run", "build"), /build\/plugin\.wasm {2}[\d,]+ bytes/);
  }
});
