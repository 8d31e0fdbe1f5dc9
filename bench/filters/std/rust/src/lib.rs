//! What the measured modules take: an input, and a pattern or key. The operations are in `operations/`.
use std::cell::UnsafeCell;

/// A value of a module that has one thread.
pub struct Global<T>(UnsafeCell<T>);

unsafe impl<T> Sync for Global<T> {}

impl<T> Global<T> {
    pub const fn new(value: T) -> Self {
        Global(UnsafeCell::new(value))
    }

    #[allow(clippy::mut_from_ref)]
    pub fn get(&self) -> &mut T {
        unsafe { &mut *self.0.get() }
    }
}

static INPUT: Global<Vec<u8>> = Global::new(Vec::new());
static PATTERN: Global<Vec<u8>> = Global::new(Vec::new());

fn room(bytes: &mut Vec<u8>, size: usize) -> *mut u8 {
    *bytes = vec![0; size];
    bytes.as_mut_ptr()
}

/// Where to write the input.
#[no_mangle]
pub extern "C" fn input(size: usize) -> *mut u8 {
    room(INPUT.get(), size)
}

/// Where to write the pattern or key.
#[no_mangle]
pub extern "C" fn pattern(size: usize) -> *mut u8 {
    room(PATTERN.get(), size)
}

pub fn input_bytes() -> &'static [u8] {
    INPUT.get()
}

pub fn input_text() -> &'static str {
    unsafe { std::str::from_utf8_unchecked(INPUT.get()) }
}

pub fn pattern_bytes() -> &'static [u8] {
    PATTERN.get()
}

pub fn pattern_text() -> &'static str {
    unsafe { std::str::from_utf8_unchecked(PATTERN.get()) }
}
