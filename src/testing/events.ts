import { callText, statusName } from "../host/index.js";
import type { HostCall, Refusal } from "../host/index.js";

/** A call between host and module in Envoy's words, or why one was refused. */
export function eventText(event: HostCall | Refusal): string {
  return "into" in event ? callText(event) : `# ${statusName(event.status)}: ${event.reason}`;
}
