/**
 * A cross-check of the operators: the module as C by Debian's `wasm2c`, compiled by gcc, and the machine's instructions per
 * request counted by callgrind. The host is a program of a few lines: each call answers Ok, a header `/api/v1/items?id=42`.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../tests/support/paths.js";

const cache = join(root, ".cache", "bench");

/** What the functions of the host do, in C, where it is more than answering Ok; their parameters are `a1` and so on. */
const bodies: Readonly<Record<string, string>> = {
  proxy_get_header_map_value: 'return put("/api/v1/items?id=42", 19, a4, a5);',
  proxy_get_property: 'return put("bench", 5, a3, a4);',
  proxy_get_buffer_bytes: 'return a1 == 7 ? put("1", 1, a4, a5) : put("", 0, a4, a5);',
  proxy_get_log_level: "store(a1, 2); return 0;",
  environ_sizes_get: "store(a1, 0); store(a2, 0); return 0;",
  args_sizes_get: "store(a1, 0); store(a2, 0); return 0;",
  fd_write: "store(a4, 0); return 0;",
  random_get: "memset(memory() + a1, 1, a2); return 0;",
};

/** The C program that drives a module whose translation has the header `header`. */
function hostOf(header: string): string {
  const imports = [
    ...header.matchAll(/\/\* import: '[^']+' '([^']+)' \*\/\n(?:extern )?([\w ]+?) ?(\w+)\(([^)]*)\);/g),
  ];
  const callbacks = new Map(
    [...header.matchAll(/^\w+ Z_mZ_(\w+)\(([^)]*)\);/gm)].map(([, name, types]) => [name!, types!]),
  );
  const instantiate = /void Z_m_instantiate\(([^)]*)\);/.exec(header)![1]!;
  const modules = [...instantiate.matchAll(/struct Z_(\w+?)_instance_t\*/g)].map(([, name]) => name!);
  const call = (name: string, ...parameters: (string | number)[]): string =>
    callbacks.has(name) ? `Z_mZ_${name}(&instance, ${parameters.join(", ")});` : "";
  const allocator = callbacks.has("malloc") ? "malloc" : "proxy_on_memory_allocate";
  const start = ["_initialize", "_start"].find((name) => callbacks.has(name));
  const begin = `${call("proxy_on_context_create", "id", 1)} ${call("proxy_on_request_headers", "id", 12, 1)}`;
  const end = [
    call("proxy_on_response_headers", "id", 8, 0),
    call("proxy_on_done", "id"),
    call("proxy_on_log", "id"),
    call("proxy_on_delete", "id"),
  ].join(" ");
  return `#include <stdlib.h>
#include <string.h>
#include "m.h"
${modules.map((name) => `struct Z_${name}_instance_t { int unused; }; static struct Z_${name}_instance_t host_${name};`).join("\n")}
static Z_m_instance_t instance;
static unsigned char *memory(void) { return Z_mZ_memory(&instance)->data; }
static void store(u32 at, u32 value) { memcpy(memory() + at, &value, 4); }
static u32 put(const char *text, u32 size, u32 pointer, u32 length) {
  u32 at = Z_mZ_${allocator}(&instance, size);
  memcpy(memory() + at, text, size);
  store(pointer, at);
  store(length, size);
  return 0;
}
${imports
  .map(([, name, result, symbol, types]) => {
    const parameters = types!.split(",").map((type, i) => `${type.trim()} a${i}`);
    const body = bodies[name!] ?? (result!.trim() === "void" ? "" : "return 0;");
    return `${result} ${symbol}(${parameters.map((each) => each.replace(/^void a0$/, "void")).join(", ")}) { ${body} }`;
  })
  .join("\n")}
int main(int count, char **words) {
  u32 requests = atoi(words[1]);
  wasm_rt_init();
  Z_m_init_module();
  Z_m_instantiate(&instance${modules.map((name) => `, &host_${name}`).join("")});
  ${start === undefined ? "" : `Z_mZ_${start}(&instance);`}
  ${call("proxy_on_context_create", 1, 0)} ${call("proxy_on_vm_start", 1, 0)} ${call("proxy_on_configure", 1, 1)}
  for (u32 id = 2; id < requests + 2; id++) { ${begin} ${end} }
  return 0;
}
`.replaceAll(/^(\w+ )(\w+)\(\(void\) a0/gm, "$1$2(void");
}

function run(program: string, parameters: readonly string[], cwd: string): string {
  return execFileSync(program, parameters, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** The folder of Debian's wabt, fetched once without installing it; throws where there is none. */
function wabt(): string {
  const folder = join(cache, "wabt");
  const system = join(folder, "root");
  if (!existsSync(join(system, "usr", "bin", "wasm2c"))) {
    mkdirSync(folder, { recursive: true });
    run("apt-get", ["download", "wabt"], folder);
    for (const deb of readdirSync(folder).filter((name) => name.endsWith(".deb")))
      run("dpkg-deb", ["-x", deb, system], folder);
  }
  return join(system, "usr");
}

/** Instructions of the machine per request through the module; throws where Debian's tools are missing. */
export function nativeInstructions(wasm: string, name: string): number {
  const usr = wabt();
  const folder = join(cache, "native", name);
  const runtime = join(usr, "share", "wabt", "wasm2c");
  mkdirSync(folder, { recursive: true });
  run(join(usr, "bin", "wasm2c"), [wasm, "-n", "m", "-o", "m.c"], folder);
  writeFileSync(join(folder, "host.c"), hostOf(readFileSync(join(folder, "m.h"), "utf8")));
  const sources = ["host.c", "m.c", join(runtime, "wasm-rt-impl.c")];
  run(
    "gcc",
    ["-O2", "-w", `-I${runtime}`, `-I${join(usr, "include")}`, ...sources, "-lm", "-o", "host"],
    folder,
  );
  const count = (requests: number): number => {
    const out = join(folder, "callgrind");
    const parameters = ["--tool=callgrind", `--callgrind-out-file=${out}`, "./host", String(requests)];
    execFileSync("valgrind", parameters, { cwd: folder, stdio: "ignore" });
    return Number(/^(?:summary|totals): (\d+)/m.exec(readFileSync(out, "utf8"))![1]);
  };
  return Math.round((count(3000) - count(1000)) / 2000);
}
