import { EnvoyCrash, LoadError } from "../host/index.js";
import { serveHost } from "../host/server/index.js";
import { UserError } from "./error.js";
import { shown } from "./output.js";
import type { Plan, Runner } from "./runner.js";
import { pluginsOf } from "./runner.js";

/** Runs a plan in the embedded host. */
export async function runEmbedded(plan: Plan): Promise<Runner> {
  const { file: wasm, kind, log } = plan;
  const plugins = pluginsOf(plan);
  const filters = plugins.filter === undefined ? [] : [{ ...plugins.filter, wasm }];
  try {
    const server = await serveHost({
      filters: kind === "http" ? filters : [],
      ...(kind === "tcp" && { tcpFilters: filters }),
      ...(plugins.service !== undefined && { services: [{ ...plugins.service, wasm }] }),
      upstream: plan.upstream,
      clusters: plan.clusters,
      port: plan.port,
      logLevel: plan.logLevel,
      onLog: ({ level, from, message }) => log.message(level, from.split(" ")[0]!, text(message)),
      onRequest: (request) => log.request(request),
    });
    return {
      name: "The embedded host (as Envoy 1.40)",
      port: server.port,
      reload: () => server.reload().catch((error: unknown) => fail(plan, error)),
      ended: new Promise(() => undefined),
      close: () => server.close(),
    };
  } catch (error) {
    return fail(plan, error);
  }
}

/** Modules write bytes; people read UTF-8. */
function text(binary: string): string {
  return Buffer.from(binary, "latin1").toString("utf8");
}

function fail({ file }: Plan, error: unknown): never {
  if (error instanceof LoadError)
    throw new UserError(
      `${shown(file)} does not start: ${error.message} "proxy-wasm-as inspect ${shown(file)}" says more.`,
    );
  if (error instanceof EnvoyCrash) throw new UserError(`${shown(file)} cannot be run: ${error.message}`);
  throw error;
}
