//! Reads five headers that are there, and sets one.
use proxy_wasm::traits::*;
use proxy_wasm::types::*;

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_http_context(|_, _| -> Box<dyn HttpContext> { Box::new(Reads5) });
}}

struct Reads5;
impl Context for Reads5 {}
impl HttpContext for Reads5 {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        let mut size = 0;
        for name in ["authorization", "cookie", "user-agent", "accept-language", "x-tenant"] {
            size += self.get_http_request_header(name).map_or(0, |value| value.len());
        }
        self.set_http_request_header("x-size", Some(&size.to_string()));
        Action::Continue
    }
}
