//! The filters are in `filters/`.
