//! String literals that more than one dialect writes alike.

use crate::sql::layout::is_hidden;
use crate::sql::unsupported::Unsupported;

/// With hidden characters escaped as PostgreSQL and its kin do.
pub(crate) fn postgres_literal(text: &str, engine: &str) -> Result<String, Unsupported> {
    let quoted = without_nul(text, engine)?.replace('\'', "''");
    if !text.contains(is_hidden) {
        return Ok(format!("'{quoted}'"));
    }
    let letters = quoted.chars().map(|c| match c {
        '\\' => r"\\".to_owned(),
        '\n' => r"\n".to_owned(),
        '\r' => r"\r".to_owned(),
        '\t' => r"\t".to_owned(),
        c if is_hidden(c) => c.to_string().bytes().map(|byte| format!("\\x{byte:02x}")).collect(),
        c => c.to_string(),
    });
    Ok(format!("E'{}'", letters.collect::<String>()))
}

/// A text, unless it holds what ends strings in some engines.
pub(crate) fn without_nul<'a>(text: &'a str, engine: &str) -> Result<&'a str, Unsupported> {
    if text.contains('\0') {
        let message = format!("a text of {engine} cannot hold the character U+0000");
        return Err(Unsupported::new(message, "take it out of the value"));
    }
    Ok(text)
}
