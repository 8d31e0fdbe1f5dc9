import assert from "node:assert/strict";
import type { Envoy, WasmPlugin } from "../../src/envoy/index.js";
import { statsTags } from "../../src/stats-tags.js";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { request } from "../support/http.js";
import { pass } from "../support/wait.js";

const filter = (): Promise<string> => compileFilter("tests/envoy/filters/state.ts");

async function run(envoy: Envoy, command: string): Promise<string> {
  return (await request(envoy.port, { headers: [["x-do", command]] })).body;
}

envoyTest("shared data: absent, empty and set are told apart, and stale writes refused", async (t) => {
  const envoy = await startEnvoy(t, { filters: [{ wasm: await filter() }] });
  assert.equal(await run(envoy, "get|k"), "null 1");
  assert.equal(await run(envoy, "set|k|value"), "0 0");
  assert.equal(await run(envoy, "get|k"), "[value] versioned 0");
  assert.equal(await run(envoy, "stale|k"), "8 8");
  assert.equal(await run(envoy, "get|k"), "[newer] versioned 0");
  assert.equal(await run(envoy, "clear|k"), "0 0");
  assert.equal(await run(envoy, "get|k"), "[] versioned 0");
  assert.equal(await run(envoy, "update|u"), "0 0");
  assert.equal(await run(envoy, "update|u"), "0 0");
  assert.equal(await run(envoy, "get|u"), "[new77] versioned 0");
});

envoyTest("shared data: a counter that several workers increment under load is exact", async (t) => {
  const envoy = await startEnvoy(t, { filters: [{ wasm: await filter(), vmId: "shared" }], concurrency: 3 });
  await run(envoy, "set|hits|0");
  const rounds = Array.from({ length: 40 }, () => 10);
  const sums = new Set<string>();
  const workers = new Set<string>();
  await Promise.all(
    rounds.map(async (count) => {
      for (let i = 0; i < count; i++) {
        const { body, all } = await request(envoy.port, { headers: [["x-do", "add|hits"]] });
        assert.match(body, /^\d+ 0$/);
        sums.add(body);
        workers.add(all("x-vm")[0]!);
      }
    }),
  );
  assert.equal(await run(envoy, "get|hits"), "[400] versioned 0");
  assert.equal(sums.size, 400, "each sum was answered once");
  assert.ok(workers.size >= 2, `${workers.size} workers took part`);
});

envoyTest("shared space: VMs share it that have the same vm_id, and no others", async (t) => {
  const wasm = await filter();
  const envoy = await startEnvoy(t, {
    filters: [
      { wasm, vmId: "a", name: "first" },
      // A VM of its own, because its configuration differs.
      { wasm, vmId: "a", name: "second", configuration: "x-second", vmConfiguration: "other" },
      { wasm, vmId: "b", name: "third", configuration: "x-third" },
    ],
  });
  const ask = async (header: string, command: string): Promise<[body: string, vm: string]> => {
    const { body, all } = await request(envoy.port, { headers: [[header, command]] });
    return [body, all("x-vm")[0]!];
  };
  const [set, first] = await ask("x-do", "set-shared|k|from the first");
  assert.equal(set, "0 0");
  const [same, second] = await ask("x-second", "get-shared|k");
  assert.equal(same, "from the first 0");
  const [other, third] = await ask("x-third", "get-shared|k");
  assert.equal(other, "null 1");
  assert.equal(new Set([first, second, third]).size, 3, "three VMs");
  assert.equal((await ask("x-second", "add-shared|n"))[0], "1 0");
  assert.equal((await ask("x-do", "add-shared|n"))[0], "2 0");
  assert.equal((await ask("x-third", "add-shared|n"))[0], "1 0");
});

envoyTest(
  "queues: messages pass from one VM to another, each is taken once, and errors are told",
  async (t) => {
    const wasm = await filter();
    const envoy = await startEnvoy(t, {
      filters: [
        { wasm, vmId: "producer", name: "p" },
        { wasm, vmId: "consumer", name: "c", configuration: "queue" },
      ],
      concurrency: 2,
    });
    assert.equal(await run(envoy, "enqueue|nobody|x"), "no queue 1");
    assert.equal(await run(envoy, "gone"), "1 1");
    for (let i = 0; i < 20; i++) assert.equal(await run(envoy, `enqueue|consumer|${i}`), "0 0");
    const jobs = (): string[] =>
      envoy.wasmLogs
        .map(({ message }) => /^job (.*) of queue \d+$/.exec(message)?.[1])
        .filter((job) => job !== undefined);
    await envoy.waitForLog(() => jobs().length >= 40);
    const expected = Array.from({ length: 20 }, (_, i) => [`${i}-1`, `${i}-2`]).flat();
    assert.deepEqual(jobs().sort(), expected.sort());
    assert.ok(envoy.wasmLogs.some(({ message }) => message === "no more: 7"));
  },
);

envoyTest("metrics: counter, gauge, histogram and labels reach Envoy's statistics", async (t) => {
  const envoy = await startEnvoy(t, {
    filters: [{ wasm: await filter() }],
    edit: (config) => {
      config.stats_config = { stats_tags: statsTags(["method", "code"]) };
    },
  });
  assert.equal(await run(envoy, "count"), "3 7 2 2 2");
  const stats = await envoy.admin("/stats?filter=wasmcustom");
  assert.match(stats, /^wasmcustom\.requests: 3$/m);
  assert.match(stats, /^wasmcustom\.level: 7$/m);
  assert.match(stats, /^wasmcustom\.requests;method=GET;code=2_0_0: 10$/m);
  await pass(100, "the workers hand their histograms over");
  const prometheus = await envoy.admin("/stats/prometheus");
  assert.match(prometheus, /^requests\{\} 3$/m);
  assert.match(prometheus, /^requests\{(method="GET",code="2_0_0"|code="2_0_0",method="GET")\} 10$/m);
  assert.match(prometheus, /^level\{\} 7$/m);
});

envoyTest(
  "properties: text, numbers and booleans; absent, empty and of another type are told apart",
  async (t) => {
    const seen: string[] = [];
    const envoy = await startEnvoy(t, {
      filters: [{ wasm: await filter(), name: "named" }],
      connectionManager: {
        access_log: [
          {
            name: "stderr",
            typed_config: {
              "@type": "type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StderrAccessLog",
              log_format: { text_format_source: { inline_string: "left=%FILTER_STATE(wasm.note:PLAIN)%\n" } },
            },
          },
        ],
      },
      onLog: (text) => seen.push(text),
    });
    assert.equal(await run(envoy, "text|request|path"), "[/] 0");
    assert.equal(await run(envoy, "text|request|headers|x-do"), "[text|request|headers|x-do] 0");
    assert.equal(await run(envoy, "text|request|headers|x-none"), "null 1");
    assert.equal(await run(envoy, "text|plugin_name"), "[named] 0");
    assert.equal(await run(envoy, "text|plugin_root_id"), "[] 0");
    assert.equal(await run(envoy, "text|nothing|like|it"), "null 1");
    assert.match(await run(envoy, "integer|destination|port"), new RegExp(`^${envoy.port} 0$`));
    assert.equal(await run(envoy, "integer|request|path"), "-1 0");
    assert.equal(await run(envoy, "integer|response|code"), "-1 1");
    assert.equal(await run(envoy, "bool|connection|mtls"), "false 0");
    assert.equal(await run(envoy, "has|request|path"), "true 0");
    assert.equal(await run(envoy, "has|request|nope"), "false 1");
    assert.equal(await run(envoy, "leave|note|remember"), "22remember 0");
    await envoy.waitForLog(() => seen.join("").includes("left=remember\n"));
  },
);

envoyTest("foreign functions answer, and a missing one is told", async (t) => {
  const envoy = await startEnvoy(t, { filters: [{ wasm: await filter() }] });
  assert.equal(await run(envoy, "compress|to be packed and unpacked"), "to be packed and unpacked 0");
  assert.equal(await run(envoy, "foreign|nope"), "null 1");
  assert.equal(await run(envoy, "foreign|clear_route_cache"), "answer 0");
  assert.equal(await run(envoy, "time"), "true true 0");
});

envoyTest(
  "timers: several over the host's one, periodic and one-shot, of plugins and of streams",
  async (t) => {
    const upstream = await startUpstream(t);
    const plugin: WasmPlugin = { wasm: await filter(), configuration: "timers" };
    const envoy = await startEnvoy(t, { filters: [plugin], upstream: upstream.port });
    await envoy.waitForLog((log) => log.includes("one-shot timers: 11"));
    await envoy.waitForLog((log) => log.includes("tick 5"));
    await pass(100, "a sixth tick may not come");
    assert.doesNotMatch(envoy.log, /tick 6/);

    const started = Date.now();
    const waits = await Promise.all(
      [150, 30, 90, 60].map(async (wait) => {
        const response = await request(envoy.port, { path: `/${wait}`, headers: [["x-do", `wait|${wait}`]] });
        return { wait, took: Date.now() - started, status: response.status };
      }),
    );
    for (const { wait, took, status } of waits) {
      assert.equal(status, 200);
      assert.ok(took >= wait, `waited ${took} ms instead of ${wait}`);
    }
    // On a busy machine they begin at different times, and so may end in any order.
    assert.deepEqual(upstream.requests.map(({ path }) => path).sort(), ["/150", "/30", "/60", "/90"]);
    assert.ok(
      upstream.requests.every(({ headers }) =>
        headers.some(([name, value]) => name === "x-waited" && value === "1"),
      ),
    );

    // A stream that is gone when its timer is due.
    await request(envoy.port, { headers: [["x-do", "wait|100"]], cutAfter: 20 });
    await pass(150, "the timer of a stream that is gone is due");
    assert.equal(upstream.requests.length, 4);
    assert.equal((await request(envoy.port)).status, 200);
  },
);
