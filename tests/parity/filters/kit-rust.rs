//! What the `x-do` header of a request says, with the Rust SDK; `kit-gcore.ts` does the same with another.
use std::time::Duration;

use proxy_wasm::hostcalls;
use proxy_wasm::traits::*;
use proxy_wasm::types::*;

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_root_context(|_| -> Box<dyn RootContext> { Box::new(Root { configuration: String::new() }) });
}}

struct Root {
    configuration: String,
}
impl Context for Root {}
impl RootContext for Root {
    fn on_configure(&mut self, _: usize) -> bool {
        self.configuration = text(self.get_plugin_configuration());
        true
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Stream { what: String::new(), configuration: self.configuration.clone() }))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}

fn text(bytes: Option<Bytes>) -> String {
    String::from_utf8(bytes.unwrap_or_default()).unwrap()
}

struct Stream {
    what: String,
    configuration: String,
}

impl Context for Stream {
    fn on_http_call_response(&mut self, _: u32, _: usize, size: usize, _: usize) {
        let status = self.get_http_call_response_header(":status").unwrap_or_default();
        if status != "200" {
            self.send_http_response(401, vec![], Some(format!("no: {status}\n").as_bytes()));
            return;
        }
        let body = text(self.get_http_call_response_body(0, size));
        self.add_http_request_header("x-answer", &format!("{status} {body}"));
        self.resume_http_request();
    }
}

impl Stream {
    fn shared(&self) -> Result<String, Status> {
        let (_, cas) = self.get_shared_data("kit-rust");
        self.set_shared_data("kit-rust", Some(b"value"), cas)?;
        let value = text(self.get_shared_data("kit-rust").0);
        let queue = self.register_shared_queue("kit-rust");
        self.enqueue_shared_queue(queue, Some(b"job"))?;
        let job = text(self.dequeue_shared_queue(queue)?);
        let counter = hostcalls::define_metric(MetricType::Counter, "kit_rust_requests")?;
        hostcalls::increment_metric(counter, 2)?;
        let gauge = hostcalls::define_metric(MetricType::Gauge, "kit_rust_level")?;
        hostcalls::record_metric(gauge, 7)?;
        Ok(format!("0 {value} {job}"))
    }
}

impl HttpContext for Stream {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        self.what = self.get_http_request_header("x-do").unwrap_or_default();
        self.add_http_request_header("x-hello", "world");
        match self.what.as_str() {
            "deny" => {
                self.send_http_response(403, vec![("x-why", "kit")], Some(b"denied\n"));
                return Action::Pause;
            }
            "headers" => {
                let names: Vec<String> = self.get_http_request_headers().into_iter().map(|(name, _)| name).collect();
                self.set_http_request_header("x-gone", None);
                self.set_http_request_header("x-old", Some("new"));
                self.add_http_request_header("x-names", &names.join(" "));
            }
            "body" => self.set_http_request_header("content-length", None),
            "property" => {
                self.set_property(vec!["kit"], Some(b"set"));
                self.add_http_request_header("x-path", &text(self.get_property(vec!["request", "path"])));
                self.add_http_request_header("x-root", &text(self.get_property(vec!["plugin_root_id"])));
                self.add_http_request_header("x-kit", &text(self.get_property(vec!["kit"])));
                self.add_http_request_header("x-configuration", &self.configuration);
            }
            "shared" => self.add_http_request_header("x-shared", &self.shared().unwrap()),
            "trap" => panic!("as it was told"),
            what if what.starts_with("call") => {
                let headers = vec![(":method", "POST"), (":path", "/check"), (":authority", "auth")];
                let call = self.dispatch_http_call("auth", headers, Some(b"ask"), vec![], Duration::from_secs(1));
                if call.is_err() {
                    self.send_http_response(500, vec![], Some(b"not sent\n"));
                }
                return Action::Pause;
            }
            _ => (),
        }
        Action::Continue
    }

    fn on_http_request_body(&mut self, size: usize, end_of_stream: bool) -> Action {
        if self.what != "body" {
            return Action::Continue;
        }
        if !end_of_stream {
            return Action::Pause;
        }
        let body = text(self.get_http_request_body(0, size)).replace("secret", "***");
        self.set_http_request_body(0, size, body.as_bytes());
        Action::Continue
    }

    fn on_http_request_trailers(&mut self, _: usize) -> Action {
        self.add_http_request_trailer("x-trailer", "added");
        Action::Continue
    }

    fn on_http_response_headers(&mut self, _: usize, _: bool) -> Action {
        self.add_http_response_header("x-served-by", "kit");
        if self.what == "body" {
            self.set_http_response_header("content-length", None);
        }
        Action::Continue
    }

    fn on_http_response_body(&mut self, size: usize, end_of_stream: bool) -> Action {
        if self.what == "body" && end_of_stream {
            self.set_http_response_body(size, 0, b"!");
        }
        Action::Continue
    }

    fn on_log(&mut self) {
        log::info!("log {}", self.what);
    }
}
