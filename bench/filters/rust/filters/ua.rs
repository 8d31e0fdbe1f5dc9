//! Tells the upstream what kind of device asks, by words in its user agent.
use proxy_wasm::traits::*;
use proxy_wasm::types::*;

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_http_context(|_, _| -> Box<dyn HttpContext> { Box::new(DeviceType) });
}}

struct DeviceType;
impl Context for DeviceType {}
impl HttpContext for DeviceType {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        let agent = self.get_http_request_header("user-agent");
        let kind = agent.map_or("none", |agent| kind_of(&agent.to_ascii_lowercase()));
        self.set_http_request_header("x-device", Some(kind));
        Action::Continue
    }
}

const ROBOTS: [&str; 11] = [
    "bot", "crawler", "spider", "slurp", "curl", "wget", "python-requests", "go-http-client", "okhttp", "java/", "monitor",
];
const PHONES: [&str; 5] = ["iphone", "ipod", "android", "windows phone", "mobile"];
const TABLETS: [&str; 5] = ["ipad", "tablet", "kindle", "silk/", "playbook"];

fn kind_of(agent: &str) -> &'static str {
    let has_one = |words: &[&str]| words.iter().any(|word| agent.contains(word));
    if has_one(&ROBOTS) {
        "robot"
    } else if has_one(&TABLETS) {
        "tablet"
    } else if has_one(&PHONES) {
        "phone"
    } else {
        "desktop"
    }
}
