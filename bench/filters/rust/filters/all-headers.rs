//! Reads all request headers and logs them in one line.
use proxy_wasm::traits::*;
use proxy_wasm::types::*;

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_http_context(|_, _| -> Box<dyn HttpContext> { Box::new(AllHeaders) });
}}

struct AllHeaders;
impl Context for AllHeaders {}
impl HttpContext for AllHeaders {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        let lines: Vec<String> =
            self.get_http_request_headers().iter().map(|(name, value)| format!("{name}={value}")).collect();
        log::info!("{}", lines.join("; "));
        Action::Continue
    }
}
