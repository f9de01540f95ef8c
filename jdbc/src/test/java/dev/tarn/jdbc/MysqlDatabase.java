package dev.tarn.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A real MariaDB or MySQL to read from, with a binary log, started by the first test class that
 * asks for one and stopped after the last. Where it cannot be started, its tests say why and skip.
 */
public final class MysqlDatabase implements AutoCloseable {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(600);

    private final Kind kind;
    private final Path folder;
    private final Path home;
    private final int port;
    private @Nullable Process process;

    /** The servers that there are. */
    public enum Kind {
        MARIADB,
        MYSQL
    }

    /** Says of a test class which server it wants. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    public @interface Of {
        Kind value();
    }

    private MysqlDatabase(Kind kind) throws IOException {
        this.kind = kind;
        folder = Files.createTempDirectory("tarn-" + kind);
        home = folder.resolve("home");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ServerFiles.unpack(kind, home);
        Files.createDirectories(folder.resolve("data"));
        if (kind == Kind.MARIADB) {
            run(ServerFiles.mariadbTables(home), "--bootstrap", "--skip-networking");
        } else {
            run(null, "--initialize-insecure");
        }
        start();
        execute("CREATE USER 'locked'@'%' IDENTIFIED " + password("right-secret"));
    }

    public Kind kind() {
        return kind;
    }

    /** What stands behind IDENTIFIED so that every driver can send it. */
    public String password(String secret) {
        return kind == Kind.MARIADB
                ? "BY '" + secret + "'"
                : "WITH mysql_native_password BY '" + secret + "'";
    }

    private List<String> command(String... further) {
        List<String> command = new ArrayList<>();
        command.add(home.resolve(kind == Kind.MARIADB ? "bin/mariadbd" : "bin/mysqld").toString());
        command.addAll(
                List.of(
                        "--no-defaults",
                        "--user=root",
                        "--basedir=" + home,
                        "--lc-messages-dir=" + home.resolve("share"),
                        "--datadir=" + folder.resolve("data"),
                        "--innodb-buffer-pool-size=32M",
                        "--innodb-log-file-size=16M",
                        "--innodb-flush-log-at-trx-commit=2",
                        "--character-set-server=utf8mb4",
                        "--innodb-flush-method=nosync",
                        "--sync-binlog=0",
                        "--performance-schema=OFF"));
        command.addAll(List.of(further));
        return command;
    }

    private void run(@Nullable Path input, String... further) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(further)).redirectErrorStream(true);
        if (input != null) {
            builder.redirectInput(input.toFile());
        }
        Path log = folder.resolve("first.log");
        Process first = builder.redirectOutput(log.toFile()).start();
        try {
            if (!first.waitFor(600, TimeUnit.SECONDS) || first.exitValue() != 0) {
                first.destroyForcibly();
                throw new IOException(last(log));
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Starts the server with the data that it has. */
    public void start(String... further) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "--port=" + port,
                                "--bind-address=127.0.0.1",
                                "--socket=" + folder.resolve("s"),
                                "--pid-file=" + folder.resolve("pid"),
                                "--server-id=7",
                                "--log-bin=binlog",
                                "--binlog-format=ROW",
                                "--binlog-row-image=FULL",
                                "--binlog-row-metadata=FULL",
                                "--max-connections=200"));
        if (kind == Kind.MYSQL) {
            all.add("--mysqlx=OFF");
        }
        all.addAll(List.of(further));
        Path log = folder.resolve("server.log");
        try {
            Process started =
                    new ProcessBuilder(command(all.toArray(String[]::new)))
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            process = started;
            Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
            await(started, log);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void await(Process started, Path log) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        while (true) {
            try (Connection connection = DriverManager.getConnection(jdbc())) {
                if (connection.isValid(10)) {
                    return;
                }
            } catch (SQLException notYet) {
                if (!started.isAlive() || System.nanoTime() - begun > PATIENCE) {
                    started.destroyForcibly();
                    throw new IOException(last(log), notYet);
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private static String last(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return lines.isEmpty() ? "no reason" : lines.getLast();
    }

    /** Ends the server as a power cut would. */
    public void stop() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().onExit().join();
            process = null;
        }
    }

    public int port() {
        return port;
    }

    private String jdbc() {
        return "jdbc:mariadb://127.0.0.1:"
                + port
                + "/?user=root&allowMultiQueries=true&sslMode=disable&jdbcCompliantTruncation=false"
                + "&sessionVariables=time_zone='+00:00'";
    }

    /** As a source's settings say it. */
    public String url() {
        return url(port);
    }

    /** The same through something else that listens. */
    public String url(int other) {
        return name() + "://127.0.0.1:" + other + "/";
    }

    /** The connector. */
    public String name() {
        return kind == Kind.MARIADB ? "mariadb" : "mysql";
    }

    public Connection connect() {
        try {
            return DriverManager.getConnection(jdbc());
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
    public void close() throws IOException {
        stop();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Hands the server to constructors that ask for it. */
    public static final class Started implements ParameterResolver, ExecutionCondition {
        /** The server, or why there is none. */
        private record Attempt(@Nullable MysqlDatabase server, String reason)
                implements AutoCloseable {
            static Attempt of(Kind kind) {
                try {
                    return new Attempt(new MysqlDatabase(kind), "");
                } catch (IOException | IllegalStateException e) {
                    String reason =
                            "No tests with %s here: %s"
                                    .formatted(kind, String.valueOf(e.getMessage()));
                    System.out.println(reason);
                    return new Attempt(null, reason);
                }
            }

            @Override
            public void close() throws IOException {
                if (server != null) {
                    server.close();
                }
            }
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == MysqlDatabase.class;
        }

        private static Attempt attempt(ExtensionContext context) {
            Kind kind = context.getRequiredTestClass().getAnnotation(Of.class).value();
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(MysqlDatabase.class))
                    .computeIfAbsent(kind, Attempt::of, Attempt.class);
        }

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            Attempt attempt = attempt(context);
            return attempt.server() == null
                    ? ConditionEvaluationResult.disabled(attempt.reason())
                    : ConditionEvaluationResult.enabled("");
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return Objects.requireNonNull(attempt(context).server(), "A condition was not asked");
        }
    }

    /** Copies a stream to a file. */
    static void copy(InputStream in, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (OutputStream out = Files.newOutputStream(to)) {
            in.transferTo(out);
        }
    }
}
