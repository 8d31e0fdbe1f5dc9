use bench_std::{input_bytes, pattern_bytes};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

#[no_mangle]
pub extern "C" fn sha256() -> usize {
    Sha256::digest(input_bytes())[0] as usize
}

#[no_mangle]
#[allow(non_snake_case)]
pub extern "C" fn hmacSha256() -> usize {
    let mut hmac = Hmac::<Sha256>::new_from_slice(pattern_bytes()).unwrap();
    hmac.update(input_bytes());
    hmac.finalize().into_bytes()[0] as usize
}
