//! Words that cannot name a table or column without quotes in one engine or another.

const RESERVED: &str = "
    all alter analyse analyze and anti any array as asc asof asymmetric at authorization between binary
    both by case cast check collate collation column concurrently constraint create cross cube
    current_catalog current_date current_path current_role current_schema current_time current_timestamp
    current_user day deallocate default deferrable delete desc describe distinct do drop else end escape
    except exclude execute exists extract false fetch for foreign freeze from full glob grant group
    grouping having ilike in initially inner insert intersect interval into is isnull join lambda
    lateral leading left like limit localtime localtimestamp natural normalize not notnull null offset
    on only or order outer overlaps pivot pivot_longer pivot_wider placing positional prepare primary
    qualify recursive references returning right rollup select semi session_user show similar skip some
    summarize symmetric table tablesample then to trailing true uescape union unique unnest unpack
    unpivot user using values variadic verbose when where window with
";

/// Whether a name needs quotes because it is a word of SQL.
pub(crate) fn is_reserved(name: &str) -> bool {
    RESERVED.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(name))
}
