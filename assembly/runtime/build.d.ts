/** Constants that the transform defines when they hold; see build.ts. */
declare const PROXY_WASM_AS: i32;
declare const PROXY_WASM_DEBUG: i32;
declare const PROXY_WASM_DIAGNOSTICS: i32;
declare const PROXY_WASM_SHARED_STREAMS: i32;
declare const PROXY_WASM_NESTING: i32;
declare const PROXY_WASM_ROOT_IDS: i32;
declare const PROXY_WASM_MAY_REGISTER_TWICE: i32;
declare const PROXY_WASM_MAY_REUSE_CONTEXTS: i32;
declare const PROXY_WASM_MAY_COMPOSE: i32;
declare const PROXY_WASM_TRAILERS: i32;
declare const PROXY_WASM_TIMERS: i32;
declare const PROXY_WASM_SHARED_TURNS: i32;
declare const PROXY_WASM_RESUMES_BOTH: i32;
declare const PROXY_WASM_RESUMES_HELD: i32;
declare const PROXY_WASM_RESUMES_AFTER_CALLS: i32;
declare const PROXY_WASM_LETS_PARTS_GO: i32;
declare const PROXY_WASM_PLAIN_NAMES: i32;
declare const PROXY_WASM_PLAIN_PSEUDO: i32;
declare const PROXY_WASM_PLAIN_FIELDS: i32;
declare const PROXY_WASM_PLAIN_REMOVALS: i32;
declare const PROXY_WASM_CHECKS_METHOD: i32;
declare const PROXY_WASM_CHECKS_PATH: i32;
declare const PROXY_WASM_CHECKS_AUTHORITY: i32;
declare const PROXY_WASM_CHECKS_SCHEME: i32;
declare const PROXY_WASM_CHECKS_STATUS: i32;
declare const PROXY_WASM_PLAIN_STATUSES: i32;
declare const PROXY_WASM_DROPS_BODIES: i32;
declare const PROXY_WASM_MANY_READS: i32;
declare const PROXY_WASM_INDEXED_READS: i32;
declare const PROXY_WASM_FLOW: i32;
declare const PROXY_WASM_TRY: i32;
declare const PROXY_WASM_HOLDS_PARTS: i32;
declare const PROXY_WASM_HOLDS_RESPONSES: i32;
declare const PROXY_WASM_WRITES_LATE: i32;
declare const PROXY_WASM_WRITES_WHILE_HELD: i32;
declare const PROXY_WASM_ON_ERROR: i32;
declare const PROXY_WASM_COUNTS_BUGS: i32;
declare const PROXY_WASM_NO_RESPONSE_BODY: i32;
declare const PROXY_WASM_NO_REQUEST_BODY: i32;
declare const PROXY_WASM_NO_RESPONSE_HEADERS: i32;
declare const PROXY_WASM_NO_REQUEST_HEADERS: i32;
declare const PROXY_WASM_MEMORY_LIMIT: i32;
declare const PROXY_WASM_TCP: i32;
/** `Partial<T>` in a parameter: the transform erases it for the compiler, editors understand it. */
declare type Partial<T> = { [P in keyof T]?: T[P] };

/** What the runtime itself offers and AssemblyScript's types leave out. */
declare function __new(size: usize, id: u32): usize;
declare function __renew(address: usize, size: usize): usize;
declare function __link(parent: usize, child: usize, expectMultiple: bool): void;
declare function __collect(): void;

/** What `memory/heap.ts` offers besides. */
declare function __collectWhenDue(): void;
declare function __shrink(object: usize, size: usize): usize;

/** What the compiler makes: visit what globals, and what an object's fields, refer to. */
declare function __visit_globals(cookie: u32): void;
declare function __visit_members(object: usize, cookie: u32): void;
declare const PROXY_WASM_NO_LOG_LEVEL: i32;
declare const PROXY_WASM_ONE_STOP: i32;
