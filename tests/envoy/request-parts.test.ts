/**
 * `request.path` and the like are the headers that they stand for: as they are now, null where they cannot be read, in classes
 * and flows, in Envoy and in the embedded host; and those that are read together are asked for once.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CountingHost } from "../../src/count/index.js";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";

const say = `
function say(text: string | null): string {
  return text === null ? "null" : "[" + text + "]";
}
`;

const asClass = `
import { FilterHeadersStatus, HttpContext, lastStatus, log, registerHttpFilter } from "proxy-wasm-as";
${say}
class Parts extends HttpContext {
  private method: string = "";

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const path = this.request.path;
    const query = this.request.query;
    log.info("parts " + say(path) + " " + say(query) + " " + say(this.request.method) + " " + say(this.request.host) +
      " " + say(this.request.scheme));
    if (path !== null && path.startsWith("/old")) {
      this.request.headers.set(":path", "/new?from=old");
      log.info("now " + say(this.request.path) + " " + say(this.request.query));
    }
    log.info("early " + this.response.status.toString());
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    log.info("status " + this.response.status.toString());
    const late = this.request.path;
    const why = lastStatus();
    log.info("late " + say(late) + " " + (why as i32).toString() + " " + say(this.request.query));
    return FilterHeadersStatus.Continue;
  }
}
registerHttpFilter<Parts>();
`;

const asFlow = `
import { log } from "proxy-wasm-as";
import { Exchange, registerFlow } from "proxy-wasm-as/assembly/flow";
${say}
registerFlow("", (x: Exchange): void => {
  log.info("parts " + say(x.request.path) + " " + say(x.request.query) + " " + say(x.request.method) + " " +
    say(x.request.host) + " " + say(x.request.scheme));
  log.info("status " + x.next().status.toString());
});
`;

const paths = ["/", "/a?b=c&d", "/a?", "/a?x?y", "/old?q=1"];

/** What the class says about each of `paths`; BadArgument is 2. */
function expected(method: string, host: string): string[] {
  return paths.flatMap((path) => {
    const at = path.indexOf("?");
    const query = at < 0 ? "null" : `[${path.slice(at + 1)}]`;
    return [
      `parts [${path}] ${query} [${method}] [${host}] [http]`,
      ...(path.startsWith("/old") ? ["now [/new?from=old] [from=old]"] : []),
      "early 0",
      "status 207",
      "late null 2 null",
    ];
  });
}

const flowOnly = (lines: readonly string[]): string[] => lines.filter((line) => /^(parts|status)/.test(line));

for (const [kind, text] of [
  ["a class", asClass],
  ["a flow", asFlow],
] as const)
  envoyTest(`Envoy: ${kind} reads the parts of a request, and the status`, async (t) => {
    const upstream = await startUpstream(t, (_, response) => response.writeHead(207).end());
    const wasm = await compileFilterText(text);
    const envoy = await startEnvoy(t, { filters: [{ wasm }], upstream: upstream.port });
    for (const path of paths) await request(envoy.port, { method: "PUT", path });
    const all = expected("PUT", "example.test");
    const wanted = kind === "a class" ? all : flowOnly(all);
    await envoy.waitForLog(() => envoy.wasmLogs.length >= wanted.length);
    assert.deepEqual(
      envoy.wasmLogs.map(({ message }) => message),
      wanted,
    );
  });

test("the embedded host: a class and a flow read the parts of a request, and the status", async () => {
  for (const text of [asClass, asFlow]) {
    const host = await createHost({
      wasm: await compileFilterText(text),
      upstream: { status: 207 },
    });
    for (const path of paths) await host.request({ method: "PUT", path, authority: "example.test" });
    const all = expected("PUT", "example.test");
    assert.deepEqual(
      host.logs.map(({ message }) => message),
      text === asClass ? all : flowOnly(all),
    );
  }
});

const reads = `const path = request.path;
    const host = request.host;
    const method = request.method;
    if (path !== null && host !== null && method !== null)
      request.headers.set("x-seen", method + host + new RequestTarget(path).path);`;

const together = {
  "a class": `
import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
import { RequestTarget } from "proxy-wasm-as/assembly/std/url";
class Parts extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const request = this.request;
    ${reads}
    return FilterHeadersStatus.Continue;
  }
}
registerHttpFilter<Parts>();
`,
  "a flow": `
import { Exchange, registerFlow } from "proxy-wasm-as/assembly/flow";
import { RequestTarget } from "proxy-wasm-as/assembly/std/url";
registerFlow("", (x: Exchange): void => {
  const request = x.request;
  ${reads}
});
`,
};

for (const [kind, text] of Object.entries(together))
  test(`parts that ${kind} reads together are asked for once`, async () => {
    const host = await CountingHost.start({ wasm: readFileSync(await compileFilterText(text)) });
    for (let i = 0; i < 20; i++) {
      const seen = host.request({ path: "/a?b" }).upstream!.headers.find(([name]) => name === "x-seen");
      assert.equal(seen?.[1], "GETexample.test/a");
    }
    assert.equal(host.work.allocations, 20);
  });
