"""Lets PyIceberg read tables of Tarn's, change them, and make its own.

python3 pyiceberg_judge.py URI, where URI is that of a running `tarn serve` whose warehouse
scripts/judge-pyiceberg has filled. Lines tell what was wrong; the last one counts: pass=… fail=…
"""

import datetime
import decimal
import sys
import warnings

import pyarrow
from pyiceberg.catalog import load_catalog
from pyiceberg.types import StringType

warnings.filterwarnings("ignore")
catalog = load_catalog("tarn", type="rest", uri=sys.argv[1], warehouse="main")
passed = failed = 0


def judge(what, work, expected):
    """Does a piece of work and compares what comes of it; whatever goes wrong is told."""
    global passed, failed
    try:
        actual = work()
    except Exception as refusal:  # every kind of failure is a finding
        actual = f"refused: {type(refusal).__name__} {refusal}"
    if actual == expected:
        passed += 1
    else:
        failed += 1
        print(f"{what}\n  gave     {actual}\n  expected {expected}")


def table(name):
    return catalog.load_table(name)


def rows(name, *fields, **choice):
    """Rows as tuples, in the order of the first field."""
    found = table(name).scan(selected_fields=fields or ("*",), **choice).to_arrow().to_pylist()
    return sorted(tuple(row[field] for field in fields) for row in found)


def number(name, **choice):
    return table(name).scan(**choice).to_arrow().num_rows


def first(name):
    return table(name).history()[0].snapshot_id


def after(work, name):
    """How many rows a table has when something was done to it."""
    work()
    return number(name)


def some(**columns):
    return pyarrow.table(columns)


judge("list namespaces", catalog.list_namespaces, [("own",)])
judge(
    "list tables",
    lambda: catalog.list_tables("own"),
    [("own", "three"), ("own", "two")],
)
# Version 3: deletion vectors, columns that came later or were renamed, partitions, every kind of type.
judge("rows without deleted ones", lambda: number("own.three"), 90)
judge(
    "a filter on a partition's column",
    lambda: number("own.three", row_filter="day < '2024-02-01'"),
    28,
)
judge(
    "a default and a renamed column",
    lambda: rows("own.three", "id", "title", "extra", row_filter="id in (7, 8, 13)"),
    [(7, "n7", "told"), (8, "n8", "default")],
)
judge(
    "values of every type",
    lambda: table("own.three").scan(row_filter="id = 8").to_arrow().to_pylist()[0],
    {
        "id": 8,
        "title": "n8",
        "price": decimal.Decimal("0.80"),
        "day": datetime.date(2024, 1, 9),
        "ts": datetime.datetime(2024, 1, 9, 10, 0),
        "tz": datetime.datetime(2024, 1, 9, 10, 0, tzinfo=datetime.timezone.utc),
        "ok": True,
        "d": 1.0,
        "st": {"a": 8, "b": "x8"},
        "l": ["8", None],
        "m": [("k", 8)],
        "bin": b"ab",
        "extra": "default",
    },
)
judge("the first snapshot", lambda: number("own.three", snapshot_id=first("own.three")), 100)
judge("snapshots", lambda: len(table("own.three").history()), 3)
# Version 2: changed here, and from Python.
judge("version 2", lambda: number("own.two"), 81)
judge("its first snapshot", lambda: number("own.two", snapshot_id=first("own.two")), 90)
judge(
    "append",
    lambda: after(
        lambda: table("own.two").append(some(id=pyarrow.array([1000]), title=["py"])), "own.two"
    ),
    82,
)
judge("delete", lambda: after(lambda: table("own.two").delete("id = 50"), "own.two"), 81)
judge(
    "overwrite",
    lambda: after(
        lambda: table("own.two").overwrite(
            some(id=pyarrow.array([60]), title=["new"]), overwrite_filter="id in (60, 61)"
        ),
        "own.two",
    ),
    80,
)


def column():
    with table("own.two").update_schema() as change:
        change.add_column("note", StringType(), "a note")
    return table("own.two").schema().find_field("note").doc


judge("a new column", column, "a note")
# Tables of PyIceberg's.
schema = pyarrow.schema([("a", pyarrow.int64()), ("b", pyarrow.string())])


def made():
    catalog.create_namespace("theirs")
    catalog.create_table("theirs.t", schema=schema).append(some(a=[1, 2, 3], b=["x", "y", None]))
    return rows("theirs.t", "a", "b")


def upserted():
    table("theirs.t").upsert(some(a=[2, 4], b=["why", "z"]), join_cols=["a"])
    return rows("theirs.t", "a", "b")


def at_once():
    with catalog.create_table_transaction("theirs.u", schema=schema) as transaction:
        transaction.append(some(a=[9], b=["nine"]))
    catalog.rename_table("theirs.u", "theirs.v")
    found = rows("theirs.v", "a", "b")
    catalog.drop_table("theirs.v")
    return found, catalog.list_tables("theirs")


judge("create and append", made, [(1, "x"), (2, "y"), (3, None)])
judge("upsert", upserted, [(1, "x"), (2, "why"), (3, None), (4, "z")])
judge(
    "create with rows at once, rename, drop", at_once, ([(9, "nine")], [("theirs", "t")])
)
# A branch is a warehouse of its own.
branch = load_catalog("branch", type="rest", uri=sys.argv[1], warehouse="before")
judge(
    "a branch", lambda: branch.load_table("own.two").scan().to_arrow().num_rows, 81
)
print(f"pass={passed} fail={failed}")
sys.exit(1 if failed else 0)
