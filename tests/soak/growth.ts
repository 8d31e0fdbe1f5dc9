/**
 * `npx tsx tests/soak/growth.ts [REQUESTS] [OPEN]`: requests through `hdr-state` in plain Node, without a host's other work,
 * so that a hundred million are a matter of minutes. `OPEN` streams overlap. Prints the pages on the way; fails when the
 * memory grows after the first hundredth.
 */
import { readFileSync } from "node:fs";
import { compileFilter } from "../support/compile.js";

const [requests = "100000000", open = "16"] = process.argv.slice(2);
const count = Number(requests);
const overlap = Number(open);

const CONFIGURATION = Buffer.from("configured");
const PATH = Buffer.from("/api/v1/items?id=42");
const PLUGIN = 1;

interface Filter {
  memory: WebAssembly.Memory;
  _initialize(): void;
  proxy_on_memory_allocate(size: number): number;
  proxy_on_context_create(id: number, parent: number): void;
  proxy_on_configure(id: number, size: number): number;
  proxy_on_request_headers(id: number, count: number, end: number): number;
  proxy_on_response_headers(id: number, count: number, end: number): number;
  proxy_on_delete(id: number): void;
}

let added = 0;

const wasm = new WebAssembly.Module(readFileSync(await compileFilter("bench/filters/as/hdr-state.ts")));

/** Gives the filter `bytes`, as a host does. */
function give(bytes: Buffer, dataOut: number, sizeOut: number): number {
  const address = filter.proxy_on_memory_allocate(bytes.length);
  Buffer.from(filter.memory.buffer, address, bytes.length).set(bytes);
  const view = new DataView(filter.memory.buffer);
  view.setUint32(dataOut, address, true);
  view.setUint32(sizeOut, bytes.length, true);
  return 0;
}

const env: Record<string, (...parameters: number[]) => number> = {
  proxy_get_buffer_bytes: (_type, _start, _size, data, size) => give(CONFIGURATION, data, size),
  proxy_get_header_map_value: (_map, _name, _length, data, size) => give(PATH, data, size),
  proxy_add_header_map_value: () => {
    added++;
    return 0;
  },
};
for (const { name } of WebAssembly.Module.imports(wasm)) env[name] ??= () => 0;
const filter = new WebAssembly.Instance(wasm, { env }).exports as unknown as Filter;

const pages = (): number => filter.memory.buffer.byteLength / 65536;

filter._initialize();
filter.proxy_on_context_create(PLUGIN, 0);
if (filter.proxy_on_configure(PLUGIN, CONFIGURATION.length) !== 1) throw new Error("it refuses");
const pagesAtStart = pages();
let early = 0;
const step = Math.max(1, Math.floor(count / 20));
for (let i = 0; i < count + overlap; i++) {
  if (i < count) {
    filter.proxy_on_context_create(i + 2, PLUGIN);
    filter.proxy_on_request_headers(i + 2, 12, 1);
  }
  const done = i - overlap;
  if (done >= 0) {
    filter.proxy_on_response_headers(done + 2, 3, 0);
    filter.proxy_on_delete(done + 2);
  }
  if (i === Math.floor(count / 100)) early = pages();
  if (i % step === step - 1) console.log(`${i + 1} requests: ${pages()} pages`);
}
if (added !== count) throw new Error(`${added} headers were added in ${count} requests`);
console.log(
  `${count} requests, ${overlap} at once: ${pagesAtStart} pages at the start, ${pages()} at the end`,
);
if (pages() > early) throw new Error(`the memory has grown: ${early} -> ${pages()} pages`);
