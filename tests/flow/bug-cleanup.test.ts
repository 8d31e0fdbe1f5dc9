/** What `onCancel` has registered runs when a bug ends the flow, wherever the flow was. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";

const filter = compileFilterText(`
import { log, registerPlugin } from "proxy-wasm-as";
import { Exchange, FlowPlugin, sleep } from "proxy-wasm-as/assembly/flow";

class Cleaning extends FlowPlugin {
  handle(x: Exchange): void {
    const at = x.request.headers.get("x-at") ?? "";
    x.onCancel<string>(at, (at) => log.info("first of " + at));
    x.onCancel<string>(at, (at) => {
      if (at == "cleanup") throw new Error("in a cleanup");
    });
    x.onCancel<string>(at, (at) => log.info("last of " + at));
    if (at == "start" || at == "cleanup") throw new Error(at);
    sleep(1);
    if (at == "timer") throw new Error(at);
    const response = x.next();
    if (at == "response") throw new Error(at);
    if (at == "body" && response.text().length > 0) throw new Error(at);
  }
}
registerPlugin<Cleaning>();
`);

for (const at of ["start", "timer", "response", "body", "cleanup"]) {
  test(`a bug in a flow runs what is registered for its end, each once: ${at}`, async () => {
    const host = await createHost({
      wasm: await filter,
      upstream: { body: "of the upstream" },
      mayFail: true,
    });
    const response = await host.request({ headers: { "x-at": at } });
    // Headers have gone when a flow waits for a body.
    assert.deepEqual([response.status, response.body.toString()], at === "body" ? [200, ""] : [500, ""]);
    const lines = host.logs.map(({ message }) => message).filter((message) => / of /.test(message));
    assert.deepEqual(lines, [`last of ${at}`, `first of ${at}`]);
    assert.equal(host.errors.length, at === "cleanup" ? 2 : 1);
  });
}

test("a flow that ends runs nothing of what is registered for its being cut off", async () => {
  const host = await createHost({ wasm: await filter });
  const response = await host.request({ headers: { "x-at": "nowhere" } });
  assert.equal(response.status, 200);
  assert.deepEqual(
    host.logs.filter(({ message }) => / of /.test(message)),
    [],
  );
});
