//! `segtui demo`: writes a demo database.

use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};

use crate::demo::{self, DemoOptions, RowOrder, TableFormat};

/// Write a demo database: a retail customer-360, the same for the same numbers.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Folder of the new database.
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
    /// Number of customers.
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    customers: u32,
    /// Same seed, same data.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// File format of the tables.
    #[arg(long, value_enum, default_value_t = FileFormat::Parquet)]
    format: FileFormat,
    /// Order of the rows: of all tables by customer; of orders and items by time, as shops record them; of all
    /// tables at random.
    #[arg(long, value_enum, default_value_t = Order::Time)]
    order: Order,
    /// How hard Parquet is compressed, 1 (fast) to 22 (small).
    #[arg(long, value_name = "LEVEL", default_value_t = 3, value_parser = clap::value_parser!(i32).range(1..=22))]
    zstd_level: i32,
    /// Also write a workspace with segments for it, to DIR/workspace.
    #[arg(long)]
    with_workspace: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FileFormat {
    Parquet,
    Csv,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Order {
    Customer,
    Time,
    Random,
}

/// Runs the command. The progress bar is on standard error, where that is a terminal.
pub fn run(args: Args) -> Result<()> {
    let format = match args.format {
        FileFormat::Parquet => TableFormat::Parquet { zstd_level: args.zstd_level },
        FileFormat::Csv => TableFormat::Csv,
    };
    let order = match args.order {
        Order::Customer => RowOrder::Customer,
        Order::Time => RowOrder::Time,
        Order::Random => RowOrder::Random,
    };
    let options = DemoOptions { out: args.out, customers: args.customers, seed: args.seed, format, order };
    let bar = ProgressBar::new(1);
    bar.set_style(ProgressStyle::with_template("{wide_bar} {percent:>3}% {eta}")?);
    demo::generate(&options, &|progress| {
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    })?;
    bar.finish_and_clear();
    if args.with_workspace {
        demo::write_workspace(&options.out.join("workspace"))?;
    }
    Ok(())
}
