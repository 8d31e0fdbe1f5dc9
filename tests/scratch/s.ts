import { findEnvoy, Envoy } from "../../src/envoy/index.js";
import { startEcho } from "../../src/echo.js";
import { envoyCache } from "../support/envoy.js";
import { compileFilter } from "../support/compile.js";
import { exchange } from "../support/http.js";
const wasm = await compileFilter("tests/scratch/f.ts");
const up = await startEcho();
const envoy = await Envoy.start({ envoy: findEnvoy(envoyCache).path!, filters: [{ wasm }], upstream: up.port, wasmLogLevel: "trace" });
for (const size of [100, 200000]) for (const mode of ["ct","ca","fct","fca","fbt","fba","wt","bt","wa"]) for (const chunked of [false, true]) {
  const body = "x".repeat(size);
  const t = Date.now();
  const r = await Promise.race([exchange(envoy.port, `PUT / HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx-mode: ${mode}\r\n` + (chunked ? `transfer-encoding: chunked\r\n\r\n${size.toString(16)}\r\n${body}\r\n0\r\n\r\n` : `content-length: ${size}\r\n\r\n${body}`)), new Promise<string>((r) => setTimeout(() => r("HANG"), 3000))]);
  console.log(size, mode, chunked, r.slice(0, 15), Date.now() - t);
}
await envoy.stop(); await up.close();
