/** Mixed traffic through a filter in a real Envoy, which gets a new configuration again and again. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEcho } from "../../src/echo.js";
import type { Bootstrap } from "../../src/envoy/index.js";
import { Envoy, bootstrap } from "../../src/envoy/index.js";
import { compileFilter } from "../support/compile.js";
import { freePort } from "../support/ports.js";
import { anonymousMemory } from "./memory.js";
import type { Slope } from "./slope.js";
import { slopeOf } from "./slope.js";

export interface EnvoySoak {
  readonly requests: number;
  readonly reconfigurations: number;
  /** Memory of the process that belongs to no file, in MiB. */
  readonly memory: Slope;
  /** Answers that were not what the filter should make of the request. */
  readonly wrong: readonly string[];
}

class Traffic {
  readonly wrong: string[] = [];
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 8 });

  /** Without a filter, all requests have the upstream's answer. */
  constructor(
    private readonly port: number,
    private readonly markers: ReadonlySet<string>,
    private readonly hasFilter: boolean,
  ) {}

  /** Sends request number `i`; the clients of some go away. */
  async send(i: number): Promise<void> {
    const kind = i % 8;
    if (kind === 1) await this.expect("/call", 200);
    else if (kind === 2) await this.abort("/abort");
    else if (kind === 3) await this.expect("/body", 200, "lorem ipsum ".repeat(500));
    else if (kind === 4) await this.expect("/error", 418);
    else if (kind === 5) await this.expect("/wait", 200);
    else await this.expect("/plain", 200);
  }

  /** Sends a request; again on a connection of its own when its connection ends, as all those of a drained listener do. */
  private expect(path: string, status: number, body = "", isSecond = false): Promise<void> {
    return new Promise((resolve) => {
      const agent = isSecond ? false : this.agent;
      const options = { host: "127.0.0.1", port: this.port, path, agent };
      const outgoing = request({ ...options, method: body === "" ? "GET" : "POST" }, (response) => {
        let text = "";
        response.setEncoding("latin1").on("data", (part) => (text += String(part)));
        response.on("end", () => {
          const isMarked =
            status !== 200 || [...this.markers].some((marker) => text.includes(`x-marker: ${marker}`));
          const isChanged = body === "" || text.includes("lorem-ipsum-lorem");
          const isRight = response.statusCode === status && isMarked && isChanged;
          if (this.hasFilter ? !isRight : response.statusCode !== 200)
            this.wrong.push(`${path}: ${response.statusCode} ${text.slice(0, 200)}`);
          resolve();
        });
      });
      outgoing.on("error", ({ message }) => {
        if (!isSecond) return resolve(this.expect(path, status, body, true));
        this.wrong.push(`${path}: ${message}`);
        resolve();
      });
      outgoing.end(body);
    });
  }

  private abort(path: string): Promise<void> {
    return new Promise((resolve) => {
      const outgoing = request({ host: "127.0.0.1", port: this.port, path, agent: false });
      outgoing.on("error", () => undefined);
      outgoing.on("close", resolve);
      outgoing.end();
      setTimeout(() => outgoing.destroy(), 2);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

/**
 * Sends `requests` requests, eight at a time, and gives Envoy a new plugin configuration `reconfigurations` times; without the filter a new
 * listener, for what Envoy itself grows by.
 */
export async function soakInEnvoy(
  envoyPath: string,
  requests: number,
  reconfigurations: number,
  report: (line: string) => void,
  hasFilter = true,
): Promise<EnvoySoak> {
  const wasm = await compileFilter("tests/soak/filters/mixed.ts");
  const upstream = await startEcho();
  const port = await freePort(); // the same for each configuration
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-soak-"));
  const file = join(folder, "listeners.json");
  const markers = new Set<string>();
  const listeners = (marker: string): void => {
    markers.add(marker);
    const config: Bootstrap = bootstrap({
      filters: hasFilter ? [{ wasm, configuration: marker }] : [],
      ...(!hasFilter && { connectionManager: { server_name: marker } }),
      upstream: upstream.port,
      port,
    });
    const listener = config.static_resources.listeners[0];
    const resource = { "@type": "type.googleapis.com/envoy.config.listener.v3.Listener", ...listener };
    writeFileSync(`${file}.new`, JSON.stringify({ version_info: marker, resources: [resource] }));
    renameSync(`${file}.new`, file);
  };
  listeners("m0");
  const envoy = await Envoy.start({
    envoy: envoyPath,
    upstream: upstream.port,
    clusters: { auth: upstream.port },
    edit: (config) => {
      config.node = { id: "soak", cluster: "soak" };
      config.static_resources.listeners = [];
      config.dynamic_resources = { lds_config: { path_config_source: { path: file } } };
    },
  });
  const traffic = new Traffic(envoy.port, markers, hasFilter);
  const samples: { at: number; value: number }[] = [];
  try {
    const step = Math.max(8, Math.floor(requests / 40));
    const turn = reconfigurations === 0 ? Infinity : Math.floor(requests / (reconfigurations + 1));
    for (let sent = 0; sent < requests;) {
      const until = Math.min(requests, sent + step);
      let next = sent;
      const client = async (): Promise<void> => {
        while (next < until) {
          const i = next++;
          if (i > 0 && i % turn === 0) listeners(`m${i}`);
          await traffic.send(i);
        }
      };
      await Promise.all(Array.from({ length: 8 }, client));
      sent = until;
      upstream.requests.length = 0;
      samples.push({ at: sent, value: anonymousMemory(envoy.pid) });
      report(`${sent} requests: ${samples.at(-1).value.toFixed(2)} MiB`);
    }
    const update = await envoy.stat("listener_manager.lds.update_success");
    return {
      requests,
      reconfigurations: (update ?? 1) - 1,
      memory: slopeOf(samples.slice(Math.ceil(samples.length / 5))),
      wrong: traffic.wrong,
    };
  } finally {
    traffic.close();
    await envoy.stop();
    await upstream.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
