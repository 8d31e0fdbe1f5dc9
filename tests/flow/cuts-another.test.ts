/** A flow that ends another one goes on itself, also when there was something to be done for that one's end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";

const filter = compileFilterText(`
import { log, registerPlugin } from "proxy-wasm-as";
import { Exchange, FlowPlugin, sleep } from "proxy-wasm-as/assembly/flow";

class Cutting extends FlowPlugin {
  first: Exchange | null = null;

  handle(x: Exchange): void {
    const first = this.first;
    if (first === null) {
      this.first = x;
      x.onCancel<string>("first", (name) => {
        sleep(1);
        log.info("cancelled " + name);
      });
      sleep(10000);
      return;
    }
    sleep(1);
    if (x.request.headers.has("x-answer")) first.respond(403);
    else first.reset();
    sleep(1);
    log.info("slept");
    x.respond(200, "went on");
  }
}
registerPlugin<Cutting>();
`);

for (const [how, headers, status] of [
  ["resets", {}, 0],
  ["answers", { "x-answer": "1" }, 403],
] as const) {
  test(`a flow that ${how} another one can still wait`, async () => {
    const host = await createHost({ wasm: await filter });
    const [cut, second] = await Promise.all([host.request(), host.request({ headers })]);
    assert.deepEqual([cut.status, cut.reset], [status, status === 0]);
    assert.deepEqual(
      host.logs.map(({ message }) => message),
      [
        // What is to be done at a flow's end cannot wait.
        "flow: only a handler can wait, and for its own exchange",
        "cancelled first",
        "slept",
      ],
    );
    assert.deepEqual([second.status, second.body.toString()], [200, "went on"]);
  });
}
