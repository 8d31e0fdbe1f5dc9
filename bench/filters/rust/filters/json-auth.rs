//! Lets requests pass that have the configured token; the configuration is JSON.
use std::rc::Rc;

use proxy_wasm::traits::*;
use proxy_wasm::types::*;

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_root_context(|_| -> Box<dyn RootContext> { Box::new(JsonAuth { config: Rc::default() }) });
}}

#[derive(Default, serde::Deserialize)]
struct Config {
    header: String,
    token: String,
}

struct JsonAuth {
    config: Rc<Config>,
}
impl Context for JsonAuth {}
impl RootContext for JsonAuth {
    fn on_configure(&mut self, _: usize) -> bool {
        match serde_json::from_slice(&self.get_plugin_configuration().unwrap_or_default()) {
            Ok(config) => self.config = Rc::new(config),
            Err(error) => {
                log::error!("{error}");
                return false;
            }
        }
        true
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Stream { config: self.config.clone() }))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}

struct Stream {
    config: Rc<Config>,
}
impl Context for Stream {}
impl HttpContext for Stream {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        let given = self.get_http_request_header(&self.config.header);
        if given.as_deref() == Some(&self.config.token) {
            return Action::Continue;
        }
        self.send_http_response(401, vec![], None);
        Action::Pause
    }
}
