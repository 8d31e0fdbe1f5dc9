/// <reference path="./assembly/language/editor.d.ts" />
/** The compiler resolves the bare `import … from "proxy-wasm-as"` to this file. */
export * from "./assembly";
