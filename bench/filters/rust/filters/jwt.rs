//! Lets requests pass whose token is signed with HMAC-SHA-256 and has not expired, and names their user.
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use proxy_wasm::traits::*;
use proxy_wasm::types::*;

use sha2::Sha256;

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_root_context(|_| -> Box<dyn RootContext> { Box::new(Tokens { secret: Rc::default() }) });
}}

#[derive(serde::Deserialize)]
struct Header {
    alg: String,
}

#[derive(serde::Deserialize)]
struct Claims {
    sub: String,
    exp: u64,
    #[serde(default)]
    nbf: u64,
}

struct Tokens {
    secret: Rc<Vec<u8>>,
}
impl Context for Tokens {}
impl RootContext for Tokens {
    fn on_configure(&mut self, _: usize) -> bool {
        self.secret = Rc::new(self.get_plugin_configuration().unwrap_or_default());
        self.secret.len() >= 32
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Stream { secret: self.secret.clone() }))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}

struct Stream {
    secret: Rc<Vec<u8>>,
}
impl Context for Stream {}
impl Stream {
    fn claims(&self, token: &str, now: SystemTime) -> Option<Claims> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        if header.alg != "HS256" {
            return None;
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).ok()?;
        mac.update(signed.as_bytes());
        mac.verify_slice(&URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
        let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        let seconds = now.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        let skew = Duration::from_secs(60);
        let in_time = Duration::from_secs(claims.exp) + skew > seconds && Duration::from_secs(claims.nbf) <= seconds + skew;
        in_time.then_some(claims)
    }
}
impl HttpContext for Stream {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        let now = self.get_current_time();
        let authorization = self.get_http_request_header("authorization").unwrap_or_default();
        match authorization.strip_prefix("Bearer ").and_then(|token| self.claims(token, now)) {
            Some(claims) => {
                self.set_http_request_header("x-user", Some(&claims.sub));
                Action::Continue
            }
            None => {
                self.send_http_response(401, vec![], None);
                Action::Pause
            }
        }
    }
}
