import { ENVOY_VERSION, findEnvoy } from "../envoy/index.js";
import { UserError } from "./error.js";
import { whenLeaving } from "./leave.js";

/** An Envoy that can be started. */
export interface FoundEnvoy {
  readonly path: string;
  readonly version: string;
}

/** Finds an Envoy, and fetches one where there is none, which is said before; throws where that is not possible. */
export function requireEnvoy(): FoundEnvoy {
  whenLeaving(() => undefined); // Ctrl-C ends what is fetched, and then this, with nothing half-made left
  let found = findEnvoy(undefined, false);
  if (found.path === undefined && (process.env["ENVOY"] ?? "") === "") {
    console.error(`There is no Envoy here: fetching ${ENVOY_VERSION}, about 40 MB, once for all projects …`);
    found = findEnvoy();
  }
  if (found.path !== undefined) return found;
  const { reason } = found;
  throw new UserError(
    `${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}. Without --envoy, none is needed.`,
  );
}
