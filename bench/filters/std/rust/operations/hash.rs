use bench_std::{input_bytes, pattern_bytes};
use hmac::{Hmac, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

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

#[no_mangle]
pub extern "C" fn sha1() -> usize {
    Sha1::digest(input_bytes())[0] as usize
}

#[no_mangle]
pub extern "C" fn sha512() -> usize {
    Sha512::digest(input_bytes())[0] as usize
}

#[no_mangle]
pub extern "C" fn md5() -> usize {
    Md5::digest(input_bytes())[0] as usize
}

#[no_mangle]
pub extern "C" fn crc32() -> usize {
    (crc32fast::hash(input_bytes()) >> 8) as usize
}
