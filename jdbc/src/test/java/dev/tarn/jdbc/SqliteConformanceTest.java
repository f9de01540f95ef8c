package dev.tarn.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.TarnException;
import dev.tarn.spi.Connector;
import dev.tarn.spi.ConnectorContract;
import dev.tarn.spi.ConnectorRig;
import dev.tarn.spi.LandedRows;
import dev.tarn.spi.OpenSource;
import dev.tarn.spi.OpenSource.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table of SQLite, read by JDBC, does what every source has to do. */
final class SqliteConformanceTest extends ConnectorContract {
    @TempDir Path folder;

    @Override
    protected ConnectorRig rig() {
        Rig rig = new Rig(folder);
        rig.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, word TEXT)");
        return rig;
    }

    @Test
    void whatCannotBeOpenedIsToldApart() throws IOException {
        Files.createDirectory(folder.resolve("folder"));

        assertThat(refused("none.db"))
                .isEqualTo(
                        "sqlite:%s cannot be opened: there is no such file. A path begins at the project's folder, and none is made. [SOURCE_UNAVAILABLE]"
                                .formatted(folder.resolve("none.db")));
        assertThat(refused("folder"))
                .isEqualTo(
                        "sqlite:%s cannot be opened: it is a folder. Name the file in it as 'url'. [SOURCE_UNREADABLE]"
                                .formatted(folder.resolve("folder")));
        assertThat(folder.resolve("none.db")).doesNotExist();
    }

    private String refused(String url) {
        Connector.Request request =
                ConnectorRig.request(
                        "sqlite", Map.of("url", url, "table", "things"), Optional.empty(), folder);
        try (OpenSource source = new Rig(folder).connector().open(request)) {
            Limits limits = new Limits(10, 1 << 20, Duration.ofSeconds(20), false);
            new LandedRows().one(source, limits);
            return "It was opened.";
        } catch (TarnException failure) {
            return failure.problems().getFirst().toString();
        }
    }

    /** SQLite would go on with it for years. */
    @Test
    void aQueryWithoutAnEndIsStopped() throws Exception {
        Files.createFile(folder.resolve("empty.db"));
        String forEver =
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS id FROM n";
        Connector.Request request =
                ConnectorRig.request(
                        "sqlite",
                        Map.of("url", "empty.db", "query", forEver),
                        Optional.empty(),
                        folder);
        Limits limits = new Limits(10, 1 << 20, Duration.ofSeconds(20), false);
        try (OpenSource source = new Rig(folder).connector().open(request)) {
            CompletableFuture<Boolean> reading =
                    CompletableFuture.supplyAsync(() -> new LandedRows().one(source, limits));
            // Long enough for the query to have begun, mostly; it has to end in either case.
            assertThatThrownBy(() -> reading.get(500, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            source.cancel();
            assertThatThrownBy(() -> reading.get(1, TimeUnit.MINUTES))
                    .hasCauseInstanceOf(TarnException.class)
                    .hasMessageContaining("Reading was stopped.");
        }
    }

    /** The table. */
    private record Rig(Path folder) implements ConnectorRig {
        void execute(String sql) {
            try (Connection connection =
                            DriverManager.getConnection(
                                    "jdbc:sqlite:" + folder.resolve("things.db"));
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Connector connector() {
            return JdbcConnector.all().stream()
                    .filter(c -> c.name().equals("sqlite"))
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public Connector.Request request() {
            return ConnectorRig.request(
                    "sqlite",
                    Map.of("url", "things.db", "table", "things"),
                    Optional.of("id"),
                    folder);
        }

        @Override
        public void add(int from, int to) {
            execute(
                    "WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO things (id) SELECT i FROM n"
                            .formatted(from, to));
        }

        @Override
        public boolean addColumn(String name) {
            execute("ALTER TABLE things ADD COLUMN %s TEXT DEFAULT 'x'".formatted(name));
            return true;
        }

        @Override
        public boolean down() throws IOException {
            Files.move(folder.resolve("things.db"), folder.resolve("away.db"));
            return true;
        }

        @Override
        public void up() throws IOException {
            assertThat(folder.resolve("things.db")).doesNotExist();
            Files.move(folder.resolve("away.db"), folder.resolve("things.db"));
        }

        @Override
        public void close() {
            // The folder goes with the test.
        }
    }
}
