//! Reads two cookies and a parameter of the query, and tells the upstream.
use proxy_wasm::traits::*;
use proxy_wasm::types::*;

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_http_context(|_, _| -> Box<dyn HttpContext> { Box::new(CookieReads) });
}}

struct CookieReads;
impl Context for CookieReads {}
impl HttpContext for CookieReads {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        let cookies = self.get_http_request_header("cookie").unwrap_or_default();
        let path = self.get_http_request_header(":path").unwrap_or_default();
        let query = path.split_once('?').map_or("", |(_, query)| query);
        let found = (
            cookie(&cookies, "session"),
            cookie(&cookies, "theme"),
            form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "id"),
        );
        if let (Some(session), Some(theme), Some((_, id))) = found {
            self.set_http_request_header("x-visit", Some(&format!("{session}/{theme}/{id}")));
        }
        Action::Continue
    }
}

/// The first cookie with this name.
fn cookie<'a>(cookies: &'a str, name: &str) -> Option<&'a str> {
    cookies.split(';').find_map(|pair| {
        let (found, value) = pair.trim().split_once('=')?;
        (found == name).then_some(value)
    })
}
