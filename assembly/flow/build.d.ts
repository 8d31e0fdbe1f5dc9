/// <reference path="../runtime/build.d.ts" />
/** Constants that the transform defines when they hold; see build.ts. */
declare const PROXY_WASM_FLOW_CHANGES_BODIES: i32;
declare const PROXY_WASM_FLOW_METRICS: i32;

/** What the runtime offers to `__visit`: keeps an object. */
declare function __visit(address: usize, cookie: u32): void;
