package dev.tarn.jdbc;

import dev.tarn.spi.Connector;
import dev.tarn.spi.ConnectorContract;
import dev.tarn.spi.ConnectorRig;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A table of PostgreSQL with a growing number does what every source has to do. */
@ExtendWith(SourceDatabase.Started.class)
final class PostgresConformanceTest extends ConnectorContract {
    private final SourceDatabase database;

    @TempDir Path folder;

    PostgresConformanceTest(SourceDatabase database) {
        this.database = database;
    }

    @Override
    protected ConnectorRig rig() {
        database.execute("DROP SCHEMA IF EXISTS conformance CASCADE");
        database.execute("CREATE SCHEMA conformance");
        database.execute("CREATE TABLE conformance.things (id bigint PRIMARY KEY, word text)");
        return new Rig(database, folder);
    }

    /** The table. */
    private record Rig(SourceDatabase database, Path folder) implements ConnectorRig {
        @Override
        public Connector connector() {
            return JdbcConnector.all().stream()
                    .filter(c -> c.name().equals("postgres"))
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public Connector.Request request() {
            return ConnectorRig.request(
                    "postgres",
                    Map.of(
                            "url",
                            database.url(),
                            "user",
                            "postgres",
                            "table",
                            "conformance.things"),
                    Optional.of("id"),
                    folder);
        }

        @Override
        public void add(int from, int to) {
            database.execute(
                    "INSERT INTO conformance.things SELECT i FROM generate_series(%d, %d) i"
                            .formatted(from, to));
        }

        @Override
        public boolean addColumn(String name) {
            database.execute(
                    "ALTER TABLE conformance.things ADD COLUMN %s text DEFAULT 'x'"
                            .formatted(name));
            return true;
        }

        @Override
        public void close() {
            database.execute("DROP SCHEMA conformance CASCADE");
        }
    }
}
