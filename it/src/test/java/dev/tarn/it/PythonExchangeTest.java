package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.app.BuildRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows on their way to Python models and back: types, sizes, and what cannot travel. */
final class PythonExchangeTest {
    private static final String PYTHON =
            System.getenv().getOrDefault("TARN_TEST_PYTHON", "python3");

    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
        shop.put("tarn.yml", "python: " + PYTHON + "\n");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private static boolean imports(String modules) {
        try {
            Process process =
                    new ProcessBuilder(PYTHON, "-c", "import " + modules)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void needs(String modules) {
        assumeTrue(
                imports(modules),
                "%s cannot import %s: set TARN_TEST_PYTHON.".formatted(PYTHON, modules));
    }

    private void build() throws IOException {
        assertThat(Workshop.told(shop.build().problems())).isEmpty();
        nothingIsLeft();
    }

    private void nothingIsLeft() throws IOException {
        try (Stream<Path> left = Files.list(folder.resolve(".tarn/python"))) {
            assertThat(left).isEmpty();
        }
    }

    private String types(String table) {
        return String.join(
                "\n",
                shop.rows(
                        "select column_name || ' ' || data_type from information_schema.columns"
                                + " where table_name = '"
                                + table
                                + "' order by ordinal_position"));
    }

    private String told(String table) {
        return types(table) + "\n" + String.join("\n", shop.rows("select * from main." + table));
    }

    private static final String ALL_TYPES =
            """
            select true as b, 1::tinyint as i1, 2 as i, 3::bigint as l, 1.5::float as f,
              'nan'::double as d, 1.25::decimal(9,2) as n, 345678890345678890123456.25::decimal(38,2) as wide,
              date '2026-01-02' as day, time '12:34:56.789012' as t,
              timestamp '2026-01-02 03:04:05.678901' as ts,
              timestamptz '2026-01-02 03:04:05.678901+02' as tz,
              timestamp_ns '2026-01-02 03:04:05.678901234' as ns, 'häß' as s,
              uuid '6f1c8b3e-2d2b-4d0e-9d53-0d4f0f7b4a11' as u, '\\x00\\xFF'::blob as bytes,
              [1, null] as li, [['a'], []] as ll, {'a': 1, 'b': {'c': 'x'}} as st,
              map {'k': [1.5::decimal(4,1)]} as m, [{'u': uuid '6f1c8b3e-2d2b-4d0e-9d53-0d4f0f7b4a11'}] as lu
            """;

    @Test
    void everyTypeOfATableGoesThereAndBack() throws IOException {
        needs("pyarrow, duckdb");
        shop.put(
                "models/t.sql",
                "with a as ("
                        + ALL_TYPES
                        + ") select * from a union all select a.* from range(1) left join a on false");
        if (imports("pandas")) {
            shop.put("models/frame.py", "def model(dbt, session):\n    return dbt.ref('t').df()\n");
        } else {
            shop.put("models/frame.sql", "select * from {{ ref('t') }}");
        }
        shop.put("models/rel.py", "def model(dbt, session):\n    return dbt.ref('t')\n");
        shop.put(
                "models/sql.py",
                "def model(dbt, session):\n    dbt.ref('t')\n    return session.sql('from main.t')\n");
        shop.put(
                "models/none.py",
                "def model(dbt, session):\n    return dbt.ref('t').filter('i > 5')\n");
        build();
        assertThat(shop.rows("select * from main.t")).hasSize(2);
        assertThat(shop.rows("select li, u, i from main.frame where i is not null"))
                .containsExactly("[1, null]|6f1c8b3e-2d2b-4d0e-9d53-0d4f0f7b4a11|2");
        for (String table : new String[] {"rel", "sql"}) {
            assertThat(types(table)).isEqualTo(types("t"));
            assertThat(shop.rows("select * from main." + table))
                    .isEqualTo(shop.rows("select * from main.t"));
        }
        assertThat(types("none")).isEqualTo(types("t"));
        assertThat(shop.rows("select * from main.none")).isEmpty();
    }

    @Test
    void whatTablesDoNotHaveTravelsAsWhatTheyWouldMakeOfIt() throws IOException {
        needs("pyarrow, duckdb");
        shop.put(
                "models/eph.sql",
                """
                {{ config(materialized='ephemeral') }}
                select 'b'::enum('a', 'b') as e, 170141183460469231731::hugeint as h, 7::uinteger as ui,
                  18446744073709551615::ubigint as ub, interval '1 month 2 days' as iv,
                  '{"a": 1}'::json as j, '101'::bit as bits, null as nothing, {'k': [1]}::variant as v
                """);
        shop.put("models/m.py", "def model(dbt, session):\n    return dbt.ref('eph')\n");
        shop.put(
                "models/told.py",
                """
                def model(dbt, session):
                    rows = dbt.ref('eph')
                    return session.sql("select * from (values (%s))" % ", ".join(
                        "'%s'" % t for t in rows.types))
                """);
        build();
        assertThat(shop.rows("select * from main.told"))
                .containsExactly(
                        "VARCHAR|DECIMAL(38,0)|BIGINT|DECIMAL(20,0)|VARCHAR|VARCHAR|VARCHAR|INTEGER|JSON");
        assertThat(shop.rows("select * from main.m"))
                .containsExactly(
                        "b|170141183460469231731|7|18446744073709551615|1 month 2 days|{\"a\": 1}|101|null|{\"k\":[1]}");
    }

    @Test
    void whatPythonHoldsBecomesATable() throws IOException {
        needs("pyarrow, duckdb");
        shop.put(
                "models/m.py",
                """
                import datetime, decimal, uuid
                import pyarrow as pa

                def model(dbt, session):
                    day = datetime.date(2026, 1, 2)
                    words = pa.array(["x", None, "y"]).dictionary_encode()
                    columns = {
                        "word": words,
                        "nothing": pa.nulls(3),
                        "u64": pa.array([2**64 - 1, None, 0], pa.uint64()),
                        "i8": pa.array([-1, None, 1], pa.int8()),
                        "half": pa.array([1.5, None, 2], pa.float32()).cast(pa.float16()),
                        "d64": pa.array([day, None, day], pa.date64()),
                        "t32": pa.array([datetime.time(1, 2, 3)] * 3, pa.time32("ms")),
                        "t64": pa.array([datetime.time(1, 2, 3, 4)] * 3, pa.time64("ns")),
                        "span": pa.array([datetime.timedelta(days=1, seconds=2)] * 3, pa.duration("us")),
                        "dec": pa.array([decimal.Decimal("1.25"), None, 2], pa.decimal256(40, 2)),
                        "large": pa.array(["a", None, "b"], pa.large_string()),
                        "view": pa.array(["a", None, "b" * 40], pa.string_view()),
                        "ns": pa.array([1767323045678901234, None, 0], pa.timestamp("ns")),
                        "tz": pa.array([1767323045678901, None, 0], pa.timestamp("us", "Europe/Paris")),
                        "fixed": pa.array([[1, 2], None, [3, 4]], pa.list_(pa.int32(), 2)),
                        "lists": pa.array([[1], None, []], pa.list_view(pa.int64())),
                        "struct": pa.array([{"a": 1, "b": None}, None, {"a": 2, "b": None}]),
                        "words": pa.ListArray.from_arrays([0, 1, 1, 3], words),
                        "map": pa.array([[("k", 1)], None, []], pa.map_(pa.string(), pa.int64())),
                        "ree": pa.RunEndEncodedArray.from_arrays([2, 3], ["r", "s"]),
                        "uuid": pa.array([uuid.UUID(int=5).bytes] * 3, pa.uuid()),
                        "json": pa.array(['{"a": 1}'] * 3, pa.json_()),
                        "bool8": pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1, None, 0], pa.int8())),
                        "fsb": pa.array([b"ab"] * 3, pa.binary(2)),
                    }
                    return pa.table(columns).slice(1)
                """);
        build();
        assertThat(told("m"))
                .isEqualTo(
                        """
                        word VARCHAR
                        nothing INTEGER
                        u64 DECIMAL(20,0)
                        i8 INTEGER
                        half FLOAT
                        d64 DATE
                        t32 TIME
                        t64 TIME
                        span VARCHAR
                        dec DECIMAL(38,2)
                        large VARCHAR
                        view VARCHAR
                        ns TIMESTAMP_NS
                        tz TIMESTAMP WITH TIME ZONE
                        fixed INTEGER[]
                        lists BIGINT[]
                        struct STRUCT(a BIGINT, b INTEGER)
                        words VARCHAR[]
                        map MAP(VARCHAR, BIGINT)
                        ree VARCHAR
                        uuid UUID
                        json VARCHAR
                        bool8 BOOLEAN
                        fsb BLOB
                        null|null|null|null|null|null|01:02:03|01:02:03.000004|24:00:02|null|null|null|null|null|null|null|null|[]|null|r|00000000-0000-0000-0000-000000000005|{"a": 1}|null|6162
                        y|null|0|1|2.0|2026-01-02|01:02:03|01:02:03.000004|24:00:02|2.00|b|bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb|1970-01-01T00:00|1970-01-01T00:00:00Z|[3, 4]|[]|{a=2, b=null}|[null, y]|{}|s|00000000-0000-0000-0000-000000000005|{"a": 1}|false|6162\
                        """);
    }

    @Test
    void framesOfPandasKeepWhatTheySay() throws IOException {
        needs("pyarrow, duckdb, pandas, polars");
        shop.put(
                "models/m.py",
                """
                import datetime, decimal, uuid
                import pandas as pd

                def model(dbt, session):
                    return pd.DataFrame({
                        "cat": pd.Categorical(["a", None, "b"]),
                        "n": pd.array([1, None, 3], dtype="Int64"),
                        "flag": pd.array([True, None, False], dtype="boolean"),
                        "ns": pd.to_datetime(["2026-01-02 03:04:05.678901234", None, "2026-01-03 00:00:00.000000001"]),
                        "tz": pd.to_datetime(["2026-01-02 03:04:05"] * 3).tz_localize("Europe/Paris"),
                        "dec": [decimal.Decimal("1.25"), None, decimal.Decimal("100")],
                        "none": [None] * 3,
                        "bytes": [b"a", None, b"b"],
                        "span": pd.to_timedelta(["1 days 2 seconds"] * 3),
                    })
                """);
        shop.put(
                "models/ids.py",
                """
                import uuid
                import pandas as pd

                def model(dbt, session):
                    return pd.DataFrame({"u": [uuid.UUID(int=5), None], "x": [1, 2]})
                """);
        shop.put(
                "models/pol.py",
                """
                import polars as pl

                def model(dbt, session):
                    return pl.DataFrame({
                        "cat": pl.Series(["a", None], dtype=pl.Categorical),
                        "s": ["x" * 30, None], "l": [[1, None], None], "nothing": [None, None],
                        "span": pl.Series([1, None], dtype=pl.Duration("ms")),
                    })
                """);
        build();
        assertThat(told("m"))
                .isEqualTo(
                        """
                        cat VARCHAR
                        n BIGINT
                        flag BOOLEAN
                        ns TIMESTAMP_NS
                        tz TIMESTAMP WITH TIME ZONE
                        dec DECIMAL(5,2)
                        none INTEGER
                        bytes BLOB
                        span VARCHAR
                        a|1|true|2026-01-02T03:04:05.678901234|2026-01-02T02:04:05Z|1.25|null|61|1 day 00:00:02
                        null|null|null|null|2026-01-02T02:04:05Z|null|null|null|1 day 00:00:02
                        b|3|false|2026-01-03T00:00:00.000000001|2026-01-02T02:04:05Z|100.00|null|62|1 day 00:00:02\
                        """);
        assertThat(told("ids"))
                .isEqualTo(
                        """
                        u UUID
                        x BIGINT
                        00000000-0000-0000-0000-000000000005|1
                        null|2\
                        """);
        assertThat(told("pol"))
                .isEqualTo(
                        """
                        cat VARCHAR
                        s VARCHAR
                        l BIGINT[]
                        nothing INTEGER
                        span VARCHAR
                        a|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx|[1, null]|null|00:00:00.001
                        null|null|null|null|null\
                        """);
    }

    @Test
    void conditionsMeanWhatTheyMeanInTheEngine() throws IOException {
        needs("pyarrow, duckdb");
        shop.put(
                "models/t.sql",
                """
                select i, case when i = 1 then 'nan'::double else i end as d, i = 2 as flag,
                  timestamp_ns '2026-01-02 03:04:05.678901234' as ns, {'a': i} as st,
                  '00000000-0000-0000-0000-00000000000' || i as u
                from range(4) r(i)
                """);
        shop.put("models/u.sql", "select * replace (u::uuid as u) from {{ ref('t') }}");
        shop.put(
                "models/m.py",
                """
                import pyarrow as pa

                def model(dbt, session):
                    found = {}
                    for name in ("t", "u"):
                        for condition in (
                            "d > 2",
                            "flag",
                            "flag = true",
                            "ns in ('2026-01-02 03:04:05.678901234', '2026-01-02 03:04:05')",
                            "st in ({'a': 1}, {'a': 3})",
                            "u = '00000000-0000-0000-0000-000000000003'",
                        ):
                            rows = (dbt.ref("t") if name == "t" else dbt.ref("u")).filter(condition)
                            ids = [r[0] for r in rows.order("i").fetchall()]
                            same = session.sql("select i from main.%s where %s order by i" % (name, condition))
                            assert [r[0] for r in same.fetchall()] == ids
                            found.setdefault(condition, []).append(str(ids))
                    return pa.table({"c": list(found), "i": [" ".join(v) for v in found.values()]})
                """);
        build();
        assertThat(shop.rows("select * from main.m"))
                .containsExactly(
                        "d > 2|[1, 3] [1, 3]",
                        "flag|[2] [2]",
                        "flag = true|[2] [2]",
                        "ns in ('2026-01-02 03:04:05.678901234', '2026-01-02 03:04:05')|[0, 1, 2, 3]"
                                + " [0, 1, 2, 3]",
                        "st in ({'a': 1}, {'a': 3})|[1, 3] [1, 3]",
                        "u = '00000000-0000-0000-0000-000000000003'|[3] [3]");
    }

    /** Inputs stay in their files, and what comes back comes in parts, however it is given. */
    @Test
    void muchTravelsInParts() throws IOException {
        needs("pyarrow, duckdb");
        shop.put(
                "models/big.sql",
                "select i, 'number ' || i as s, i / 3 as d, [i, i + 1] as l from range(400000) r(i)");
        shop.put("models/back.py", "def model(dbt, session):\n    return dbt.ref('big')\n");
        shop.put(
                "models/lazy.py",
                """
                import pyarrow as pa

                def model(dbt, session):
                    rows = dbt.ref("big")
                    taken = pa.total_allocated_bytes()
                    found = rows.filter("i = 345678").fetchall()
                    return pa.table({"s": [found[0][1]], "little": [taken < 1 << 20]})
                """);
        shop.put(
                "models/parts.py",
                """
                import pyarrow as pa

                def model(dbt, session):
                    whole = pa.schema([("n", pa.int64()), ("text", pa.string())])
                    def batches():
                        for n in range(20):
                            assert pa.total_allocated_bytes() < 64 << 20
                            yield pa.record_batch([[n] * 5, ["x" * (1 << 20)] * 5], schema=whole)
                    return pa.RecordBatchReader.from_batches(whole, batches())
                """);
        shop.put(
                "models/grown.py",
                """
                def model(dbt, session):
                    dbt.config(materialized="incremental", unique_key="i")
                    rows = dbt.ref("big")
                    return rows.filter("i >= 300000") if dbt.is_incremental else rows.filter("i < 310000")
                """);
        build();
        String sums =
                "select count(*), sum(i), sum((d * 3)::bigint), max(s), sum(len(l)) from main.";
        assertThat(shop.rows(sums + "back")).isEqualTo(shop.rows(sums + "big"));
        assertThat(shop.rows("select * from main.lazy")).containsExactly("number 345678|true");
        assertThat(shop.rows("select count(*), sum(n), sum(length(text)) from main.parts"))
                .containsExactly("100|950|104857600");
        shop.put(
                "models/big.sql",
                "select i, 'new' as s, 0.5 as d, [i] as l from range(400000) r(i)");
        build();
        assertThat(
                        shop.rows(
                                "select s = 'new', count(*), min(i), max(i) from main.grown group by 1 order by 1"))
                .containsExactly("false|300000|0|299999", "true|100000|300000|399999");
    }

    @Test
    void whatCannotTravelIsRefusedWithItsReason() throws IOException {
        needs("pyarrow");
        shop.put(
                "models/a.py",
                "def model(dbt, session):\n    import pyarrow as pa\n    return pa.table({})\n");
        shop.put(
                "models/b.py",
                """
                import pyarrow as pa

                def model(dbt, session):
                    whole = pa.schema([("n", pa.int64())])
                    def batches():
                        yield pa.record_batch([[1]], schema=whole)
                        raise ValueError("no more")
                    return pa.RecordBatchReader.from_batches(whole, batches())
                """);
        shop.put(
                "models/c.py",
                """
                import decimal, pyarrow as pa

                def model(dbt, session):
                    far = decimal.Decimal(10) ** 60
                    return pa.table({"n": pa.array([far], pa.decimal256(70, 0))})
                """);
        shop.put(
                "models/d.py",
                "import os, signal\n\ndef model(dbt, session):\n    return os.kill(os.getpid(), signal.SIGKILL)\n");
        shop.put(
                "models/e.py",
                """
                import pyarrow as pa

                def model(dbt, session):
                    kinds = pa.array([0, 1], pa.int8())
                    return pa.table({"u": pa.UnionArray.from_sparse(kinds, [pa.array([1, 2]), pa.array(["a", "b"])])})
                """);
        assertThat(Workshop.told(shop.build().problems()).split("\n"))
                .containsExactlyInAnyOrder(
                        "models/a.py:1:1: What model() returned cannot be written as rows: a table has at least one column [DATA_INVALID]",
                        "models/b.py:1:1: What model() returned cannot be written as rows: ValueError: no more [DATA_INVALID]",
                        "models/c.py:1:1: What model() returned cannot be written as rows: ArrowInvalid: Decimal value does not fit in precision 38 [DATA_INVALID]",
                        "models/d.py:1:1: The Python process of model 'd' ended with status 137 and left no rows. [TEMPLATE_FAILED]",
                        "models/e.py:1:1: Column 'u' has type UNION(\"0\" BIGINT, \"1\" VARCHAR), which no table can store. Cast it to another type. [TYPE_MISMATCH]");
        nothingIsLeft();
    }

    @Test
    void aModelWhoseStarterIsGoneEndsAndTakesItsFilesAlong() throws Exception {
        needs("pyarrow");
        Path rows = Files.createDirectory(folder.resolve("model"));
        try (InputStream program = BuildRequest.class.getResourceAsStream("python_model.py")) {
            Files.write(rows.resolve("program.py"), program.readAllBytes());
        }
        Files.writeString(
                rows.resolve("spec.json"),
                """
                {"file": "m.py", "code": "import time\\ndef model(dbt, session): time.sleep(600)",
                 "inputs": [], "config": {}, "is_incremental": false,
                 "this": {"database": "d", "schema": "s", "identifier": "m"}}
                """);
        Process process =
                new ProcessBuilder(PYTHON, "-B", rows.resolve("program.py") + "", rows + "")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(process.waitFor(2, TimeUnit.SECONDS)).isFalse();
        process.getOutputStream().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(rows).doesNotExist();
    }
}
