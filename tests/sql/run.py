"""Runs queries on DuckDB, PostgreSQL and, through sqlglot, as Trino and Spark on DuckDB.

Reads one line of JSON: {"postgres": folder of its programs or null, "databases": [folder of Parquet files],
"queries": [{"database": index, "dialect": name, "sql": text, "rows": bool}]}. Writes one line of JSON: a list, for
each query its ids, or with "rows" {"columns": [names], "rows": [[texts]]}, or {"error": text}.
"""

import glob
import json
import os
import pwd
import socket
import subprocess
import sys
import tempfile

import duckdb
import sqlglot

POSTGRES_TYPES = {
    "VARCHAR": "text",
    "BIGINT": "bigint",
    "DOUBLE": "double precision",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
}


class Postgres:
    """A server of its own, in a temporary folder, on a free port."""

    def __init__(self, programs):
        import psycopg2

        self.folder = tempfile.TemporaryDirectory(prefix="segtui-postgres-")
        self.programs = programs
        # The server refuses to run as root.
        self.user = "postgres" if os.getuid() == 0 else None
        if self.user:
            os.chown(self.folder.name, pwd.getpwnam(self.user).pw_uid, -1)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.data = f"{self.folder.name}/data"
        self.run("initdb", "-D", self.data, "-U", "segtui", "-A", "trust", "--encoding=UTF8", "--locale=C.UTF-8")
        options = f"-p {port} -k {self.folder.name} -h 127.0.0.1 -c fsync=off"
        self.run("pg_ctl", "-D", self.data, "-o", options, "-l", f"{self.folder.name}/log", "-w", "start")
        self.connection = psycopg2.connect(host="127.0.0.1", port=port, user="segtui", dbname="postgres")
        self.connection.autocommit = True
        self.cursor = self.connection.cursor()

    def run(self, program, *arguments):
        subprocess.run(
            [f"{self.programs}/{program}", *arguments],
            user=self.user,
            cwd=self.folder.name,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def load(self, schema, tables):
        self.cursor.execute(f'CREATE SCHEMA "{schema}"')
        for name, columns, rows in tables:
            types = ", ".join(f"{quoted(column)} {POSTGRES_TYPES[held]}" for column, held in columns)
            table = f'"{schema}".{quoted(name)}'
            self.cursor.execute(f"CREATE TABLE {table} ({types})")
            if rows:
                row = "(" + ", ".join(["%s"] * len(columns)) + ")"
                values = b", ".join(self.cursor.mogrify(row, values) for values in rows)
                self.cursor.execute(f"INSERT INTO {table} VALUES ".encode() + values)

    def run_query(self, schema, sql):
        self.cursor.execute(f'SET search_path = "{schema}"')
        self.cursor.execute(sql)
        return [column[0] for column in self.cursor.description], self.cursor.fetchall()

    def stop(self):
        self.connection.close()
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        self.folder.cleanup()


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def tables(connection, folder):
    """Loads the files into DuckDB; returns name, columns and rows of each."""
    loaded = []
    for path in sorted(glob.glob(f"{folder}/*.parquet")):
        name = os.path.basename(path).removesuffix(".parquet")
        connection.execute(f"CREATE TABLE {quoted(name)} AS SELECT * FROM read_parquet('{path}')")
        columns = [row[:2] for row in connection.execute(f"DESCRIBE {quoted(name)}").fetchall()]
        loaded.append((name, columns, connection.execute(f"FROM {quoted(name)}").fetchall()))
    return loaded


def text(value):
    return None if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)


def answer(query, columns, rows):
    if not query["rows"]:
        return [row[0] for row in rows]
    return {"columns": columns, "rows": [[text(value) for value in row] for row in rows]}


def on_duckdb(sql, dialect):
    tree = sqlglot.parse_one(sql, read=dialect)
    # sqlglot reads Spark without its ANSI mode, in which a cast that fails is NULL.
    for cast in list(tree.find_all(sqlglot.exp.TryCast)):
        cast.replace(sqlglot.exp.Cast(this=cast.this, to=cast.to))
    return tree.sql("duckdb")


def main():
    work = json.load(sys.stdin)
    postgres = Postgres(work["postgres"]) if work["postgres"] else None
    connections = []
    for number, folder in enumerate(work["databases"]):
        connections.append(duckdb.connect())
        loaded = tables(connections[-1], folder)
        if postgres:
            postgres.load(f"database_{number}", loaded)
    answers = []
    for query in work["queries"]:
        number, dialect, sql = query["database"], query["dialect"], query["sql"]
        try:
            if dialect == "postgres":
                answers.append(answer(query, *postgres.run_query(f"database_{number}", sql)))
                continue
            if dialect != "duckdb":
                sql = on_duckdb(sql, dialect)
            ran = connections[number].execute(sql)
            answers.append(answer(query, [column[0] for column in ran.description], ran.fetchall()))
        except Exception as error:  # every error of every engine is an answer
            answers.append({"error": str(error)})
    if postgres:
        postgres.stop()
    json.dump(answers, sys.stdout)


main()
