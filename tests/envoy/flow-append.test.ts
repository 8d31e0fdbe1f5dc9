/** Where a flow's `append` puts bytes, and what becomes of messages that have no body: in Envoy and in the embedded host. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

/** Changes a message in the way that a request asks for. */
const changeOf = (which: string): string => `
function change${which}(message: Exchange${which}, how: string): void {
  if (how == "edit") {
    message.edit(new Ending());
    return;
  }
  if (how == "chunk") for (let c = message.chunk(); c !== null; c = message.chunk()) {}
  if (how == "text" || how == "set") message.text();
  if (how == "bytes") message.bytes();
  if (how == "set") message.setBody("(set)");
  message.append(bytesOf("<end>"));
}
`;

const filter = (hold: boolean): Promise<string> =>
  compileFilterText(`
import { BodyEditor, registerPlugin } from "proxy-wasm-as";
import { Exchange, ExchangeRequest, ExchangeResponse, FlowPlugin } from "proxy-wasm-as/assembly/flow";

class Ending extends BodyEditor {
  get held(): u32 {
    return 1;
  }
  push(chunk: Uint8Array, last: bool): Uint8Array {
    return bytesOf(String.UTF8.decode(chunk.buffer) + (last ? "<end>" : ""));
  }
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.wrap(String.UTF8.encode(text));
}

${["Request", "Response"].map(changeOf).join("")}
class Appending extends FlowPlugin {
  constructor() {
    super();
    this.flow.holdHeaders = ${String(hold)};
  }
  handle(x: Exchange): void {
    const how = x.request.headers.get("x-how") ?? "";
    changeRequest(x.request, how);
    changeResponse(x.next(), how);
  }
}
registerPlugin<Appending>();
`);

const TEXT = "of the upstream";

/** What a client gets of this, and what its request is for the upstream: each as its body and the length that is announced. */
type Result = readonly [status: number, response: string, upstream: string];
type Send = (method: string, how: string, status: number) => Promise<Result>;

const message = (body: string, length: string | undefined): string => `${body} (${length ?? "no length"})`;

async function tryAll(send: Send): Promise<void> {
  for (const how of ["early", "text", "bytes", "chunk", "edit", "set"]) {
    // Before anything of a body has come, there is nothing to add to.
    const changed = (body: string): string =>
      how === "early" ? body : `${how === "set" ? "(set)" : body}<end>`;
    for (const method of ["GET", "HEAD", "POST"])
      for (const status of [200, 204, 304]) {
        const hasBody = method !== "HEAD" && status === 200;
        assert.deepEqual(
          await send(method, how, status),
          [
            status,
            hasBody
              ? message(changed(TEXT), undefined)
              : message("", status === 204 ? undefined : String(TEXT.length)),
            method === "POST" ? message(changed("a body"), undefined) : message("", undefined),
          ],
          `${how} of ${method}, ${status}`,
        );
      }
  }
}

const bodyOf = (method: string): string => (method === "POST" ? "a body" : "");

for (const hold of [false, true]) {
  const what = hold ? "held headers" : "headers that go on";

  test(`a flow appends behind what it has read, and gives no body to a message without one: ${what}`, async () => {
    const wasm = await filter(hold);
    await tryAll(async (method, how, status) => {
      const host = await createHost({
        wasm,
        upstream: {
          status,
          headers: status === 204 ? {} : { "content-length": String(TEXT.length) },
          body: method !== "HEAD" && status === 200 ? TEXT : "",
        },
      });
      const body = bodyOf(method);
      const response = await host.request({
        method,
        body,
        headers: { "x-how": how, ...(body !== "" && { "content-length": String(body.length) }) },
      });
      const { upstream } = response;
      return [
        response.status,
        message(response.body.toString(), response.headers.get("content-length")),
        message(upstream?.body.toString() ?? "none", upstream?.headers.get("content-length")),
      ];
    });
  });

  envoyTest(`Envoy: a flow appends behind what it has read: ${what}`, async (t) => {
    const upstream = await startUpstream(t, ({ headers }, response) => {
      const status = Number(headers.find(([name]) => name.toLowerCase() === "x-status")?.[1]);
      response.writeHead(status, status === 204 ? {} : { "content-length": TEXT.length });
      response.end(status === 200 ? TEXT : "");
    });
    const envoy = await startEnvoy(t, {
      filters: [{ wasm: await filter(hold), allowOnHeadersStopIteration: hold }],
      upstream: upstream.port,
    });
    await tryAll(async (method, how, status) => {
      const response = await request(envoy.port, {
        method,
        body: bodyOf(method),
        headers: [
          ["x-how", how],
          ["x-status", String(status)],
        ],
      });
      const got = upstream.requests.at(-1);
      const length = got.headers.find(([name]) => name.toLowerCase() === "content-length")?.[1];
      if (status === 200) assert.ok(response.complete);
      return [
        response.status,
        message(response.body, response.all("content-length")[0]),
        message(got.body, length),
      ];
    });
  });
}
