//! Conditions and lists, laid out.

/// How wide a line may become before a list is broken.
const WIDTH: usize = 80;

/// Conditions that must all hold, as one that may stand beside others with AND; long ones each on a line.
pub fn all(conditions: impl IntoIterator<Item = String>) -> String {
    let conditions: Vec<String> = conditions.into_iter().collect();
    conditions.join(if is_long(&conditions) { "\nAND " } else { " AND " })
}

fn is_long(conditions: &[String]) -> bool {
    conditions.iter().map(String::len).sum::<usize>() > WIDTH
}

/// Conditions of which one must hold, likewise.
pub fn any(conditions: impl IntoIterator<Item = String>) -> String {
    let conditions: Vec<String> = conditions.into_iter().collect();
    match conditions.as_slice() {
        [] => "FALSE".to_owned(),
        [only] => only.clone(),
        _ if is_long(&conditions) => {
            let conditions: Vec<String> = conditions.iter().map(|condition| hung(condition, 8)).collect();
            format!("(\n    {}\n)", conditions.join("\n    OR "))
        }
        _ => format!("({})", conditions.join(" OR ")),
    }
}

/// `value IN (...)`, on several lines if the values are many. There is at least one.
pub fn is_in(value: &str, operator: &str, items: &[String]) -> String {
    match filled(items).as_slice() {
        [only] if value.chars().count() + only.chars().count() < WIDTH => {
            format!("{value} {operator} ({only})")
        }
        lines => format!("{value} {operator} (\n    {}\n)", lines.join("\n    ")),
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
