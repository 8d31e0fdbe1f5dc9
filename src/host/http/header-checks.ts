import type { HeaderMap } from "../abi/header-map.js";
import { CONNECTION_REFUSED } from "../services/cluster.js";
import type { ResetReason } from "../services/cluster.js";

/** Why a request cannot be sent to an upstream, in Envoy's words; undefined when it can. */
export function requestProblem(headers: HeaderMap): string | undefined {
  if (!headers.has(":method")) return "missing required header: :method";
  if (!headers.has(":path") && headers.get(":method") !== "CONNECT") return "missing required header: :path";
  for (const [name, value] of headers.pairs()) {
    if (!/^:?[!#$%&'*+\-.^_`|~0-9A-Za-z]*$/.test(name)) return `invalid header name: ${name}`;
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) return `invalid header value for: ${name}`;
  }
  return undefined;
}

/** Why a response cannot be sent. */
export function responseProblem(headers: HeaderMap): string | undefined {
  return /^\s*\d+\s*$/.test(headers.get(":status") ?? "") ? undefined : "missing required header: :status";
}

/** Spaces and the like are `_` in response code details. */
export function detailsOf(text: string): string {
  return text.replace(/[ \t\n\v\f\r]/g, "_");
}

/** A lost connection in response code details. */
export function resetDetails(reason: ResetReason): string {
  const more = reason === "remote connection failure" ? `|${detailsOf(CONNECTION_REFUSED)}` : "";
  return `${detailsOf(reason)}${more}`;
}
