package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.alert.AlertDesk;
import dev.tarn.jdbc.SourceDatabase;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.alert.Alert;
import dev.tarn.model.run.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong while the log of a PostgreSQL is read, and what is said about it. */
@ExtendWith(SourceDatabase.Started.class)
final class DatabaseLogFaultsTest {
    private static final String SLOT = "tarn_log_faults";
    private static final String UPSERT = "user: postgres\nwrite: upsert";
    private static final String PLACE = "models/sources.yml:14:17: ";

    private final SourceDatabase database;
    private LogWorkshop live;

    @TempDir Path folder;

    DatabaseLogFaultsTest(SourceDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void begin() {
        live = new LogWorkshop(database, folder, SLOT);
        database.execute("CREATE TABLE live.t (id int PRIMARY KEY, v text)");
        database.execute("INSERT INTO live.t SELECT i, 'v' || i FROM generate_series(1, 100) i");
    }

    @AfterEach
    void end() {
        live.close();
        live.dropSlot();
        database.execute("DROP PUBLICATION IF EXISTS " + SLOT);
        database.execute("DROP SCHEMA IF EXISTS live CASCADE");
    }

    private String server() {
        return database.url();
    }

    private void loseSlot() {
        live.close();
        live.dropSlot();
        live.shop().reopen();
    }

    @Test
    void aSlotThatIsGoneIsSaidToBeWithWhatIsLostAndTheTableCanBeReadAgain() {
        live.sources(UPSERT, "t");
        live.land();
        loseSlot();
        database.execute("UPDATE live.t SET v = 'lost' WHERE id = 1");

        Problem problem = live.problem();

        assertThat(problem.code()).isEqualTo(ErrorCode.SOURCE_GONE);
        assertThat(problem.toString())
                .matches(
                        "\\Q"
                                + PLACE
                                + "Changes of live.t at "
                                + server()
                                + " are lost: the slot '"
                                + SLOT
                                + "' is not there any more. Missing is what was committed since it"
                                + " was loaded, from \\E[0-9A-F]+/[0-9A-F]+\\Q of the log on; the"
                                + " server is at \\E[0-9A-F]+/[0-9A-F]+\\Q. What landed stays."
                                + " `tarn ingest --full --select source:NAME` reads the table again"
                                + " and goes on from there. [SOURCE_GONE]\\E");
        assertThat(live.rows("select count(*) from bronze.t")).containsExactly("100");

        LogWorkshop.assertGood(live.ingest(true, List.of("source:live.t")));
        live.assertSame("t", "id, v");
    }

    @Test
    void aSlotThatSomebodyElseReadsOnIsNoticed() {
        live.sources(UPSERT, "t");
        live.land();
        live.close();
        database.execute("UPDATE live.t SET v = 'lost' WHERE id = 1");
        database.execute("CHECKPOINT");
        database.execute(
                "SELECT pg_replication_slot_advance('" + SLOT + "', pg_current_wal_flush_lsn())");
        live.shop().reopen();
        Problem problem = live.problem();

        assertThat(problem.code()).isEqualTo(ErrorCode.SOURCE_GONE);
        assertThat(problem.toString())
                .contains("are lost: somebody else has read the slot '" + SLOT + "' on to ");
    }

    @Test
    void aTableThatWasMadeAnewIsNotMixedWithTheOld() {
        live.sources(UPSERT, "t");
        live.land();
        database.execute("DROP TABLE live.t");
        database.execute("CREATE TABLE live.t (id int PRIMARY KEY, v text)");
        live.shop().reopen();

        Problem problem = live.problem();

        assertThat(problem.code()).isEqualTo(ErrorCode.SOURCE_GONE);
        assertThat(problem.toString()).contains("was dropped and made again");
        LogWorkshop.assertGood(live.ingest(true, List.of()));
        live.assertSame("t", "id, v");
    }

    @Test
    void aTableThatIsGoneKeepsNoOtherFromGoingOn() {
        database.execute("CREATE TABLE live.u (id int PRIMARY KEY, v text)");
        database.execute("INSERT INTO live.u VALUES (1, 'there')");
        live.sources(UPSERT, "t", "u");
        live.land();
        database.execute("DROP TABLE live.t");
        database.execute("CREATE TABLE live.t (id int PRIMARY KEY, v text)");
        database.execute("INSERT INTO live.u VALUES (2, 'beside')");
        live.shop().reopen();

        Problem problem = live.problem();

        assertThat(problem.code()).isEqualTo(ErrorCode.SOURCE_GONE);
        assertThat(problem.message()).contains("live.t");
        live.assertSame("u", "id, v");
        assertThat(live.rows("select count(*) from bronze.t")).containsExactly("100");
        database.execute("INSERT INTO live.u VALUES (3, 'later')");
        assertThat(live.problem().code()).isEqualTo(ErrorCode.SOURCE_GONE);
        live.assertSame("u", "id, v");
        LogWorkshop.assertGood(live.ingest(true, List.of("source:live.t")));
        live.assertSame("t", "id, v");
        live.assertSame("u", "id, v");
    }

    @Test
    void aTableThatWasTakenOutOfThePublicationIsNoticed() {
        live.sources(UPSERT, "t");
        live.land();
        database.execute("ALTER PUBLICATION " + SLOT + " DROP TABLE live.t");
        database.execute("UPDATE live.t SET v = 'untold' WHERE id = 1");

        assertThat(live.problem().toString())
                .contains("the table was taken out of the publication '" + SLOT + "'")
                .endsWith("[SOURCE_GONE]");
    }

    @Test
    void aTableWithoutReplicaIdentityIsRefusedBeforeItIsHarmed() {
        database.execute("CREATE TABLE live.bare (id int, v text)");
        live.sources("user: postgres", "bare");

        assertThat(live.problem().toString())
                .isEqualTo(
                        "models/sources.yml:13:17: live.bare at "
                                + server()
                                + " has no primary key, so its log could not say which rows are"
                                + " changed and deleted, and in a publication the server would"
                                + " refuse to change them. Give it a primary key, or run `ALTER"
                                + " TABLE \"live\".\"bare\" REPLICA IDENTITY FULL` there."
                                + " [SOURCE_UNREADABLE]");
        // It is in no publication, so the source can still change it.
        database.execute("UPDATE live.bare SET v = 'x'");

        database.execute("ALTER TABLE live.bare REPLICA IDENTITY FULL");
        database.execute("INSERT INTO live.bare VALUES (1, 'a'), (1, 'a'), (2, 'b')");
        live.land();
        database.execute("DELETE FROM live.bare WHERE id = 1");
        live.land();
        assertThat(live.rows("select _op, id, v from bronze.bare order by _lsn, id, _op"))
                .containsExactly("r|1|a", "r|1|a", "r|2|b", "d|1|a", "d|1|a");
    }

    @Test
    void whoMayNotReplicateIsToldWhatToRun() throws IOException {
        database.execute("GRANT USAGE ON SCHEMA live TO locked");
        database.execute("GRANT SELECT ON live.t TO locked");
        database.execute("CREATE PUBLICATION " + SLOT + " FOR TABLE live.t");
        Path secret = Files.writeString(folder.resolve("secret"), "right-secret");
        live.sources("user: locked\npassword: file:" + secret + "\nwrite: upsert", "t");

        assertThat(live.problem().toString())
                .isEqualTo(
                        "models/sources.yml:15:17: locked may not read the log of "
                                + server()
                                + ". Run `ALTER ROLE \"locked\" REPLICATION` there."
                                + " [SOURCE_DENIED]");
    }

    @Test
    void whoMayNotPublishIsToldWhatTheOwnerHasToRun() throws IOException {
        database.execute("GRANT USAGE ON SCHEMA live TO locked");
        database.execute("GRANT SELECT ON live.t TO locked");
        Path secret = Files.writeString(folder.resolve("secret"), "right-secret");
        live.sources("user: locked\npassword: file:" + secret + "\nwrite: upsert", "t");

        assertThat(live.problem().toString())
                .startsWith(
                        "models/sources.yml:15:17: live.t at "
                                + server()
                                + " is in no publication that could be read, and locked may not"
                                + " put it into one (ERROR: ")
                .endsWith(
                        "Let its owner run `CREATE PUBLICATION \""
                                + SLOT
                                + "\" FOR TABLE \"live\".\"t\" WITH"
                                + " (publish_via_partition_root)`. [SOURCE_DENIED]");
    }

    @Test
    void aWrongPasswordIsDeniedWithoutShowingIt() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "wrong-secret");
        live.sources("user: locked\npassword: file:" + secret + "\nwrite: upsert", "t");

        assertThat(live.problem().toString())
                .endsWith(
                        "refuses locked: password authentication failed for user \"locked\"."
                                + " Check user, password and rights. [SOURCE_DENIED]")
                .doesNotContain("wrong-secret");
    }

    @Test
    void aPublicationThatTellsOnlyInsertsIsRefused() {
        database.execute(
                "CREATE PUBLICATION " + SLOT + " FOR TABLE live.t WITH (publish = 'insert')");
        live.sources(UPSERT, "t");

        assertThat(live.problem().toString())
                .contains("does not tell every update, delete, truncate, so the table here would");
    }

    @Test
    void settingsThatDoNotGoWithTheLogAreRefused() {
        live.sources("user: postgres\nslot: Wrong-Name\nlog_budget: much\ncursor: id", "t");

        assertThat(problems())
                .containsExactly(
                        "models/sources.yml:16:17: With mode 'cdc' a 'table' is read, by its log:"
                                + " there is no 'cursor'. [CONFIG_INVALID]",
                        "models/sources.yml:16:17: 'slot' cannot be 'Wrong-Name': it is up to 63"
                                + " small letters, digits and underscores. [CONFIG_INVALID]",
                        "models/sources.yml:16:17: 'log_budget' cannot be 'much': it is a size such"
                                + " as 10GB. [CONFIG_INVALID]");
    }

    private List<String> problems() {
        try {
            return live.ingest().problems().stream().map(Problem::toString).toList();
        } catch (TarnException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }

    @Test
    void aKeyThatTheLogDoesNotTellIsRefused() {
        live.sources(UPSERT + "\nkey: v", "t");

        assertThat(live.problem().toString())
                .isEqualTo(
                        "models/sources.yml:15:17: The log tells of deleted rows of live.t only id,"
                                + " and the 'key' is v. Leave 'key' out, or run `ALTER TABLE"
                                + " \"live\".\"t\" REPLICA IDENTITY FULL` at the source."
                                + " [CONFIG_INVALID]");
    }

    @Test
    void rowsAreFoundByTheIndexByWhichTheLogTellsThem() {
        database.execute(
                "CREATE TABLE live.coded (id int PRIMARY KEY, code text NOT NULL UNIQUE, v int);"
                        + " ALTER TABLE live.coded REPLICA IDENTITY USING INDEX coded_code_key;"
                        + " INSERT INTO live.coded SELECT i, 'k' || i, i FROM generate_series(1, 5) i");
        live.sources(UPSERT, "coded");
        live.land();
        database.execute("DELETE FROM live.coded WHERE id = 1");
        database.execute("UPDATE live.coded SET v = 20 WHERE id = 2");
        database.execute("UPDATE live.coded SET id = 30 WHERE id = 3");
        database.execute("UPDATE live.coded SET code = 'other' WHERE id = 4");
        live.land();

        live.assertSame("coded", "id, code, v");
    }

    @Test
    void aKeyThatChangesIsToldAndALoadHasEachRowOnce() {
        live.sources(UPSERT, "t", "events: write: append");
        database.execute("CREATE TABLE live.events (id int PRIMARY KEY, v text)");
        live.land();
        database.execute("DELETE FROM live.t WHERE id = 1");
        database.execute("ALTER TABLE live.t RENAME COLUMN id TO number");
        database.execute("UPDATE live.t SET v = 'later' WHERE number = 2");
        database.execute("ALTER TABLE live.events RENAME COLUMN id TO number");
        database.execute("INSERT INTO live.events VALUES (7, 'seven')");

        assertThat(problems())
                .containsExactly(
                        "models/sources.yml:14:17: Rows of live.t at "
                                + database.url()
                                + " were known by id and are by number, so it cannot be said which"
                                + " of those that landed are changed and deleted. What landed"
                                + " stays. `tarn ingest --full --select source:NAME` reads the"
                                + " table again and goes on from there. [SOURCE_GONE]");
        assertThat(live.rows("select number, v from bronze.events")).containsExactly("7|seven");
        LogWorkshop.assertGood(live.ingest(true, List.of("source:live.t")));
        database.execute("DELETE FROM live.t WHERE number = 3");
        live.land();
        live.assertSame("t", "number, v");
    }

    @Test
    void aRowThatHasNoPlaceHereGoesToQuarantineAndTheOthersLand() {
        database.execute("CREATE TABLE live.days (id int PRIMARY KEY, d date)");
        live.sources(UPSERT, "days");
        live.land();
        database.execute("INSERT INTO live.days VALUES (1, '2026-11-21'), (2, 'infinity')");
        live.land();

        assertThat(live.rows("select id from bronze.days")).containsExactly("1");
        assertThat(live.rows("select _reason from bronze.days__quarantine"))
                .containsExactly("'d': infinity is no date");
    }

    @Test
    void aNetworkThatIsCutLosesNothing() throws IOException {
        database.execute(
                "INSERT INTO live.t SELECT i, repeat('x', 200) FROM generate_series(101, 20000) i");
        try (CutNetwork network = new CutNetwork(database.port())) {
            live.sourcesAt("postgresql://localhost:" + network.port() + "/postgres", UPSERT, "t");
            network.cutAfter(700_000);
            Problem problem = live.problem();
            assertThat(problem.code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
            network.cutAfter(Long.MAX_VALUE);
            live.land();
            database.execute("UPDATE live.t SET v = repeat('y', 200) WHERE id % 2 = 0");
            network.cutAfter(500_000);
            assertThat(live.problem().code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
            network.cutAfter(Long.MAX_VALUE);
            live.land();
            live.assertSame("t", "id, md5(v)");
            assertThat(live.ingest().run().status()).isEqualTo(RunStatus.UNCHANGED);
        }
    }

    @Test
    void aSlotThatHoldsMoreThanItsBudgetIsToldOf() throws InterruptedException {
        live.sources(UPSERT + "\nlog_budget: 1k", "t");
        live.land();
        database.execute("CREATE TABLE live.other AS SELECT i FROM generate_series(1, 50000) i");
        database.execute("UPDATE live.t SET v = 'x' WHERE id = 1");

        var report = live.ingest();

        LogWorkshop.assertGood(report);
        assertThat(report.tasks())
                .anySatisfy(task ->
                        assertThat(String.valueOf(task.message()))
                                .contains("keeps ")
                                .contains("more than the 0 MiB of 'log_budget'"));

        database.execute("UPDATE live.t SET v = 'later' WHERE id = 2");
        live.shop()
                .put(
                        "alerts.yml",
                        """
                        channels: [{name: hook, webhook: {url: "http://127.0.0.1:9/none"}}]
                        rules: [{on: source_warned}, {on: source_behind, older_than: 1s}]
                        routes: [{to: hook}]
                        """);
        try (AlertDesk unused = live.shop().tarn().alerts().work("")) {
            assertThat(openAlert("source_warned")).contains("'log_budget'");
            assertThat(openAlert("source_behind"))
                    .startsWith("bronze.t is behind its source: ")
                    .contains(" KiB wait to be read");
        }
    }

    private String openAlert(String kind) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(170);
        while (true) {
            Optional<String> found =
                    live.shop().tarn().alerts().control().open().stream()
                            .map(Alert::finding)
                            .filter(f -> f.kind().word().equals(kind))
                            .map(f -> f.message())
                            .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            assertThat(System.nanoTime() - giveUp).as(kind).isNegative();
            assertThat(never.await(50, TimeUnit.MILLISECONDS)).isFalse();
        }
    }
}
