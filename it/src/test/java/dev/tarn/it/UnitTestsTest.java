package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tarn.model.TarnException;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unit tests: a model's query over rows that somebody wrote down. */
final class UnitTestsTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
        shop.put("seeds/orders.csv", "id,amount,day\n1,10.5,2026-01-01\n");
        shop.put(
                "models/totals.sql",
                """
                {{ config(materialized='incremental') }}
                select id, amount * {{ var('rate', 1) }} as total, day from {{ ref('orders') }}
                {% if is_incremental() %} where day > (select max(day) from {{ this }}) {% endif %}
                """);
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private void unit(String text) {
        shop.put("models/unit.yml", "version: 2\nunit_tests:\n" + text.indent(2));
    }

    private RunReport passes() {
        RunReport report = shop.build();
        assertThat(Workshop.told(report.problems())).isEmpty();
        return report;
    }

    @Test
    void itRunsBeforeItsModelAndReadsNoTable() {
        unit(
                """
                - name: doubles
                  model: totals
                  overrides:
                    vars: {rate: 2}
                    macros: {is_incremental: false}
                  given:
                    - input: ref('orders')
                      rows:
                        - {id: 1, amount: 1.5}
                        - {id: 2}
                  expect:
                    rows:
                      - {id: 1, total: 3}
                      - {id: 2, total: null}
                """);
        assertThat(Workshop.outcome(passes()))
                .containsEntry("unit_test totals.doubles", "SUCCEEDED")
                .containsEntry("model totals", "SUCCEEDED");
    }

    @Test
    void rowsAreCsvOrSqlAndTheModelMayBeIncremental() {
        shop.put("tests/fixtures/there.csv", "id,day\n1,2026-01-05\n");
        unit(
                """
                - name: only_new
                  model: totals
                  overrides:
                    macros: {is_incremental: true}
                  given:
                    - input: ref('orders')
                      format: csv
                      rows: |
                        id,amount,day
                        1,1,2026-01-04
                        2,2,2026-01-06
                    - input: this
                      format: csv
                      fixture: there
                  expect:
                    format: sql
                    rows: select 2 as id, date '2026-01-06' as day
                """);
        assertThat(Workshop.outcome(passes()))
                .containsEntry("unit_test totals.only_new", "SUCCEEDED");
    }

    @Test
    void aDifferenceStopsTheModelAndIsShown() {
        unit(
                """
                - name: wrong
                  model: totals
                  overrides: {macros: {is_incremental: false}}
                  given:
                    - input: ref('orders')
                      rows: [{id: 1, amount: 2}]
                  expect:
                    rows: [{id: 1, total: 3}]
                """);
        RunReport report = shop.build();
        assertThat(report.run().status()).isEqualTo(RunStatus.FAILED);
        assertThat(Workshop.outcome(report))
                .containsEntry("unit_test totals.wrong", "FAILED")
                .containsEntry("model totals", "SKIPPED");
        assertThat(report.findings().getFirst().columns())
                .containsExactly("difference", "id", "total");
        assertThat(report.findings().getFirst().rows()).hasSize(2);
    }

    @Test
    void mistakesAreToldBeforeAnythingRuns() {
        unit(
                """
                - name: misspelt
                  model: totals
                  overrides: {macros: {is_incremental: false}}
                  given:
                    - input: ref('orders')
                      rows: [{id: 1, amont: 2}]
                  expect:
                    rows: [{id: 1}]
                """);
        assertThat(Workshop.told(catchThrowableOfType(TarnException.class, () -> shop.build())))
                .isEqualTo(
                        "models/unit.yml:8:15: Invalid column name: 'amont' in unit test fixture for"
                                + " 'orders'. Accepted columns for 'orders' are: ['id', 'amount', 'day']."
                                + " Did you mean 'amount'? [COLUMN_NOT_FOUND]");
        unit(
                """
                - name: nothing_given
                  model: totals
                  overrides: {macros: {is_incremental: false}}
                  given: []
                  expect:
                    rows: [{id: 1}]
                """);
        assertThat(Workshop.told(catchThrowableOfType(TarnException.class, () -> shop.build())))
                .contains("Unit test 'nothing_given' gives no rows for ref 'orders'");
    }

    @Test
    void itSaysWhetherItsModelIsIncremental() {
        unit(
                """
                - {name: unsaid, model: totals, given: [{input: ref('orders')}], expect: {rows: []}}
                """);
        assertThat(Workshop.told(catchThrowableOfType(TarnException.class, () -> shop.build())))
                .isEqualTo(
                        "models/unit.yml:3:12: Unit test 'unsaid' does not say whether model"
                                + " 'totals' is built incrementally, and the model asks for it. Add"
                                + " \"overrides: {macros: {is_incremental: false}}\", or true with"
                                + " 'input: this' among what is given. [CONFIG_INVALID]");
        unit(
                """
                - name: onto_nothing
                  model: totals
                  overrides: {macros: {is_incremental: true}}
                  given: [{input: ref('orders')}]
                  expect: {rows: []}
                """);
        assertThat(Workshop.told(catchThrowableOfType(TarnException.class, () -> shop.build())))
                .isEqualTo(
                        "models/unit.yml:3:11: Unit test 'onto_nothing' builds model 'totals'"
                                + " incrementally and does not say which rows it has already. Add"
                                + " 'input: this' to 'given'; 'rows: []' is an empty table."
                                + " [CONFIG_INVALID]");
    }
}
