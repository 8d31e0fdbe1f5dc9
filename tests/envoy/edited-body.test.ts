import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { EchoUpstream } from "../../src/echo.js";
import type { Envoy } from "../../src/envoy/index.js";
import { createHost } from "../../src/testing/index.js";
import { compileFilter, compileFilterText } from "../support/compile.js";
import { envoyTest, passTrailers, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";
import { pass } from "../support/wait.js";

const wasm = await compileFilter("tests/envoy/filters/edited-body.ts");

/** What the upstream sends, piece by piece; `/trailers/…` ends it with some. */
async function start(t: TestContext, filter = wasm): Promise<{ envoy: Envoy; upstream: EchoUpstream }> {
  const upstream = await startUpstream(t, async ({ path, body }, response) => {
    const [, what, ...pieces] = decodeURIComponent(path).split("/");
    if (what !== "pieces" && what !== "trailers") return void response.end(body);
    response.writeHead(200, what === "trailers" ? { trailer: "x-trailer" } : {});
    for (const piece of pieces) {
      const [text, times] = piece.split("*");
      response.write(text!.repeat(Number(times ?? 1)));
      await pass(15, "the pieces come one by one");
    }
    if (what === "trailers") response.addTrailers({ "x-trailer": "1" });
    response.end();
  });
  const envoy = await startEnvoy(t, {
    filters: [{ wasm: filter }],
    upstream: upstream.port,
    edit: (bootstrap) => {
      passTrailers(bootstrap);
      // On a busy machine Envoy may read a mebibyte at once, which is more than it buffers behind a piece that is held.
      for (const part of [...bootstrap.static_resources.listeners, ...bootstrap.static_resources.clusters])
        (part as { per_connection_buffer_limit_bytes?: number }).per_connection_buffer_limit_bytes = 16 << 20;
    },
    connectionManager: { http_protocol_options: { enable_trailers: true } },
  });
  return { envoy, upstream };
}

const edit = (what: string): [string, string][] => [["x-edit", what]];

envoyTest("edited bodies: what chunks cut in two is replaced, with trailers and without", async (t) => {
  const { envoy } = await start(t);
  for (const what of ["pieces", "trailers"])
    for (const [path, expected] of [
      ["a sec/ret and secr", "a *** and secr"],
      ["s/e/c/r/e/t/ ses/ecret/s", "*** se***s"],
      ["12/345 12/", "<12345> 12"],
      ["x/12345", "x<12345>"],
      ["é".slice(0, 1) + "123/4é", "é<1234>é"],
    ]) {
      const answer = await request(envoy.port, {
        path: `/${what}/${encodeURI(path!)}`,
        headers: edit("text"),
      });
      assert.ok(answer.complete, answer.raw);
      assert.equal(Buffer.from(answer.body, "latin1").toString(), expected, `${what} ${path}`);
    }
});

envoyTest("edited bodies: bytes that are kept back come at the end, whatever ends the body", async (t) => {
  const { envoy, upstream } = await start(t);
  for (const trailers of [[], [["x-t", "1"]]] as [string, string][][]) {
    const answer = await request(envoy.port, {
      method: "POST",
      body: "abc",
      path: "/trailers/d/e",
      headers: edit("late"),
      ...(trailers.length > 0 && { trailers }),
    });
    assert.equal(upstream.requests.at(-1).body, "abc!");
    assert.equal(answer.body, "de!");
    assert.ok(answer.complete);
    const capital = await request(envoy.port, { path: "/trailers/e", headers: edit("capital") });
    assert.ok(capital.complete && capital.body === "E", capital.raw);
  }
  // Far beyond what is held, and beyond what Envoy would keep.
  const large = await request(envoy.port, {
    method: "POST",
    body: "xy".repeat(1_500_000),
    headers: edit("late"),
  });
  assert.equal(large.body.length, 3_000_002);
  assert.ok(large.complete && large.body.endsWith("xy!!"));
});

envoyTest("edited bodies: a filter that holds them itself loses nothing", async (t) => {
  const { envoy, upstream } = await start(t);
  for (const trailers of [[], [["x-t", "1"]]] as [string, string][][]) {
    await request(envoy.port, {
      method: "POST",
      body: "a secret 1234567",
      headers: edit("stops"),
      ...(trailers.length > 0 && { trailers }),
    });
    assert.equal(upstream.requests.at(-1).body, "a *** <1234567>");
  }
});

envoyTest("edited bodies: without an editor nothing is touched", async (t) => {
  const { envoy, upstream } = await start(t);
  const answer = await request(envoy.port, { method: "POST", body: "a secret" });
  assert.equal(answer.body, "a secret");
  assert.deepEqual(answer.all("content-length"), ["8"]);
  assert.deepEqual(
    upstream.requests[0]!.headers.find(([name]) => name === "content-length"),
    ["content-length", "8"],
  );
});

test("edited bodies in the embedded host: with trailers, too, and none is lost behind the bound", async () => {
  const host = await createHost({ wasm });
  const ask = (headers: Record<string, string>, upstream: object): ReturnType<typeof host.request> => {
    host.script("upstream", upstream);
    return host.request({ headers });
  };
  for (const chunks of [["a se", "cret", " 12", "34"], ["a secret 1234"]]) {
    const response = await ask({ "x-edit": "text" }, { body: chunks, trailers: { "x-t": "1" } });
    assert.equal(response.body, "a *** <1234>");
  }
  const late = await ask({ "x-edit": "late" }, { body: ["a".repeat(60_000), "b"], trailers: { "x-t": "1" } });
  assert.equal(late.body, `${"a".repeat(60_000)}b!`);
  // What does not fit has gone on: the client must not take the rest for all.
  const beyond = await ask({ "x-edit": "late" }, { body: ["a".repeat(70_000)], trailers: { "x-t": "1" } });
  assert.notEqual(beyond.body, `${"a".repeat(70_000)}!`);
  assert.equal(beyond.complete, false);
});

for (const what of ["keeps", "edits", "waits"])
  envoyTest(
    `flows: bytes that one keeps back come at the end, whatever ends the body (${what})`,
    async (t) => {
      const { envoy, upstream } = await start(t, await compileFilter("tests/envoy/filters/flow-keeps.ts"));
      for (const path of ["/pieces/ab/c/d", "/trailers/ab/c/d", "/trailers/abcd", "/pieces/abcd"])
        for (const trailers of [[], [["x-t", "1"]]] as [string, string][][]) {
          const answer = await request(envoy.port, {
            method: "POST",
            body: "xyz",
            path,
            headers: edit(what),
            ...(trailers.length > 0 && { trailers }),
          });
          assert.equal(upstream.requests.at(-1).body, "xyz!", path);
          assert.equal(answer.body, "abcd!", path);
          assert.ok(answer.complete);
          if (path.startsWith("/trailers")) assert.match(answer.raw, /x-trailer: 1/);
        }
      if (what === "waits") return; // what comes meanwhile is buffered, within Envoy's limit
      const large = await request(envoy.port, {
        method: "POST",
        body: "xy".repeat(1_500_000),
        headers: edit(what),
      });
      assert.equal(large.body.length, 3_000_002);
      assert.ok(large.complete && large.body.endsWith("xy!!"));
    },
  );

envoyTest("flows: what one only looks at streams on, though it may append elsewhere", async (t) => {
  let end = (): void => undefined;
  const upstream = await startUpstream(t, (_request, response) => {
    response.write("first");
    end = () => response.end("second");
  });
  const wasm = await compileFilter("tests/envoy/filters/flow-keeps.ts");
  const envoy = await startEnvoy(t, { filters: [{ wasm }], upstream: upstream.port });
  const client = connect(envoy.port, "127.0.0.1");
  t.after(() => client.destroy());
  client.write("GET / HTTP/1.1\r\nhost: a\r\nx-edit: looks\r\n\r\n");
  let got = "";
  const has = async (text: string): Promise<void> => {
    while (!got.includes(text))
      got += String((await once(client, "data", { signal: AbortSignal.timeout(5000) }))[0]);
  };
  await has("first");
  end();
  await has("second");
});

envoyTest("flows: setChunk behind the end is refused, and says so", async (t) => {
  const { envoy } = await start(t, await compileFilter("tests/envoy/filters/flow-keeps.ts"));
  const answer = await request(envoy.port, { path: "/pieces/abc", headers: edit("sets") });
  assert.equal(answer.body, "abc");
  await envoy.waitForLog((log) => log.includes("behind the end of the body"));
  assert.match(envoy.log, /behind: 2/);
});

for (const [says, more] of [
  ["a class with headers' callbacks of its own", ""],
  ["one whose callbacks call those of its base", "super.@(headerCount, endOfStream);"],
] as const)
  test(`an editor is asked for once where a message has a body, and else not: ${says}`, async () => {
    const callback = (name: string): string => `
  ${name}(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    ${more.replace("@", name)}
    return FilterHeadersStatus.Continue;
  }`;
    const text = `import { BodyEditor, EditedBodyContext, FilterHeadersStatus, log, registerHttpFilter } from "proxy-wasm-as";
class Asked extends EditedBodyContext {
  createRequestEditor(): BodyEditor | null {
    log.info("request");
    return null;
  }
  createResponseEditor(): BodyEditor | null {
    log.info("response");
    return null;
  }${callback("onRequestHeaders")}${callback("onResponseHeaders")}
}
registerHttpFilter<Asked>();
`;
    const host = await createHost({ wasm: await compileFilterText(text), upstream: { body: "" } });
    for (const [body, answer, expected] of [
      ["", "", []],
      ["a", "", ["request"]],
      ["", "b", ["response"]],
      ["a", "b", ["request", "response"]],
    ] as const) {
      host.script("upstream", { body: answer });
      const before = host.logs.length;
      await host.request({ ...(body !== "" && { method: "POST", body }) });
      const asked = host.logs.slice(before).map(({ message }) => message);
      assert.deepEqual(asked, expected);
    }
  });

for (const [says, calls] of [
  ["a class with callbacks of its own", false],
  ["one whose callbacks call those of its base", true],
] as const)
  test(`a body is edited once, whatever ends it: ${says}`, async () => {
    const callback = (name: string, type: string, parameters: string, names: string): string =>
      `  ${name}(${parameters}): ${type} {
    return ${calls ? `super.${name}(${names})` : `${type}.Continue`};
  }`;
    const callbacks = ["Request", "Response"].flatMap((side) => [
      callback(`on${side}Headers`, "FilterHeadersStatus", "count: u32, end: bool", "count, end"),
      callback(`on${side}Body`, "FilterDataStatus", "size: u32, end: bool", "size, end"),
      callback(`on${side}Trailers`, "FilterTrailersStatus", "count: u32", "count"),
    ]);
    const text = `import {
  BodyEditor, EditedBodyContext, FilterDataStatus, FilterHeadersStatus, FilterTrailersStatus, registerHttpFilter,
} from "proxy-wasm-as";
/** Passes bytes on when the next have come, and those that are left behind a sign. */
class Late extends BodyEditor {
  private kept: Uint8Array = new Uint8Array(0);
  get held(): u32 { return this.kept.length + 1; }
  push(chunk: Uint8Array, last: bool): Uint8Array {
    const all = new Uint8Array(this.kept.length + chunk.length + (last ? 1 : 0));
    all.set(this.kept);
    all.set(chunk, this.kept.length);
    if (last) all[all.length - 1] = 0x21;
    else { this.kept = all; return new Uint8Array(0); }
    return all;
  }
}
class Edited extends EditedBodyContext {
  createRequestEditor(): BodyEditor | null { return new Late(); }
  createResponseEditor(): BodyEditor | null { return new Late(); }
${callbacks.join("\n")}
}
registerHttpFilter<Edited>();
`;
    const host = await createHost({ wasm: await compileFilterText(text), upstream: "echo" });
    for (const trailers of [undefined, { "x-end": "1" }]) {
      host.script("upstream", { body: ["r", "s"], ...(trailers && { trailers }) });
      const answer = await host.request({ method: "POST", body: ["a", "b"], ...(trailers && { trailers }) });
      assert.deepEqual([answer.upstream!.body, answer.body, answer.complete], ["ab!", "rs!", true]);
    }
  });
