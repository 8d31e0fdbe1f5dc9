/**
 * Where a stream stands, so that a call which would crash Envoy, hang the stream or do nothing never reaches the host.
 *
 * @module
 */

/** A local response has been sent. */
export const REPLIED: u32 = 1;
/** The request is held because a callback answered so. */
export const REQUEST_HELD: u32 = 2;
/** The response is held because a callback answered so. */
export const RESPONSE_HELD: u32 = 4;
/** `resumeRequest` was called in a callback of the request; it counts when that callback answers. */
export const RESUME_REQUEST: u32 = 8;
/** `resumeResponse` was called in a callback of the response. */
export const RESUME_RESPONSE: u32 = 16;
/** The stream has been reset by the filter. */
export const RESET: u32 = 32;
