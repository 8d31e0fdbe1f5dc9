use bench_std::input_bytes;
use quick_protobuf::{BytesReader, Writer};

/// The sum of a message's numbers and of the lengths of its texts.
#[no_mangle]
pub extern "C" fn read() -> usize {
    let bytes = input_bytes();
    let mut reader = BytesReader::from_bytes(bytes);
    let mut sum = 0;
    while !reader.is_eof() {
        match reader.next_tag(bytes).unwrap() & 7 {
            0 => sum += reader.read_uint64(bytes).unwrap() as usize,
            2 => sum += reader.read_string(bytes).unwrap().to_owned().len(),
            _ => return 0,
        }
    }
    sum
}

/// How long a message of 40 fields is.
#[no_mangle]
pub extern "C" fn write() -> usize {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(&mut bytes);
    for i in 0..20 {
        writer.write_with_tag(10, |w| w.write_string(bench_std::pattern_text())).unwrap();
        writer.write_with_tag(16, |w| w.write_uint64(i * 1000)).unwrap();
    }
    bytes.len()
}
