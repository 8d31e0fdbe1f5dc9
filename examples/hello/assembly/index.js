"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const proxy_wasm_as_1 = require("proxy-wasm-as");
/** Denies one path, and marks requests and responses. */
class Hello extends proxy_wasm_as_1.HttpContext {
    onRequestHeaders(headerCount, endOfStream) {
        if (this.request.headers.equals(":path", "/denied"))
            return this.respond(403, "denied\n");
        this.request.headers.set("x-hello", "world");
        return 0 /* FilterHeadersStatus.Continue */;
    }
    onResponseHeaders(headerCount, endOfStream) {
        this.response.headers.add("x-served-by", "proxy-wasm-as");
        return 0 /* FilterHeadersStatus.Continue */;
    }
}
(0, proxy_wasm_as_1.registerHttpFilter)();
