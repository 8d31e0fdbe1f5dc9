/// <reference path="../runtime/build.d.ts" />
/** Constants that the transform defines when they hold; see build.ts. */
declare const PROXY_WASM_FLOW_CHANGES_BODIES: i32;
declare const PROXY_WASM_FLOW_APPENDS: i32;
declare const PROXY_WASM_FLOW_WAITS_FOR_BODIES: i32;
declare const PROXY_WASM_FLOW_HOLDS_HEADERS: i32;
declare const PROXY_WASM_FLOW_METRICS: i32;
declare const PROXY_WASM_FLOW_TIME_LIMITS: i32;
declare const PROXY_WASM_FLOW_CANCELS: i32;
declare const PROXY_WASM_FLOW_ANSWER_HEADERS: i32;
declare const PROXY_WASM_FLOW_ANSWER_BODIES: i32;
declare const PROXY_WASM_FLOW_ANSWER_FAILURES: i32;
declare const PROXY_WASM_FLOW_ONE: i32;

/** What the runtime offers to `__visit`: keeps an object. */
declare function __visit(address: usize, cookie: u32): void;
