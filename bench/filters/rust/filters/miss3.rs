//! Asks for three headers that are not there, and sets one.
use proxy_wasm::traits::*;
use proxy_wasm::types::*;

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_http_context(|_, _| -> Box<dyn HttpContext> { Box::new(Miss3) });
}}

struct Miss3;
impl Context for Miss3 {}
impl HttpContext for Miss3 {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        let debug = self.get_http_request_header("x-debug");
        let canary = self.get_http_request_header("x-canary");
        let trace = self.get_http_request_header("x-trace");
        let none = debug.is_none() && canary.is_none() && trace.is_none();
        self.set_http_request_header("x-size", Some(if none { "0" } else { "1" }));
        Action::Continue
    }
}
