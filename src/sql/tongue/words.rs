//! Words that cannot name a table or column without quotes in one engine or another.

const RESERVED: &str = "
    all alter analyse analyze and any array as asc asymmetric at authorization between both by case
    cast check collate column constraint create cross cube current_catalog current_date current_path
    current_role current_schema current_time current_timestamp current_user day deallocate default
    deferrable delete desc describe distinct do drop else end escape except execute exists extract
    false fetch for foreign from full grant group grouping having in initially inner insert
    intersect interval into is join lateral leading left like limit localtime localtimestamp natural
    normalize not null offset on only or order outer pivot placing prepare primary qualify
    references returning right rollup select session_user show skip some summarize symmetric table
    then to trailing true uescape union unique unnest unpivot user using values when where window
    with
";

/// Whether a name needs quotes because it is a word of SQL.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(name))
}
