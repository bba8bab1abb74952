"""From a process that starts with nothing kept to the numbers of a segment: segtui and DuckDB in turns.

    cargo build --release
    pip install duckdb==2.0.0
    python benches/cold.py DATABASE...

A DATABASE is a folder made by `segtui demo`. segtui counts with an empty cache folder, DuckDB runs the query that
`segtui sql` writes, over the Parquet files: both for the number of the members alone (`--members-only`), and both for all
four insights of the members and of all customers. Times are of whole processes, from the start to the end; the files
are in the memory of the system. That both find the same numbers is checked.
"""

import json
import math
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent / "target"))
SEGTUI = os.environ.get("SEGTUI", str(TARGET / "release" / "segtui"))
ROUNDS = int(os.environ.get("ROUNDS", 7))

ITEMS = "Unified_Itemized_Transactions"
QUESTIONS = {
    "attribute": {"attribute": {"table": ITEMS, "column": "product_subcategory"}, "op": "is_exactly", "value": "boots"},
    "purchase": {
        "purchase": "has_purchased", "op": "exactly", "value": 1, "when": {"op": "after", "value": "2025-10-01"},
        "where": [{"column": "product_category", "op": "is_exactly", "value": "socks"}],
    },
    "purchase, any day": {
        "purchase": "has_purchased", "op": "at_least", "value": 2,
        "where": [{"column": "product_category", "op": "is_exactly", "value": "socks"}],
    },
    "first purchase": {
        "purchase": "first_purchase",
        "where": [{"column": "product_category", "op": "is_exactly", "value": "socks"}],
    },
}

# The insights as docs/reference/insights.md defines them, for the tables of the demo.
INSIGHTS = """
WITH members AS ({members}),
year AS (
    SELECT amperity_id, sum(order_revenue) AS revenue FROM Unified_Transactions
    WHERE CAST(order_datetime AS DATE) BETWEEN DATE '2025-01-01' AND DATE '2025-12-31'
    GROUP BY amperity_id
),
reachable AS (
    SELECT amperity_id FROM Customer_Attributes
    GROUP BY amperity_id HAVING bool_or(contactable_email OR contactable_phone OR contactable_address)
),
customers AS (
    SELECT amperity_id, amperity_id IN (SELECT amperity_id FROM members) AS is_member FROM Customer_360
)
SELECT count(*) FILTER (is_member), count(year.amperity_id) FILTER (is_member),
    round(sum(revenue) FILTER (is_member), 2), count(reachable.amperity_id) FILTER (is_member),
    count(*), count(year.amperity_id), round(sum(revenue), 2), count(reachable.amperity_id)
FROM customers LEFT JOIN year USING (amperity_id) LEFT JOIN reachable USING (amperity_id)
"""

DUCKDB = """
import duckdb, pathlib, sys
found = duckdb.connect()
found.execute("SET enable_progress_bar = false")
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.parquet")):
    found.execute(f'CREATE VIEW "{file.stem}" AS SELECT * FROM read_parquet(\\'{file}\\')')
print(*found.execute(pathlib.Path(sys.argv[2]).read_text()).fetchone())
"""


def document(node):
    return {
        "format": "segtui/segment", "version": 1, "id": "seg_bench", "name": "bench", "status": "draft",
        "database": "", "activation_id": "amperity_id", "revision": 1,
        "include": {"match": "all", "of": [node]}, "exclude": {"match": "any", "of": []},
    }


def timed(command, environment=None):
    start = time.perf_counter()
    output = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    return time.perf_counter() - start, output


def main():
    folder = pathlib.Path(tempfile.mkdtemp())
    environment = {
        **os.environ, "HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache"), "SEGTUI_WORKSPACE": str(folder / "workspace")
    }
    (folder / "workspace").mkdir()
    print("| cold | segtui, members, s | DuckDB, s | ratio | segtui, all insights, s | DuckDB, s | ratio |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for database in sys.argv[1:]:
        for name, node in QUESTIONS.items():
            segment = folder / "bench.segment.json"
            segment.write_text(json.dumps(document(node)))
            query = subprocess.run(
                [SEGTUI, "sql", segment, "--dialect", "duckdb", "--data", database], check=True, capture_output=True,
                text=True, env=environment,
            ).stdout.strip().rstrip(";")
            queries = [folder / "members.sql", folder / "insights.sql"]
            queries[0].write_text(f"SELECT count(*) FROM ({query})")
            queries[1].write_text(INSIGHTS.format(members=query))
            times = [[], [], [], []]
            for _ in range(ROUNDS):
                for at, options in enumerate([["--members-only"], []]):
                    shutil.rmtree(folder / "cache", ignore_errors=True)
                    command = [SEGTUI, "count", segment, "--json", "--data", database, *options]
                    taken, output = timed(command, environment)
                    times[2 * at].append(taken)
                    own = json.loads(output)
                    taken, output = timed([sys.executable, "-c", DUCKDB, database, queries[at]])
                    times[2 * at + 1].append(taken)
                    found = [float(number) for number in output.split()]
                    numbers = ["unique_customers", "active_customers_1y", "revenue_1y", "reachable_customers"]
                    expected = [of[number] for of in [own, own["all"]] for number in numbers if number in of]
                    # DuckDB adds up doubles.
                    same = (math.isclose(one, other, rel_tol=1e-10) for one, other in zip(found, expected))
                    assert all(same), (name, found, expected)
            members, duckdb_members, own, duckdb = (statistics.median(each) for each in times)
            of = pathlib.Path(database).name
            print(
                f"| {name}, {of} | {members:.2f} | {duckdb_members:.2f} | {members / duckdb_members:.2f} "
                f"| {own:.2f} | {duckdb:.2f} | {own / duckdb:.2f} |", flush=True,
            )
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
