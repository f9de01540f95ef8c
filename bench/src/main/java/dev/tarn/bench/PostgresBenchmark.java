package dev.tarn.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** A table of a database landed in a table of its own, beside COPY to somebody who drops it. */
final class PostgresBenchmark implements Benchmark {
    private static final int ROWS = 3_000_000;
    private static final int REPETITIONS = 3;

    /** Where Linux's line about a process says what it worked, and then its children. */
    private static final int FIRST_TIME = 11;

    private static final double TICKS = 100;

    /** Asked of both tables: the answers must be equal. */
    private static final String SUMS =
            """
            select cast(count(*) as varchar), cast(sum(id) as varchar),
                cast(sum(customer) as varchar), cast(sum(amount) as varchar),
                cast(sum(qty) as varchar), cast(sum(case when ok then 1 else 0 end) as varchar),
                cast(sum(cast(price as bigint)) as varchar),
                cast(count(distinct code) as varchar), cast(min(day) as varchar),
                cast(max(day) as varchar),
                cast(sum(cast(extract(epoch from placed_at) * 1000 as bigint)) as varchar),
                cast(sum(length(note)) as varchar), cast(count(note) as varchar),
                cast(count(distinct country) as varchar), cast(sum(length(cast(extra as varchar))) as varchar)
            """;

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public String title() {
        return "a table of PostgreSQL landed in a table ÷ COPY … TO STDOUT of it";
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        int rows = (int) Math.round(setup.scale().orElse(1) * ROWS);
        Path data = setup.fresh("postgres");
        try (EmbeddedPostgres server =
                EmbeddedPostgres.builder()
                        .setDataDirectory(data)
                        .setCleanDataDirectory(true)
                        .setServerConfig("fsync", "off")
                        .setServerConfig("shared_buffers", "256MB")
                        .setServerConfig("max_wal_size", "8GB")
                        .start()) {
            setup.say("loading %,d rows".formatted(rows));
            fill(server, rows);
            List<Timing> ours = new ArrayList<>();
            List<Timing> theirs = new ArrayList<>();
            land(setup.fresh("warm-up"), server, rows);
            long bytes = copy(server);
            Path project = setup.work();
            for (int i = 0; i < setup.repetitions().orElse(REPETITIONS); i++) {
                setup.say("copying and landing, %d".formatted(i + 1));
                theirs.add(measured(data, () -> copy(server)));
                Path next = setup.fresh("project-" + i);
                ours.add(measured(data, () -> land(next, server, rows)));
                setup.say("copied %s, landed %s".formatted(theirs.getLast(), ours.getLast()));
                project = next;
            }
            check(server, project);
            return outcome(
                    Timing.median(ours),
                    Timing.median(theirs),
                    rows,
                    bytes / rows,
                    Ingest.bytes(project) / rows);
        }
    }

    /** With what the server worked meanwhile, where that can be known. */
    private static Timing measured(Path data, Timing.Work work) throws Exception {
        double before = serverSeconds(data);
        Timing timing = Timing.of(work);
        return timing.plus(new Timing(0, serverSeconds(data) - before));
    }

    /** The processor time of a server, of its processes, and of those that have ended. */
    private static double serverSeconds(Path data) throws IOException {
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip();
        Path tasks = Path.of("/proc", pid, "task", pid, "children");
        if (!Files.exists(tasks)) {
            return 0;
        }
        double seconds = seconds(pid, 4);
        for (String child : Files.readString(tasks).strip().split(" ", -1)) {
            seconds += child.isEmpty() ? 0 : seconds(child, 2);
        }
        return seconds;
    }

    /**
     * @param times 2 for the process alone, 4 with those of its children that have ended
     */
    private static double seconds(String pid, int times) throws IOException {
        Path stat = Path.of("/proc", pid, "stat");
        if (!Files.exists(stat)) {
            return 0;
        }
        String text = Files.readString(stat);
        String[] parts = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = 0;
        for (int i = FIRST_TIME; i < FIRST_TIME + times; i++) {
            ticks += Long.parseLong(parts[i]);
        }
        return ticks / TICKS;
    }

    private static Outcome outcome(
            Timing landed, Timing copied, int rows, long copyBytes, long rowBytes) {
        return new Outcome(
                "%,d rows of 12 columns, %d bytes a row of COPY, %d bytes a row of the table; µs of processors a row, the server's too: %.2f landed, %.2f copied"
                        .formatted(
                                rows,
                                copyBytes,
                                rowBytes,
                                landed.cpu() * 1e6 / rows,
                                copied.cpu() * 1e6 / rows),
                List.of(
                        new Outcome.Line("table to table", landed),
                        new Outcome.Line("COPY … TO STDOUT", copied)),
                "landing ÷ copying",
                landed.wall() / copied.wall(),
                landed.cpu() / copied.cpu(),
                Optional.of(1.5));
    }

    private static void fill(EmbeddedPostgres server, int rows) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    CREATE TABLE orders (id bigint PRIMARY KEY, customer integer NOT NULL,
                        amount numeric(12,2), qty smallint, ok boolean, price double precision,
                        code uuid, day date, placed_at timestamptz, note text, country varchar(40),
                        extra jsonb)
                    """);
            statement.execute(
                    """
                    INSERT INTO orders SELECT i, i %% 9973, (i * 37 %% 1000000) / 100.0, i %% 9,
                        i %% 2 = 0, (i %% 100000) / 16.0, md5(i::text)::uuid,
                        date '2020-01-01' + (i %% 2000)::int,
                        timestamptz '2026-01-01 00:00:00Z' + i * interval '137 milliseconds',
                        CASE WHEN i %% 10 > 0 THEN 'order ' || i || ' of customer ' || i %% 9973 END,
                        (ARRAY['norway', 'france', 'italy', 'japan'])[1 + i %% 4],
                        CASE WHEN i %% 5 = 0 THEN jsonb_build_object('a', i %% 7, 'b', 'x') END
                    FROM generate_series(1, %d) i
                    """
                            .formatted(rows));
            statement.execute("VACUUM ANALYZE orders");
            statement.execute("CHECKPOINT");
        }
    }

    /** Returns how many bytes came. */
    private static long copy(EmbeddedPostgres server) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection()) {
            CopyOut out =
                    connection
                            .unwrap(PGConnection.class)
                            .getCopyAPI()
                            .copyOut("COPY orders TO STDOUT");
            long bytes = 0;
            for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
                bytes += row.length;
            }
            return bytes;
        }
    }

    private static void land(Path project, EmbeddedPostgres server, long rows) throws IOException {
        Files.writeString(project.resolve("dbt_project.yml"), "name: shop\nversion: \"1.0\"\n");
        Files.writeString(
                Files.createDirectories(project.resolve("models")).resolve("sources.yml"),
                """
                version: 2
                sources:
                  - name: shop
                    schema: bronze
                    tables:
                      - name: orders
                        ingest:
                          connector: postgres
                          url: postgresql://localhost:%d/postgres
                          user: postgres
                          table: orders
                """
                        .formatted(server.getPort()));
        Ingest.land(project, rows);
    }

    private static void check(EmbeddedPostgres server, Path project) throws SQLException {
        List<String> wanted = new ArrayList<>();
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SUMS + "from orders")) {
            row.next();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                wanted.add(String.valueOf(row.getString(i)));
            }
        }
        List<String> there = Ingest.row(project, SUMS + "from bronze.orders");
        if (!there.equals(wanted)) {
            throw new IllegalStateException("%s landed, not %s".formatted(there, wanted));
        }
    }
}
