package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.app.At;
import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.app.Quarantine;
import dev.tarn.app.Quarantine.Correction;
import dev.tarn.app.Quarantine.Misfits;
import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that did not fit: looked at, corrected, landed again. */
final class QuarantineTest {
    private static final List<String> ALL = List.of();
    private static final String TRUE = "true";

    @TempDir Path folder;

    private static Quarantine quarantine(Tarn tarn) {
        return tarn.sources().quarantine();
    }

    private static String replay(Tarn tarn, String condition) {
        RunReport report =
                quarantine(tarn)
                        .replay(
                                new BuildRequest(
                                        "quarantine replay",
                                        EnumSet.of(NodeKind.SOURCE),
                                        ALL,
                                        ALL,
                                        RefName.MAIN,
                                        false,
                                        false,
                                        Optional.empty()),
                                condition,
                                RunListener.SILENT,
                                new Cancellation());
        assertThat(report.problems()).isEmpty();
        return report.tasks().getFirst().message().orElse("");
    }

    private static long fix(Tarn tarn, String value, String condition) {
        return quarantine(tarn)
                .fix(ALL, RefName.MAIN, value, condition, Optional.empty(), new Cancellation())
                .rows();
    }

    @Test
    void aSourceIsNamedByItsNameOrItsTable() {
        try (Workshop shop = new Workshop(folder)) {
            shop.put(
                    "models/sources.yml",
                    """
                    version: 2
                    sources:
                      - name: raw
                        schema: bronze
                        tables:
                          - {name: orders, ingest: {location: landing, column_types: {id: BIGINT}}}
                          - {name: others, ingest: {location: other}}
                    """);
            shop.put("landing/a.csv", "id\n1\nx\n");
            shop.put("other/b.csv", "id\n1\n");
            shop.reopen();
            Ledger.assertGood(
                    shop.tarn()
                            .ingest(
                                    Ledger.request(false),
                                    false,
                                    RunListener.SILENT,
                                    new Cancellation()));
            for (String name : List.of("raw.orders", "bronze.orders", "source:raw.orders")) {
                assertThat(quarantine(shop.tarn()).list(List.of(name), ALL, At.MAIN))
                        .as(name)
                        .singleElement()
                        .extracting(Misfits::rows)
                        .isEqualTo(1L);
            }
            assertThat(quarantine(shop.tarn()).list(List.of("bronze.others"), ALL, At.MAIN))
                    .isEmpty();
        }
    }

    @Test
    void recordsOfFilesAreCorrectedAndLandedOnce() {
        try (Workshop shop = new Workshop(folder)) {
            shop.put(
                    "models/sources.yml",
                    """
                    version: 2
                    sources:
                      - name: raw
                        schema: bronze
                        tables:
                          - name: orders
                            ingest: {location: landing, column_types: {amount: "DECIMAL(8,2)", id: BIGINT}}
                    """);
            shop.put(
                    "landing/a.csv",
                    "id,customer,amount\n1,\"Ann, the first\",2.50\n2,Bob,\"3,75\"\n3,Cid\n4,Dan,x\n");
            shop.put("landing/b.json", "[{\"id\": 5, \"amount\": \"n/a\"}, {\"id\": 6}]");
            shop.reopen();
            Ledger.assertGood(
                    shop.tarn()
                            .ingest(
                                    Ledger.request(false),
                                    false,
                                    RunListener.SILENT,
                                    new Cancellation()));
            assertThat(shop.rows("select id from bronze.orders order by id"))
                    .containsExactly("1", "6");
            Tarn tarn = shop.tarn();
            assertThat(quarantine(tarn).list(ALL, ALL, At.MAIN))
                    .extracting(Misfits::rows)
                    .containsExactly(3L, 1L);

            assertThat(fix(tarn, "replace(_raw, '3,75', '3.75')", "_raw like '%3,75%'"))
                    .isEqualTo(1);
            assertThat(fix(tarn, "_raw || ',0.5'", "_raw = '3,Cid'")).isEqualTo(1);
            assertThat(
                            quarantine(tarn)
                                    .fix(
                                            ALL,
                                            RefName.MAIN,
                                            List.of(
                                                    new Correction(
                                                            "landing/b.json",
                                                            Optional.of(1L),
                                                            "{\"id\": 5, \"amount\": 7}")),
                                            new Cancellation())
                                    .rows())
                    .isEqualTo(1);

            assertThat(replay(tarn, TRUE)).isEqualTo("3 landed, 1 stay in quarantine");
            assertThat(
                            shop.rows(
                                    "select id, customer, amount, _file, _row from bronze.orders order by id"))
                    .containsExactly(
                            "1|Ann, the first|2.50|landing/a.csv|2",
                            "2|Bob|3.75|landing/a.csv|3",
                            "3|Cid|0.50|landing/a.csv|4",
                            "5|null|7.00|landing/b.json|1",
                            "6|null|null|landing/b.json|2");
            assertThat(shop.rows("select _row, _reason, _raw from bronze.orders__quarantine"))
                    .containsExactly(
                            "5|'x' is no DECIMAL(8,2)|{\"id\":\"4\",\"customer\":\"Dan\",\"amount\":\"x\"}");
            assertThat(replay(tarn, TRUE)).isEqualTo("0 landed, 1 stay in quarantine");
            assertThat(replay(tarn, "_row = 9")).isEqualTo("no such rows in quarantine");
        }
    }

    @Test
    void rowsOfAConnectorKeepWhatCameBesideThem() {
        try (Ledger ledger = new Ledger(folder, "column_types: {id: BIGINT}")) {
            ledger.add("#id VARCHAR,text VARCHAR", "c 1 a", "c x b", "c 3 c too");
            ledger.ingest();
            Tarn tarn = ledger.shop().tarn();
            assertThat(ledger.rows("select id from bronze.notes")).containsExactly("1");
            fix(tarn, "replace(_raw, '\"x\"', '\"2\"')", "_column = 'id'");
            assertThat(replay(tarn, "_column = 'id'")).isEqualTo("1 landed");
            assertThat(ledger.rows("select id, text, _line from bronze.notes order by id"))
                    .containsExactly("1|a|1", "2|b|2");
            assertThat(replay(tarn, TRUE)).isEqualTo("0 landed, 1 stay in quarantine");
            assertThat(ledger.rows("select _reason from bronze.notes__quarantine"))
                    .containsExactly(
                            "the record is no JSON object, and there is no file that tells its columns");
        }
    }

    @Test
    void aRowDoesNotTakeThePlaceOfANewerOne() {
        try (Ledger ledger =
                new Ledger(
                        folder,
                        "changes: true\nwrite: upsert\nexpect: [{rows: \"text <> 'bad'\"}]")) {
            ledger.add("#id BIGINT,text VARCHAR", "c 1 a", "u 1 bad", "u 2 bad", "d 3 bad");
            ledger.ingest();
            ledger.add("u 1 newer");
            ledger.ingest();
            Tarn tarn = ledger.shop().tarn();
            fix(tarn, "replace(_raw, 'bad', 'good')", TRUE);
            assertThat(replay(tarn, TRUE)).isEqualTo("1 landed, 1 are older than what is there");
            assertThat(ledger.rows("select id, text from bronze.notes order by id"))
                    .containsExactly("1|newer", "2|good");
            assertThat(ledger.rows("select count(*) from bronze.notes__quarantine"))
                    .containsExactly("0");
        }
    }

    /** Two people correct the same record, neither having seen what the other did. */
    @Test
    void ofTwoWhoCorrectARecordAtOnceOneIsTold() throws Exception {
        try (Ledger ledger =
                        new Ledger(folder, "write: append\nexpect: [{rows: \"text <> 'bad'\"}]");
                ExecutorService people = Executors.newFixedThreadPool(2)) {
            ledger.add("#id BIGINT,text VARCHAR", "c 1 bad", "c 2 bad");
            ledger.ingest();
            Tarn tarn = ledger.shop().tarn();
            List<String> seen =
                    ledger.rows("select _raw from bronze.notes__quarantine order by _row");
            CyclicBarrier together = new CyclicBarrier(2);
            List<Future<String>> ends = new ArrayList<>();
            for (String word : List.of("mine", "yours")) {
                ends.add(
                        people.submit(() -> {
                            together.await();
                            return corrected(tarn, word, seen.getFirst());
                        }));
            }
            List<String> told = List.of(ends.get(0).get(), ends.get(1).get());
            assertThat(told)
                    .containsExactlyInAnyOrder(
                            "done",
                            "0 of 1 records were changed: the others are not in quarantine any more as they were seen."
                                    + " Somebody corrected or landed them; look again before you correct them. [OUTDATED]");
            String winner = told.getFirst().equals("done") ? "mine" : "yours";
            assertThat(ledger.rows("select _raw from bronze.notes__quarantine order by _row"))
                    .containsExactly(seen.get(0).replace("bad", winner), seen.get(1));
        }
    }

    private static String corrected(Tarn tarn, String word, String seen) {
        try {
            quarantine(tarn)
                    .fix(
                            ALL,
                            RefName.MAIN,
                            "replace(_raw, 'bad', '%s')".formatted(word),
                            TRUE,
                            Optional.of(seen),
                            new Cancellation());
            return "done";
        } catch (TarnException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        try (Ledger ledger = new Ledger(folder, "write: append")) {
            ledger.add("#id BIGINT", "c 1");
            ledger.ingest();
            Tarn tarn = ledger.shop().tarn();
            assertThatThrownBy(() -> fix(tarn, "_raw", TRUE))
                    .hasMessage("Nothing of bronze.notes is in quarantine. [TABLE_NOT_FOUND]");
            assertThatThrownBy(() -> replay(tarn, TRUE))
                    .hasMessage("Nothing is in quarantine. [SELECTION_INVALID]");
            ledger.add("c x");
            ledger.ingest();
            assertThatThrownBy(() -> replay(tarn, "_colum = 'id'")).hasMessageContaining("_colum");
        }
    }
}
