package dev.tarn.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A real PostgreSQL to read from, started by the first test class that asks for one and stopped
 * after the last.
 */
public final class SourceDatabase implements AutoCloseable {
    private final EmbeddedPostgres server;
    private final Path data;

    private SourceDatabase() {
        try {
            data = Files.createTempDirectory("tarn-source");
            server =
                    EmbeddedPostgres.builder()
                            .setDataDirectory(data)
                            .setServerConfig("fsync", "off")
                            .setServerConfig("wal_level", "logical")
                            .setServerConfig("max_replication_slots", "40")
                            .setServerConfig("max_wal_senders", "40")
                            .setLocaleConfig("encoding", "UTF8")
                            .start();
            Path rules = data.resolve("pg_hba.conf");
            Files.writeString(
                    rules, "host all locked all scram-sha-256\n" + Files.readString(rules));
            execute("CREATE ROLE locked LOGIN PASSWORD 'right-secret'");
            execute("SELECT pg_reload_conf()");
        } catch (IOException e) {
            throw new IllegalStateException("PostgreSQL did not start", e);
        }
    }

    /**
     * Ends the server as a crash would, and starts it again with the data that it has: all that was
     * committed, though it writes to its disk a little later than it says.
     */
    public void restart() {
        execute("CHECKPOINT");
        restart("immediate", options -> options);
    }

    /** Ends the server as somebody does who looks after it, and starts it again. */
    public void restartOrderly() {
        restart("fast", options -> options);
    }

    /**
     * Ends the server as somebody does who looks after it, and starts it again with other options.
     *
     * @param change makes them of those it was started with
     */
    public void restart(UnaryOperator<String> change) {
        restart("fast", change);
    }

    private void restart(String mode, UnaryOperator<String> change) {
        try {
            String[] line = Files.readString(data.resolve("postmaster.opts")).strip().split(" ", 2);
            List<String> command = new ArrayList<>();
            if ("root".equals(System.getProperty("user.name"))) {
                command.addAll(List.of("unshare", "-U"));
            }
            command.add(Path.of(line[0]).resolveSibling("pg_ctl").toString());
            command.addAll(List.of("restart", "-m", mode, "-w", "-D", data.toString()));
            command.addAll(List.of("-l", data.resolve("restart.log").toString()));
            command.addAll(List.of("-o", change.apply(line[1])));
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(data.resolve("pg_ctl.log").toFile())
                            .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(Files.readString(data.resolve("pg_ctl.log")));
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("PostgreSQL did not start again", e);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** As a source's settings say it. */
    public String url() {
        return url("postgres");
    }

    public String url(String database) {
        return "postgresql://localhost:" + port() + "/" + database;
    }

    public Connection connect() {
        try {
            return server.getPostgresDatabase().getConnection();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The rows of a query, each as text with '|' between the values. */
    public List<String> rows(String sql) {
        List<String> rows = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(result.getString(i));
                }
                rows.add(String.join("|", row));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
        return rows;
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
    public static final class Started implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == SourceDatabase.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(SourceDatabase.class))
                    .computeIfAbsent(
                            SourceDatabase.class, k -> new SourceDatabase(), SourceDatabase.class);
        }
    }
}
