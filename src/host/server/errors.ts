import type { ResetReason } from "../services/cluster.js";

/** Envoy's name of this failure of a connection to an upstream. */
export function resetReason(error: NodeJS.ErrnoException): ResetReason {
  const refused = ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "ETIMEDOUT", "EAI_AGAIN"];
  if (error.code !== undefined && refused.includes(error.code)) return "remote connection failure";
  return error.code?.startsWith("HPE_") === true ? "protocol error" : "connection termination";
}
