/** Drives an example as its envoy.yaml configures it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Cost, Place } from "../../src/count/index.js";
import { CountingHost, costBetween } from "../../src/count/index.js";
import { root } from "../support/paths.js";

interface PluginConfig {
  readonly root_id?: string;
  readonly configuration?: { readonly value: unknown };
}

const kinds: readonly (readonly [suffix: string, place: Place])[] = [
  ["filters.http.wasm.v3.Wasm", "filter"],
  ["access_loggers.wasm.v3.WasmAccessLog", "accessLogger"],
  ["filters.network.wasm.v3.Wasm", "tcpFilter"],
];

/** The first plugin in a configuration of Envoy that sees traffic. */
function findPlugin(value: unknown): { place: Place; config: PluginConfig } | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const type = (value as Record<string, unknown>)["@type"];
  const place = kinds.find(([suffix]) => typeof type === "string" && type.endsWith(suffix))?.[1];
  if (place !== undefined) return { place, config: (value as { config: PluginConfig }).config };
  for (const part of Object.values(value)) {
    const found = findPlugin(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

const REQUESTS = 200;

/** What the service of grpc-auth answers: field 1, the user. */
const ALICE = Buffer.from("\n\x05alice");

/** What an ordinary request, or connection, costs. */
export async function exampleCost(
  name: string,
  wasm: Uint8Array,
): Promise<(Cost & { readonly pagesAtStart: number }) | undefined> {
  const yaml: unknown = parse(readFileSync(join(root, "examples", name, "envoy.yaml"), "utf8"));
  const plugin = findPlugin(yaml);
  if (plugin === undefined) {
    assert.ok(
      JSON.stringify(yaml).includes("stat_sinks"),
      `examples/${name}/envoy.yaml has no plugin that sees traffic`,
    );
    return undefined;
  }
  const { place, config } = plugin;
  const { root_id: rootId, configuration } = config;
  const host = await CountingHost.start({
    wasm,
    place,
    random: 1,
    answers: { auth: name === "grpc-auth" ? ALICE : 200, opa: 200, upstream2: 200 },
    ...(rootId !== undefined && { rootId }),
    ...(configuration !== undefined && { configuration: String(configuration.value) }),
  });
  const pagesAtStart = host.pages;
  const drive = (): unknown => (place === "tcpFilter" ? host.connection() : host.request({}));
  for (let i = 0; i < 20; i++) drive();
  const before = host.work;
  for (let i = 0; i < REQUESTS; i++) drive();
  return { pagesAtStart, ...costBetween(before, host.work, REQUESTS, host.pages) };
}
