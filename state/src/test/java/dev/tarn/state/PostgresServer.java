package dev.tarn.state;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A real PostgreSQL from its Maven artifact, started by the first test class that asks for one and
 * stopped after the last. Every catalog in it has a schema of its own.
 */
public final class PostgresServer implements AutoCloseable {
    private final EmbeddedPostgres server;
    private final AtomicInteger schemas = new AtomicInteger();

    private PostgresServer() {
        try {
            Path data = Files.createTempDirectory("tarn-postgres");
            server =
                    EmbeddedPostgres.builder()
                            .setDataDirectory(data)
                            .setServerConfig("fsync", "off")
                            .setLocaleConfig("encoding", "UTF8")
                            .start();
            lockUser(data.resolve("pg_hba.conf"));
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("PostgreSQL did not start", e);
        }
    }

    /** Starts one that the caller closes. */
    public static PostgresServer start() {
        return new PostgresServer();
    }

    /** Makes an empty database; returns its location as a setting says it. */
    public String createDatabase(String name) throws SQLException {
        execute("CREATE DATABASE " + name);
        return "postgresql://localhost:" + port() + "/" + name;
    }

    /** Makes a user who needs a password; the others need none. */
    private void lockUser(Path rules) throws IOException, SQLException {
        Files.writeString(rules, "host all locked all scram-sha-256\n" + Files.readString(rules));
        execute("CREATE ROLE locked LOGIN PASSWORD 'right-secret'");
        execute("SELECT pg_reload_conf()");
    }

    StateConfig.Postgres emptyCatalog() {
        return StateConfig.Postgres.at(url(), "postgres", () -> "unused")
                .withSchema("catalog " + schemas.incrementAndGet());
    }

    int port() {
        return server.getPort();
    }

    String url() {
        return "jdbc:postgresql://localhost:" + port() + "/postgres";
    }

    Connection connect() throws SQLException {
        return server.getPostgresDatabase().getConnection();
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hands the server to constructors that ask for it. */
    static final class Started implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == PostgresServer.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(PostgresServer.class))
                    .computeIfAbsent(
                            PostgresServer.class, k -> new PostgresServer(), PostgresServer.class);
        }
    }
}
