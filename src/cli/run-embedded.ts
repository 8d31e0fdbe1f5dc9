import { EnvoyCrash, LoadError, Status, statusName } from "../host/index.js";
import type { Refusal } from "../host/index.js";
import { serveHost } from "../host/server/index.js";
import { mapBeside, stackLines } from "../places/index.js";
import { recordInto } from "../testing/record-file.js";
import { withItsMap } from "../testing/debug-module.js";
import { UserError } from "./error.js";
import { shown } from "./output.js";
import type { Plan, Runner } from "./runner.js";
import { pluginsOf } from "./runner.js";

/** Runs a plan in the embedded host. */
export async function runEmbedded(plan: Plan): Promise<Runner> {
  const { file: wasm, kind, log } = plan;
  const plugins = pluginsOf(plan);
  const recorder =
    plan.record === undefined ? undefined : recordInto(plan.record, (module) => mapBeside(wasm, module));
  const filters = plugins.filter === undefined ? [] : [{ ...plugins.filter, wasm }];
  try {
    const server = await serveHost({
      filters: kind === "http" ? filters : [],
      ...(kind === "tcp" && { tcpFilters: filters }),
      ...(plugins.service !== undefined && { services: [{ ...plugins.service, wasm }] }),
      upstream: plan.upstream,
      clusters: plan.clusters,
      port: plan.port,
      ...(plan.debug && { readModule: withItsMap }),
      logLevel: plan.logLevel,
      ...(recorder !== undefined && { onCall: (call, module) => recorder.called(call, module) }),
      onLog: (entry) => {
        recorder?.logged(entry);
        const { level, from, message, stack } = entry;
        const map = stack === undefined ? undefined : mapBeside(wasm, stack.wasm);
        const lines = map === undefined ? [] : stackLines(map, stack!.frames);
        log.message(level, from.split(" ")[0]!, [message.trimEnd(), ...lines].join("\n"));
      },
      onRefusal: whenWorthTelling((text) => log.message("warn", "proxy-wasm-as", text)),
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

/** How many different refusals a run tells of. */
const MOST_REFUSALS = 1000;

/** Tells refusals, each text once; not what is merely absent or was changed by another. */
function whenWorthTelling(tell: (text: string) => void): (refusal: Refusal) => void {
  const ordinary = new Set<number>([Status.NotFound, Status.Empty, Status.CasMismatch]);
  const told = new Set<string>();
  return ({ by, function: name, status, reason }) => {
    if (by === "host" && ordinary.has(status)) return;
    const text = `${by === "host" ? `${name} answers ${statusName(status)}:` : statusName(status)} ${reason}`;
    if (told.has(text) || told.size === MOST_REFUSALS) return;
    told.add(text);
    tell(text);
  };
}

function fail({ file }: Plan, error: unknown): never {
  if (error instanceof LoadError)
    throw new UserError(
      `${shown(file)} does not start: ${error.message} "proxy-wasm-as inspect ${shown(file)}" says more.`,
    );
  if (error instanceof EnvoyCrash) throw new UserError(`${shown(file)} cannot be run: ${error.message}`);
  throw error;
}
