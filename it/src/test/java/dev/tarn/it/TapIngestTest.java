package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs tell in Singer's and Airbyte's way becomes tables of the warehouse. */
final class TapIngestTest {
    private Workshop shop;

    @TempDir Path folder;

    @BeforeEach
    void begin() {
        shop = new Workshop(folder);
    }

    @AfterEach
    void end() {
        shop.close();
    }

    private void source(String connector, String settings) throws IOException {
        shop.put(".env", "TAP_TOKEN=s3cret-token\n");
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: crm
                    schema: bronze
                    tables:
                      - name: rows
                        ingest:
                          connector: %s
                          command: "%s"
                          stream: rows
                          config:
                            file: %s
                            token: env:TAP_TOKEN
                %s
                """
                        .formatted(
                                connector,
                                TestTap.command(),
                                folder.resolve("rows.txt"),
                                settings.indent(10).stripTrailing()));
        shop.reopen();
    }

    private void tell(String... rows) throws IOException {
        Files.write(
                folder.resolve("rows.txt"),
                List.of(rows),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private RunReport ingest(Cancellation cancellation) {
        return shop.tarn()
                .ingest(
                        new BuildRequest(
                                "ingest",
                                EnumSet.of(NodeKind.SOURCE),
                                List.of(),
                                List.of(),
                                RefName.MAIN,
                                false,
                                false,
                                Optional.empty()),
                        false,
                        RunListener.SILENT,
                        cancellation);
    }

    private RunReport ingest() {
        return ingest(new Cancellation());
    }

    private static void assertGood(RunReport report) {
        assertThat(report.problems()).isEmpty();
        assertThat(report.run().status()).isEqualTo(RunStatus.PUBLISHED);
    }

    private List<String> rows() {
        return shop.rows("select id, n from bronze.rows order by id, n");
    }

    private void assertRefused(String text) {
        assertThat(Workshop.told(ingest().problems()))
                .isEqualTo("models/sources.yml:8:11: " + text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"singer", "airbyte"})
    void rowsLandBehindTheStateThatWasPublished(String connector) throws Exception {
        source(connector, "");
        tell("{\"id\":1,\"n\":\"a\"}", "{\"id\":2,\"n\":\"b\"}", "{\"id\":3,\"n\":\"c\"}");
        assertGood(ingest());
        assertThat(ingest().run().status()).isEqualTo(RunStatus.UNCHANGED);
        tell("{\"id\":4,\"n\":\"d\"}", "7");
        assertGood(ingest());

        assertThat(rows()).containsExactly("1|a", "2|b", "3|c", "4|d");
        assertThat(shop.rows("select _reason, _raw from bronze.rows__quarantine"))
                .containsExactly("is not an object|7");
    }

    /** Some programs write what JSON does not have; it is about one record, and no other. */
    @ParameterizedTest
    @ValueSource(strings = {"singer", "airbyte"})
    void aRecordThatIsNoJsonHarmsNoOther(String connector) throws Exception {
        source(connector, "");
        tell(
                "{\"id\":1,\"n\":\"a\"}",
                "{\"id\":2,\"n\\ud800\":\"b\"}",
                "{\"id\":3,\"n\":NaN}",
                "!bytes",
                "{\"id\":5,\"n\":\"e\"}");
        assertGood(ingest());

        assertThat(shop.rows("select * exclude (_ingested_at) from bronze.rows order by id"))
                .containsExactly("1|a|null", "2|null|b", "5|e|null");
        assertThat(shop.rows("select _row, _reason, _raw from bronze.rows__quarantine order by 1"))
                .containsExactly(
                        "3|is not valid JSON: it has something that is no value at character"
                                + " 13|{\"id\":3,\"n\":NaN}",
                        "4|is not UTF-8|{\"id\":66,\"n\":\"\ufffd\"}");
    }

    @Test
    void aProgramIsAskedAgainForWhatLandedBesideASourceThatFails() throws Exception {
        source("singer", "");
        shop.put(
                "models/more.yml",
                """
                version: 2
                sources:
                  - name: ledger
                    schema: bronze
                    tables: [{name: none, ingest: {connector: ledger, path: none.ledger}}]
                """);
        shop.reopen();
        tell("{\"id\":1,\"n\":\"a\"}");

        assertThat(ingest().problems())
                .extracting(problem -> problem.code())
                .containsExactly(ErrorCode.SOURCE_UNREADABLE);
        assertThat(rows()).containsExactly("1|a");
    }

    /** So that each can be corrected by itself. */
    @Test
    void whatDoesNotFitIsCalledByWhichRecordItIs() throws Exception {
        source("singer", "column_types: {id: BIGINT}");
        tell("{\"id\":1,\"n\":\"a\"}", "{\"id\":\"x\",\"n\":\"b\"}", "7");
        assertGood(ingest());
        tell("{\"id\":3,\"n\":\"c\"}", "{\"id\":\"y\",\"n\":\"d\"}");
        assertGood(ingest());

        assertThat(
                        shop.rows(
                                "select _row, _column, _reason, regexp_matches(_file, '^rows/20[0-9:T.-]+Z$') from bronze.rows__quarantine order by _file, _row"))
                .containsExactly(
                        "2|id|'x' is no BIGINT|true",
                        "3|null|is not an object|true",
                        "2|id|'y' is no BIGINT|true");
        assertThat(shop.rows("select count(distinct _file) from bronze.rows__quarantine"))
                .containsExactly("2");
        assertThat(shop.rows("from bronze.rows order by id")).first().asString().startsWith("1|a|");
    }

    @Test
    void aTapsKeyIsTaken() throws Exception {
        source("singer", "write: upsert");
        tell("{\"id\":1,\"n\":\"a\"}", "{\"id\":2,\"n\":\"b\"}");
        assertGood(ingest());
        tell("{\"id\":1,\"n\":\"c\"}");
        assertGood(ingest());

        assertThat(rows()).containsExactly("1|c", "2|b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"singer", "airbyte"})
    void aSnapshotTakesThePlaceOfTheOneBefore(String connector) throws Exception {
        source(connector, "mode: snapshot");
        tell("{\"id\":1,\"n\":\"a\"}", "{\"id\":2,\"n\":\"b\"}");
        assertGood(ingest());
        Files.delete(folder.resolve("rows.txt"));
        tell("{\"id\":3,\"n\":\"c\"}");
        assertGood(ingest());
        assertThat(rows()).containsExactly("3|c");
        tell("!fail");
        assertThat(ingest().problems()).isNotEmpty();

        assertThat(rows()).containsExactly("3|c");
    }

    @Test
    void whatAProgramDoesWrongIsSaid() throws Exception {
        source("singer", "timeout: 20");
        tell("!fail");
        assertRefused(
                "'java' ended with 3, and said last: config is {\"file\":\"%s\",\"token\":\"…\"} / token … is not good. Nothing of this batch has landed; what was published before it stays. [SOURCE_UNAVAILABLE]"
                        .formatted(folder.resolve("rows.txt")));
        Files.delete(folder.resolve("rows.txt"));
        tell("!junk");
        assertRefused(
                "'java' told a line that is no message, so nothing of this batch has landed: Hello [SOURCE_UNREADABLE]");
        source("airbyte", "");
        Files.delete(folder.resolve("rows.txt"));
        tell("!error");
        assertRefused(
                "'java' gave up: no right. Nothing of this batch has landed; what was published before it stays. [SOURCE_UNAVAILABLE]");
        shop.put(
                "models/sources.yml",
                Files.readString(folder.resolve("models/sources.yml"))
                        .replace("stream: rows", "stream: row"));
        shop.reopen();
        assertRefused(
                "'java' has no stream 'row'. Did you mean 'rows'? There are: rows. [SOURCE_UNREADABLE]");
        assertThat(shop.tarn().tableNames(dev.tarn.app.At.MAIN)).isEmpty();
        try (Stream<Path> left = Files.walk(folder.resolve(".tarn"))) {
            assertThat(left.filter(f -> f.getFileName().toString().equals("config.json")))
                    .isEmpty();
        }
    }

    @Test
    void aProgramThatTricklesIsWaitedForAndOneThatFallsSilentIsNot() throws Exception {
        source("singer", "timeout: 10");
        tell("{\"id\":1,\"n\":\"a\"}", "!slow");
        assertGood(ingest());
        tell("{\"id\":2,\"n\":\"b\"}", "!silent");
        assertRefused(
                "'java' said nothing for 10 seconds and was stopped. Nothing of this batch has landed; raise 'timeout' if it needs longer. [SOURCE_UNAVAILABLE]");
        while (sleeping() > 0) {
            Thread.onSpinWait();
        }
        assertThat(rows()).containsExactly("1|a", "77|slow");
        Files.delete(folder.resolve("rows.txt"));
        tell("{}", "{}", "{\"id\":2,\"n\":\"b\"}");
        assertGood(ingest());

        assertThat(rows()).containsExactly("1|a", "2|b", "77|slow");
    }

    @Test
    void whoeverIsStoppedEndsTheProgramAndItsFamily() throws Exception {
        source("singer", "");
        tell("{\"id\":1,\"n\":\"a\"}", "!silent");
        Cancellation cancellation = new Cancellation();
        CompletableFuture<RunReport> report =
                CompletableFuture.supplyAsync(() -> ingest(cancellation));
        while (sleeping() == 0) {
            assertThat(report).isNotDone();
            Thread.onSpinWait();
        }
        cancellation.cancel();

        assertThat(report.get().run().status()).isNotEqualTo(RunStatus.PUBLISHED);
        while (sleeping() > 0) {
            Thread.onSpinWait();
        }
    }

    /** How many programs there are below this one that do nothing. */
    private static long sleeping() {
        return ProcessHandle.current()
                .descendants()
                .filter(p -> p.info().command().filter(c -> c.endsWith("sleep")).isPresent())
                .count();
    }

    @Test
    void eachRowIsThereOnceThoughProcessesAreKilled() throws Exception {
        int kills = Integer.getInteger("tarn.crash.kills", 3);
        long seed = Long.getLong("tarn.crash.seed", System.nanoTime());
        System.out.printf("TapIngestTest: %d kills with seed %d%n", kills, seed);
        Random random = new Random(seed);
        source("singer", "flush: {rows: 40}");
        shop.put("tarn.yml", "run:\n  lost_after: 1ms\n");
        int there = 0;
        long millis = 20_000;
        for (int kill = 0; kill <= kills; kill++) {
            for (String row :
                    IntStream.range(there, there + 200)
                            .mapToObj(i -> "{\"id\":" + i + "}")
                            .toList()) {
                tell(row);
            }
            there += 200;
            Program ingest = Program.start(folder, "ingest");
            if (kill == 0) {
                long begun = System.nanoTime();
                assertThat(ingest.exitCode()).as(ingest.output()).isZero();
                millis = (System.nanoTime() - begun) / 1_000_000;
            } else if (!ingest.endsWithin(1_000 * random.nextLong(millis))) {
                ingest.kill();
            }
        }
        Program last = Program.start(folder, "ingest");
        assertThat(last.exitCode()).as(last.output()).isZero();

        try (Tarn tarn = Tarn.open(OpenRequest.of(folder))) {
            assertThat(Workshop.number(tarn, "select count(*) from bronze.rows"))
                    .as("seed " + seed)
                    .isEqualTo(there);
            assertThat(Workshop.number(tarn, "select count(distinct id) from bronze.rows"))
                    .isEqualTo(there);
        }
    }
}
