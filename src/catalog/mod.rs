//! Databases: folders of Parquet and CSV with an optional manifest.
