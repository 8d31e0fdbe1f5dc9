//! Replaces a word wherever it stands in the request's body.
use proxy_wasm::traits::*;
use proxy_wasm::types::*;

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_http_context(|_, _| -> Box<dyn HttpContext> { Box::new(ReplaceInBody) });
}}

struct ReplaceInBody;
impl Context for ReplaceInBody {}
impl HttpContext for ReplaceInBody {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        self.set_http_request_header("content-length", None);
        Action::Continue
    }

    fn on_http_request_body(&mut self, size: usize, end_of_stream: bool) -> Action {
        if !end_of_stream {
            return Action::Pause;
        }
        if let Some(bytes) = self.get_http_request_body(0, size) {
            let text = String::from_utf8_lossy(&bytes).replace("secret", "[removed]");
            self.set_http_request_body(0, size, text.as_bytes());
        }
        Action::Continue
    }
}
