//! What a module has without any operation.
#[no_mangle]
pub extern "C" fn size() -> usize {
    bench_std::input_bytes().len() + bench_std::pattern_bytes().len()
}
