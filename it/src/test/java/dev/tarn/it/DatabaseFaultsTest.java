package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.jdbc.SourceDatabase;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong between Tarn and a PostgreSQL, and what is said about it. */
@ExtendWith(SourceDatabase.Started.class)
final class DatabaseFaultsTest {
    private final SourceDatabase database;
    private Workshop shop;

    @TempDir Path folder;

    DatabaseFaultsTest(SourceDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void begin() {
        shop = new Workshop(folder);
        database.execute("DROP SCHEMA IF EXISTS faulty CASCADE");
        database.execute("CREATE SCHEMA faulty");
        database.execute("CREATE TABLE faulty.t (id bigint PRIMARY KEY, v text)");
        database.execute(
                "INSERT INTO faulty.t SELECT i, repeat('x', 100) FROM generate_series(1, 20000) i");
    }

    @AfterEach
    void end() {
        shop.tarn().close();
    }

    private void source(String url, String settings) {
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: faulty
                    schema: bronze
                    tables:
                      - name: t
                        ingest: {connector: postgres, url: "%s", table: faulty.t, %s}
                """
                        .formatted(url, settings));
        shop.reopen();
    }

    private RunReport ingest(boolean full) {
        shop.reopen();
        return shop.tarn()
                .ingest(
                        new BuildRequest(
                                "ingest",
                                EnumSet.of(NodeKind.SOURCE),
                                List.of(),
                                List.of(),
                                RefName.MAIN,
                                full,
                                false,
                                Optional.empty()),
                        false,
                        RunListener.SILENT,
                        new Cancellation());
    }

    private Problem problem() {
        try {
            return ingest(false).problems().getFirst();
        } catch (TarnException e) {
            return e.problems().getFirst();
        }
    }

    private long rows() {
        return Long.parseLong(shop.rows("select count(*) from bronze.t", "main").getFirst());
    }

    @Test
    void aServerThatIsDownIsSaidToBeUnavailable() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        source("postgresql://localhost:" + port + "/postgres", "user: postgres");

        Problem problem = problem();

        assertThat(problem.code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
        assertThat(problem.toString())
                .startsWith("models/sources.yml:7:17: postgresql://localhost:" + port)
                .endsWith("Nothing is lost; try again when it is back. [SOURCE_UNAVAILABLE]");
    }

    @Test
    void aWrongPasswordIsDeniedAndNotRepeated() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "wrong-secret");
        source(database.url(), "user: locked, password: \"file:" + secret + "\"");

        assertThat(problem().toString())
                .isEqualTo(
                        ("models/sources.yml:7:17: postgresql://localhost:%d/postgres refuses locked:"
                                        + " password authentication failed for user \"locked\"."
                                        + " Check user, password and rights. [SOURCE_DENIED]")
                                .formatted(database.port()));
    }

    @Test
    void aTableThatMayNotBeReadIsDenied() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "right-secret");
        source(database.url(), "user: locked, password: \"file:" + secret + "\"");

        assertThat(problem().code()).isEqualTo(ErrorCode.SOURCE_DENIED);
    }

    @Test
    void settingsThatCannotBeAreToldTogether() {
        source(
                "postgresql://me:secret@localhost/x",
                "query: select 1, lag: 5 minutes, cursor: id, write: append");

        assertThat(ingestProblems())
                .containsExactly(
                        "models/sources.yml:7:17: The 'url' must not hold user or password. Give"
                                + " them as 'user' and 'password', the password as env:NAME or"
                                + " file:PATH. [CONFIG_INVALID]",
                        "models/sources.yml:7:17: Say either 'table' or 'query', not both."
                                + " [CONFIG_INVALID]",
                        "models/sources.yml:7:17: With a 'lag' rows are read more than once, and"
                                + " appending would double them. Name the 'key' of a row."
                                + " [CONFIG_INVALID]");
    }

    @Test
    void aPasswordInPlainAndAnUnknownSettingAreRefused() {
        source(database.url(), "user: me, password: plain, tabel: x");

        assertThat(ingestProblems())
                .containsExactly(
                        "models/sources.yml:7:17: 'password' is a secret and must be a reference:"
                                + " env:NAME or file:PATH. [CONFIG_INVALID]",
                        "models/sources.yml:7:17: The connector 'postgres' has no setting 'tabel'."
                                + " Did you mean 'table'? It has: driver, driver_class,"
                                + " impossible_values, log_budget, parallel, password, publication,"
                                + " query, refresh, signals, slot, table, timeout, url, user. [UNKNOWN_KEY]");
    }

    private List<String> ingestProblems() {
        try {
            return ingest(false).problems().stream().map(Problem::toString).toList();
        } catch (TarnException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }

    @Test
    void aTableThatWasMadeAnewIsNotMixedWithTheOld() {
        source(database.url(), "user: postgres, cursor: id");
        assertThat(ingest(false).problems()).isEmpty();
        database.execute("DROP TABLE faulty.t");
        database.execute("CREATE TABLE faulty.t (id bigint PRIMARY KEY, v text)");
        database.execute("INSERT INTO faulty.t VALUES (1, 'new')");

        Problem problem = problem();

        assertThat(problem.code()).isEqualTo(ErrorCode.SOURCE_GONE);
        assertThat(problem.toString())
                .contains("faulty.t at postgresql://localhost")
                .contains("was dropped and made again since it was read last")
                .contains("`tarn ingest --full --select source:NAME` loads it anew");
        assertThat(rows()).isEqualTo(20_000);
        assertThat(ingest(true).problems()).isEmpty();
        assertThat(shop.rows("select id, v from bronze.t", "main")).containsExactly("1|new");
    }

    @Test
    void aTableThatIsGoneCannotBeRead() {
        source(database.url(), "user: postgres");
        database.execute("DROP TABLE faulty.t");

        assertThat(problem().toString())
                .isEqualTo(
                        ("models/sources.yml:7:17: faulty.t at postgresql://localhost:%d/postgres"
                                        + " cannot be read: relation \"faulty.t\" does not exist."
                                        + " [SOURCE_UNREADABLE]")
                                .formatted(database.port()));
    }

    @Test
    void aLoadThatIsCutGoesOnWhereItWas() throws Exception {
        try (CutNetwork network = new CutNetwork(database.port())) {
            network.cutAfter(1_500_000);
            source(
                    "postgresql://localhost:" + network.port() + "/postgres",
                    "user: postgres, parallel: 1, flush: {rows: 4000}");

            assertThat(problem().code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
            long gathered =
                    Long.parseLong(
                            shop.rows("select count(*) from bronze.t__loading", "main").getFirst());
            assertThat(gathered).isBetween(4_000L, 16_000L);
            network.cutAfter(Long.MAX_VALUE);

            assertThat(ingest(false).problems()).isEmpty();
        }
        assertThat(shop.rows("select count(*), count(distinct id) from bronze.t", "main"))
                .containsExactly("20000|20000");
    }

    private void large() {
        database.execute("CREATE TABLE faulty.large (id bigint PRIMARY KEY, v text)");
        database.execute(
                "INSERT INTO faulty.large SELECT i, (SELECT string_agg(md5((i * j)::text), '') FROM generate_series(1, 32) j) FROM generate_series(1, 20000) i");
        database.execute("DROP TABLE faulty.t");
        database.execute("ALTER TABLE faulty.large RENAME TO t");
    }

    private void assertEachOnce() {
        assertThat(shop.rows("select count(*), count(distinct id) from bronze.t", "main"))
                .containsExactly("20000|20000");
    }

    @Test
    void aTableLandsOnceWhenAFullDiskHasRoomAgain() throws Exception {
        large();
        Path house = Files.createDirectories(folder.resolve("house"));
        String refusal = Shell.run("mount", "-t", "tmpfs", "-o", "size=36m", "tmpfs", "" + house);
        Assumptions.assumeTrue(refusal.isEmpty(), refusal);
        try {
            shop.put("tarn.yml", "warehouse: " + house + "\n");
            source(database.url(), "user: postgres, parallel: 1, flush: {rows: 2000}");
            Path filler = house.resolve("filler");
            Files.write(filler, new byte[30 << 20]);

            assertThat(problem().code()).isEqualTo(ErrorCode.STORAGE_FULL);
            Files.delete(filler);
            assertThat(ingest(false).problems()).isEmpty();
            assertEachOnce();
        } finally {
            shop.close();
            var unused = Shell.run("umount", house.toString());
            shop = new Workshop(folder.resolve("other"));
        }
    }
}
