package dev.tarn.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.Inventory;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.RowLineage;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableState.Snapshot;
import dev.tarn.model.table.Transform;
import dev.tarn.model.table.Type;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every table format must do when files are put in the place of others. */
public abstract class TablesRewriteContract extends TablesBench {
    private TablePointer three() {
        TablePointer base = append(table(), "select range id, 'a' name from range(3)");
        base = append(base, "select 10 + range id, 'b' name from range(2)");
        return append(base, "select 20 id, 'c' name");
    }

    private Set<String> locations(TablePointer pointer) {
        Set<String> all = new HashSet<>();
        tables.inventory(pointer).files().forEach(f -> all.add(f.location()));
        return all;
    }

    private TablePointer compacted(TablePointer base, String rows) {
        return tables.compact(
                base, locations(base), writeFiles(tables.target(base), rows), Map.of());
    }

    private static final String ALL =
            "select range id, 'a' name from range(3) union all"
                    + " select 10 + range, 'b' from range(2) union all select 20, 'c'";

    private List<String> operations(TablePointer pointer) {
        return tables.state(pointer).snapshots().stream().map(Snapshot::operation).toList();
    }

    @Test
    void filesTellTheIdsOfTheirRows() {
        TablePointer one = append(table(), "select range id, 'a' name from range(3)");
        TablePointer two = append(one, "select 7 id, 'b' name");

        RowLineage first = lineage(two, positionsOf(two, "0|a").location());
        RowLineage second = lineage(two, positionsOf(two, "7|b").location());

        assertThat(first.firstRowId()).isEqualTo(0);
        assertThat(second.firstRowId()).isEqualTo(3);
        assertThat(second.changedIn()).isGreaterThan(first.changedIn());
    }

    private RowLineage lineage(TablePointer pointer, String location) {
        return tables.rows(pointer, Set.of(location)).files().getFirst().lineage().orElseThrow();
    }

    @Test
    void anInventoryTellsWhatRowsAreMadeOf() {
        TablePointer three = three();
        TablePointer less =
                tables.replaceRows(three, List.of(positions(three, 0, 0, 2)), List.of(), Map.of());

        Inventory inventory = tables.inventory(less);

        assertThat(inventory.files())
                .extracting(f -> f.rows() + " less " + f.deletedRows())
                .containsExactlyInAnyOrder("3 less 2", "2 less 0", "1 less 0");
        assertThat(inventory.files()).allMatch(f -> f.bytes() > 0 && f.currentLayout());
        assertThat(inventory.rows()).isEqualTo(6);
        assertThat(inventory.deletedRows()).isEqualTo(2);
        assertThat(inventory.manifests()).isPositive();
        assertThat(inventory.metadataBytes()).isPositive();
        assertThat(tables.inventory(table()).files()).isEmpty();
    }

    @Test
    void anInventoryTellsPartitionsAndWhichAreOfYesterday() {
        TablePointer plain = append(table(), "select 1 id, 'a' name");
        TablePointer parted =
                tables.redefine(
                        plain,
                        new TableDefinition(
                                tables.state(plain).definition().schema(),
                                List.of(PartitionField.of("name", new Transform.Identity())),
                                List.of(),
                                Map.of()));
        TablePointer both = append(parted, "select 2 id, 'b' name");

        assertThat(tables.inventory(both).files())
                .extracting(f -> f.partition() + " " + f.currentLayout())
                .containsExactlyInAnyOrder(" false", "name=b true");
    }

    @Test
    void compactingKeepsTheRowsAndSaysThatNothingElseHappened() {
        TablePointer three = three();

        TablePointer one = compacted(three, ALL);

        assertThat(rows(one)).isEqualTo(rows(three));
        assertThat(tables.inventory(one).files()).hasSize(1);
        assertThat(operations(one)).containsExactly("append", "append", "append", "replace");
        assertThat(rows(three)).hasSize(6);
    }

    @Test
    void deletedRowsAreLeftOutAndTheirVectorsGo() {
        TablePointer three = three();
        TablePointer less =
                tables.replaceRows(three, List.of(positions(three, 0, 0, 2)), List.of(), Map.of());

        TablePointer one = compacted(less, ALL + " except all values (0, 'a'), (2, 'a')");

        assertThat(rows(one)).isEqualTo(rows(less));
        assertThat(tables.inventory(one).deletedRows()).isZero();
        assertThat(tables.state(one).current().orElseThrow().hiddenRows()).isZero();
    }

    @Test
    void compactingToOtherRowsIsRefused() {
        TablePointer three = three();

        assertThatThrownBy(() -> compacted(three, ALL + " limit 5"))
                .isInstanceOf(TarnException.class)
                .hasMessageContaining("its files hold 6 rows and the new ones 5")
                .extracting(e -> ((TarnException) e).code())
                .isEqualTo(ErrorCode.INTERNAL);
    }

    @Test
    void filesThatAreNoLongerThereAreNotRewritten() {
        TablePointer three = three();
        TablePointer one = compacted(three, ALL);

        for (var call :
                List.<Runnable>of(
                        () -> tables.rows(one, locations(three)),
                        () -> tables.compact(one, locations(three), List.of(), Map.of()))) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(TarnException.class)
                    .hasMessageContaining("Try again later");
        }
    }

    @Test
    void appendsAreRepeatedOnACompaction() {
        TablePointer three = three();
        TablePointer one = compacted(three, ALL);
        TablePointer appended = append(three, "select 30 id, 'd' name");

        TablePointer both = tables.rebase(three, appended, one).orElseThrow();

        assertThat(rows(both)).isEqualTo(rows(appended));
        assertThat(tables.inventory(both).files()).hasSize(2);
    }

    @Test
    void aCompactionIsRepeatedOnAppends() {
        TablePointer three = three();
        TablePointer one = compacted(three, ALL);
        TablePointer appended = append(three, "select 30 id, 'd' name");

        TablePointer both = tables.rebase(three, one, appended).orElseThrow();

        assertThat(rows(both)).isEqualTo(rows(appended));
        assertThat(tables.inventory(both).files()).hasSize(2);
        assertThat(operations(both)).endsWith("append", "replace");
    }

    @Test
    void aCompactionGivesWayToDeletesInItsFiles() {
        TablePointer three = three();
        TablePointer one = compacted(three, ALL);
        TablePointer less =
                tables.replaceRows(three, List.of(positions(three, 0, 1)), List.of(), Map.of());
        TablePointer other =
                tables.overwrite(
                        three, writeFiles(tables.target(three), "select 1 id, 'z' name"), Map.of());

        assertThat(tables.rebase(three, one, less)).isEmpty();
        assertThat(tables.rebase(three, one, other)).isEmpty();
        assertThat(tables.rebase(three, one, compacted(three, ALL))).isEmpty();
    }

    @Test
    void aWriterNeverLosesToACompaction() {
        TablePointer three = three();
        TablePointer one = compacted(three, ALL);
        TablePointer less =
                tables.replaceRows(
                        three,
                        List.of(positions(three, 0, 1)),
                        writeFiles(tables.target(three), "select 40 id, 'n' name"),
                        Map.of("tarn.run", "r7"));
        TablePointer lessTwice =
                tables.replaceRows(less, List.of(positions(less, 0, 2)), List.of(), Map.of());
        TablePointer other =
                tables.overwrite(
                        three, writeFiles(tables.target(three), "select 1 id, 'z' name"), Map.of());
        TablePointer wider =
                tables.evolve(
                        other,
                        List.of(
                                new SchemaChange.Add(
                                        "more", Type.Primitive.VARCHAR, Optional.empty())));

        for (TablePointer mine : List.of(less, lessTwice, other, wider)) {
            TablePointer landed = tables.rebase(three, mine, one).orElseThrow();

            assertThat(rows(landed)).isEqualTo(rows(mine));
        }
        TablePointer landed = tables.rebase(three, less, one).orElseThrow();
        assertThat(tables.state(landed).current().orElseThrow().summary())
                .isEqualTo(Map.of("tarn.run", "r7"));
        assertThat(rows(append(landed, "select 50 id, 'o' name"))).hasSize(7);
    }

    @Test
    void butItDoesToAnotherWriterBehindTheCompaction() {
        TablePointer three = three();
        TablePointer moved = append(compacted(three, ALL), "select 30 id, 'd' name");
        TablePointer less =
                tables.replaceRows(three, List.of(positions(three, 0, 1)), List.of(), Map.of());

        assertThat(tables.rebase(three, less, moved)).isEmpty();
    }

    @Test
    void listsOfFilesAreGathered() {
        TablePointer three = three();

        TablePointer gathered = tables.rewriteManifests(three, Map.of());

        assertThat(tables.inventory(three).manifests()).isEqualTo(3);
        assertThat(tables.inventory(gathered).manifests()).isEqualTo(1);
        assertThat(rows(gathered)).isEqualTo(rows(three));
        assertThat(tables.rewriteManifests(table(), Map.of())).isNotNull();
    }

    @Test
    void onlyTheGivenSnapshotsAreForgottenAndNeverTheCurrentOne() {
        TablePointer three = three();
        List<Snapshot> all = tables.state(three).snapshots();

        TablePointer less = tables.forget(three, Set.of(all.get(0).id(), all.get(2).id(), 7L));

        assertThat(tables.state(less).snapshots())
                .extracting(Snapshot::id)
                .containsExactly(all.get(1).id(), all.get(2).id());
        assertThat(rows(less)).isEqualTo(rows(three));
        assertThat(tables.forget(three, Set.of())).isEqualTo(three);
    }
}
