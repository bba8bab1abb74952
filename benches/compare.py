"""The conditions of `figures/conditions.json` in segtui and in DuckDB, one after the other in one run.

    cargo build --release && cargo bench --no-run
    pip install duckdb==2.0.0
    python benches/compare.py DATABASE

DATABASE is a folder made by `segtui demo --customers 1000000 --out DATABASE`. segtui's figures are the medians of
`cargo bench` and hold all numbers of a segment; DuckDB's are medians of five runs of the query that `segtui sql`
writes, with the ids of the members counted, once over tables in memory and once over the Parquet files. That both
find the same number of customers is checked.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import duckdb

HERE = pathlib.Path(__file__).resolve().parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent / "target"))
SEGTUI = TARGET / "release" / "segtui"
RUNS = 5


def document(node):
    return {
        "format": "segtui/segment", "version": 1, "id": "seg_bench", "name": "bench", "status": "draft",
        "database": "", "activation_id": "amperity_id", "revision": 1,
        "include": {"match": "all", "of": [node]}, "exclude": {"match": "any", "of": []},
    }


def segtui(database, *arguments):
    command = [SEGTUI, *arguments, "--data", database]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def median_ms(work):
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        result = work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), result


def benched(question):
    """The median that criterion has just found, in ms."""
    wanted = f"{question['name']} (at most {question['at_most_ms']} ms)"
    for path in (TARGET / "criterion").glob("*/*/new/benchmark.json"):
        if json.loads(path.read_text())["function_id"] == wanted:
            estimates = json.loads(path.with_name("estimates.json").read_text())
            return estimates["median"]["point_estimate"] / 1e6
    raise SystemExit(f"no figure for {wanted!r}")


def connection(database, in_memory):
    kind = "TABLE" if in_memory else "VIEW"
    found = duckdb.connect()
    for file in sorted(pathlib.Path(database).glob("*.parquet")):
        found.execute(f"CREATE {kind} \"{file.stem}\" AS SELECT * FROM read_parquet('{file}')")
    return found


def main():
    [database] = sys.argv[1:]
    questions = json.loads((HERE / "figures" / "conditions.json").read_text())
    subprocess.run(["cargo", "bench", "--bench", "figures", "--", "new condition"], check=True, cwd=HERE.parent,
                   env={**os.environ, "SEGTUI_BENCH_DATA": database}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    engines = [connection(database, True), connection(database, False)]
    print("| new condition | segtui, ms | DuckDB in memory, ms | ratio | DuckDB on Parquet, ms | ratio |")
    print("|---|---:|---:|---:|---:|---:|")
    ratios = []
    for question in questions:
        with tempfile.NamedTemporaryFile("w", suffix=".segment.json") as file:
            json.dump(document(question["node"]), file)
            file.flush()
            query = segtui(database, "sql", file.name, "--dialect", "duckdb").strip().rstrip(";")
            expected = json.loads(segtui(database, "count", file.name, "--json"))
        own = benched(question)
        row = [question["name"], f"{own:.1f}"]
        for engine in engines:
            other, [(found,)] = median_ms(lambda: engine.execute(f"SELECT count(*) FROM ({query})").fetchall())
            assert found == expected["unique_customers"], (question["name"], found, expected)
            row += [f"{other:.0f}", f"{other / own:.0f}×"]
            ratios.append(other / own)
        print("| " + " | ".join(row) + " |", flush=True)
    print(f"\nMedian of the ratios: {statistics.median(ratios[::2]):.0f}× in memory, "
          f"{statistics.median(ratios[1::2]):.0f}× on Parquet (DuckDB {duckdb.__version__}).")


if __name__ == "__main__":
    main()
