package dev.tarn.it;

import dev.tarn.jdbc.SourceDatabase;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.extension.ExtendWith;

/** Somebody follows a PostgreSQL in which the catalog is, too: both go away and come back. */
@ExtendWith(SourceDatabase.Started.class)
final class CatalogRestartTest extends LogFollowContract {
    private final SourceDatabase database;

    CatalogRestartTest(SourceDatabase database) {
        super(new LiveDatabase.Postgres(database, "tarn_catalog_restart"), "postgres");
        this.database = database;
    }

    @Override
    String settings() throws IOException {
        database.execute("DROP DATABASE IF EXISTS tarn_catalog WITH (FORCE)");
        database.execute("CREATE DATABASE tarn_catalog");
        return """
               catalog:
                 url: %s
                 user: postgres
                 password: file:%s
               """
                .formatted(
                        database.url("tarn_catalog"),
                        Files.writeString(folder.resolve("password"), "none"));
    }

    @Override
    void endConnections() {
        database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <>"
                        + " pg_backend_pid() AND backend_type IN ('client backend', 'walsender')");
    }

    @Override
    void restart() {
        database.restart();
    }
}
