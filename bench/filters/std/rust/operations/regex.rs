use bench_std::{input_text, pattern_text, Global};
use regex::Regex;

static REGEX: Global<Option<Regex>> = Global::new(None);

fn regex() -> &'static Regex {
    REGEX.get().as_ref().unwrap()
}

#[no_mangle]
pub extern "C" fn compile() -> usize {
    *REGEX.get() = Some(Regex::new(pattern_text()).unwrap());
    regex().captures_len()
}

#[no_mangle]
pub extern "C" fn test() -> usize {
    regex().is_match(input_text()) as usize
}

#[no_mangle]
pub extern "C" fn exec() -> usize {
    match regex().captures(input_text()) {
        Some(captures) => captures.get(1).map_or(1, |group| group.as_str().len() + 2),
        None => 0,
    }
}

#[no_mangle]
#[allow(non_snake_case)]
pub extern "C" fn replaceAll() -> usize {
    regex().replace_all(input_text(), "<$1>").len()
}

#[no_mangle]
pub extern "C" fn split() -> usize {
    regex().split(input_text()).count()
}
