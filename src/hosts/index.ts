/**
 * Hosts of modules, and what each of them lacks.
 *
 * @module
 */
export type { Effect, WasmHost } from "./model.js";
export { hostsPage } from "./page.js";
export { hosts } from "./table.js";
