/** `compress` and `uncompress`: what the embedded host packs Envoy unpacks, and the other way round. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";
import { request } from "../support/http.js";

/** Answers with the request's body, which is a colon and base64, packed or unpacked; with a status where this fails. */
const FILTER = `import { FilterDataStatus, FilterHeadersStatus, HttpContext, lastStatus, registerHttpFilter } from "proxy-wasm-as";
import { compress, uncompress } from "proxy-wasm-as/assembly/envoy";
import { base64 } from "proxy-wasm-as/assembly/std/encoding";

class Packs extends HttpContext {
  packs: bool = false;

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.packs = this.request.headers.equals(":path", "/pack");
    return FilterHeadersStatus.StopIteration;
  }

  onRequestBody(size: u32, endOfStream: bool): FilterDataStatus {
    if (!endOfStream) return FilterDataStatus.StopIterationAndBuffer;
    const bytes = base64.decode(this.request.body.text().substring(1))!;
    const result = this.packs ? compress(bytes) : uncompress(bytes);
    this.respond(200, result === null ? "status " + lastStatus().toString() : base64.encode(result));
    return FilterDataStatus.StopIterationNoBuffer;
  }
}

registerHttpFilter<Packs>();
`;

/** Bytes that look random, the same in each run. */
function noise(length: number): Buffer {
  const pieces: Buffer[] = [];
  for (let made = 0; made < length; made += 32)
    pieces.push(createHash("sha256").update(String(made)).digest());
  return Buffer.concat(pieces).subarray(0, length);
}

const plain: readonly Buffer[] = [
  ...[0, 1, 2, 255, 4096, 65_537].map(noise),
  ...[1, 1000, 200_000].map((length) => Buffer.alloc(length, "ab")),
  Buffer.from("été, 日本, 😀"),
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  Buffer.from(JSON.stringify({ list: Array.from({ length: 500 }, (_, id) => ({ id, name: `item ${id}` })) })),
];

type Ask = (path: "/pack" | "/unpack", bytes: Buffer) => Promise<string>;

envoyTest("round trips of 12 texts between Envoy and the embedded host, and what is refused", async (t) => {
  const wasm = await compileFilterText(FILTER);
  const envoy = await startEnvoy(t, { filters: [{ wasm, allowOnHeadersStopIteration: true }] });
  const host = await createHost({ wasm, allowOnHeadersStopIteration: true });
  const init = (path: string, bytes: Buffer): { path: string; method: string; body: string } => ({
    ...{ path, method: "POST", body: `:${bytes.toString("base64")}` },
  });
  const inEnvoy: Ask = async (path, bytes) => (await request(envoy.port, init(path, bytes))).body;
  const inHost: Ask = async (path, bytes) => (await host.request(init(path, bytes))).body;
  const hosts = { inEnvoy, inHost };
  for (const [packer, pack] of Object.entries(hosts))
    for (const bytes of plain) {
      const packed = Buffer.from(await pack("/pack", bytes), "base64");
      for (const [unpacker, unpack] of Object.entries(hosts)) {
        const what = `${bytes.length} bytes, ${packer}, ${unpacker}`;
        assert.equal(await unpack("/unpack", packed), bytes.toString("base64"), what);
        if (packed.length === 0) continue;
        // Cut, changed in its checksum, or with another beginning: the same answer in both.
        const wrong = [packed.subarray(0, -1), Buffer.from(packed), Buffer.from(packed)];
        wrong[1]![packed.length - 1]! ^= 1;
        wrong[2]![0]! ^= 1;
        for (const one of wrong) assert.equal(await unpack("/unpack", one), "status 3", what);
      }
    }
});
