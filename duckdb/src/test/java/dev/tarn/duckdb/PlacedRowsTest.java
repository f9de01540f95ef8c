package dev.tarn.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.Predicate.Operator;
import dev.tarn.model.table.RowLineage;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableScan.DataFile;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that tell where they stand. */
final class PlacedRowsTest extends Fixture {
    private static final Schema SCHEMA =
            schema(field(1, "id", Primitive.BIGINT), field(2, "name", Primitive.VARCHAR));
    private static final TableName SOURCE = new TableName("shop", "source");

    private final List<List<Predicate>> plans = new ArrayList<>();
    private final List<DataFile> files = new ArrayList<>();

    @BeforeEach
    void define() {
        for (long i = 0; i < 10; i++) {
            DataFile file =
                    file(
                            SCHEMA,
                            "select i as id, 'n' || i as name from range(%d, %d) r(i)"
                                    .formatted(i * 10, i * 10 + 10));
            files.add(withLineage(file, new RowLineage(i * 100L, i + 1L)));
        }
        session.define(
                TABLE,
                new Relation.Table(
                        SCHEMA,
                        predicates -> {
                            plans.add(predicates);
                            boolean thirties =
                                    predicates.contains(
                                            new Predicate("id", Operator.GREATER_OR_EQUAL, "33"));
                            return new TableScan(
                                    SCHEMA, thirties ? files.subList(3, 4) : files, files.size());
                        },
                        new Relation.Places.Told()));
        session.stage(
                SOURCE, SqlText.of("select 33 as id union all select 35 union all select 99"));
    }

    private static DataFile withLineage(DataFile file, RowLineage lineage) {
        return new DataFile(
                file.location(),
                file.path(),
                file.rows(),
                file.bytes(),
                file.deleted(),
                file.foreign(),
                Optional.of(lineage));
    }

    @Test
    void everyRowTellsItsPositionAndItsId() {
        assertThat(
                        rows(
                                "select id, __tarn_position, __tarn_row_id, __tarn_last_updated from shop.orders where id in (7, 42) order by id"))
                .containsExactly(List.of(7L, 7L, 7L, 1L), List.of(42L, 2L, 402L, 5L));
    }

    @Test
    void placesThatAQueryFoundBecomePositionsInFiles() {
        var found =
                session.positions(
                        TABLE,
                        SqlText.of(
                                "select __tarn_file, __tarn_position from shop.orders where id in (7, 3, 42) or id = 3"));
        assertThat(found)
                .extracting(p -> p.location())
                .containsExactlyInAnyOrder(files.get(0).location(), files.get(4).location());
        assertThat(found)
                .filteredOn(p -> p.location().equals(files.getFirst().location()))
                .allSatisfy(p -> assertThat(p.positions()).containsExactly(3, 7));
    }

    @Test
    void numbersOfFilesStayWhenFilesAreLeftOut() {
        rows("select count(*) from shop.orders");
        var found =
                session.positions(
                        TABLE,
                        SqlText.of(
                                "select __tarn_file, __tarn_position from shop.orders where id >= 33 and id < 35"));
        assertThat(plans.getLast()).contains(new Predicate("id", Operator.LESS, "35"));
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().location()).isEqualTo(files.get(3).location());
        assertThat(found.getFirst().positions()).containsExactly(3, 4);
    }

    @Test
    void aBoundInTheConditionOfAnOuterJoinLeavesFilesOut() {
        for (String join : List.of("inner", "right")) {
            plans.clear();
            rows(
                    "select t.__tarn_file, s.id from shop.orders t %s join shop.source s on (t.id = s.id) and t.id >= '33'::BIGINT and t.id <= '99'::BIGINT"
                            .formatted(join));
            assertThat(plans.getLast())
                    .as(join)
                    .contains(
                            new Predicate("id", Operator.GREATER_OR_EQUAL, "33"),
                            new Predicate("id", Operator.LESS_OR_EQUAL, "99"));
        }
    }
}
