package dev.tarn.jdbc;

import dev.tarn.spi.Connector;
import dev.tarn.spi.ConnectorContract;
import dev.tarn.spi.ConnectorRig;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A table of MariaDB with a growing number does what every source has to do. */
@ExtendWith(MysqlDatabase.Started.class)
@MysqlDatabase.Of(MysqlDatabase.Kind.MARIADB)
final class MariadbConformanceTest extends ConnectorContract {
    private final MysqlDatabase database;

    @TempDir Path folder;

    MariadbConformanceTest(MysqlDatabase database) {
        this.database = database;
    }

    @Override
    protected ConnectorRig rig() {
        database.execute("DROP DATABASE IF EXISTS conformance; CREATE DATABASE conformance");
        database.execute("CREATE TABLE conformance.things (id bigint PRIMARY KEY, word text)");
        return new Rig(database, folder);
    }

    /** The table. */
    private record Rig(MysqlDatabase database, Path folder) implements ConnectorRig {
        @Override
        public Connector connector() {
            return JdbcConnector.all().stream()
                    .filter(c -> c.name().equals("mariadb"))
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public Connector.Request request() {
            return ConnectorRig.request(
                    "mariadb",
                    Map.of("url", database.url(), "user", "root", "table", "conformance.things"),
                    Optional.of("id"),
                    folder);
        }

        @Override
        public void add(int from, int to) {
            StringBuilder rows = new StringBuilder();
            for (int i = from; i <= to; i++) {
                rows.append(i == from ? "" : ", ").append('(').append(i).append(')');
            }
            database.execute("INSERT INTO conformance.things (id) VALUES " + rows);
        }

        @Override
        public boolean addColumn(String name) {
            database.execute(
                    "ALTER TABLE conformance.things ADD COLUMN %s varchar(9) DEFAULT 'x'"
                            .formatted(name));
            return true;
        }

        @Override
        public void close() {
            database.execute("DROP DATABASE conformance");
        }
    }
}
