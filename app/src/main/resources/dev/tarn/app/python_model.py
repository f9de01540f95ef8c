"""Runs one Python model for Tarn: gives it its inputs, and writes down what it returns.

Called as: python python_model.py FOLDER, a private folder with spec.json and the inputs as Arrow
IPC streams in files. Leaves rows.arrow there, or error.txt: a kind, a line and a message.
"""

import json
import os
import shutil
import sys
import threading
import traceback

FOLDER = sys.argv[1]

# Before it, reading an Arrow stream could run code that somebody had put into it.
OLDEST_ARROW = (14, 0, 1)

# What is written at once; a row that is larger goes alone.
BATCH_BYTES = 16 << 20
BATCH_ROWS = 1 << 16

# Extensions of Arrow's that the engine knows as types of its own.
KNOWN_EXTENSIONS = ("arrow.uuid", "arrow.json", "arrow.bool8", "arrow.opaque")


def fail(kind, message, line=0):
    with open(os.path.join(FOLDER, "error.txt"), "w", encoding="utf-8") as out:
        out.write("%s\n%d\n%s" % (kind, line, message))
    sys.exit(1)


def watch():
    """Ends with whoever started this, who holds the other end of the standard input."""
    held = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def wait():
        try:
            while os.read(held, 1):
                pass
        except OSError:
            pass
        shutil.rmtree(FOLDER, ignore_errors=True)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


watch()


def numbers(version):
    parts = []
    for part in version.split(".")[:3]:
        digits = ""
        for c in part:
            if not c.isdigit():
                break
            digits += c
        parts.append(int(digits or 0))
    return tuple(parts)


try:
    import pyarrow
except ImportError as problem:
    fail("pyarrow", str(problem))
if numbers(pyarrow.__version__) < OLDEST_ARROW:
    fail("oldarrow", pyarrow.__version__)
try:
    import pyarrow.compute
    import pyarrow.ipc
    import pyarrow.types
except ImportError as problem:
    fail("pyarrow", str(problem))

try:
    import duckdb
except ImportError:
    duckdb = None


def quoted(name):
    return '"%s"' % name.replace('"', '""')


def table(path):
    """The rows of an input. They stay in their file until somebody looks at them."""
    return pyarrow.ipc.open_stream(pyarrow.memory_map(path)).read_all()


class Rows:
    """The rows of an input where the module duckdb is not installed."""

    def __init__(self, path):
        self._path = path

    def arrow(self):
        return table(self._path)

    def df(self):
        return self.arrow().to_pandas()

    def pl(self):
        import polars

        return polars.from_arrow(self.arrow())

    def fetchall(self):
        return [tuple(row.values()) for row in self.arrow().to_pylist()]

    to_arrow_table = fetch_arrow_table = arrow
    to_df = to_pandas = toPandas = fetchdf = df

    @property
    def columns(self):
        return self.arrow().schema.names


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
        return "%s.%s" % (quoted(self.schema), quoted(self.identifier))


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
        return read(self._session, found)

    def ref(self, *names, **kwargs):
        version = kwargs.get("v") or kwargs.get("version")
        key = ".".join(str(n) for n in names)
        return self._rows(key if version is None else "%s.v%s" % (key, version))

    def source(self, *names):
        return self._rows(".".join(str(n) for n in names))


def columns(names, types):
    """Columns of an input as SQL of DuckDB's.

    It would hand conditions on plain columns to pyarrow, which compares otherwise (5 < NaN, IN of
    nanoseconds) or not at all; a column in a CASE it judges itself. It still reads no others.
    """
    return ", ".join(
        "%s as %s"
        % (
            "cast(%s as %s)" % (quoted(n), types[n])
            if n in types
            else "case when %s is null then null else %s end" % (quoted(n), quoted(n)),
            quoted(n),
        )
        for n in names
    )


def read(session, one):
    if duckdb is None:
        return Rows(one["path"])
    rows = table(one["path"])
    return session.from_arrow(rows).project(columns(rows.schema.names, one["types"]))


def open_session(spec):
    if duckdb is None:
        return NoSession()
    session = duckdb.connect()
    for number, one in enumerate(spec["inputs"]):
        if one.get("schema"):
            name = "__tarn_input_%d" % number
            rows = table(one["path"])
            session.register(name, rows)
            session.execute("create schema if not exists " + quoted(one["schema"]))
            session.execute(
                "create or replace view %s.%s as select %s from %s"
                % (
                    quoted(one["schema"]),
                    quoted(one["table"]),
                    columns(rows.schema.names, one["types"]),
                    name,
                )
            )
    return session


def extension(kind):
    if isinstance(kind, pyarrow.BaseExtensionType):
        return kind.extension_name
    return None


def stored(kind):
    """The type under which values of a type are handed over: what any reader of Arrow knows."""
    known = pyarrow.types
    text = str(kind)
    if extension(kind) is not None:
        return kind if extension(kind) in KNOWN_EXTENSIONS else stored(kind.storage_type)
    if known.is_dictionary(kind) or getattr(known, "is_run_end_encoded", lambda k: False)(kind):
        return stored(kind.value_type)
    if known.is_null(kind):
        return pyarrow.int32()
    if known.is_float16(kind):
        return pyarrow.float32()
    if known.is_date64(kind):
        return pyarrow.date32()
    if known.is_decimal(kind) and not known.is_decimal128(kind):
        return pyarrow.decimal128(min(kind.precision, 38), kind.scale)
    if text == "string_view":
        return pyarrow.large_string()
    if text == "binary_view":
        return pyarrow.large_binary()
    if known.is_struct(kind):
        return pyarrow.struct([stored_field(kind.field(i)) for i in range(kind.num_fields)])
    if known.is_map(kind):
        return pyarrow.map_(stored(kind.key_type), stored_field(kind.item_field))
    if known.is_large_list(kind) or text.startswith("large_list_view<"):
        return pyarrow.large_list(stored_field(kind.value_field))
    if hasattr(kind, "value_field"):
        return pyarrow.list_(stored_field(kind.value_field))
    return kind


def stored_field(field):
    """Nothing is required here: what tables require is checked where they are."""
    return pyarrow.field(field.name, stored(field.type), True, field.metadata)


def converted(values, kind):
    """An array as one of another type, as stored() names it."""
    if values.type.equals(kind):
        return values
    known = pyarrow.types
    if extension(values.type) is not None:
        return converted(values.storage, kind)
    if known.is_dictionary(values.type):
        return converted(values.dictionary_decode(), kind)
    if getattr(known, "is_run_end_encoded", lambda k: False)(values.type):
        return converted(pyarrow.compute.run_end_decode(values), kind)
    if known.is_struct(kind):
        fields = [kind.field(i) for i in range(kind.num_fields)]
        parts = [converted(p, f.type) for p, f in zip(values.flatten(), fields)]
        return pyarrow.StructArray.from_arrays(parts, fields=fields, mask=values.is_null())
    if known.is_list(kind) or known.is_large_list(kind):
        lengths = pyarrow.compute.list_value_length(values).cast(pyarrow.int64()).fill_null(0)
        ends = pyarrow.compute.cumulative_sum(lengths)
        offsets = pyarrow.concat_arrays([pyarrow.array([0], pyarrow.int64()), ends])
        inner = converted(values.filter(values.is_valid()).flatten(), kind.value_type)
        whole = pyarrow.ListArray if known.is_list(kind) else pyarrow.LargeListArray
        number = pyarrow.int32() if known.is_list(kind) else pyarrow.int64()
        return whole.from_arrays(offsets.cast(number), inner, type=kind, mask=values.is_null())
    return values.cast(kind)


def pieces(batch):
    """A batch in parts of some size."""
    size = batch.nbytes
    rows = batch.num_rows
    step = min(BATCH_ROWS, max(1, rows * BATCH_BYTES // size)) if size else BATCH_ROWS
    for start in range(0, rows, step):
        part = batch.slice(start, step)
        if part.num_rows > 1 and part.nbytes > 2 * BATCH_BYTES:
            half = part.num_rows // 2
            yield from pieces(part.slice(0, half))
            yield from pieces(part.slice(half))
        else:
            yield part


def write(rows):
    """Writes a table, or what a reader reads, batch by batch; it gets its name at the end."""
    if not len(rows.schema):
        fail("rows", "a table has at least one column")
    fields = [stored_field(f) for f in rows.schema]
    whole = pyarrow.schema(fields)
    path = os.path.join(FOLDER, "rows.arrow")
    with pyarrow.OSFile(path + ".part", "wb") as out:
        with pyarrow.ipc.new_stream(out, whole) as stream:
            for batch in rows.to_batches() if isinstance(rows, pyarrow.Table) else rows:
                for part in pieces(batch):
                    arrays = [converted(a, f.type) for a, f in zip(part.columns, fields)]
                    stream.write_batch(pyarrow.RecordBatch.from_arrays(arrays, schema=whole))
    os.replace(path + ".part", path)


def of_relation(relation):
    for connection in (SESSION, duckdb):
        connection.execute("set arrow_lossless_conversion = true")
    as_reader = getattr(relation, "to_arrow_reader", None) or relation.fetch_record_batch
    return as_reader(BATCH_ROWS)


def is_pandas(result):
    kind = type(result)
    return kind.__name__ == "DataFrame" and kind.__module__.split(".")[0] == "pandas"


def rows_of(result):
    """What a model returned as a table or a reader of pyarrow; refuses anything else."""
    kind = type(result)
    module = (kind.__module__ or "").split(".")[0]
    if kind.__name__ == "DuckDBPyRelation":
        return of_relation(result)
    if is_pandas(result):
        # As with dbt on DuckDB; pyarrow takes nulls in lists for zeros.
        if duckdb is not None:
            return of_relation(SESSION.from_df(result))
        return pyarrow.Table.from_pandas(result, preserve_index=False)
    if module == "polars" and kind.__name__ == "LazyFrame":
        return result.collect().to_arrow()
    if module == "polars" and kind.__name__ == "DataFrame":
        return result.to_arrow()
    if isinstance(result, Rows):
        return result.arrow()
    if isinstance(result, (pyarrow.Table, pyarrow.RecordBatchReader)):
        return result
    if isinstance(result, pyarrow.RecordBatch):
        return pyarrow.Table.from_batches([result])
    if module == "pyarrow" and hasattr(result, "scanner"):
        return result.scanner().to_reader()
    if hasattr(result, "__arrow_c_stream__"):
        return pyarrow.table(result)
    return fail("result", "%s.%s" % (kind.__module__, kind.__qualname__))


def line_in(problem, file):
    lines = [f.lineno for f in traceback.extract_tb(problem.__traceback__) if f.filename == file]
    return lines[-1] if lines else 0


def main():
    global SESSION
    with open(os.path.join(FOLDER, "spec.json"), encoding="utf-8") as text:
        spec = json.load(text)
    file = spec["file"]
    SESSION = open_session(spec)
    names = {"__name__": "tarn_model", "__file__": file}
    try:
        exec(compile(spec["code"], file, "exec"), names)
        result = names["model"](Dbt(spec, SESSION), SESSION)
    except SyntaxError as problem:
        fail("code", "%s: %s" % (type(problem).__name__, problem.msg), problem.lineno or 0)
    except BaseException as problem:  # also SystemExit: a model does not end its process
        traceback.print_exc()
        fail("code", "%s: %s" % (type(problem).__name__, problem), line_in(problem, file))
    try:
        try:
            write(rows_of(result))
        except Exception:
            if not is_pandas(result) or duckdb is None:
                raise
            write(pyarrow.Table.from_pandas(result, preserve_index=False))
    except Exception as problem:
        fail("rows", "%s: %s" % (type(problem).__name__, problem))


main()
