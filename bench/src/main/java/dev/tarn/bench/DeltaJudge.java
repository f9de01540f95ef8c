package dev.tarn.bench;

import dev.tarn.delta.read.DeltaTables;
import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation;
import dev.tarn.storage.LocalStorage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads every Delta table below a folder and compares it with the Parquet files in the folder
 * {@code expected} beside it, if there is one. The last line counts: {@code pass=… refused=…
 * fail=…}.
 */
public final class DeltaJudge {
    /**
     * Where golden tables are written: partition values may be timestamps without a zone, in that
     * of the writer.
     */
    private static final String ZONE = "America/Los_Angeles";

    private static final TableName TABLE = new TableName("judge", "actual");

    private final DeltaTables tables;
    private final Engine engine;
    private final PrintStream out;
    private int passed;
    private int refused;
    private int failed;

    private DeltaJudge(DeltaTables tables, Engine engine, PrintStream out) {
        this.tables = tables;
        this.engine = engine;
        this.out = out;
    }

    public static void main(String[] args) throws IOException {
        Path spill = Files.createTempDirectory("tarn-judge");
        boolean clean;
        try (LocalStorage storage = new LocalStorage(Clock.systemUTC());
                Engine engine = DuckDbEngine.open(DuckDbConfig.defaults(spill))) {
            DeltaJudge judge =
                    new DeltaJudge(DeltaTables.open(storage, engine), engine, System.out);
            for (Path folder : tablesBelow(Path.of(args[0]).toAbsolutePath())) {
                judge.judge(folder);
            }
            System.out.printf(
                    "pass=%d refused=%d fail=%d%n", judge.passed, judge.refused, judge.failed);
            clean = judge.failed == 0;
        }
        Setup.delete(spill);
        System.exit(clean ? 0 : 1);
    }

    /** Folders with a log; also those called {@code delta} that should have one. */
    private static List<Path> tablesBelow(Path root) throws IOException {
        try (Stream<Path> folders = Files.walk(root)) {
            return folders.filter(Files::isDirectory)
                    .filter(f ->
                            Files.isDirectory(f.resolve("_delta_log"))
                                    || (f.endsWith("delta") && isLeaf(f)))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isLeaf(Path folder) {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.noneMatch(Files::isDirectory);
        } catch (IOException e) {
            return false;
        }
    }

    private void judge(Path folder) {
        int names = folder.getNameCount();
        String name = folder.subpath(Math.max(0, names - 2), names).toString();
        Path expected = folder.resolveSibling("expected");
        try {
            String newest = tables.newest(folder.toString());
            Path wanted = Files.isDirectory(expected) ? content(expected, "latest") : null;
            String verdict = compare(folder, wanted, newest);
            if (!verdict.isEmpty()
                    && wanted != null
                    && compare(folder, wanted, newest + "@" + ZONE).isEmpty()) {
                out.println("note " + name + ": with partition timestamps as of " + ZONE);
                verdict = "";
            }
            if (verdict.isEmpty()) {
                verdict = past(folder, expected);
            }
            if (verdict.isEmpty()) {
                passed++;
            } else {
                failed++;
                out.println("fail " + name + ": " + verdict);
            }
        } catch (TarnException e) {
            if (e.code().equals(dev.tarn.model.ErrorCode.INTERNAL)) {
                failed++;
                out.println("fail " + name + ": " + e.getMessage());
            } else {
                refused++;
                out.println("refused " + name + ": " + e.getMessage());
            }
        } catch (RuntimeException | IOException e) {
            failed++;
            out.println("fail " + name + ": " + e);
        }
    }

    /** Where the rows of a version are expected: in a folder of its own, or right there. */
    private static Path content(Path expected, String version) {
        Path own = expected.resolve(version).resolve("table_content");
        return Files.isDirectory(own) ? own : expected;
    }

    /** What differs in earlier versions, where they are expected too ({@code v0}, {@code v1} …). */
    private String past(Path folder, Path expected) throws IOException {
        for (int version = 0; Files.isDirectory(expected.resolve("v" + version)); version++) {
            String verdict =
                    compare(folder, content(expected, "v" + version), String.valueOf(version));
            if (!verdict.isEmpty()) {
                return "version " + version + ": " + verdict;
            }
        }
        return "";
    }

    /** What differs; empty if nothing does. */
    private String compare(
            Path folder, @org.jspecify.annotations.Nullable Path expected, String version)
            throws IOException {
        String location = folder.toString();
        Schema schema =
                tables.state(new TablePointer(location), location, version).definition().schema();
        try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            session.define(
                    TABLE,
                    new Relation.Table(
                            schema,
                            predicates ->
                                    tables.scan(location, version, Optional.empty(), predicates)));
            if (expected == null) {
                values(session, "SELECT * FROM judge.actual");
                return "";
            }
            List<String> files = parquet(expected);
            if (files.isEmpty()) {
                return values(session, "SELECT count(*) FROM judge.actual").equals(List.of("0"))
                        ? ""
                        : "no rows were expected";
            }
            String from =
                    " FROM read_parquet([" + String.join(", ", files) + "], union_by_name = true)";
            Schema wanted = session.describe(SqlText.of("SELECT *" + from));
            if (!wanted.names().equals(schema.names())) {
                return "columns " + schema.names() + " where " + wanted.names() + " were expected";
            }
            String columns =
                    schema.fields().stream()
                            .map(DeltaJudge::text)
                            .collect(Collectors.joining(", "));
            String actual = "SELECT " + columns + " FROM judge.actual";
            String right = "SELECT " + columns + from;
            List<String> more =
                    values(session, "(" + actual + ") EXCEPT ALL (" + right + ") LIMIT 2");
            List<String> missing =
                    values(session, "(" + right + ") EXCEPT ALL (" + actual + ") LIMIT 2");
            return more.isEmpty() && missing.isEmpty()
                    ? ""
                    : "unexpected " + more + ", missing " + missing;
        }
    }

    /** A column as text, read as the type that the table says it has. */
    private static String text(Field field) {
        String name = Type.quoted(field.name());
        return "CAST(CAST(" + name + " AS " + field.type().sql() + ") AS VARCHAR) AS " + name;
    }

    private static List<String> parquet(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(f -> f.toString().endsWith(".parquet"))
                    .map(f -> "'" + f.toString().replace("'", "''") + "'")
                    .sorted()
                    .toList();
        }
    }

    private static List<String> values(EngineSession session, String sql) {
        List<String> values = new ArrayList<>();
        try (QueryResult rows = session.query(SqlText.of(sql))) {
            while (rows.next()) {
                values.add(
                        rows.row().stream().map(String::valueOf).collect(Collectors.joining("|")));
            }
        }
        return values;
    }
}
