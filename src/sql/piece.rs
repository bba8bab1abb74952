//! Conditions and lists, laid out.

/// How wide a line may become before a list is broken.
const WIDTH: usize = 80;

/// Conditions that must all hold, as one that may stand beside others.
pub fn all(conditions: impl IntoIterator<Item = String>) -> String {
    conditions.into_iter().collect::<Vec<_>>().join(" AND ")
}

/// Conditions of which one must hold, likewise.
pub fn any(conditions: impl IntoIterator<Item = String>) -> String {
    let conditions: Vec<String> = conditions.into_iter().collect();
    match conditions.as_slice() {
        [] => "FALSE".to_owned(),
        [only] => only.clone(),
        _ if conditions.iter().map(String::len).sum::<usize>() < WIDTH => {
            format!("({})", conditions.join(" OR "))
        }
        _ => {
            let conditions: Vec<String> = conditions.iter().map(|condition| hung(condition, 4)).collect();
            format!("(\n    {}\n)", conditions.join("\n    OR "))
        }
    }
}

/// Values in parentheses, on several lines if they are many.
pub fn listed(items: &[String]) -> String {
    match filled(items).as_slice() {
        [] => "()".to_owned(),
        [only] => format!("({only})"),
        lines => format!("(\n    {}\n)", lines.join("\n    ")),
    }
}

/// Items with commas between them, as many on a line as fit.
pub fn filled(items: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let last = items.len().saturating_sub(1);
    for (at, item) in items.iter().enumerate() {
        let comma = if at == last { "" } else { "," };
        match lines.last_mut() {
            Some(line) if line.chars().count() + item.chars().count() < WIDTH => {
                line.push(' ');
                line.push_str(item);
                line.push_str(comma);
            }
            _ => lines.push(format!("{item}{comma}")),
        }
    }
    lines
}

/// Every line after the first moved to the right.
pub fn hung(text: &str, by: usize) -> String {
    text.replace('\n', &format!("\n{}", " ".repeat(by)))
}
