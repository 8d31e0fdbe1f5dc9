//! Reads two headers that are there, and sets one.
use proxy_wasm::traits::*;
use proxy_wasm::types::*;

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_http_context(|_, _| -> Box<dyn HttpContext> { Box::new(Reads2) });
}}

struct Reads2;
impl Context for Reads2 {}
impl HttpContext for Reads2 {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        let tenant = self.get_http_request_header("x-tenant");
        let language = self.get_http_request_header("accept-language");
        if let (Some(tenant), Some(language)) = (tenant, language) {
            self.set_http_request_header("x-size", Some(&(tenant.len() + language.len()).to_string()));
        }
        Action::Continue
    }
}
