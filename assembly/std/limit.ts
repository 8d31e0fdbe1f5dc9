/**
 * Limits of rates, exact over all threads. Bounded, whatever strangers send.
 *
 * @module
 */
export { LimitResult } from "./limit/result";
export { SlidingWindow } from "./limit/sliding-window";
export { TokenBucket } from "./limit/token-bucket";
