package dev.tarn.state;

import static dev.tarn.model.ErrorCode.CATALOG_BUSY;
import static dev.tarn.model.ErrorCode.CATALOG_CORRUPT;
import static dev.tarn.model.ErrorCode.CATALOG_TOO_NEW;
import static dev.tarn.model.ErrorCode.CATALOG_UNAVAILABLE;
import static dev.tarn.model.ErrorCode.COMMIT_OUTCOME_UNKNOWN;
import static dev.tarn.model.ErrorCode.CONFIG_INVALID;
import static dev.tarn.model.ErrorCode.STORAGE_DENIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.spi.TestClock;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a server can do to the catalog. */
@ExtendWith(PostgresServer.Started.class)
final class PostgresFailuresTest {
    private static final CommitRequest EMPTY = CommitRequest.of(RefName.MAIN, List.of(), "test");

    private final TestClock clock = TestClock.at("2026-11-01T10:00:00Z");
    private final PostgresServer server;

    PostgresFailuresTest(PostgresServer server) {
        this.server = server;
    }

    private StateStore open(StateConfig config) {
        return StateStore.open(config, clock);
    }

    private static void assertRefused(ErrorCode code, String text, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(TarnException.class)
                .hasMessage(text + " [" + code + "]");
    }

    private String place() {
        return "localhost:" + server.port() + "/postgres";
    }

    @Test
    void theCatalogOutlivesTheProgram() {
        StateConfig config = server.emptyCatalog();
        try (StateStore store = open(config)) {
            store.catalog().commit(EMPTY);
        }
        try (StateStore store = open(config)) {
            assertThat(store.catalog().history(RefName.MAIN, 9)).hasSize(1);
        }
    }

    @Test
    void programsThatStartTogetherMakeOneCatalog() throws Exception {
        StateConfig config = server.emptyCatalog();
        Callable<Long> start =
                () -> {
                    try (StateStore store = open(config)) {
                        store.catalog().commit(EMPTY);
                        return store.catalog().ref(RefName.MAIN).head().value();
                    }
                };
        try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
            for (Future<Long> head : pool.invokeAll(List.of(start, start, start))) {
                assertThat(head.get()).isBetween(1L, 3L);
            }
        }
        try (StateStore store = open(config)) {
            assertThat(store.catalog().history(RefName.MAIN, 9)).hasSize(3);
        }
    }

    @Test
    void aServerThatIsNotThereIsTold() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        StateConfig config =
                StateConfig.Postgres.at(
                        "jdbc:postgresql://localhost:" + port + "/lake", "me", () -> "hush");
        assertRefused(
                CATALOG_UNAVAILABLE,
                ("The catalog localhost:%1$d/lake does not answer: Connection to localhost:%1$d"
                                + " refused. Check that the hostname and port are correct and that"
                                + " the postmaster is accepting TCP/IP connections. Check that its"
                                + " server runs and can be reached from here.")
                        .formatted(port),
                () -> open(config));
    }

    @Test
    void aWrongPasswordIsToldButNotShown() {
        StateConfig wrong = StateConfig.Postgres.at(server.url(), "locked", () -> "wrong-secret");
        assertThatThrownBy(() -> open(wrong))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        ("The catalog %s refused the user 'locked'. Check the name, the password and"
                                        + " the rights of that user. [%s]")
                                .formatted(place(), STORAGE_DENIED))
                .satisfies(e ->
                        assertThat(Throwables.getStackTrace(e)).doesNotContain("wrong-secret"));
        assertThat(wrong.toString()).doesNotContain("secret");
    }

    @Test
    void aUserWithoutRightsIsTold() {
        assertRefused(
                STORAGE_DENIED,
                "The catalog %s refused the user 'locked'. Check the name, the password and the"
                                .formatted(place())
                        + " rights of that user.",
                () -> open(StateConfig.Postgres.at(server.url(), "locked", () -> "right-secret")));
    }

    @Test
    void aMissingDatabaseIsTold() {
        assertRefused(
                CONFIG_INVALID,
                ("The catalog localhost:%d/nowhere cannot be opened: the server has no such database."
                                + " Create it, or correct its name.")
                        .formatted(server.port()),
                () ->
                        open(
                                StateConfig.Postgres.at(
                                        "jdbc:postgresql://localhost:" + server.port() + "/nowhere",
                                        "postgres",
                                        () -> "")));
    }

    @Test
    void aUrlWithASecretIsRefusedWithoutShowingIt() {
        String fix =
                " Write it as jdbc:postgresql://host:port/database, and set user and password on"
                        + " their own.";
        assertRefused(
                CONFIG_INVALID,
                "The URL of the catalog cannot be used: it holds a password." + fix,
                () ->
                        open(
                                StateConfig.Postgres.at(
                                        server.url() + "?password=hush", "me", () -> "")));
        assertRefused(
                CONFIG_INVALID,
                "The URL of the catalog cannot be used: it is not the URL of a PostgreSQL database."
                        + fix,
                () -> open(StateConfig.Postgres.at("mysql://hush@x", "me", () -> "")));
    }

    @Test
    void aCatalogOfANewerProgramIsLeftAlone() throws Exception {
        StateConfig.Postgres config = server.emptyCatalog();
        open(config).close();
        server.execute(
                "INSERT INTO \"%s\".tarn_schema (form, applied_at) VALUES (99, 0)"
                        .formatted(config.schema()));
        assertRefused(
                CATALOG_TOO_NEW,
                ("The catalog %s has form 99, but this program knows forms up to %d: a newer Tarn has"
                                + " changed it. Use that newer Tarn. Nothing was changed.")
                        .formatted(place(), Migrator.KNOWN_FORM),
                () -> open(config));
    }

    @Test
    void aSchemaOfSomebodyElseIsLeftAlone() throws Exception {
        StateConfig.Postgres config = server.emptyCatalog();
        server.execute("CREATE SCHEMA \"%s\"".formatted(config.schema()));
        server.execute("CREATE TABLE \"%s\".songs (title TEXT)".formatted(config.schema()));
        assertRefused(
                CATALOG_CORRUPT,
                ("%s is a database, but not a catalog of Tarn: it holds other tables. Choose another"
                                + " place for the catalog. Nothing was changed.")
                        .formatted(place()),
                () -> open(config));
    }

    @Test
    void aWriterThatNeverLetsGoIsTold() throws Exception {
        StateConfig.Postgres config = server.emptyCatalog().withLockTimeout(Duration.ofMillis(300));
        try (StateStore store = open(config);
                Connection other = server.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("UPDATE \"%s\".counters SET ref = ref".formatted(config.schema()));
            assertRefused(
                    CATALOG_BUSY,
                    ("Other writers held the catalog %s for more than 300 ms. Nothing was changed."
                                    + " Try again, or look for a process that hangs.")
                            .formatted(place()),
                    () -> store.catalog().commit(EMPTY));
            other.rollback();
            store.catalog().commit(EMPTY);
            assertThat(store.catalog().history(RefName.MAIN, 9)).hasSize(1);
        }
    }

    @Test
    void aConnectionThatBreaksWhileCommittingLeavesTheOutcomeOpen() throws Exception {
        StateConfig.Postgres config = server.emptyCatalog();
        open(config).close();
        try (BreakingProxy proxy = new BreakingProxy(server.port());
                StateStore store =
                        open(
                                StateConfig.Postgres.at(
                                                "jdbc:postgresql://localhost:%d/postgres?sslmode=disable"
                                                        .formatted(proxy.port()),
                                                "postgres",
                                                () -> "")
                                        .withSchema(config.schema()))) {
            proxy.breakAtNextCommit();
            assertRefused(
                    COMMIT_OUTCOME_UNKNOWN,
                    ("The connection to the catalog localhost:%d/postgres broke while committing: the"
                                    + " changes may be there or not. Keep all files they refer to, and"
                                    + " look at the ref's newest publication before trying again.")
                            .formatted(proxy.port()),
                    () -> store.catalog().commit(EMPTY));
            store.catalog().commit(EMPTY);
        }
        try (StateStore store = open(config)) {
            assertThat(store.catalog().history(RefName.MAIN, 9).size()).isBetween(1, 2);
        }
    }
}
