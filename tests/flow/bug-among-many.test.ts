/** Several flows go on in one callback: a bug in the first of them is no matter to the others. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../src/testing/index.js";
import { compileFilterText } from "../support/compile.js";

const filter = compileFilterText(`
import { SharedQueue, SharedSpace, registerPlugin } from "proxy-wasm-as";
import { Exchange, FlowPlugin, Signal, receive, sleep } from "proxy-wasm-as/assembly/flow";

const space = new SharedSpace("many");

class Many extends FlowPlugin {
  signal: Signal = new Signal();
  queue: SharedQueue | null = null;
  waiting: i32 = 0;

  onConfigure(configuration: string): bool {
    this.queue = SharedQueue.register("many", space);
    return true;
  }

  handle(x: Exchange): void {
    const how = x.request.headers.get("x-how") ?? "";
    this.waiting++;
    if (this.waiting == 4 && how == "signal") this.after(2, () => this.signal.fire());
    if (this.waiting == 4 && how == "queue")
      this.after(2, () => {
        for (let i = 0; i < 4; i++) this.queue!.enqueue("message");
      });
    if (how == "sleep") sleep(10);
    else if (how == "signal") this.signal.wait();
    else receive(this.queue!);
    if (x.request.headers.has("x-bug")) throw new Error("one of many");
    x.respond(200, "went on");
  }
}
registerPlugin<Many>();
`);

for (const how of ["sleep", "signal", "queue"]) {
  for (const at of [0, 2]) {
    test(`flows that go on together, by ${how}: a bug in number ${at} costs one request`, async () => {
      const host = await createHost({ wasm: await filter, mayFail: true });
      const responses = await Promise.all(
        [0, 1, 2, 3].map((i) =>
          host.request({ headers: { "x-how": how, ...(i === at && { "x-bug": "1" }) } }),
        ),
      );
      assert.deepEqual(
        responses.map(({ status, body }) => [status, body.toString()]),
        [0, 1, 2, 3].map((i) => (i === at ? [500, ""] : [200, "went on"])),
      );
      assert.equal(host.errors.length, 1);
    });
  }
}
