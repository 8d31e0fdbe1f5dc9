/** The local proxy and Envoy, side by side, where the protocol matters: HTTP/2, trailers, and upstreams that break off. */
import type { ServerHttp2Stream } from "node:http2";
import { createServer as createHttp2 } from "node:http2";
import { createServer as createTcp } from "node:net";
import type { TestContext } from "node:test";
import { envoyTest } from "../support/envoy.js";
import { freePort, listen } from "../support/ports.js";
import { both, compare } from "./side-by-side.js";

/** What an upstream does, by the path. */
const http1Answers: Readonly<Record<string, string>> = {
  "/ok": "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nserver: nginx\r\nx-b: \xc3\xa9\r\n\r\nok",
  "/trailers":
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx-one: 1\r\nx-two: 2\r\nx-two: 3\r\n\r\n",
  "/short": "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok",
  "/short-chunks": "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n",
  "/nothing": "",
  "/garbage": "nothing that HTTP knows\r\n\r\n",
};

const http2Answers: Readonly<Record<string, (stream: ServerHttp2Stream) => void>> = {
  "/ok": (stream) => {
    stream.respond({ ":status": 200, "x-b": "1" });
    stream.end("ok");
  },
  "/cancel": (stream) => stream.close(8),
  "/refuse": (stream) => stream.close(7),
  "/internal": (stream) => stream.close(2),
  "/protocol": (stream) => stream.close(1),
  "/connect": (stream) => stream.close(10),
  "/nothing": (stream) => stream.close(0),
  "/cancel-later": (stream) => {
    stream.respond({ ":status": 200 });
    stream.write("ok");
    setTimeout(() => stream.close(8), 50);
  },
  "/gone": (stream) => stream.session!.destroy(),
};

async function startHttp1(t: TestContext): Promise<number> {
  const server = createTcp((socket) => {
    let seen = "";
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      seen += bytes.toString("latin1");
      const path = /^[A-Z]+ (\/\S*) HTTP/.exec(seen)?.[1];
      if (path === undefined || !seen.includes("\r\n\r\n")) return;
      seen = "";
      const text = http1Answers[path.split("?")[0]!] ?? http1Answers["/ok"]!;
      socket.write(text, "latin1");
      if (/^\/(short|nothing)/.test(path)) setTimeout(() => socket.end(), 50);
    });
  });
  return listen(t, server);
}

async function startHttp2(t: TestContext): Promise<number> {
  const server = createHttp2();
  server.on("session", (session) => {
    session.on("error", () => undefined);
    t.after(() => session.destroy());
  });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => undefined);
    stream.resume();
    (http2Answers[headers[":path"]!.split("?")[0]!] ?? http2Answers["/ok"]!)(stream);
  });
  return listen(t, server);
}

envoyTest("protocols: an HTTP/1 upstream, whole and cut, to clients of both protocols", async (t) => {
  await compare(t, { host: "127.0.0.1", port: await startHttp1(t) }, [
    ...both("/ok", "qh:get 0 :path|qb:bst 0|qe:bst 0|qt:size 1"),
    ...both("/ok", "qh:get 0 :path|qb:bst 0|qe:bst 0|qt:size 1", "abc"),
    ...both("/ok", "rh:get 2 server|rh:get 2 x-b"),
    ...both("/trailers", "rt:get 3 x-two"),
    ...both("/short"),
    ...both("/short-chunks"),
    ...both("/nothing"),
    ...both("/garbage"),
    ...both(
      "/ok",
      "qh:http auth :method=GET,:path=/garbage,:authority=a;ret 1|hcr:get 6 :status;bget 4 0 200;eff stream;cont 0",
    ),
  ]);
});

envoyTest("protocols: a local response upon a local response", async (t) => {
  const bodies = ["401 first one", "401 first ~"];
  await compare(
    t,
    { host: "127.0.0.1", port: await startHttp1(t) },
    bodies.flatMap((first) => [
      ...both("/ok", `qh:local ${first}|rh:local 402 second two`),
      ...both("/ok", `qh:local ${first}|rb:local 402 second two`),
      ...both("/ok", `rh:local ${first}|rb:local 402 second two`),
      ...both("/ok", `qh:local ${first}|rh:local 402 second two`, "abc"),
    ]),
  );
});

envoyTest("protocols: an HTTP/2 upstream that resets", async (t) => {
  await compare(t, { host: "127.0.0.1", port: await startHttp2(t), http2: true }, [
    ...both("/ok", "qh:get 0 :path|qb:bst 0|rh:get 2 x-b"),
    ...both("/cancel"),
    ...both("/refuse"),
    ...both("/internal"),
    ...both("/protocol"),
    ...both("/connect"),
    ...both("/nothing"),
    ...both("/cancel-later"),
    ...both("/gone"),
  ]);
});

envoyTest("protocols: nobody listens, by HTTP/1 and HTTP/2", async (t) => {
  const port = await freePort();
  for (const http2 of [false, true]) await compare(t, { host: "127.0.0.1", port, http2 }, both("/ok"));
});
