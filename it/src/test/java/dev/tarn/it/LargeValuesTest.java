package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.jdbc.SourceDatabase;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Rows of fifty megabytes in a database: loaded, queried, and told by its log. */
@ExtendWith(SourceDatabase.Started.class)
final class LargeValuesTest {
    private static final String SLOT = "tarn_large";
    private static final int LENGTH = 50_000_000;

    private final SourceDatabase database;
    private LogWorkshop live;

    @TempDir Path folder;

    LargeValuesTest(SourceDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void begin() {
        live = new LogWorkshop(database, folder, SLOT);
        database.execute("CREATE TABLE live.t (id int PRIMARY KEY, n int, v text, b bytea)");
        large(1);
    }

    @AfterEach
    void end() {
        live.close();
        live.dropSlot();
        database.execute("DROP PUBLICATION IF EXISTS " + SLOT);
        database.execute("DROP SCHEMA IF EXISTS live CASCADE");
    }

    private void large(int id) {
        database.execute(
                "INSERT INTO live.t VALUES (%1$d, 0, repeat('%1$d', %2$d), convert_to(repeat('b', %2$d), 'UTF8')), (-%1$d, 0, 'small', NULL)"
                        .formatted(id, LENGTH));
    }

    private void assertSame() {
        live.assertSame("t", "id, n, length(v), octet_length(b), left(v, 3), right(v, 3)");
    }

    @Test
    void aTableIsLoaded() {
        live.shop()
                .put(
                        "models/sources.yml",
                        """
                        version: 2
                        sources:
                          - name: live
                            schema: bronze
                            tables:
                              - name: t
                                ingest: {connector: postgres, url: "%s", user: postgres, table: live.t, cursor: id}
                        """
                                .formatted(database.url()));
        live.shop().reopen();
        live.land();
        large(2);
        assertThat(
                        live.shop()
                                .tarn()
                                .ingest(
                                        Ledger.request(false),
                                        false,
                                        RunListener.SILENT,
                                        new Cancellation())
                                .problems())
                .isEmpty();

        assertThat(live.rows("select id, length(v), octet_length(b) from bronze.t order by id"))
                .contains("1|50000000|50000000", "2|50000000|50000000");
    }

    @Test
    void aLogTellsThem() {
        live.sources("user: postgres\nwrite: upsert", "t");
        live.land();
        assertSame();
        large(2);
        // The large values are not in the log of this one.
        database.execute("UPDATE live.t SET n = 1 WHERE id = 1");
        live.land();

        assertSame();
    }
}
