package dev.tarn.bench;

import dev.tarn.app.At;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finding a few rows in a table of very many files. */
final class PlanningBenchmark implements Benchmark {
    private static final int FILES = 10_000;
    private static final int ROWS = 100;
    private static final int PARTS = 20;

    @Override
    public String name() {
        return "planning";
    }

    @Override
    public String title() {
        return "one row out of a table of 10,000 files ÷ DuckDB over the same files";
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        int files = (int) Math.round(setup.scale().orElse(1) * FILES);
        int repetitions = setup.repetitions().orElse(5);
        long rows = (long) files * ROWS;
        try (Warehouse warehouse = Warehouse.fresh(setup, "warehouse");
                PlainDuckDb duckDb = new PlainDuckDb()) {
            setup.say("writing a table of %,d files".formatted(files));
            fill(warehouse, "b.many", files);
            fill(warehouse, "b.few", Math.max(1, files / HUNDREDTH));
            List<Path> all =
                    warehouse.files().stream()
                            .filter(f ->
                                    f.toString().contains("/many-")
                                            && f.toString().contains("/data/"))
                            .toList();
            long told =
                    warehouse.tarn().tables(At.MAIN).stream()
                            .filter(t -> t.name().table().equals("many"))
                            .mapToLong(t -> t.files())
                            .sum();
            if (told != files || all.size() != files) {
                throw new IllegalStateException(
                        "The table has %,d files, and there are %,d".formatted(told, all.size()));
            }
            String list =
                    all.stream()
                            .map(PlainDuckDb::literal)
                            .collect(Collectors.joining(", ", "[", "]"));
            List<Timing> one = new ArrayList<>();
            List<Timing> few = new ArrayList<>();
            List<Timing> count = new ArrayList<>();
            List<Timing> peer = new ArrayList<>();
            for (int i = -1; i < repetitions; i++) {
                setup.say("looking for a row, %d of %d".formatted(i + 1, repetitions));
                long id = rows / 2 + i;
                String where = " where id = " + id;
                Timing own = Timing.of(() -> sum(warehouse, "b.many" + where, id));
                Timing small =
                        Timing.of(() ->
                                sum(
                                        warehouse,
                                        "b.few where id = %d".formatted(id % ROWS),
                                        id % ROWS));
                Timing whole = Timing.of(() -> count(warehouse, rows));
                Timing other =
                        Timing.of(() -> {
                            long found =
                                    duckDb.number(
                                            "select sum(id) from read_parquet(%s)%s"
                                                    .formatted(list, where));
                            if (found != id) {
                                throw new IllegalStateException("DuckDB found " + found);
                            }
                        });
                if (i >= 0) {
                    one.add(own);
                    few.add(small);
                    count.add(whole);
                    peer.add(other);
                }
            }
            Timing mine = Timing.median(one);
            Timing theirs = Timing.median(peer);
            return new Outcome(
                    "%,d files of %d rows; one is wanted; median of %d"
                            .formatted(files, ROWS, repetitions),
                    List.of(
                            new Outcome.Line("a row by its key", mine),
                            new Outcome.Line("DuckDB, the same files by name", theirs),
                            new Outcome.Line(
                                    "a row of a hundredth as many files", Timing.median(few)),
                            new Outcome.Line("all rows counted", Timing.median(count))),
                    "Tarn ÷ DuckDB",
                    mine.wall() / theirs.wall(),
                    mine.cpu() / theirs.cpu(),
                    Optional.empty());
        }
    }

    private static final int HUNDREDTH = 100;

    private static void sum(Warehouse warehouse, String from, long wanted) {
        long found = warehouse.number("select sum(id) from " + from);
        if (found != wanted) {
            throw new IllegalStateException("Tarn found %,d and not %,d".formatted(found, wanted));
        }
    }

    private static void count(Warehouse warehouse, long rows) {
        if (warehouse.number("select count(note) from b.many") != rows) {
            throw new IllegalStateException("Rows were lost");
        }
    }

    /** A file for each partition; a few statements, so that there are lists of files as in life. */
    private static void fill(Warehouse warehouse, String table, int files) {
        warehouse.sql(
                "create table %s (part integer, id bigint, note varchar) partitioned by (part)"
                        .formatted(table));
        int parts = Math.min(PARTS, files);
        for (int part = 0; part < parts; part++) {
            warehouse.sql(
                    "insert into %s select (i // %d)::integer, i, 'note ' || i from range(%d, %d) r(i)"
                            .formatted(
                                    table,
                                    ROWS,
                                    (long) files * part / parts * ROWS,
                                    (long) files * (part + 1) / parts * ROWS));
        }
    }
}
