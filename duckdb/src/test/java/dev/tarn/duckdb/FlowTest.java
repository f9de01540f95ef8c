package dev.tarn.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.RowFlow;
import dev.tarn.spi.RowSink;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Rows that are read while they are told. */
class FlowTest extends Fixture {
    private static final TableName ROWS = new TableName("tarn_ingest", "rows");
    private static final int MANY = 300_001;
    private static final String SUMMARY =
            "SELECT count(*), sum(n), max(word), max(moment)::VARCHAR, count(DISTINCT m['k'])"
                    + " FROM tarn_ingest.rows";
    private static final Schema COLUMNS =
            schema(
                    field(0, "n", Primitive.BIGINT),
                    field(0, "word", Primitive.VARCHAR),
                    field(0, "moment", Primitive.TIMESTAMPTZ),
                    field(0, "m", Type.MapOf.of(Primitive.VARCHAR, Primitive.VARCHAR)));

    private static FutureTask<Long> telling(RowFlow flow, int rows) {
        FutureTask<Long> teller =
                new FutureTask<>(() -> {
                    try (RowSink sink = flow.sink()) {
                        for (int i = 1; i <= rows; i++) {
                            sink.integer(i);
                            sink.text("w" + i % 10);
                            sink.timestamp(i % 1000);
                            sink.json("{\"k\":\"" + i % 7 + "\"}");
                            sink.endRow();
                        }
                        return sink.rows();
                    }
                });
        Thread.ofPlatform().name("teller").start(teller);
        return teller;
    }

    @Test
    void fewRowsAreKept() throws Exception {
        try (RowFlow flow = session.flow(ROWS, COLUMNS)) {
            FutureTask<Long> teller = telling(flow, 10);

            assertThat(flow.awaitMany()).isFalse();
            assertThat(teller.get()).isEqualTo(10);
            for (int again = 0; again < 2; again++) {
                assertThat(shown(SUMMARY))
                        .containsExactly("10|55|w9|1970-01-01 00:00:00.00001+00|7");
            }
        }
    }

    @Test
    void noRowsAreKeptToo() throws Exception {
        try (RowFlow flow = session.flow(ROWS, COLUMNS)) {
            FutureTask<Long> teller = telling(flow, 0);

            assertThat(flow.awaitMany()).isFalse();
            assertThat(teller.get()).isZero();
            assertThat(shown("SELECT count(*) FROM tarn_ingest.rows")).containsExactly("0");
        }
    }

    @Test
    void manyRowsAreReadWhileTheyAreTold() throws Exception {
        try (RowFlow flow = session.flow(ROWS, COLUMNS)) {
            FutureTask<Long> teller = telling(flow, MANY);

            assertThat(flow.awaitMany()).isTrue();
            flow.open();

            assertThat(shown(SUMMARY))
                    .containsExactly(
                            MANY
                                    + "|"
                                    + (long) MANY * (MANY + 1) / 2
                                    + "|w9|1970-01-01 00:00:00.000999+00|7");
            assertThat(teller.get()).isEqualTo(MANY);
        }
    }

    @Test
    void manyRowsThatAreKeptCanBeReadTwice() throws Exception {
        try (RowFlow flow = session.flow(ROWS, COLUMNS)) {
            FutureTask<Long> teller = telling(flow, MANY);

            assertThat(flow.awaitMany()).isTrue();
            flow.keep();
            assertThat(teller.get()).isEqualTo(MANY);

            for (int again = 0; again < 2; again++) {
                assertThat(shown("SELECT count(*), max(n) FROM tarn_ingest.rows"))
                        .containsExactly(MANY + "|" + MANY);
            }
        }
    }

    @Test
    void rowsComeInTheOrderInWhichTheyAreTold() throws Exception {
        try (RowFlow flow = session.flow(ROWS, COLUMNS)) {
            FutureTask<Long> teller = telling(flow, MANY);
            assertThat(flow.awaitMany()).isTrue();
            flow.open();

            assertThat(
                            shown(
                                    "SELECT count(*) FILTER (WHERE n <> row) FROM (SELECT n,"
                                            + " row_number() OVER () AS row FROM tarn_ingest.rows)"))
                    .containsExactly("0");
            assertThat(teller.get()).isEqualTo(MANY);
        }
    }

    @Test
    void whoTellsRowsThatNobodyReadsIsStopped() {
        RowFlow flow = session.flow(ROWS, COLUMNS);
        FutureTask<Long> teller = telling(flow, MANY);
        assertThat(flow.awaitMany()).isTrue();

        flow.close();

        assertThatThrownBy(teller::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        TarnException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERRUPTED));
    }

    @Test
    void aQueryThatFailsLetsTheTellerGo() {
        RowFlow flow = session.flow(ROWS, COLUMNS);
        FutureTask<Long> teller = telling(flow, MANY);
        assertThat(flow.awaitMany()).isTrue();
        flow.open();
        assertThatThrownBy(() -> shown("SELECT CAST(word AS INTEGER) FROM tarn_ingest.rows"))
                .hasMessageContaining("w1");

        flow.close();

        assertThatThrownBy(teller::get).hasMessageContaining("The statement was cancelled.");
    }

    private List<String> shown(String sql) {
        return rows(sql).stream()
                .map(row -> row.stream().map(String::valueOf).collect(Collectors.joining("|")))
                .toList();
    }
}
