use bench_std::input_bytes;

/// How many characters the names and values of a form have.
#[no_mangle]
pub extern "C" fn form() -> usize {
    let fields: Vec<(String, String)> = form_urlencoded::parse(input_bytes()).into_owned().collect();
    fields.iter().map(|(name, value)| name.len() + value.len()).sum()
}

/// How long it is when it is written again.
#[no_mangle]
#[allow(non_snake_case)]
pub extern "C" fn writeForm() -> usize {
    let fields: Vec<(String, String)> = form_urlencoded::parse(input_bytes()).into_owned().collect();
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().len()
}
