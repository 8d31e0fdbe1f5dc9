/** The facts that a manifest needs of a module, read from modules that are put together here. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { moduleFacts } from "../../src/deploy/index.js";
import { encodeSection } from "../../src/module-section.js";

const text = (value: string): number[] => [value.length, ...Buffer.from(value)];
const list = (entries: readonly number[][]): number[] => [entries.length, ...entries.flat()];
const section = (id: number, content: number[]): number[] => {
  assert.ok(content.length < 1 << 14);
  return [id, (content.length & 127) | 128, content.length >> 7, ...content];
};

/** A module that imports and exports functions by these names, and its memory by others. */
function moduleOf(
  functions: readonly string[],
  {
    imports = [],
    memories = [],
    own,
  }: {
    readonly imports?: readonly string[];
    readonly memories?: readonly string[];
    readonly own?: Parameters<typeof encodeSection>[0];
  } = {},
): Uint8Array {
  const exported =
    (kind: number, index: number) =>
    (name: string): number[] => [...text(name), kind, index];
  return new Uint8Array([
    ...[0, 97, 115, 109, 1, 0, 0, 0],
    ...section(1, list([[0x60, 0, 0]])),
    ...section(2, list(imports.map((name) => [...text("env"), ...text(name), 0, 0]))),
    ...section(3, list([[0]])),
    ...section(5, list([[0, 1]])),
    ...section(7, list([...functions.map(exported(0, imports.length)), ...memories.map(exported(2, 0))])),
    ...section(10, list([[2, 0, 0x0b]])),
    ...(own === undefined ? [] : section(0, [...text("proxy-wasm-as"), ...encodeSection(own)])),
  ]);
}

for (const [name, abiVersion] of [
  ["proxy_abi_version_0_1_0", "0.1.0"],
  ["proxy_abi_version_0_2_0", "0.2.0"],
  ["proxy_abi_version_0_2_1", "0.2.1"],
  ["proxy_abi_version_0_3_0", undefined],
  ["xproxy_abi_version_0_2_1", undefined],
  ["proxy_abi_version_0_2_10", undefined],
] as const)
  test(`a module that exports ${name} has the ABI ${abiVersion}`, () =>
    assert.equal(moduleFacts(moduleOf([name])).abiVersion, abiVersion));

test("a module of another SDK: its callbacks and host functions by their names, and nothing of roots", () => {
  const own = [
    "proxy_on_log",
    "envoy_on_stats_update",
    "proxy_on_memory_allocate",
    "malloc",
    "my_proxy_on_tick",
  ];
  const bytes = moduleOf(own, { imports: ["proxy_log", "fd_write"], memories: ["memory", "proxy_on_tick"] });
  assert.deepEqual(moduleFacts(bytes), {
    ...{ abiVersion: undefined, sdk: undefined, roots: undefined, rootIds: [] },
    ...{ callbacks: ["proxy_on_log", "envoy_on_stats_update"], hostFunctions: ["proxy_log", "fd_write"] },
    ...{ flow: false, holdsHeaders: false },
  });
});

test("a module of this SDK: its roots, each with its kind, those without a name left out of the names", () => {
  const facts = moduleFacts(
    moduleOf([], { own: { sdk: "1.2.3", http: ["", "a", null], tcp: ["b"], plugin: ["c", ""], flow: true } }),
  );
  assert.deepEqual([facts.sdk, facts.flow, facts.holdsHeaders], ["1.2.3", true, false]);
  assert.deepEqual(facts.roots, [
    { rootId: "", kind: "http" },
    { rootId: "a", kind: "http" },
    { rootId: "b", kind: "tcp" },
    { rootId: "c", kind: "plugin" },
    { rootId: "", kind: "plugin" },
  ]);
  assert.deepEqual(facts.rootIds, ["a", "b", "c"]);
  const held = moduleFacts(moduleOf([], { own: { sdk: "1.2.3", holdsHeaders: true } }));
  assert.deepEqual([held.roots, held.flow, held.holdsHeaders], [[], false, true]);
});
