import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootstrap } from "./bootstrap.js";

/** The smallest module that Envoy loads: a memory, `malloc` and the version of the ABI. */
const SMALLEST = Buffer.concat([
  Buffer.from("0061736d0100000001090260000060017f017f0303020001050301000107", "hex"),
  Buffer.from("2d03066d656d6f72790200066d616c6c6f63000117", "hex"),
  Buffer.from("proxy_abi_version_0_2_1", "latin1"),
  Buffer.from("00000a090202000b040041000b", "hex"),
]);

/** Why an Envoy does not run WebAssembly, in its own words; undefined when it does. Some are built without V8. */
export function wasmFault(envoy: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-envoy-"));
  try {
    const wasm = join(folder, "smallest.wasm");
    writeFileSync(wasm, SMALLEST);
    const file = join(folder, "envoy.json");
    writeFileSync(file, JSON.stringify(bootstrap({ filters: [{ wasm }] })));
    const parameters = ["--mode", "validate", "-c", file, "-l", "warning", "--log-format", "%v"];
    const { status, stdout, stderr } = spawnSync(envoy, parameters, { encoding: "utf8", timeout: 30_000 });
    if (status === 0) return undefined;
    const lines = `${stdout ?? ""}\n${stderr ?? ""}`.split("\n").filter((line) => line.trim() !== "");
    const telling = lines.find((line) =>
      /compiled without support|registered implementation|runtime/.test(line),
    );
    return (telling ?? lines.at(-1) ?? "it says nothing").trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
