//! `hdr` with a field per stream and a configured value.
use std::rc::Rc;

use proxy_wasm::traits::*;
use proxy_wasm::types::*;

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_root_context(|_| -> Box<dyn RootContext> { Box::new(HdrState { value: Rc::from("") }) });
}}

struct HdrState {
    value: Rc<str>,
}
impl Context for HdrState {}
impl RootContext for HdrState {
    fn on_configure(&mut self, _: usize) -> bool {
        let configuration = self.get_plugin_configuration().unwrap_or_default();
        match String::from_utf8(configuration) {
            Ok(value) => self.value = Rc::from(value),
            Err(_) => return false,
        }
        true
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Stream { value: self.value.clone(), is_marked: false }))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}

struct Stream {
    value: Rc<str>,
    is_marked: bool,
}
impl Context for Stream {}
impl HttpContext for Stream {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        if self.get_http_request_header(":path").as_deref() == Some("/denied") {
            self.send_http_response(403, vec![], None);
            return Action::Pause;
        }
        self.is_marked = true;
        Action::Continue
    }

    fn on_http_response_headers(&mut self, _: usize, _: bool) -> Action {
        if self.is_marked {
            self.add_http_response_header("x-wasm", &self.value);
        }
        Action::Continue
    }
}
