/** `build` vouches for what it writes: a module that cannot start is not written. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { cli, newProject } from "./support.js";

const NO_OP = `import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

class Filter extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return FilterHeadersStatus.Continue;
  }
}

`;

const REFUSED: readonly (readonly [name: string, source: string, said: RegExp])[] = [
  [
    "traps at module scope",
    `${NO_OP}const limits: i32[] = [1, 2];
function at(index: i32): i32 {
  return limits[index];
}
export const third = at(2);
registerHttpFilter<Filter>();
`,
    /traps while it starts, so no host would load it: Index out of range/,
  ],
  [
    "divides by zero at module scope",
    `${NO_OP}function zero(): i32 {
  return memory.size() > 10000 ? 1 : 0;
}
export const x: i32 = 5 / zero();
registerHttpFilter<Filter>();
`,
    /traps while it starts, so no host would load it: .*division by zero/,
  ],
  [
    "registers only where nothing comes",
    `${NO_OP.replace("HttpContext, registerHttpFilter", "HttpContext, PluginContext, registerPlugin")}class Plugin extends PluginContext {
  createHttpContext(): HttpContext {
    return new Filter();
  }
}
registerPlugin<Plugin>("first");
if (memory.size() > 10000) registerPlugin<Plugin>("second");
`,
    /assembly\/index\.ts:\d+:\d+: this is not called while the module starts|the plugin "second" is never registered/,
  ],
];

/** Drops the entry as transforms do that put sources in another order: what is resolved is not compiled. */
const DROPS_THE_ENTRY = `export default class {
  afterInitialize(program) {
    for (const source of program.sources) if (!source.internalPath.startsWith("~lib/")) source.sourceKind = 0;
  }
}
`;

test("a module that cannot start is not written, nor taken for new", (t) => {
  const project = newProject(t, "http");
  const entry = join(project, "assembly", "index.ts");
  const module = join(project, "build", "plugin.wasm");
  for (const [name, source, said] of REFUSED) {
    writeFileSync(entry, source);
    const { status, stderr } = cli(["build"], { cwd: project });
    assert.equal(status, 1, name);
    assert.match(stderr, said, name);
    assert.match(stderr, /Nothing was built: put this right first\.\n$/, name);
    assert.equal(existsSync(module), false, name);
  }
  writeFileSync(entry, `${NO_OP}registerHttpFilter<Filter>();\n`);
  assert.equal(cli(["build"], { cwd: project }).status, 0, "a filter that does nothing is one");
  const before = readFileSync(module);
  assert.equal(before.includes("sourceMappingURL"), false);
  assert.equal(existsSync(`${module}.map`), true, "the map stays beside the module");
  writeFileSync(join(project, "drop.mjs"), DROPS_THE_ENTRY);
  const config = join(project, "asconfig.json");
  const good = readFileSync(config, "utf8");
  writeFileSync(config, good.replace("{", '{ "options": { "transform": ["./drop.mjs"] },'));
  const dropped = cli(["build"], { cwd: project });
  assert.equal(dropped.status, 1, dropped.stdout);
  assert.match(
    dropped.stderr,
    /Nothing was built.* plugin\.wasm is still the module from before|is still the module from before/,
  );
  assert.deepEqual(readFileSync(module), before);
});

test("a plugin that refuses an empty configuration is written; one that has a bug with it is, with a warning", (t) => {
  const project = newProject(t, "http");
  const plugin = (
    line: string,
  ): string => `${NO_OP.replace("HttpContext, registerHttpFilter", "HttpContext, PluginContext, registerPlugin")}class Plugin extends PluginContext {
  onConfigure(configuration: string): bool {
    ${line}
  }
  createHttpContext(): HttpContext {
    return new Filter();
  }
}
registerPlugin<Plugin>("named");
`;
  writeFileSync(join(project, "assembly", "index.ts"), plugin("return configuration.length > 0;"));
  const refuses = cli(["build"], { cwd: project });
  assert.deepEqual([refuses.status, refuses.stderr], [0, ""]);
  writeFileSync(
    join(project, "assembly", "index.ts"),
    plugin('return configuration.split(",")[1].length > 0;'),
  );
  const traps = cli(["build"], { cwd: project });
  assert.equal(traps.status, 0);
  assert.match(
    traps.stderr,
    /WARNING the plugin "named" has a bug when it is given no configuration.*assembly\/index\.ts:11:/,
  );
});
