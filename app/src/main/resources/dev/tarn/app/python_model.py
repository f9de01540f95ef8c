"""Runs one Python model for Tarn: gives it its inputs, and writes down what it returns.

Called as: python python_model.py FOLDER, a private folder with spec.json and the inputs as
Parquet files. Leaves rows.parquet there, or error.txt: a kind, a line and a message.
"""

import json
import os
import sys
import traceback

FOLDER = sys.argv[1]


def fail(kind, message, line=0):
    with open(os.path.join(FOLDER, "error.txt"), "w", encoding="utf-8") as out:
        out.write("%s\n%d\n%s" % (kind, line, message))
    sys.exit(1)


try:
    import pyarrow
    import pyarrow.parquet
except ImportError as problem:
    fail("pyarrow", str(problem))

try:
    import duckdb
except ImportError:
    duckdb = None


class Rows:
    """The rows of an input where the module duckdb is not installed."""

    def __init__(self, path):
        self._path = path

    def arrow(self):
        return pyarrow.parquet.read_table(self._path)

    def df(self):
        return self.arrow().to_pandas()

    def pl(self):
        import polars

        return polars.read_parquet(self._path)

    def fetchall(self):
        return [tuple(row.values()) for row in self.arrow().to_pylist()]

    to_arrow_table = fetch_arrow_table = arrow
    to_df = to_pandas = toPandas = fetchdf = df

    @property
    def columns(self):
        return pyarrow.parquet.read_schema(self._path).names


class NoSession:
    """Stands for the session where the module duckdb is not installed."""

    def __getattr__(self, name):
        raise RuntimeError(
            "session.%s needs the Python module duckdb: pip install duckdb" % name
        )


class Config:
    def __init__(self, values):
        self._values = values

    def __call__(self, *args, **kwargs):
        return None

    def get(self, key, default=None):
        value = self._values.get(key)
        return default if value is None else value

    def meta_get(self, key, default=None):
        value = (self._values.get("meta") or {}).get(key)
        return default if value is None else value


class This:
    def __init__(self, spec):
        self.database = spec["database"]
        self.schema = spec["schema"]
        self.identifier = spec["identifier"]

    def __repr__(self):
        return '"%s"."%s"' % (
            self.schema.replace('"', '""'),
            self.identifier.replace('"', '""'),
        )


class Dbt:
    def __init__(self, spec, session):
        self._inputs = {i["key"]: i for i in spec["inputs"]}
        self._session = session
        self.config = Config(spec["config"])
        self.this = This(spec["this"])
        self.is_incremental = spec["is_incremental"]

    def _rows(self, key):
        found = self._inputs.get(key)
        if found is None:
            raise KeyError("'%s' is not among what the model reads" % key)
        return read(self._session, found["path"])

    def ref(self, *names, **kwargs):
        version = kwargs.get("v") or kwargs.get("version")
        key = ".".join(str(n) for n in names)
        return self._rows(key if version is None else "%s.v%s" % (key, version))

    def source(self, *names):
        return self._rows(".".join(str(n) for n in names))


def read(session, path):
    return session.read_parquet(path) if duckdb is not None else Rows(path)


def quoted(name):
    return '"%s"' % name.replace('"', '""')


def open_session(spec):
    if duckdb is None:
        return NoSession()
    session = duckdb.connect()
    for one in spec["inputs"]:
        if one.get("schema"):
            session.execute("create schema if not exists " + quoted(one["schema"]))
            session.execute(
                "create or replace view %s.%s as select * from read_parquet('%s')"
                % (quoted(one["schema"]), quoted(one["table"]), one["path"].replace("'", "''"))
            )
    return session


def write(result, path):
    """Writes a data frame, a table or a relation; refuses anything else."""
    kind = type(result)
    module = (kind.__module__ or "").split(".")[0]
    if kind.__name__ == "DuckDBPyRelation":
        columns = [
            "cast(%s as decimal(38, 0)) as %s" % (quoted(n), quoted(n))
            if str(t) in ("HUGEINT", "UHUGEINT")
            else quoted(n)
            for n, t in zip(result.columns, result.types)
        ]
        result.project(", ".join(columns)).write_parquet(path)
        return
    if module == "pandas" and kind.__name__ == "DataFrame":
        table = pyarrow.Table.from_pandas(result, preserve_index=False)
    elif module == "polars" and kind.__name__ == "LazyFrame":
        table = result.collect().to_arrow()
    elif module == "polars" and kind.__name__ == "DataFrame":
        table = result.to_arrow()
    elif isinstance(result, Rows):
        table = result.arrow()
    elif isinstance(result, pyarrow.Table):
        table = result
    elif isinstance(result, pyarrow.RecordBatch):
        table = pyarrow.Table.from_batches([result])
    elif module == "pyarrow" and hasattr(result, "scanner"):
        return write(result.scanner().to_reader(), path)
    elif isinstance(result, pyarrow.RecordBatchReader):
        with pyarrow.parquet.ParquetWriter(path, result.schema) as out:
            for batch in result:
                out.write_batch(batch)
        return
    elif hasattr(result, "__arrow_c_stream__"):
        table = pyarrow.table(result)
    else:
        fail("result", "%s.%s" % (kind.__module__, kind.__qualname__))
    pyarrow.parquet.write_table(table, path)


def line_in(problem, file):
    lines = [f.lineno for f in traceback.extract_tb(problem.__traceback__) if f.filename == file]
    return lines[-1] if lines else 0


def main():
    with open(os.path.join(FOLDER, "spec.json"), encoding="utf-8") as text:
        spec = json.load(text)
    file = spec["file"]
    session = open_session(spec)
    names = {"__name__": "tarn_model", "__file__": file}
    try:
        exec(compile(spec["code"], file, "exec"), names)
        result = names["model"](Dbt(spec, session), session)
    except SyntaxError as problem:
        fail("code", "%s: %s" % (type(problem).__name__, problem.msg), problem.lineno or 0)
    except BaseException as problem:  # also SystemExit: a model does not end its process
        traceback.print_exc()
        fail("code", "%s: %s" % (type(problem).__name__, problem), line_in(problem, file))
    try:
        write(result, os.path.join(FOLDER, "rows.parquet"))
    except Exception as problem:
        fail("rows", "%s: %s" % (type(problem).__name__, problem))


main()
