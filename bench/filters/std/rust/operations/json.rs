use bench_std::{input_bytes, input_text};
use serde::Deserialize;
use serde_json::{json, Value};

#[derive(Deserialize)]
struct Order {
    order: Amount,
}

#[derive(Deserialize)]
struct Amount {
    amount: i64,
    currency: String,
}

/// Two fields of a document, read into a type that has no other.
#[no_mangle]
pub extern "C" fn pick() -> usize {
    match serde_json::from_slice::<Order>(input_bytes()) {
        Ok(Order { order }) => order.amount as usize + order.currency.len(),
        Err(_) => 0,
    }
}

/// Whether the text is JSON.
#[no_mangle]
pub extern "C" fn check() -> usize {
    serde_json::from_str::<serde::de::IgnoredAny>(input_text()).is_ok() as usize
}

/// The document as a tree, changed and written again.
#[no_mangle]
pub extern "C" fn change() -> usize {
    let Ok(mut tree) = serde_json::from_str::<Value>(input_text()) else { return 0 };
    tree["seen"] = Value::Bool(true);
    tree.to_string().len()
}

#[no_mangle]
pub extern "C" fn write() -> usize {
    json!({ "error": "denied", "detail": input_text(), "code": 7, "again": false }).to_string().len()
}
