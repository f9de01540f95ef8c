package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.TarnException;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is expected of rows before they land. */
final class LandingRulesTest {
    private static final String COLUMNS = "#id BIGINT,text VARCHAR,amount BIGINT";

    @TempDir Path folder;

    private static void good(RunReport report) {
        assertThat(report.problems()).isEmpty();
        assertThat(report.run().status()).isEqualTo(RunStatus.PUBLISHED);
    }

    @Test
    void rowsThatAreNotAsExpectedGoToQuarantine() {
        String rules =
                """
                expect:
                  - not_null: [id]
                  - accepted_values: {text: [a, b]}
                  - rows: "amount >= 0"
                    name: amounts are not negative
                """;
        try (Ledger ledger = new Ledger(folder, rules)) {
            ledger.add(COLUMNS, "c 1 a 5", "c  a 5", "c 3 z 5", "c 4 b -1", "c 5  ", "c x a 1");
            good(ledger.ingest());
            assertThat(ledger.rows("select id, text, amount from bronze.notes order by id"))
                    .containsExactly("1|a|5", "5|null|null");
            assertThat(ledger.rows("select _reason from bronze.notes__quarantine order by _reason"))
                    .containsExactly(
                            "'x' is no BIGINT",
                            "is not as expected: 'id' is not null",
                            "is not as expected: 'text' is one of a, b",
                            "is not as expected: amounts are not negative");
        }
    }

    @Test
    void nothingOfABatchLandsThatIsHeld() {
        String rules =
                """
                expect:
                  - batch: "count(*) >= 2"
                  - unique: [id]
                  - rows: "amount >= 0"
                    otherwise: hold
                  - batch: "sum(amount) < 100"
                    otherwise: warn
                """;
        try (Ledger ledger = new Ledger(folder, rules)) {
            ledger.add(COLUMNS, "c 1 a 50");
            RunReport held = ledger.ingest();
            assertThat(held.problems().getFirst().toString())
                    .isEqualTo(
                            "models/sources.yml:9:11: What came for bronze.notes is not as expected: count(*) >= 2. Nothing was landed. Correct the source, or the expectation. [SOURCE_HELD]");
            ledger.add("c 1 b -3");
            assertThat(ledger.ingest().problems().getFirst().message())
                    .isEqualTo(
                            "What came for bronze.notes is not as expected: 'id' once a batch; amount >= 0 (1 rows). Nothing was landed. Correct the source, or the expectation.");
        }
    }

    @Test
    void whatIsOnlyWorthAWarningLands() {
        try (Ledger ledger =
                new Ledger(
                        folder,
                        "expect: [{batch: \"sum(amount) < 100\", otherwise: warn, name: small}]")) {
            ledger.add(COLUMNS, "c 1 a 500");
            RunReport report = ledger.ingest();
            good(report);
            assertThat(report.tasks().getFirst().message().orElseThrow())
                    .endsWith(", not as expected: small");
        }
    }

    @Test
    void nothingIsExpectedOfRowsThatAreDeleted() {
        try (Ledger ledger =
                new Ledger(
                        folder,
                        "changes: true\nwrite: upsert\nexpect: [{not_null: [text, amount]}]")) {
            ledger.add(COLUMNS, "c 1 a 1", "c 2 b 2", "c 3  3");
            good(ledger.ingest());
            ledger.add("d 1  ");
            good(ledger.ingest());
            assertThat(ledger.rows("select id from bronze.notes")).containsExactly("2");
            assertThat(ledger.rows("select count(*) from bronze.notes__quarantine"))
                    .containsExactly("1");
        }
    }

    @Test
    void aConditionThatCannotBeAskedIsSaidWithItsPlace() {
        try (Ledger ledger = new Ledger(folder, "expect: [{rows: \"amont > 0\"}]")) {
            ledger.add(COLUMNS, "c 1 a 1");
            assertThat(ledger.ingest().problems().getFirst().toString())
                    .startsWith("models/sources.yml:9:11: ")
                    .contains("amont");
        }
    }

    @Test
    void rowsThatLandedBeforeAreLeftOut() {
        try (Ledger ledger = new Ledger(folder, "deduplicate: {key: [id, text], within: 7 days}")) {
            ledger.add(COLUMNS, "c 1 a 1", "c 1 a 2", "c 2  3");
            good(ledger.ingest());
            ledger.add("c 1 a 4", "c 1 b 5", "c 2  6", "c  c 7", "c  c 8");
            RunReport report = ledger.ingest();
            good(report);
            assertThat(report.tasks().getFirst().message().orElseThrow())
                    .endsWith(", 3 had landed before");
            assertThat(ledger.rows("select id, text, amount from bronze.notes order by amount"))
                    .containsExactly("1|a|1", "2|null|3", "1|b|5", "null|c|7");
            assertThat(
                            ledger.rows(
                                    "select rows, quarantined, duplicates, late, first_event from warehouse_contents.batches order by publication"))
                    .containsExactly("2|0|1|0|null", "2|0|3|0|null");
        }
    }

    @Test
    void lateRowsAreCounted() {
        try (Ledger ledger = new Ledger(folder, "event_time: {column: at, lateness: 10 minutes}")) {
            ledger.add("#id BIGINT,at TIMESTAMPTZ", "c 1 2026-11-01T10:00:00Z");
            good(ledger.ingest());
            ledger.add("c 2 2026-11-01T09:55:00Z", "c 3 2026-11-01T09:00:00Z", "c 4 ");
            RunReport report = ledger.ingest();
            good(report);
            assertThat(report.tasks().getFirst().message().orElseThrow()).endsWith(", 1 late");
            assertThat(
                            ledger.rows(
                                    "select rows, late, first_event, last_event, newest_event from warehouse_contents.batches order by publication"))
                    .containsExactly(
                            "1|0|2026-11-01T10:00:00Z|2026-11-01T10:00:00Z|2026-11-01T10:00:00Z",
                            "3|1|2026-11-01T09:00:00Z|2026-11-01T09:55:00Z|2026-11-01T10:00:00Z");
        }
    }

    @Test
    void whatIsWrittenWronglyIsRefusedTogether() {
        Assertions.assertThatThrownBy(() ->
                        new Ledger(
                                        folder,
                                        """
                                        expect:
                                          - not_null: [id]
                                            rows: "true"
                                          - batch: "true"
                                            otherwise: quarantine
                                          - rows: "true"
                                            otherwise: ignore
                                        deduplicate: {within: soon}
                                        event_time: {lateness: 5s}
                                        """)
                                .ingest())
                .isInstanceOfSatisfying(
                        TarnException.class,
                        e ->
                                assertThat(e.problems())
                                        .extracting(p -> p.message())
                                        .containsExactly(
                                                "An expectation has one of not_null, unique, accepted_values, rows, batch.",
                                                "'otherwise' of a batch cannot be 'quarantine': it is hold or warn.",
                                                "An expectation 'otherwise' cannot be 'ignore': it is one of hold, quarantine, warn.",
                                                "Source 'ledger.notes': 'ingest': 'deduplicate' has no 'key'. Add it.",
                                                "Source 'ledger.notes': 'ingest': 'deduplicate' 'within' cannot be 'soon': it is a time such as 5 minutes.",
                                                "Source 'ledger.notes': 'ingest': 'event_time' has no 'column'. Add it."));
    }
}
