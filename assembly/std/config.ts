/**
 * A plugin's configuration with defaults, limits, and errors that say where.
 *
 * @module
 */
export { Config } from "./config/config";
export { readConfig, readJsonConfig } from "./config/read";
