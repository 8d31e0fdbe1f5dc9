/// <reference path="./build.d.ts" />
/**
 * What the transform tells flow about the build.
 *
 * @module
 */

/** A body is changed somewhere, so that no length may be announced for one that is waited for. */
export const CHANGES_BODIES: bool = isDefined(PROXY_WASM_FLOW_CHANGES_BODIES);

/** Some plugin counts its flows. */
export const METRICS: bool = isDefined(PROXY_WASM_FLOW_METRICS);
