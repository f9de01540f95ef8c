package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.delta.Lab;
import dev.tarn.delta.Scenarios;
import dev.tarn.model.table.Type;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same files, read by Spark as Iceberg and as Delta at every state that was published, have the
 * rows that Tarn reads.
 */
final class SparkReadsTablesTest {
    @TempDir static Path folder;
    private static Lab lab;
    private static Spark spark;

    @BeforeAll
    static void startSpark() {
        lab = new Lab(folder.resolve("lab"));
        spark = Spark.start(folder);
    }

    @AfterAll
    static void stopSpark() {
        spark.close();
        lab.close();
    }

    private static List<String> delta(Lab.Line line, int version, String sql) {
        return spark
                .read("delta", line.home(), sql, "versionAsOf", Integer.toString(version))
                .stream()
                .sorted()
                .toList();
    }

    private static List<String> iceberg(Lab.State state, String sql) {
        return spark.read("iceberg", state.pointer().metadataLocation(), sql).stream()
                .sorted()
                .toList();
    }

    @Test
    void bothFormatsShowWhatTarnShowsAtEveryState() {
        for (Lab.Line line : new Scenarios(lab).all()) {
            for (int version = 0; version < line.states().size(); version++) {
                Lab.State state = line.states().get(version);
                boolean isOneOfMany = line.states().size() > 10 && version % 12 != 11;
                if (isOneOfMany) {
                    continue;
                }
                assertThat(delta(line, version, "select * from t"))
                        .as("%s as Delta, version %d", line.name(), version)
                        .isEqualTo(state.rows());
                assertThat(iceberg(state, "select * from t"))
                        .as("%s as Iceberg, state %d", line.name(), version)
                        .isEqualTo(state.rows());
            }
        }
    }

    @Test
    void deltaTravelsByTime() {
        Lab.Line line = new Scenarios(lab).twice();
        Lab.State first = line.states().getFirst();

        assertThat(
                        spark.read(
                                "delta",
                                line.home(),
                                "select * from t",
                                "timestampAsOf",
                                first.at().toString()))
                .containsExactlyElementsOf(first.rows());
        assertThat(spark.sql("describe history delta.`%s`".formatted(line.home())))
                .extracting(row -> row.substring(0, "1|2026-03-01T10:00:05Z".length()))
                .containsExactly(
                        "1|" + line.states().get(1).at(), "0|" + line.states().get(0).at());
    }

    @Test
    void pagesThatAreLeftOutDoNotMoveWhichRowsAreDeleted() {
        Lab.Line line = new Scenarios(lab).pages();
        Lab.State last = line.states().getLast();
        String some = "select * from t where id between 1198 and 1203 or id = 2999";
        List<String> rows =
                last.rows().stream()
                        .filter(r -> r.matches("(1198|1199|1200|1201|1202|1203|2999)[|].*"))
                        .toList();

        assertThat(rows).hasSize(6);
        assertThat(delta(line, 1, some)).isEqualTo(rows);
        assertThat(iceberg(last, some)).isEqualTo(rows);
    }

    @Test
    void whatDeltaHasNoTypeForIsToldAsWhatTheFileHolds() {
        Lab.Line line =
                lab.table(
                                "lab.odd",
                                Lab.columns(
                                        "id", Type.Primitive.INTEGER,
                                        "t", Type.Primitive.TIME,
                                        "u", Type.Primitive.UUID,
                                        "n", Type.Primitive.TIMESTAMP_NS))
                        .append(
                                "select 1 id, time '23:59:59.999999' t,"
                                        + " '00112233-4455-6677-8899-aabbccddeeff'::uuid u,"
                                        + " timestamp_ns '1970-01-01 00:00:01.000000002' n"
                                        + " union all by name select 2 id")
                        .publish();

        assertThat(delta(line, 0, "select * from t"))
                .containsExactly(
                        "1|86399999999|00112233445566778899aabbccddeeff|1000000002",
                        "2|null|null|null");
    }

    @Test
    void rowsKeepTheirIdsInBothFormats() {
        Lab.Line line = new Scenarios(lab).twice();
        String metadata = line.states().getLast().pointer().metadataLocation();

        assertThat(
                        spark.columns(
                                "delta",
                                line.home(),
                                "id",
                                "_metadata.row_id",
                                "_metadata.row_commit_version"))
                .hasSize(4)
                .containsExactlyInAnyOrderElementsOf(
                        spark.columns(
                                "iceberg",
                                metadata,
                                "id",
                                "_row_id",
                                "_last_updated_sequence_number"));
    }

    @Test
    void sparkDoesNotWriteWhatWouldNotBePublished() {
        String table = "delta.`%s`".formatted(new Scenarios(lab).twice().home());

        for (String statement :
                List.of(
                        "insert into %s select * from %s",
                        "delete from %s", "vacuum %s", "optimize %s")) {
            assertThatThrownBy(() -> spark.sql(statement.formatted(table, table)))
                    .isInstanceOf(Spark.Refused.class)
                    .hasMessageContaining("requires writer table feature(s) that are unsupported");
        }
    }
}
