import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { request } from "../support/http.js";
import { root } from "../support/paths.js";

/** A filter of 15 lines, as a new user writes it. */
const source = `import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

class Guard extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const key = this.request.headers.get("x-api-key");
    if (key === null) return this.respond(401, "no key\\n");
    if (key != "s3cret") {
      return this.respond(403, "wrong key\\n", { headers: [["x-hint", "s…"]] });
    }
    this.request.headers.remove("x-api-key");
    return FilterHeadersStatus.Continue;
  }
}

registerHttpFilter<Guard>();
`;

envoyTest(
  "the packed package, installed in an empty folder, compiles a filter that Envoy loads",
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-install-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const npm = (cwd: string, ...parameters: string[]): string =>
      execFileSync("npm", [...parameters, "--loglevel=error"], {
        cwd,
        encoding: "utf8",
        // The packed files are those of the last build; another one now would pull them away under other tests.
        env: {
          ...process.env,
          NODE_OPTIONS: "",
          npm_config_ignore_scripts: "true",
          npm_config_cache: join(folder, "cache"),
        },
      });
    npm(root, "pack", "--pack-destination", folder);
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"))!;

    const modules = join(folder, "node_modules");
    // No network: what the package depends on, and the compiler, are those of this clone.
    const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    const overrides = Object.fromEntries(
      Object.keys(dependencies).map((name) => [name, `file:${join(root, "node_modules", name)}`]),
    );
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module", overrides }));
    npm(folder, "install", "--offline", "--legacy-peer-deps", "--omit=peer", "--no-save", `./${tarball}`);
    symlinkSync(join(root, "node_modules", "assemblyscript"), join(modules, "assemblyscript"));
    mkdirSync(join(modules, ".bin"), { recursive: true });
    symlinkSync("../assemblyscript/bin/asc.js", join(modules, ".bin", "asc"));

    mkdirSync(join(folder, "assembly"));
    writeFileSync(join(folder, "assembly", "index.ts"), source);
    writeFileSync(
      join(folder, "asconfig.json"),
      '{ "extends": "proxy-wasm-as/asconfig.json", "entries": ["assembly/index.ts"] }',
    );
    const npx = (...parameters: string[]): string =>
      execFileSync("npx", ["--no-install", ...parameters], {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, NODE_OPTIONS: "" },
      });
    assert.match(npx("asc", "--config", "asconfig.json"), /^wrote build\/plugin\.wasm, \d+ bytes/);
    assert.match(npx("proxy-wasm-as", "--version"), /^\d+\.\d+\.\d+$/m);

    const envoy = await startEnvoy(t, { filters: [{ wasm: join(folder, "build", "plugin.wasm") }] });
    assert.equal((await request(envoy.port)).status, 401);
    const wrong = await request(envoy.port, { headers: [["x-api-key", "guess"]] });
    assert.equal(wrong.status, 403);
    assert.deepEqual(wrong.all("x-hint"), [Buffer.from("s…").toString("latin1")]);
    assert.equal((await request(envoy.port, { headers: [["x-api-key", "s3cret"]] })).status, 200);
  },
);
