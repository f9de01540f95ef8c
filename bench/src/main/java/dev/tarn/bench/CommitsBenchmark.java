package dev.tarn.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Single rows inserted: each alone, by several at once, and into a hundred tables together. */
final class CommitsBenchmark implements Benchmark {
    private static final int COMMITS = 200;
    private static final int TABLES = 100;
    private static final int WRITERS = 8;

    @Override
    public String name() {
        return "commits";
    }

    @Override
    public String title() {
        return "rows inserted into 100 tables in one commit ÷ into one table in 100 commits";
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        int commits = (int) Math.round(setup.scale().orElse(1) * COMMITS);
        int tables = Math.max(WRITERS, (int) Math.round(setup.scale().orElse(1) * TABLES));
        try (Warehouse warehouse = Warehouse.fresh(setup, "warehouse")) {
            StringBuilder create = new StringBuilder();
            for (int t = 0; t < tables; t++) {
                create.append("create table b.t%d (id bigint, note varchar);\n".formatted(t));
            }
            warehouse.sql(create.toString());
            setup.say("warming up");
            one(warehouse, tables - 1, commits / 4);
            setup.say("%,d commits to one table".formatted(commits));
            Timing one = Timing.of(() -> one(warehouse, 0, commits));
            setup.say("%,d commits to tables of their own by %d".formatted(commits, WRITERS));
            Timing own = Timing.of(() -> shared(warehouse, commits, true));
            setup.say("%,d commits to one table by %d".formatted(commits, WRITERS));
            Timing same = Timing.of(() -> shared(warehouse, commits, false));
            setup.say("%d commits to %d tables each".formatted(2, tables));
            Timing together = Timing.of(() -> together(warehouse, tables, 2));
            Timing disk = Timing.of(() -> disk(setup, commits));
            require(warehouse, commits + commits / WRITERS + 2 + commits);
            double alone = commits / one.wall();
            return new Outcome(
                    "commits per second to one table %.1f by one, %.1f by %d; to tables of their own by %d %.1f; tables per second in commits of %d %.0f; plain transactions of the catalog's database per second %.0f"
                            .formatted(
                                    alone,
                                    commits / same.wall(),
                                    WRITERS,
                                    WRITERS,
                                    commits / own.wall(),
                                    tables,
                                    2 * tables / together.wall(),
                                    commits / disk.wall()),
                    List.of(
                            new Outcome.Line("%,d to one table, in turn".formatted(commits), one),
                            new Outcome.Line(
                                    "%,d to one table by %d".formatted(commits, WRITERS), same),
                            new Outcome.Line(
                                    "%,d to tables of their own by %d".formatted(commits, WRITERS),
                                    own),
                            new Outcome.Line("2 to %d tables each".formatted(tables), together),
                            new Outcome.Line("%,d rows in plain SQLite".formatted(commits), disk)),
                    "a table in a commit of many ÷ a commit of its own",
                    together.wall() / (2 * tables) / (one.wall() / commits),
                    together.cpu() / (2 * tables) / (one.cpu() / commits),
                    Optional.empty());
        }
    }

    private static String insert(int table, int number) {
        return "insert into b.t%d values (%d, 'n')".formatted(table, number);
    }

    private static void one(Warehouse warehouse, int table, int commits) {
        for (int i = 0; i < commits; i++) {
            warehouse.sql(insert(table, i));
        }
    }

    private static void shared(Warehouse warehouse, int commits, boolean own) throws Exception {
        List<Callable<Void>> works = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            int writer = w;
            works.add(() -> {
                one(
                        warehouse,
                        own ? writer : 0,
                        commits / WRITERS + (writer < commits % WRITERS ? 1 : 0));
                return null;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            for (Future<Void> work : threads.invokeAll(works)) {
                work.get();
            }
        }
    }

    private static void together(Warehouse warehouse, int tables, int commits) {
        for (int i = 0; i < commits; i++) {
            StringBuilder sql = new StringBuilder();
            for (int t = 0; t < tables; t++) {
                sql.append(insert(t, i)).append(";\n");
            }
            warehouse.sql(sql.toString());
        }
    }

    private static void require(Warehouse warehouse, long rows) {
        long found = warehouse.number("select count(*) from b.t0");
        if (found < rows) {
            throw new IllegalStateException("%,d rows of %,d".formatted(found, rows));
        }
    }

    /** What the disk allows: one row a transaction, written through. */
    private static void disk(Setup setup, int commits) throws Exception {
        try (Connection connection =
                        DriverManager.getConnection(
                                "jdbc:sqlite:" + setup.fresh("sqlite").resolve("plain.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("pragma journal_mode = wal");
            statement.execute("pragma synchronous = full");
            statement.execute("create table t (id integer primary key, note text)");
            try (PreparedStatement insert =
                    connection.prepareStatement("insert into t values (?, 'n')")) {
                for (int i = 0; i < commits; i++) {
                    insert.setInt(1, i);
                    insert.executeUpdate();
                }
            }
        }
    }
}
