//! Asks another service whether a request may pass.
use std::time::Duration;

use proxy_wasm::traits::*;
use proxy_wasm::types::*;

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_http_context(|_, _| -> Box<dyn HttpContext> { Box::new(Auth) });
}}

struct Auth;
impl Context for Auth {
    fn on_http_call_response(&mut self, _: u32, _: usize, _: usize, _: usize) {
        if self.get_http_call_response_header(":status").as_deref() == Some("200") {
            self.resume_http_request();
        } else {
            self.send_http_response(403, vec![], None);
        }
    }
}
impl HttpContext for Auth {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        let headers = vec![(":method", "GET"), (":path", "/check"), (":authority", "auth")];
        if self.dispatch_http_call("auth", headers, None, vec![], Duration::from_secs(1)).is_err() {
            self.send_http_response(403, vec![], None);
        }
        Action::Pause
    }
}
