//! Moves the version of an API behind the resource, by a regular expression.
use std::rc::Rc;

use proxy_wasm::traits::*;
use proxy_wasm::types::*;

use regex::Regex;

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_root_context(|_| -> Box<dyn RootContext> {
        Box::new(Rewrite { pattern: Rc::new(Regex::new("^/api/v([0-9]+)/([a-z]+)").unwrap()) })
    });
}}

struct Rewrite {
    pattern: Rc<Regex>,
}
impl Context for Rewrite {}
impl RootContext for Rewrite {
    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Stream { pattern: self.pattern.clone() }))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}

struct Stream {
    pattern: Rc<Regex>,
}
impl Context for Stream {}
impl HttpContext for Stream {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        if let Some(path) = self.get_http_request_header(":path") {
            let rewritten = self.pattern.replace(&path, "/${2}/v${1}");
            if rewritten != path {
                self.set_http_request_header(":path", Some(&rewritten));
            }
        }
        Action::Continue
    }
}
