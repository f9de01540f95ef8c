package dev.tarn.jdbc;

import dev.tarn.spi.Connector;
import dev.tarn.spi.ConnectorContract;
import dev.tarn.spi.ConnectorRig;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
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
        public void close() {
            // The folder goes with the test.
        }
    }
}
