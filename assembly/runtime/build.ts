/// <reference path="./build.d.ts" />
/**
 * Facts about the build that the transform hands to the SDK.
 *
 * @module
 */

/** The module tells the embedded host why it refuses a call; no other host hears of it. */
export const TELLS: bool = isDefined(PROXY_WASM_DIAGNOSTICS);

/** Refused and failed calls say why: a debug build in the log, a diagnostic module in the embedded host. */
export const DEBUG: bool = isDefined(PROXY_WASM_DEBUG) || TELLS;

/**
 * The module's only filter keeps no state per stream, so that one object serves all streams and the host need not
 * announce each stream to the module.
 */
export const SHARED_STREAMS: bool = isDefined(PROXY_WASM_SHARED_STREAMS);

/** The module exports callbacks that Envoy makes from within host calls: what a gRPC stream begins with, if it fails. */
export const NESTING: bool = isDefined(PROXY_WASM_NESTING);

/** The module's plugins are told apart by root id: there are several, or one that serves only its own. */
export const ROOT_IDS: bool = isDefined(PROXY_WASM_ROOT_IDS);

/** Registrations are known at run time only, so that two may want the same root id. */
export const MAY_REGISTER_TWICE: bool = isDefined(PROXY_WASM_MAY_REGISTER_TWICE);

/** A plugin may answer a context that it has made before, in place of a new one. */
export const MAY_REUSE_CONTEXTS: bool = isDefined(PROXY_WASM_MAY_REUSE_CONTEXTS);

/**
 * The filter creates context objects in other places than `createHttpContext` and `createTcpContext`. Such an object is a part of
 * another context, or belongs to no stream at all.
 */
export const MAY_COMPOSE: bool = isDefined(PROXY_WASM_MAY_COMPOSE);

/** One callback may read several headers of a message: they are asked for together. */
export const MANY_READS: bool = isDefined(PROXY_WASM_MANY_READS);

/** The filter touches trailers. */
export const TRAILERS: bool = isDefined(PROXY_WASM_TRAILERS);

/** The module has timers, or needs them; a tick for `RESUMES_AFTER_CALLS` alone is none. */
export const TIMERS: bool = isDefined(PROXY_WASM_TIMERS);

/** One callback can act upon several streams: a timer, or one that has references to them. */
export const SHARED_TURNS: bool = isDefined(PROXY_WASM_SHARED_TURNS);

/** The filter resumes both requests and responses, maybe those of one stream in one callback. A flow by itself does not. */
export const RESUMES_BOTH: bool = isDefined(PROXY_WASM_RESUMES_BOTH);

/** The filter makes calls, and may let a request go on when one of them has failed. */
export const RESUMES_AFTER_CALLS: bool = isDefined(PROXY_WASM_RESUMES_AFTER_CALLS);

/** The filter has callbacks for trailers, and resumes messages in timers or answers. */
export const RESUMES_HELD: bool = isDefined(PROXY_WASM_RESUMES_HELD);

/** The filter may let go of a held part of a response's body in the callback of the next part. */
export const LETS_PARTS_GO: bool = isDefined(PROXY_WASM_LETS_PARTS_GO);

/** The names of all headers that are set or added are literals, may be written, and do not tell where a message ends. */
export const PLAIN_NAMES: bool = isDefined(PROXY_WASM_PLAIN_NAMES);

/** Every pseudo-header that is set or added has a value that the build knows. */
export const PLAIN_PSEUDO: bool = isDefined(PROXY_WASM_PLAIN_PSEUDO);

/** The values of all headers that are set or added are literals, and may stand in a header. */
export const PLAIN_FIELDS: bool = isDefined(PROXY_WASM_PLAIN_FIELDS);

/** The names of all headers that are removed are literals that may be removed, and do not say where a message ends. */
export const PLAIN_REMOVALS: bool = isDefined(PROXY_WASM_PLAIN_REMOVALS);

/**
 * The pseudo-headers that the filter may write with values that the build does not know. The module checks these values while it
 * runs; `host` is checked with ":authority".
 */
export const CHECKS_METHOD: bool = isDefined(PROXY_WASM_CHECKS_METHOD);
export const CHECKS_PATH: bool = isDefined(PROXY_WASM_CHECKS_PATH);
export const CHECKS_AUTHORITY: bool = isDefined(PROXY_WASM_CHECKS_AUTHORITY);
export const CHECKS_SCHEME: bool = isDefined(PROXY_WASM_CHECKS_SCHEME);
export const CHECKS_STATUS: bool = isDefined(PROXY_WASM_CHECKS_STATUS);

/** All statuses that the filter writes are literals from 200 to 599 that allow a body. */
export const PLAIN_STATUSES: bool = isDefined(PROXY_WASM_PLAIN_STATUSES);

/** The module has no callback of these headers. It can never hold them, so they have gone on in every other callback. */
export const NO_REQUEST_HEADERS: bool = isDefined(PROXY_WASM_NO_REQUEST_HEADERS);
export const NO_RESPONSE_HEADERS: bool = isDefined(PROXY_WASM_NO_RESPONSE_HEADERS);

/** The module has no callback of these bodies. */
export const NO_REQUEST_BODY: bool = isDefined(PROXY_WASM_NO_REQUEST_BODY);
export const NO_RESPONSE_BODY: bool = isDefined(PROXY_WASM_NO_RESPONSE_BODY);

/** The filter may hold a request after a part of its body has gone on. */
export const HOLDS_PARTS: bool = isDefined(PROXY_WASM_HOLDS_PARTS);

/** The filter may hold a response beyond the callback of its end. */
export const HOLDS_RESPONSES: bool = isDefined(PROXY_WASM_HOLDS_RESPONSES);

/** The filter may change a request's headers elsewhere than in the request's own callbacks … */
export const WRITES_LATE: bool = isDefined(PROXY_WASM_WRITES_LATE);

/** … among them timers and answers, while it holds the request. */
export const WRITES_WHILE_HELD: bool = isDefined(PROXY_WASM_WRITES_WHILE_HELD);

/** The module drops the body of a response whose status allows none, and exports the callback that does it. */
export const DROPS_BODIES: bool = isDefined(PROXY_WASM_DROPS_BODIES);

/** A host that the module is built for cannot be asked for its log level: messages are written without asking. */
export const NO_LOG_LEVEL: bool = isDefined(PROXY_WASM_NO_LOG_LEVEL);

/** A host that the module is built for knows no way to stop but 1. */
export const ONE_STOP: bool = isDefined(PROXY_WASM_ONE_STOP);
