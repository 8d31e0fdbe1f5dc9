/**
 * Findings in a module, as people read them. `build` prints them without loading what reaches registries.
 *
 * @module
 */
import type { Finding } from "../inspect/index.js";
import { color, wrap } from "./output.js";

/** `warning: …`, in the colour of its level. */
export function formatFinding({ level, message }: Finding): string {
  const paint = { error: color.red, warning: color.yellow, note: color.cyan }[level];
  return `${paint(`${level}:`)} ${wrap(message, 2, level.length + 2)}`;
}
