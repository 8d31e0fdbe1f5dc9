//! Lets requests pass whose token is signed with RSA and SHA-256, as the host verifies, and has not expired, and names their user.
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proxy_wasm::hostcalls::call_foreign_function;
use proxy_wasm::traits::*;
use proxy_wasm::types::*;

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_root_context(|_| -> Box<dyn RootContext> { Box::new(Tokens { key: Rc::default() }) });
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

/// Asks Envoy's `verify_signature`.
fn is_signed(key: &[u8], signature: &[u8], text: &[u8]) -> bool {
    // VerifySignatureArguments: hash_function = 1, public_key = 2, signature = 3, text = 4.
    let mut message = Vec::with_capacity(key.len() + signature.len() + text.len() + 32);
    for (field, bytes) in [(1u8, &b"sha256"[..]), (2, key), (3, signature), (4, text)] {
        message.push((field << 3) | 2);
        let mut length = bytes.len();
        while length > 0x7f {
            message.push(length as u8 | 0x80);
            length >>= 7;
        }
        message.push(length as u8);
        message.extend_from_slice(bytes);
    }
    // VerifySignatureResult: result = 1.
    matches!(call_foreign_function("verify_signature", Some(&message)), Ok(Some(result)) if result.starts_with(&[8, 1]))
}

struct Tokens {
    key: Rc<Vec<u8>>,
}
impl Context for Tokens {}
impl RootContext for Tokens {
    fn on_configure(&mut self, _: usize) -> bool {
        match STANDARD.decode(self.get_plugin_configuration().unwrap_or_default()) {
            Ok(key) => {
                self.key = Rc::new(key);
                true
            }
            Err(_) => false,
        }
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Stream { key: self.key.clone() }))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}

struct Stream {
    key: Rc<Vec<u8>>,
}
impl Context for Stream {}
impl Stream {
    fn claims(&self, token: &str, now: SystemTime) -> Option<Claims> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        if header.alg != "RS256" {
            return None;
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        if !is_signed(&self.key, &signature, signed.as_bytes()) {
            return None;
        }
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
