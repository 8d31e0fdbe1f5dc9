import assert from "node:assert/strict";
import { Agent, get } from "node:http";
import { compileFilter } from "../support/compile.js";
import { envoyTest, startEnvoy, startUpstream } from "../support/envoy.js";
import { exchange, request } from "../support/http.js";
import { until } from "../support/wait.js";

envoyTest(
  "1,000 requests over 50 connections, a third cut by the client, leave nothing behind",
  async (t) => {
    const upstream = await startUpstream(t, (_, response) => {
      // In two parts, with time in between to be cut in every state of a stream.
      setTimeout(() => response.write("first "), 2);
      setTimeout(() => response.end("second"), 6);
    });
    const wasm = await compileFilter("tests/envoy/filters/registry.ts");
    const envoy = await startEnvoy(t, { filters: [{ wasm }], upstream: upstream.port });

    const counts = { answered: 0, cut: 0 };
    const worker = async (number: number): Promise<void> => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let i = 0; i < 20; i++) {
        const path = `/${number}/${i}`;
        if (i % 3 === 2) {
          await exchange(envoy.port, `GET ${path} HTTP/1.1\r\nhost: example.test\r\n\r\n`, (number + i) % 9);
          counts.cut++;
          continue;
        }
        await new Promise<void>((resolve, reject) => {
          get({ host: "127.0.0.1", port: envoy.port, path, agent }, (response) => {
            assert.equal(response.headers["x-path"], path, "each stream has its own object");
            response.resume().on("end", resolve);
          }).on("error", reject);
        });
        counts.answered++;
      }
      agent.destroy();
    };
    await Promise.all(Array.from({ length: 50 }, (_, number) => worker(number)));
    assert.deepEqual(counts, { answered: 700, cut: 300 });

    let census = "";
    await until(async () => {
      census = (await request(envoy.port, { path: "/census" })).body;
      return census.startsWith("2 alive");
    });
    assert.match(census, /^2 alive, \d+ ended$/, "the plugin and the stream that asks");
    assert.ok(Number(/(\d+) ended/.exec(census)![1]) >= 700);
    assert.doesNotMatch(envoy.log, /failed|critical/i);
  },
);
