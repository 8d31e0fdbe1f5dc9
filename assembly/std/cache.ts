/**
 * Caches: one for each VM, one over shared data, and fetching once while others wait. All are bounded, whatever strangers send.
 *
 * @module
 */
export { LruCache } from "./cache/lru";
export { SharedCache } from "./cache/shared";
export { Flight, FlightRole } from "./cache/flight";
