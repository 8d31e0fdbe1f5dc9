/// <reference path="./build.d.ts" />
/**
 * Facts about the build that the transform hands to flow.
 *
 * @module
 */

/** The filter changes bodies, so a body that is waited for must go on without `content-length`. */
export const CHANGES_BODIES: bool = isDefined(PROXY_WASM_FLOW_CHANGES_BODIES);

/** A flow may add to a body that it keeps bytes back of. */
export const APPENDS: bool = isDefined(PROXY_WASM_FLOW_APPENDS);

/** A body is waited for somewhere. */
export const WAITS_FOR_BODIES: bool = isDefined(PROXY_WASM_FLOW_WAITS_FOR_BODIES);

/** Some plugin holds headers while it waits for a body. */
export const HOLDS_HEADERS: bool = isDefined(PROXY_WASM_FLOW_HOLDS_HEADERS);

/** Some plugin counts its flows. */
export const METRICS: bool = isDefined(PROXY_WASM_FLOW_METRICS);

/** Something is waited for with a time limit. */
export const TIME_LIMITS: bool = isDefined(PROXY_WASM_FLOW_TIME_LIMITS);

/** Something is to be done when a client goes. */
export const CANCELS: bool = isDefined(PROXY_WASM_FLOW_CANCELS);

/** The headers of a call's answer are asked for. */
export const ANSWER_HEADERS: bool = isDefined(PROXY_WASM_FLOW_ANSWER_HEADERS);

/** The body of a call's answer is asked for. */
export const ANSWER_BODIES: bool = isDefined(PROXY_WASM_FLOW_ANSWER_BODIES);

/** Tells whether a call has failed is asked for. */
export const ANSWER_FAILURES: bool = isDefined(PROXY_WASM_FLOW_ANSWER_FAILURES);

/** There is one `registerFlow`. */
export const ONE_FLOW: bool = isDefined(PROXY_WASM_FLOW_ONE);
