//! The tables by name.

use polars::prelude::{DataFrame, PolarsResult};

use super::chunk::Chunk;
use super::{attributes, engagement, people, transactions};

/// Makes the rows that a chunk adds to a table.
pub(crate) type TableRows = fn(&Chunk) -> PolarsResult<DataFrame>;

/// Every table with its name.
pub(crate) const TABLES: [(&str, TableRows); 10] = [
    ("Unified_Itemized_Transactions", transactions::items),
    ("Unified_Transactions", transactions::orders),
    ("Transaction_Attributes_Extended", attributes::transaction_attributes),
    ("Customer_360", people::customer_360),
    ("Merged_Customers", people::merged_customers),
    ("Customer_Attributes", attributes::customer_attributes),
    ("Predicted_CLV_Attributes", attributes::predicted),
    ("Unified_Loyalty", engagement::loyalty),
    ("Email_Engagement_Attributes", engagement::email),
    ("Survey_Answers", engagement::surveys),
];
