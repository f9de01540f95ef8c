package dev.tarn.state;

import static dev.tarn.model.ErrorCode.CATALOG_BUSY;
import static dev.tarn.model.ErrorCode.CATALOG_CORRUPT;
import static dev.tarn.model.ErrorCode.CATALOG_TOO_NEW;
import static dev.tarn.model.ErrorCode.CATALOG_UNAVAILABLE;
import static dev.tarn.model.ErrorCode.CONFIG_INVALID;
import static dev.tarn.model.ErrorCode.STORAGE_DENIED;
import static dev.tarn.model.ErrorCode.STORAGE_FULL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.TestClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file can do to the catalog. */
final class SqliteFailuresTest {
    private static final EntryKey KEY = EntryKey.position("a/b");

    @TempDir Path folder;
    private final TestClock clock = TestClock.at("2026-11-01T10:00:00Z");

    private Path file() {
        return folder.resolve("catalog.db");
    }

    private StateStore open() {
        return StateStore.open(StateConfig.Sqlite.in(folder), clock);
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static void write(Catalog catalog, String value) {
        catalog.commit(
                CommitRequest.of(
                        RefName.MAIN,
                        List.of(
                                Change.put(
                                        KEY,
                                        new Entry.Position(value),
                                        Change.Expected.anything())),
                        "test"));
    }

    private static void assertRefused(ErrorCode code, String text, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(TarnException.class)
                .hasMessage(text + " [" + code + "]");
    }

    @Test
    void theCatalogOutlivesTheProgramAndItsFolderIsMade() {
        StateConfig config = StateConfig.Sqlite.in(folder.resolve("new/deep folder #1 ü"));
        try (StateStore store = StateStore.open(config, clock)) {
            write(store.catalog(), "1");
        }
        try (StateStore store = StateStore.open(config, clock)) {
            assertThat(store.catalog().read(RefName.MAIN, AsOf.head()).find(KEY)).isPresent();
        }
    }

    @Test
    void aCatalogOfANewerProgramIsLeftAlone() throws SQLException {
        open().close();
        execute("INSERT INTO tarn_schema (form, applied_at) VALUES (99, 0)");

        assertRefused(
                CATALOG_TOO_NEW,
                ("The catalog %s has form 99, but this program knows forms up to %d: a newer Tarn has"
                                + " changed it. Use that newer Tarn. Nothing was changed.")
                        .formatted(file(), Migrator.KNOWN_FORM),
                this::open);
    }

    @Test
    void aFileThatIsNoDatabaseIsLeftAlone() throws Exception {
        String text = "These are not the rows you look for. ".repeat(100);
        Files.writeString(file(), text);

        assertRefused(
                CATALOG_CORRUPT,
                ("The catalog %s cannot be read: it is damaged, or no database at all. Put back a"
                                + " backup of it, or move it away to start an empty catalog.")
                        .formatted(file()),
                this::open);
        assertThat(file()).hasContent(text);
    }

    @Test
    void aDatabaseOfSomebodyElseIsLeftAlone() throws SQLException {
        execute("CREATE TABLE songs (title TEXT)");

        assertRefused(
                CATALOG_CORRUPT,
                ("%s is a database, but not a catalog of Tarn: it holds other tables. Choose another"
                                + " place for the catalog. Nothing was changed.")
                        .formatted(file()),
                this::open);
    }

    @Test
    void aFolderInItsPlaceIsTold() throws Exception {
        Files.createDirectory(file());
        assertRefused(
                STORAGE_DENIED,
                ("The catalog %s cannot be opened for reading and writing: it is a folder. Check that"
                                + " it and its folder are there and that you may write to them.")
                        .formatted(file()),
                this::open);
    }

    @Test
    void aFileInPlaceOfTheFolderIsTold() throws Exception {
        Path warehouse = Files.writeString(folder.resolve("warehouse"), "x");
        assertRefused(
                STORAGE_DENIED,
                ("The catalog %s/catalog.db cannot be opened for reading and writing: %s is not a"
                                + " folder. Check that it and its folder are there and that you may"
                                + " write to them.")
                        .formatted(warehouse, warehouse),
                () -> StateStore.open(StateConfig.Sqlite.in(warehouse), clock));
    }

    @Test
    void missingRightsAreTold() throws Exception {
        assumeFalse("root".equals(System.getProperty("user.name")), "root may do anything");
        Path warehouse = Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(warehouse, PosixFilePermissions.fromString("r-xr-xr-x"));

        assertRefused(
                STORAGE_DENIED,
                ("The catalog %s/catalog.db cannot be opened for reading and writing: it cannot be"
                                + " opened. Check that it and its folder are there and that you may"
                                + " write to them.")
                        .formatted(warehouse),
                () -> StateStore.open(StateConfig.Sqlite.in(warehouse), clock));
    }

    @Test
    void aPathThatSqliteWouldMisreadIsRefused() {
        Path odd = folder.resolve("what?mode=memory");
        assertRefused(
                CONFIG_INVALID,
                "The catalog cannot be at %s/catalog.db: its path must not contain a question mark."
                        .formatted(odd),
                () -> StateStore.open(StateConfig.Sqlite.in(odd), clock));
    }

    @Test
    void aWriterThatNeverLetsGoIsTold() throws SQLException {
        StateConfig impatient = new StateConfig.Sqlite(file(), Duration.ofMillis(50));
        try (StateStore store = StateStore.open(impatient, clock);
                Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            assertRefused(
                    CATALOG_BUSY,
                    ("Other writers held the catalog %s for more than 50 ms. Nothing was changed. Try"
                                    + " again, or look for a process that hangs.")
                            .formatted(file()),
                    () -> write(store.catalog(), "1"));
            assertThat(store.catalog().refs()).as("reading goes on").hasSize(1);
            statement.execute("ROLLBACK");
            write(store.catalog(), "2");
            assertThat(store.catalog().history(RefName.MAIN, 9)).hasSize(1);
        }
    }

    @Test
    void aFullDiskChangesNothing() throws SQLException {
        open().close();
        try (SqliteDatabase database = SqliteDatabase.open(StateConfig.Sqlite.in(folder))) {
            Catalog catalog = new SqlCatalog(database, clock);
            write(catalog, "before");
            limitSize(database);
            assertRefused(
                    STORAGE_FULL,
                    ("The disk of the catalog %s is full. Nothing was changed. Free some space and"
                                    + " try again.")
                            .formatted(file()),
                    () -> write(catalog, "x".repeat(1_000_000)));
            assertThat(catalog.history(RefName.MAIN, 9)).hasSize(1);
            write(catalog, "after");
            assertThat(catalog.history(RefName.MAIN, 9)).hasSize(2);
        }
    }

    /** Keeps the connection that the next write takes from growing the file. */
    private static void limitSize(SqliteDatabase database) {
        database.read(session ->
                session.query("PRAGMA max_page_count = 1", row -> row.number("max_page_count")));
    }

    @Test
    void aValueNobodyUnderstandsIsTold() throws SQLException {
        try (StateStore store = open()) {
            write(store.catalog(), "1");
            execute("UPDATE entries SET value = '{\"wormhole\": 1}'");
            assertRefused(
                    CATALOG_CORRUPT,
                    "The catalog holds a value of 'position a/b' that this program cannot read. Put"
                            + " back a backup of the catalog.",
                    () -> store.catalog().read(RefName.MAIN, AsOf.head()).find(KEY));
        }
    }

    @Test
    void aClosedStoreSaysSo() {
        StateStore store = open();
        store.close();
        assertRefused(
                CATALOG_UNAVAILABLE,
                "The catalog %s was closed.".formatted(file()),
                () -> store.catalog().refs());
    }

    @Test
    void everyWriteIsOnDiskWhenItReturns() throws SQLException {
        open().close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement();
                ResultSet mode = statement.executeQuery("PRAGMA journal_mode")) {
            assertThat(mode.getString(1)).isEqualTo("wal");
        }
        try (SqliteDatabase database = SqliteDatabase.open(StateConfig.Sqlite.in(folder))) {
            long full = 2;
            assertThat(
                            database.<List<Long>>read(s ->
                                    s.query("PRAGMA synchronous", r -> r.number("synchronous"))))
                    .containsExactly(full);
        }
    }
}
