//! Values as bytes.

use std::io;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A value as bytes.
///
/// # Errors
/// The value is of a type that has no form in postcard.
pub fn encode<T: Serialize>(value: &T) -> io::Result<Vec<u8>> {
    postcard::to_stdvec(value).map_err(io::Error::other)
}

/// The value that all of some bytes are.
///
/// # Errors
/// They are something else. Lengths are checked against what is left before anything is allocated.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, postcard::Error> {
    match postcard::take_from_bytes(bytes)? {
        (value, []) => Ok(value),
        _ => Err(postcard::Error::DeserializeBadEncoding),
    }
}
