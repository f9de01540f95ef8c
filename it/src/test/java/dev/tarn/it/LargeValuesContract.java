package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of fifty megabytes in a database: loaded, queried, and told by its log. */
abstract class LargeValuesContract {
    private static final int LENGTH = 50_000_000;

    private final LiveDatabase database;
    private final String user;
    private final int bytes;
    private LogWorkshop live;

    @TempDir Path folder;

    /**
     * @param bytes that a row has beside its large text
     */
    LargeValuesContract(LiveDatabase database, String user, int bytes) {
        this.database = database;
        this.user = user;
        this.bytes = bytes;
    }

    /** The type of a text of any length, and of so many bytes. */
    abstract String types();

    /** Bytes of a text, in SQL. */
    abstract String bytes(String text);

    /** Lets the server take such rows. */
    void allow() {}

    /** Lets it take none any more. */
    void forbid() {}

    @BeforeEach
    void begin() {
        live = new LogWorkshop(database, folder);
        database.execute("CREATE TABLE live.t (id int PRIMARY KEY, n int, " + types() + ")");
        large(1);
    }

    @AfterEach
    void end() {
        live.close();
        live.dropSlot();
        database.begin();
    }

    private void large(int id) {
        allow();
        String text = "repeat('%d', %d)".formatted(id, LENGTH);
        database.execute(
                "INSERT INTO live.t VALUES (%d, 0, %s, %s), (-%d, 0, 'small', NULL)"
                        .formatted(id, text, bytes("repeat('b', %d)".formatted(bytes)), id));
        forbid();
    }

    private void assertSame() {
        live.assertSame("t", "id, n, length(v), octet_length(b), left(v, 3), right(v, 3)");
    }

    /** The table is read by its cursor. */
    void byCursor() {
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
                                ingest: {connector: %s, url: "%s", user: %s, table: live.t, cursor: id}
                        """
                                .formatted(database.connector(), database.url(), user));
        live.shop().reopen();
    }

    @Test
    void aTableIsLoaded() {
        byCursor();
        live.land();
        large(2);
        live.land();

        assertThat(live.rows("select id, length(v), octet_length(b) from bronze.t order by id"))
                .contains("1|50000000|" + bytes, "2|50000000|" + bytes);
    }

    @Test
    void aLogTellsThem() {
        live.sources("user: " + user + "\nwrite: upsert", "t");
        live.land();
        assertSame();
        large(2);
        // PostgreSQL's log does not have the large values of this one.
        database.execute("UPDATE live.t SET n = 1 WHERE id = 1");
        live.land();

        assertSame();
    }
}
