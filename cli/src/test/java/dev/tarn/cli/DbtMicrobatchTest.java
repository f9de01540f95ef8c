package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are built period by period, as users of dbt see them. */
final class DbtMicrobatchTest {
    private static final String[] THREE_DAYS = {
        "--event-time-start", "2026-01-01", "--event-time-end", "2026-01-04"
    };

    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
        shop.put(
                "models/raw.sql",
                """
                {{ config(materialized='table', event_time='ts') }}
                select id, timestamp '2026-01-01 12:00:00' + interval (id - 1) day as ts
                from (values (1), (2), (3)) as t(id)
                """);
        shop.put("models/reader.sql", "select count(*) as n from {{ ref('daily') }}");
    }

    private void daily(String select) {
        shop.put(
                "models/daily.sql",
                "{{ config(materialized='incremental', incremental_strategy='microbatch',"
                        + " event_time='ts', batch_size='day',"
                        + " begin=modules.datetime.datetime(2026, 1, 1, 0, 0, 0)) }}\n"
                        + select
                        + "\n");
    }

    private int dbt(String verb, String... more) {
        String[] all = new String[more.length + 1];
        all[0] = verb;
        System.arraycopy(more, 0, all, 1, more.length);
        return shop.dbt(all);
    }

    private List<String> rows(String sql) {
        return shop.rows(sql);
    }

    private static Map<String, Object> result(DbtFolder shop, String id) {
        for (Object one : DbtFolder.list(shop.artifact("run_results.json").get("results"))) {
            if (id.equals(DbtFolder.map(one).get("unique_id"))) {
                return DbtFolder.map(one);
            }
        }
        throw new AssertionError("No result of " + id);
    }

    private static final String SECOND_DAY_FAILS =
            "select id, ts, {% if model.batch and model.batch.id == '20260102' %}error('no')"
                    + "{% else %}'ok'{% endif %} as state from {{ ref('raw') }}";

    @Test
    void aPeriodReadsWholeWhatIsRendered() {
        daily(
                "select id, ts, (select count(*) from {{ ref('whole').render() }}) as n"
                        + " from {{ ref('raw') }}");
        shop.put(
                "models/whole.sql",
                "{{ config(materialized='table', event_time='ts') }} select * from {{ ref('raw') }}");
        assertThat(dbt("run", THREE_DAYS)).isZero();
        assertThat(rows("select id, n from main.daily order by id"))
                .containsExactly("1,3", "2,3", "3,3");
    }

    @Test
    void aKeyIsRefusedWherePeriodsMeetOldRows() {
        shop.put(
                "models/daily.sql",
                "{{ config(materialized='incremental', incremental_strategy='microbatch',"
                        + " unique_key='id', event_time='ts', batch_size='day', begin='2026-01-01') }}\n"
                        + "select id, ts from {{ ref('raw') }}\n");
        assertThat(dbt("run", THREE_DAYS)).isEqualTo(1);
        assertThat(shop.console().out()).contains("does not support 'unique_key'");
        assertThat(result(shop, "model.shop.daily")).containsEntry("status", "partial success");
        assertThat(
                        dbt(
                                "run",
                                "--full-refresh",
                                "--event-time-start",
                                "2026-01-01",
                                "--event-time-end",
                                "2026-01-02"))
                .as(shop.console().out())
                .isZero();
        assertThat(dbt("run", THREE_DAYS)).isEqualTo(1);
        assertThat(result(shop, "model.shop.daily")).containsEntry("status", "error");
    }

    @Test
    void templatesKnowThePeriodTheyAreRenderedFor() {
        daily(
                """
                select id, ts, '{{ model.batch.id }}' as batch,
                    '{{ model.batch.event_time_start }}' as starts,
                    '{{ model.batch.event_time_end.strftime("%d.%m.%Y") }} {{ model.batch.event_time_end.tzinfo }}' as ends,
                    '{{ model.config.__dbt_internal_microbatch_event_time_start }}' as old_name,
                    {{ is_incremental() }} as adds
                from {{ ref('raw') }}
                """);
        assertThat(dbt("run", THREE_DAYS)).as(shop.console().out()).isZero();
        assertThat(
                        rows(
                                "select id, batch, starts, ends, old_name, adds from main.daily order by 1"))
                .containsExactly(
                        "1,20260101,2026-01-01 00:00:00+00:00,02.01.2026 UTC,2026-01-01 00:00:00+00:00,false",
                        "2,20260102,2026-01-02 00:00:00+00:00,03.01.2026 UTC,2026-01-02 00:00:00+00:00,true",
                        "3,20260103,2026-01-03 00:00:00+00:00,04.01.2026 UTC,2026-01-03 00:00:00+00:00,true");
        assertThat(
                        dbt(
                                "run",
                                "--full-refresh",
                                THREE_DAYS[0],
                                THREE_DAYS[1],
                                THREE_DAYS[2],
                                THREE_DAYS[3]))
                .isZero();
        assertThat(rows("select distinct adds from main.daily")).containsExactly("false");
    }

    @Test
    void macrosMayAskForThePeriodToo() {
        shop.put(
                "macros/period.sql",
                "{% macro period() %}{{ model.batch.id if model.batch else 'none' }}{% endmacro %}");
        daily("select id, ts, '{{ period() }}' as batch from {{ ref('raw') }}");
        assertThat(dbt("run", THREE_DAYS)).as(shop.console().out()).isZero();
        assertThat(rows("select batch from main.daily order by id"))
                .containsExactly("20260101", "20260102", "20260103");
    }

    @Test
    void periodsSeeWhatThoseBeforeThemMade() {
        daily(
                """
                select id, ts,
                    {% if is_incremental() %}(select count(*) from {{ this }}){% else %}0{% endif %}
                        as before
                from {{ ref('raw') }}
                """);
        assertThat(dbt("run", THREE_DAYS)).as(shop.console().out()).isZero();
        assertThat(rows("select id, before from main.daily order by 1"))
                .containsExactly("1,0", "2,1", "3,2");
    }

    @Test
    void aPeriodThatFailsIsBuiltWhenTheRunIsRetried() {
        daily(SECOND_DAY_FAILS);
        assertThat(dbt("run", THREE_DAYS)).isEqualTo(1);
        assertThat(shop.statuses())
                .containsExactly(
                        Map.entry("model.shop.daily", "partial success"),
                        Map.entry("model.shop.raw", "success"),
                        Map.entry("model.shop.reader", "skipped"));
        assertThat(result(shop, "model.shop.daily").get("batch_results"))
                .isEqualTo(
                        Map.of(
                                "successful",
                                List.of(
                                        List.of(
                                                "2026-01-01T00:00:00+00:00",
                                                "2026-01-02T00:00:00+00:00"),
                                        List.of(
                                                "2026-01-03T00:00:00+00:00",
                                                "2026-01-04T00:00:00+00:00")),
                                "failed",
                                List.of(
                                        List.of(
                                                "2026-01-02T00:00:00+00:00",
                                                "2026-01-03T00:00:00+00:00"))));
        assertThat(shop.lines())
                .anyMatch(l ->
                        l.matches(
                                "2 of 3 PARTIALLY created sql microbatch model main\\.daily \\.+"
                                        + " \\[PARTIAL SUCCESS \\(2/3\\) in .*s\\]"))
                .containsSubsequence(
                        "Completed with 1 partial success and 0 warnings",
                        "Partial success in model daily (models/daily.sql)",
                        "  PARTIAL SUCCESS (2/3)",
                        "  models/daily.sql:1:1: No. (in the batch from"
                                + " 2026-01-02T00:00:00Z to 2026-01-03T00:00:00Z)"
                                + " [DATA_INVALID]",
                        "Done. PASS=1 WARN=0 ERROR=1 SKIP=1 NO-OP=0 TOTAL=3");

        daily("select id, ts, 'late' as state from {{ ref('raw') }}");
        assertThat(dbt("retry")).as(shop.console().out()).isZero();
        assertThat(rows("select id, state from main.daily order by 1"))
                .containsExactly("1,ok", "2,late", "3,ok");
        assertThat(rows("select n from main.reader")).containsExactly("3");
    }

    @Test
    void whatFailsForOneReasonIsToldOnce() {
        daily(SECOND_DAY_FAILS.replace("== '20260102'", "!= '20260101'"));
        assertThat(dbt("run", THREE_DAYS)).isEqualTo(1);
        assertThat(shop.lines())
                .containsSubsequence(
                        "  PARTIAL SUCCESS (1/3)",
                        "  models/daily.sql:1:1: No. (in the batch from"
                                + " 2026-01-02T00:00:00Z to 2026-01-03T00:00:00Z, and in 1 more,"
                                + " the last to 2026-01-04T00:00:00Z) [DATA_INVALID]",
                        "Done. PASS=1 WARN=0 ERROR=1 SKIP=1 NO-OP=0 TOTAL=3");
    }

    @Test
    void aRetryThatFailsAgainIsAnError() {
        daily(SECOND_DAY_FAILS);
        assertThat(dbt("run", THREE_DAYS)).isEqualTo(1);
        assertThat(dbt("retry")).isEqualTo(1);
        assertThat(shop.statuses())
                .containsEntry("model.shop.daily", "error")
                .containsEntry("model.shop.reader", "skipped");
    }

    @Test
    void whenTheFirstPeriodFailsNoOtherIsTried() {
        daily(SECOND_DAY_FAILS.replace("20260102", "20260101"));
        assertThat(dbt("run", THREE_DAYS)).isEqualTo(1);
        assertThat(shop.statuses()).containsEntry("model.shop.daily", "error");
        assertThat(DbtFolder.map(result(shop, "model.shop.daily").get("batch_results")))
                .hasEntrySatisfying("successful", s -> assertThat(DbtFolder.list(s)).isEmpty())
                .hasEntrySatisfying("failed", f -> assertThat(DbtFolder.list(f)).hasSize(3));
        assertThat(shop.console().run("query", "select * from main.daily")).isNotZero();
        assertThat(shop.console().err()).contains("Table 'main.daily' does not exist.");
    }

    @Test
    void whatWasBuiltIsVisibleWhereEachNodeIsPublishedByItself() {
        shop.put("tarn.yml", "run: {publish: each}\n");
        daily(SECOND_DAY_FAILS);
        assertThat(dbt("run", THREE_DAYS)).isEqualTo(1);
        assertThat(rows("select id from main.daily order by 1")).containsExactly("1", "3");
    }

    @Test
    void aModelThatBeginsInTheFutureIsMadeWithoutRows() {
        shop.put(
                "models/daily.sql",
                """
                {{ config(materialized='incremental', incremental_strategy='microbatch',
                          event_time='ts', batch_size='year', begin='2200-01-01') }}
                select * from {{ ref('raw') }}
                """);
        assertThat(dbt("run")).as(shop.console().out()).isZero();
        assertThat(rows("select count(*) from main.daily")).containsExactly("0");
    }

    @Test
    void aSampleDecidesWhichPeriodsAreBuiltAndWhichRowsTheySee() {
        daily("select id, ts from {{ ref('raw') }}");
        assertThat(dbt("run", "--select", "raw")).isZero();
        assertThat(
                        dbt(
                                "run",
                                "--select",
                                "daily",
                                "--sample",
                                "{start: '2026-01-02 13:00:00', end: '2026-01-04'}"))
                .as(shop.console().out())
                .isZero();
        assertThat(rows("select id from main.daily")).containsExactly("3");
    }
}
