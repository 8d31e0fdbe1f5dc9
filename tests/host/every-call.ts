/** A module that makes every host call with numbers that mean nothing, and logs what each answers. */
import binaryen from "binaryen";
import { rulesOf } from "../../src/host/envoy-rules.js";
import type { EnvoyVersion } from "../../src/host/envoy-rules.js";
import { importNames, importType } from "../../src/host/abi/signatures.js";

/** Far outside, negative in part, and just before the end of the module's one page. */
const values = [0xfffffff0, 0x7ffffff0, 65530];

export interface EveryCall {
  readonly wasm: Uint8Array;
  /** What each logged line is about: "proxy_log(4294967280, …)". */
  readonly calls: readonly string[];
}

export function everyCall(envoy: EnvoyVersion = "1.40"): EveryCall {
  const { wasi } = rulesOf(envoy);
  const imports: string[] = [];
  const body: string[] = [];
  const calls: string[] = [];
  for (const [module, name] of importNames("0.2.1")) {
    if (module !== "env" && wasi?.has(name) === false) continue;
    const type = importType("0.2.1", module, name)!;
    const [before, result] = type.split(" -> ") as [string, string];
    const params = before === "void" ? [] : before.split(" ");
    const list = params.length === 0 ? "" : `(param ${params.join(" ")})`;
    const answer = result === "void" ? "" : `(result ${result})`;
    imports.push(`(import "${module}" "${name}" (func $${module}.${name} ${list} ${answer}))`);
    // Small numbers are file descriptors and good addresses; to Envoy's own functions they would mean something.
    const all = module === "env" ? values : [...values, 1, 2, 3];
    for (const value of params.length === 0 ? [0] : all) {
      const args = params.map((param) => `(${param}.const ${value})`).join(" ");
      const call = `(call $${module}.${name} ${args})`;
      body.push(
        result === "void"
          ? `${call} (call $report (i32.const ${calls.length}) (i32.const 0))`
          : `(call $report (i32.const ${calls.length}) ${call})`,
      );
      calls.push(`${name}(${params.map(() => value).join(", ")})`);
    }
  }
  const text = `(module ${imports.join("\n")}
    (memory (export "memory") 1)
    (func (export "proxy_abi_version_0_2_1"))
    (func (export "malloc") (param i32) (result i32) (i32.const 4096))
    (func $digits (param $at i32) (param $value i32)
      (local $i i32)
      (local.set $i (i32.const 9))
      (loop $more
        (i32.store8 (i32.add (local.get $at) (local.get $i))
          (i32.add (i32.const 48) (i32.rem_u (local.get $value) (i32.const 10))))
        (local.set $value (i32.div_u (local.get $value) (i32.const 10)))
        (local.set $i (i32.sub (local.get $i) (i32.const 1)))
        (br_if $more (i32.ge_s (local.get $i) (i32.const 0)))))
    (func $report (param $call i32) (param $status i32)
      (call $digits (i32.const 1024) (local.get $call))
      (i32.store8 (i32.const 1034) (i32.const 32))
      (call $digits (i32.const 1035) (local.get $status))
      (drop (call $env.proxy_log (i32.const 2) (i32.const 1024) (i32.const 21))))
    (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
      ${body.join("\n")} (i32.const 0)))`;
  const parsed = binaryen.parseText(text);
  const wasm = parsed.emitBinary();
  parsed.dispose();
  return { wasm, calls };
}

/** What the calls answered, by what the module logged. */
export function answers({ calls }: EveryCall, messages: readonly string[]): string[] {
  return messages
    .filter((message) => /^\d{10} \d{10}$/.test(message))
    .map((message) => {
      const [call, status] = message.split(" ").map(Number) as [number, number];
      return `${calls[call]} = ${status}`;
    });
}
