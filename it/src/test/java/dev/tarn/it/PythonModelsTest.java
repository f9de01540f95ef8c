package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.app.BuildRequest;
import dev.tarn.model.TarnException;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models written in Python, run by a real interpreter where there is one with what they need:
 * {@code TARN_TEST_PYTHON} names it, else {@code python3} is tried.
 */
final class PythonModelsTest {
    private static final String PYTHON =
            System.getenv().getOrDefault("TARN_TEST_PYTHON", "python3");

    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
        shop.put("tarn.yml", "python: " + PYTHON + "\n");
        shop.put("seeds/raw.csv", "id,word,day\n1,a,2026-01-01\n2,b,2026-01-02\n");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    /** Whether an interpreter can import modules; where it cannot, the tests say so. */
    private static void needs(String modules) {
        boolean there;
        try {
            Process process =
                    new ProcessBuilder(PYTHON, "-c", "import " + modules)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            there = process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            there = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            there = false;
        }
        String reason =
                "%s cannot import %s: Python models are not run here. Set TARN_TEST_PYTHON."
                        .formatted(PYTHON, modules);
        if (!there) {
            System.err.println("PythonModelsTest: " + reason);
        }
        assumeTrue(there, reason);
    }

    private RunReport build() {
        RunReport report = shop.build();
        assertThat(Workshop.told(report.problems())).isEmpty();
        return report;
    }

    private String refusal() {
        return Workshop.told(catchThrowableOfType(TarnException.class, shop::build));
    }

    @Test
    void aModelReadsItsInputsAndReturnsATable() {
        needs("pyarrow");
        shop.put(
                "models/eph.sql",
                "{{ config(materialized='ephemeral') }} select max(id) as top from {{ ref('raw') }}");
        shop.put(
                "models/m.py",
                """
                import pyarrow as pa

                def model(dbt, session):
                    dbt.config(materialized="table", tags=['x', "y"], meta={"factor": 3},
                               post_hook="insert into {{ this }} select 9, 'hook', 1")
                    raw = dbt.ref("raw")
                    rows = raw.fetchall()
                    top = dbt.ref('eph').fetchall()[0][0]
                    factor = dbt.config.get("meta")["factor"]
                    print("working on", dbt.this.identifier, dbt.is_incremental)
                    return pa.table({
                        "id": pa.array([r[0] * factor for r in rows], pa.int64()),
                        "word": [r[1] + str(top) for r in rows],
                        "n": pa.array([None] * len(rows), pa.int32()),
                    })
                """);
        shop.put("models/after.sql", "select sum(id) as s from {{ ref('m') }}");
        RunReport report = build();
        assertThat(shop.rows("select * from main.m order by id"))
                .containsExactly("3|a2|null", "6|b2|null", "9|hook|1");
        assertThat(shop.rows("select s from main.after")).containsExactly("18");
        assertThat(report.tasks()).anySatisfy(t -> assertThat(t.node()).isEqualTo("model.shop.m"));
    }

    @Test
    void frameworksThatAreInstalledCanBeReturned() {
        needs("pyarrow, pandas, polars, duckdb");
        shop.put(
                "models/pd.py",
                "def model(dbt, session):\n    df = dbt.ref('raw').df()\n    df['n'] = df['id'] * 1.5\n    return df\n");
        shop.put(
                "models/pl.py",
                "def model(dbt, session):\n    return dbt.ref('raw').pl().lazy()\n");
        shop.put(
                "models/rel.py",
                "def model(dbt, session):\n    dbt.ref('raw')\n    return session.sql('select sum(id) as s, count(*) as n from main.raw')\n");
        shop.put(
                "models/reader.py",
                "def model(dbt, session):\n    return dbt.ref('raw').filter('id = 2').arrow()\n");
        build();
        assertThat(shop.rows("select id, word, day, n from main.pd order by id"))
                .containsExactly("1|a|2026-01-01T00:00|1.5", "2|b|2026-01-02T00:00|3.0");
        assertThat(shop.rows("select count(*) from main.pl")).containsExactly("2");
        assertThat(shop.rows("select * from main.rel")).containsExactly("3|2");
        assertThat(shop.rows("select word from main.reader")).containsExactly("b");
    }

    @Test
    void anIncrementalModelSeesItsOwnTable() {
        needs("pyarrow, duckdb");
        shop.put(
                "models/m.py",
                """
                def model(dbt, session):
                    dbt.config(materialized="incremental", unique_key="id")
                    rows = dbt.ref("raw")
                    if dbt.is_incremental:
                        last = session.sql(f"select max(id) from {dbt.this}").fetchone()[0]
                        rows = rows.filter(f"id > {last}")
                    return rows
                """);
        build();
        shop.put("seeds/raw.csv", "id,word,day\n1,changed,2026-01-01\n3,c,2026-01-03\n");
        build();
        assertThat(shop.rows("select id, word from main.m order by id"))
                .containsExactly("1|a", "2|b", "3|c");
        RunReport again = build();
        assertThat(again.tasks())
                .filteredOn(t -> t.node().equals("model.shop.m"))
                .allSatisfy(t -> assertThat(t.status()).isEqualTo(TaskStatus.UNCHANGED));
        assertThat(shop.build(Workshop.full()).problems()).isEmpty();
        assertThat(shop.rows("select id, word from main.m order by id"))
                .containsExactly("1|changed", "3|c");
    }

    @Test
    void whatFailsIsToldAtItsLineAndLeavesNothing() throws IOException {
        needs("pyarrow");
        shop.put("models/a.py", "def model(dbt, session):\n    x = 1\n    return undefined_name\n");
        shop.put("models/b.py", "def model(dbt, session):\n    return 'text'\n");
        shop.put("models/c.py", "import os\ndef model(dbt, session):\n    return os._exit(7)\n");
        RunReport report = shop.build();
        assertThat(report.run().status()).isEqualTo(RunStatus.FAILED);
        assertThat(Workshop.told(report.problems()).split("\n"))
                .containsExactlyInAnyOrder(
                        "models/a.py:3:1: The model's Python code failed: NameError: name"
                                + " 'undefined_name' is not defined [TEMPLATE_FAILED]",
                        "models/b.py:1:1: model() returned a builtins.str. It must return a data"
                                + " frame of pandas or polars, a table of pyarrow or a relation of"
                                + " duckdb. [DATA_INVALID]",
                        "models/c.py:1:1: The Python process of model 'c' ended with status 7 and"
                                + " left no rows. [TEMPLATE_FAILED]");
        try (Stream<Path> left = Files.list(folder.resolve(".tarn/python"))) {
            assertThat(left).isEmpty();
        }
    }

    /** What gives back its input stands for Python, so that this runs everywhere. */
    @Test
    void whatDidNotChangeIsNotRunAgain() throws IOException {
        Path copies = folder.resolve("copies");
        Files.writeString(copies, "#!/bin/sh\nmv \"$3/input-0.arrow\" \"$3/rows.arrow\"\n");
        assertThat(copies.toFile().setExecutable(true)).isTrue();
        shop.put("tarn.yml", "python: " + copies + "\n");
        shop.put("models/m.py", "def model(dbt, session):\n    return dbt.ref('raw')\n");
        for (TaskStatus expected :
                new TaskStatus[] {
                    TaskStatus.SUCCEEDED, TaskStatus.UNCHANGED, TaskStatus.UNCHANGED
                }) {
            assertThat(build().tasks())
                    .filteredOn(t -> t.node().equals("model.shop.m"))
                    .extracting(Task::status)
                    .containsExactly(expected);
        }
        shop.put("seeds/raw.csv", "id,word,day\n9,new,2026-01-09\n");
        build();
        assertThat(shop.rows("select id, word from main.m")).containsExactly("9|new");
    }

    @Test
    void anInterpreterThatIsMissingOrLacksWhatIsNeededIsToldWithTheWayOut() throws IOException {
        shop.put("models/m.py", "def model(dbt, session):\n    return dbt.ref('raw')\n");
        shop.put("tarn.yml", "python: /no/such/python\n");
        assertThat(Workshop.told(shop.build().problems()))
                .isEqualTo(
                        "models/m.py:1:1: Model 'm' is in Python, and '/no/such/python' cannot be"
                                + " started. Install Python 3 with pyarrow, or name an interpreter:"
                                + " TARN_PYTHON=/path/to/python, or 'python' in tarn.yml."
                                + " [UNSUPPORTED]");
        Path bare = folder.resolve("bare");
        Files.writeString(
                bare,
                "#!/bin/sh\nprintf 'pyarrow\\n0\\nNo module named pyarrow' > \"$3/error.txt\"\nexit 1\n");
        assertThat(bare.toFile().setExecutable(true)).isTrue();
        shop.put("tarn.yml", "python: " + bare + "\n");
        assertThat(Workshop.told(shop.build().problems()))
                .isEqualTo(
                        "models/m.py:1:1: Model 'm' is in Python, and '%1$s' lacks pyarrow (No module named pyarrow). Run `%1$s -m pip install pyarrow` (and duckdb, which gives models their session), or name another interpreter with TARN_PYTHON or 'python' in tarn.yml. [UNSUPPORTED]"
                                .formatted(bare));
    }

    @Test
    void codeThatIsNoModelIsRefusedWithoutPython() {
        shop.put("models/none.py", "x = 1\n");
        shop.put("models/names.py", "def model(session):\n    return 1\n");
        shop.put("models/nothing.py", "def model(dbt, session):\n    if True:\n        return 1\n");
        shop.put(
                "models/loose.py",
                "def model(dbt, session):\n    n = 'raw'\n    return dbt.ref(n)\n");
        shop.put(
                "models/lost.py",
                "def model(dbt, session):\n    # dbt.ref('no')\n    'dbt.ref(\"no\")'\n    return f\"{dbt.ref('rew')}\"\n");
        shop.put(
                "models/v.py",
                "def model(dbt, session):\n    dbt.config(materialized='view')\n    return 1\n");
        shop.put("models/j.py", "def model(dbt, session):\n    {% set x = 1 %}\n    return 1\n");
        assertThat(refusal())
                .isEqualTo(
                        """
                        models/j.py:2:5: A Python model cannot contain Jinja. Use dbt.config.get() for values. [CONFIG_INVALID]
                        models/loose.py:3:12: The arguments of dbt.ref() must be literals: texts, numbers, lists and dictionaries of them. They are read without running the code. [CONFIG_INVALID]
                        models/lost.py:4:12: Model 'lost' refers to 'rew', but no model or seed has that name. Did you mean 'raw'? [NODE_NOT_FOUND]
                        models/names.py:1:1: model() takes two parameters, 'dbt' and a session, not (session). [CONFIG_INVALID]
                        models/none.py: A Python model defines exactly one function model(dbt, session) at the top of its file; this one has 0. [CONFIG_INVALID]
                        models/nothing.py:1:1: The last line of model() must return one data frame or relation. [CONFIG_INVALID]
                        models/v.py:2:5: Python model 'v' cannot be materialized as 'view': it is a table or incremental. [CONFIG_INVALID]\
                        """);
    }

    @Test
    void sourcesVersionsAndSettingsAreRead() {
        needs("pyarrow");
        shop.put(
                "models/s.yml",
                """
                sources: [{name: given, schema: main, tables: [{name: t, identifier: raw}]}]
                models:
                  - {name: m, config: {meta: {a: [1, {b: true}]}, grants: {select: [bob]}}}
                  - name: old
                    latest_version: 2
                    versions: [{v: 1}, {v: 2}]
                """);
        shop.put("models/old_v1.sql", "select 1 as v");
        shop.put("models/old_v2.sql", "select 2 as v");
        shop.put(
                "models/m.py",
                """
                def model(dbt, session):
                    import pyarrow as pa
                    n = len(dbt.source("given", "t").fetchall())
                    v = [dbt.ref("old", v=1).fetchall()[0][0], dbt.ref("old").fetchall()[0][0]]
                    return pa.table({"n": [n], "v": [str(v)], "m": [str(dbt.config.meta_get("a"))]})
                """);
        shop.build(
                new BuildRequest(
                        "seed",
                        java.util.Set.of(dev.tarn.app.NodeKind.SEED),
                        List.of(),
                        List.of(),
                        dev.tarn.model.RefName.MAIN,
                        false,
                        false,
                        java.util.Optional.empty()));
        build();
        assertThat(shop.rows("select * from main.m")).containsExactly("2|[1, 2]|[1, {'b': True}]");
    }

    /** A module that says so stands for an old pyarrow; what runs it is any Python. */
    @Test
    void anOldPyarrowIsRefusedWithTheWayOut() throws IOException {
        needs("sys");
        shop.put("old/pyarrow.py", "__version__ = '14.0.0'\n");
        Path old = folder.resolve("old-python");
        Files.writeString(
                old,
                "#!/bin/sh\nPYTHONPATH='%s' exec '%s' \"$@\"\n"
                        .formatted(folder.resolve("old"), PYTHON));
        assertThat(old.toFile().setExecutable(true)).isTrue();
        shop.put("tarn.yml", "python: " + old + "\n");
        shop.put("models/m.py", "def model(dbt, session):\n    return 1\n");
        assertThat(Workshop.told(shop.build().problems()))
                .isEqualTo(
                        ("models/m.py:1:1: Model 'm' is in Python, and '%1$s' has pyarrow 14.0.0;"
                                        + " 14.0.1 is the oldest that reads Arrow streams safely. Run"
                                        + " `%1$s -m pip install --upgrade pyarrow`, or name another"
                                        + " interpreter with TARN_PYTHON or 'python' in tarn.yml."
                                        + " [UNSUPPORTED]")
                                .formatted(old));
    }
}
