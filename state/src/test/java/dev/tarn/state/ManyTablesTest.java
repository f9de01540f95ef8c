package dev.tarn.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.AsOf;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.table.TablePointer;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.TestClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A warehouse of ten thousand tables. */
final class ManyTablesTest {
    private static final int TABLES = 10_000;

    @TempDir Path folder;

    @Test
    void cuttingARefWritesOneRowHoweverManyTablesThereAre() throws SQLException {
        StateConfig.Sqlite config = StateConfig.Sqlite.in(folder);
        try (StateStore store = StateStore.open(config, TestClock.at("2026-11-01T10:00:00Z"))) {
            Catalog catalog = store.catalog();
            catalog.commit(CommitRequest.of(RefName.MAIN, tables(), "many"));
            Map<String, Long> before = rows(config.file());
            RefName dev = new RefName("dev");
            catalog.create(dev, Ref.Kind.BRANCH, RefName.MAIN, AsOf.head());
            Map<String, Long> after = rows(config.file());

            assertThat(before).containsEntry("entries", (long) TABLES);
            before.merge("refs", 1L, Long::sum);
            assertThat(after).isEqualTo(before);
            assertThat(catalog.read(dev, AsOf.head()).list(EntryKey.Kind.RELATION, ""))
                    .hasSize(TABLES);
            assertThat(catalog.changes(dev)).isEmpty();
            assertThat(catalog.changes(RefName.MAIN)).hasSize(TABLES);
        }
    }

    private static List<Change> tables() {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < TABLES; i++) {
            changes.add(
                    Change.put(
                            EntryKey.of(new TableName("many", "t" + i)),
                            new Entry.Table(new TablePointer("m" + i), Map.of()),
                            new Change.Expected.Absent()));
        }
        return changes;
    }

    private static Map<String, Long> rows(Path file) throws SQLException {
        Map<String, Long> rows = new TreeMap<>();
        List<String> tables = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            try (ResultSet names =
                    statement.executeQuery("SELECT name FROM sqlite_master WHERE type = 'table'")) {
                while (names.next()) {
                    tables.add(names.getString(1));
                }
            }
            for (String table : tables) {
                try (ResultSet count = statement.executeQuery("SELECT count(*) FROM " + table)) {
                    rows.put(table, count.getLong(1));
                }
            }
        }
        return rows;
    }
}
