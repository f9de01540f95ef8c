package dev.tarn.duckdb;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/**
 * DuckDB in this process: one database in memory whose memory and threads all sessions share. Each
 * session has a connection and a database of its own attached for its relations.
 */
public final class DuckDbEngine implements Engine {
    private static final Set<String> SESSION_SETTINGS =
            Set.of(
                    "calendar",
                    "default_collation",
                    "default_null_order",
                    "default_order",
                    "disable_timestamptz_casts",
                    "error_on_division_by_zero",
                    "ieee_floating_point_ops",
                    "integer_division",
                    "null_order",
                    "order_by_non_integer_literal",
                    "pivot_filter_threshold",
                    "pivot_limit",
                    "regex_match_operator_semantics",
                    "scalar_subquery_error_on_multiple_rows",
                    "timezone",
                    "variable");

    private final DuckDbConfig config;
    private final DuckDBConnection root;
    private final ScheduledExecutorService timer;
    private final DeletedRowsFunction deletedRows;
    private final Workspaces workspaces;
    private final AtomicBoolean closed = new AtomicBoolean();

    private DuckDbEngine(DuckDbConfig config, DuckDBConnection root) throws SQLException {
        this.config = config;
        this.root = root;
        this.timer = timer();
        this.deletedRows = DeletedRowsFunction.register(root);
        AllowedFunctions allowed = AllowedFunctions.read();
        this.workspaces =
                new Workspaces(
                        new Workspace.Shared(
                                root,
                                timer,
                                new WideStatements(root),
                                new Reading(
                                        deletedRows,
                                        new FileShapes(),
                                        new EmptyFile(config.spillDirectory()),
                                        FeedFunction.register(root),
                                        LoadFunction.register(root, config.memoryLimitBytes())),
                                new StatementReader(),
                                new AccessCheck(allowed),
                                new PlanCheck(allowed)));
        BucketFunctions.register(root);
    }

    /** Forgets an alarm with the statement it was for, and not when it would have gone off. */
    private static ScheduledExecutorService timer() {
        ScheduledThreadPoolExecutor timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("tarn-duckdb-timeout").factory());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /**
     * Starts an engine.
     *
     * @throws TarnException {@code CONFIG_INVALID} when the database refuses a setting, {@code
     *     STORAGE_FAILED} when the spill directory cannot be made
     */
    public static DuckDbEngine open(DuckDbConfig config) {
        try {
            Files.createDirectories(config.spillDirectory());
        } catch (IOException e) {
            throw EngineErrors.spillDirectory(config.spillDirectory(), e);
        }
        Properties settings = new Properties();
        settings.setProperty("threads", Integer.toString(config.threads()));
        settings.setProperty("memory_limit", config.memoryLimitBytes() + "B");
        settings.setProperty("temp_directory", config.spillDirectory().toAbsolutePath().toString());
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        settings.setProperty("allow_community_extensions", "false");
        try {
            DuckDBConnection root =
                    (DuckDBConnection) new DuckDBDriver().connect("jdbc:duckdb:", settings);
            try (Statement statement = root.createStatement()) {
                statement.execute("SET GLOBAL TimeZone = 'UTC'");
                statement.execute("SET GLOBAL errors_as_json = true");
                // Each reader of a table binds its files again, in a view and in the statement.
                statement.execute("SET GLOBAL parquet_metadata_cache = true");
                if (config.home().isPresent()) {
                    statement.execute(
                            "SET GLOBAL file_search_path = "
                                    + Sql.literal(config.home().get().toAbsolutePath() + ""));
                }
                if (!config.allowedDirectories().isEmpty()) {
                    statement.execute("SET GLOBAL allowed_directories = " + folders(config));
                    statement.execute("SET GLOBAL enable_external_access = false");
                }
            }
            return new DuckDbEngine(config, root);
        } catch (SQLException e) {
            throw new TarnException(
                    ErrorCode.CONFIG_INVALID,
                    "DuckDB did not start: " + RawError.of(e).message(),
                    e);
        }
    }

    private static String folders(DuckDbConfig config) {
        return java.util.stream.Stream.concat(
                        config.allowedDirectories().stream(),
                        java.util.stream.Stream.of(config.spillDirectory()))
                .map(p -> Sql.literal(p.toAbsolutePath() + "/"))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    @Override
    public String name() {
        return "duckdb";
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(true, true, true);
    }

    @Override
    public Set<String> sessionSettings() {
        return SESSION_SETTINGS;
    }

    @Override
    public EngineSession open(SessionOptions options) {
        if (closed.get()) {
            throw new IllegalStateException("The engine is closed");
        }
        return workspaces.session(
                options.timeout().orElse(config.queryTimeout()), options.readOnly());
    }

    /** How many workspaces wait for a session. */
    int idle() {
        return workspaces.idle();
    }

    /** How many scans there are whose files have deleted rows. */
    int scansWithDeletedRows() {
        return deletedRows.scans();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            workspaces.close();
            timer.shutdownNow();
            try {
                root.close();
            } catch (SQLException e) {
                throw EngineErrors.internal(RawError.of(e), e);
            }
        }
    }
}
