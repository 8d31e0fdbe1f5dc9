//! Adds 20 request headers, reads each and removes each.
use proxy_wasm::traits::*;
use proxy_wasm::types::*;

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_http_context(|_, _| -> Box<dyn HttpContext> { Box::new(Headers60) });
}}

const NAMES: [&str; 20] = [
    "x-bench-00", "x-bench-01", "x-bench-02", "x-bench-03", "x-bench-04", "x-bench-05", "x-bench-06",
    "x-bench-07", "x-bench-08", "x-bench-09", "x-bench-10", "x-bench-11", "x-bench-12", "x-bench-13",
    "x-bench-14", "x-bench-15", "x-bench-16", "x-bench-17", "x-bench-18", "x-bench-19",
];

struct Headers60;
impl Context for Headers60 {}
impl HttpContext for Headers60 {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        let mut length = 0;
        for name in NAMES {
            self.add_http_request_header(name, "a value of 22 bytes...");
        }
        for name in NAMES {
            if let Some(value) = self.get_http_request_header(name) {
                length += value.len();
            }
        }
        for name in NAMES {
            self.remove_http_request_header(name);
        }
        if length == 440 {
            return Action::Continue;
        }
        self.send_http_response(500, vec![], None);
        Action::Pause
    }
}
