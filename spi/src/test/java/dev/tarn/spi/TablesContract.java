package dev.tarn.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.Predicate.Operator;
import dev.tarn.model.table.RowPositions;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.SortField;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableState;
import dev.tarn.model.table.Transform;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every table format must do. Heirs bring the format and a way to write and read Parquet. */
public abstract class TablesContract extends TablesBench {
    @Test
    void aNewTableIsEmptyAndItsColumnsHaveIds() {
        TablePointer pointer = tables.create(NAME, TableDefinition.of(COLUMNS));

        TableState state = tables.state(pointer);

        assertThat(state.definition().schema().sameColumns(COLUMNS)).isTrue();
        assertThat(state.definition().schema().fields())
                .extracting(Field::id)
                .containsExactly(1, 2);
        assertThat(state.current()).isEmpty();
        assertThat(state.snapshots()).isEmpty();
        assertThat(rows(pointer)).isEmpty();
    }

    @Test
    void appendedRowsAreThereAndTheOldStateStays() {
        TablePointer empty = tables.create(NAME, TableDefinition.of(COLUMNS));

        TablePointer one = append(empty, "select 1 id, 'a' name");
        TablePointer two = append(one, "select 2 id, null name");

        assertThat(rows(empty)).isEmpty();
        assertThat(rows(one)).containsExactly("1|a");
        assertThat(rows(two)).containsExactly("1|a", "2|null");
    }

    @Test
    void overwritingReplacesAllRowsAndKeepsIdentityAndHistory() {
        TablePointer one = append(table(), "select 1 id, 'a' name");
        long first = tables.state(one).current().orElseThrow().id();

        TablePointer two =
                tables.overwrite(
                        one, writeFiles(tables.target(one), "select 2 id, 'b' name"), Map.of());

        assertThat(rows(two)).containsExactly("2|b");
        assertThat(tables.state(two).uuid()).isEqualTo(tables.state(one).uuid());
        assertThat(readRows(tables.scan(two, Optional.of(first), List.of())))
                .containsExactly("1|a");
    }

    @Test
    void overwritingWithNothingEmptiesTheTable() {
        TablePointer one = append(table(), "select 1 id, 'a' name");

        TablePointer none = tables.overwrite(one, List.of(), Map.of());

        assertThat(rows(none)).isEmpty();
        assertThat(rows(one)).containsExactly("1|a");
        assertThat(tables.state(none).current().orElseThrow().totalRows()).isZero();
    }

    @Test
    void snapshotsTellWhatHappenedAndWhen() {
        TablePointer one = append(table(), "select range id, 'a' name from range(5)");
        List<RowPositions> some = List.of(positions(one, 0, 0, 1));

        TablePointer two =
                tables.replaceRows(
                        one,
                        some,
                        writeFiles(tables.target(one), "select 9 id, 'z' name"),
                        Map.of("tarn.run", "r2"));

        assertThat(tables.state(two).snapshots())
                .extracting(
                        TableState.Snapshot::committedAt,
                        TableState.Snapshot::operation,
                        TableState.Snapshot::addedRows,
                        TableState.Snapshot::deletedRows,
                        TableState.Snapshot::totalRows,
                        TableState.Snapshot::totalFiles,
                        TableState.Snapshot::summary)
                .containsExactly(
                        tuple(NOW, "append", 5L, 0L, 5L, 1L, Map.of("tarn.run", "r1")),
                        tuple(NOW, "overwrite", 1L, 2L, 4L, 2L, Map.of("tarn.run", "r2")));
        assertThat(tables.state(two).current()).contains(tables.state(two).snapshots().getLast());
    }

    @Test
    void filesAreTakenOverAndFilesWithoutRowsAreNot() {
        TablePointer empty = table();
        List<WrittenFile> written = writeFiles(tables.target(empty), "select 1 id, 'a' name");

        TablePointer one = tables.append(empty, written, Map.of());

        assertThat(written).allSatisfy(f -> assertThat(f.path()).doesNotExist());
        assertThat(tables.files(one))
                .contains(
                        tables.scan(one, Optional.empty(), List.of())
                                .files()
                                .getFirst()
                                .location());
    }

    @Test
    void writeTargetsAreFreshAndFollowTheDefinition() {
        TablePointer pointer =
                tables.create(
                        NAME,
                        new TableDefinition(
                                COLUMNS,
                                List.of(PartitionField.of("id", new Transform.Bucket(4))),
                                List.of(SortField.ascending("name")),
                                Map.of("write.target-file-size-bytes", "1000000")));

        WriteTarget one = tables.target(pointer);
        WriteTarget two = tables.target(pointer);

        assertThat(one.directory()).doesNotExist().isNotEqualTo(two.directory());
        assertThat(one.schema()).isEqualTo(tables.state(pointer).definition().schema());
        assertThat(one.partitioning())
                .containsExactly(new PartitionField("id", new Transform.Bucket(4), "id_bucket"));
        assertThat(one.sortOrder()).containsExactly(SortField.ascending("name"));
        assertThat(one.targetFileBytes()).isEqualTo(1_000_000);
        assertThat(tables.target(table()).targetFileBytes()).isEqualTo(128L << 20);
    }

    @Test
    void replacedRowsAreGoneAndOthersStay() {
        TablePointer one = append(table(), "select range id, 'n' || range as name from range(6)");

        TablePointer two =
                tables.replaceRows(
                        one,
                        List.of(positions(one, 0, 1, 3)),
                        writeFiles(tables.target(one), "select 3 id, 'new' name"),
                        Map.of());
        TablePointer three =
                tables.replaceRows(two, List.of(positions(two, 0, 5)), List.of(), Map.of());

        assertThat(rows(one)).hasSize(6);
        assertThat(rows(two)).containsExactly("0|n0", "2|n2", "3|new", "4|n4", "5|n5");
        assertThat(rows(three)).containsExactly("0|n0", "2|n2", "3|new", "4|n4");
    }

    @Test
    void deletingTheSameRowTwiceChangesNothingMore() {
        TablePointer one = append(table(), "select range id, 'a' name from range(3)");
        TablePointer two =
                tables.replaceRows(one, List.of(positions(one, 0, 1)), List.of(), Map.of());

        TablePointer three =
                tables.replaceRows(two, List.of(positions(two, 0, 1, 2)), List.of(), Map.of());

        assertThat(rows(three)).containsExactly("0|a");
        assertThat(tables.state(three).current().orElseThrow().totalRows()).isEqualTo(1);
    }

    @Test
    void aFileWithoutRowsLeftIsDropped() {
        TablePointer one = append(table(), "select range id, 'a' name from range(3)");
        TablePointer two = append(one, "select 7 id, 'b' name");
        TablePointer partly =
                tables.replaceRows(two, List.of(positionsOf(two, "0|a", 0)), List.of(), Map.of());

        TablePointer gone =
                tables.replaceRows(
                        partly, List.of(positionsOf(partly, "1|a", 1, 2)), List.of(), Map.of());

        assertThat(rows(gone)).containsExactly("7|b");
        TableScan scan = tables.scan(gone, Optional.empty(), List.of());
        assertThat(scan.files()).hasSize(1);
        assertThat(scan.files().getFirst().deleted()).isEmpty();
        assertThat(tables.state(gone).current().orElseThrow().totalFiles()).isEqualTo(1);
        assertThat(tables.state(gone).current().orElseThrow().totalRows()).isEqualTo(1);
    }

    @Test
    void filesArePutInThePlaceOfOthers() {
        TablePointer one = append(table(), "select range id, 'a' name from range(3)");
        TablePointer two = append(one, "select 7 id, 'b' name");
        TablePointer holed =
                tables.replaceRows(two, List.of(positionsOf(two, "0|a", 1)), List.of(), Map.of());
        String old = positionsOf(holed, "0|a").location();

        TablePointer rewritten =
                tables.replaceFiles(
                        holed,
                        List.of(old),
                        writeFiles(tables.target(holed), "select 0 id, 'new' name"),
                        Map.of());

        assertThat(rows(holed)).containsExactly("0|a", "2|a", "7|b");
        assertThat(rows(rewritten)).containsExactly("0|new", "7|b");
        assertThat(tables.scan(rewritten, Optional.empty(), List.of()).files())
                .hasSize(2)
                .allMatch(f -> f.deleted().isEmpty() && !f.location().equals(old));
        assertThat(tables.replaceFiles(holed, List.of(), List.of(), Map.of())).isEqualTo(holed);
    }

    @Test
    void predicatesLeaveFilesOut() {
        TablePointer one = append(table(), "select range id, 'a' name from range(10)");
        TablePointer two = append(one, "select range id, null name from range(100, 110)");

        assertThat(planned(two, new Predicate("id", Operator.GREATER, "50"))).isEqualTo("1 of 2");
        assertThat(planned(two, new Predicate("ID", Operator.EQUAL, "5"))).isEqualTo("1 of 2");
        assertThat(planned(two, new Predicate("id", Operator.LESS, "0"))).isEqualTo("0 of 2");
        assertThat(planned(two, new Predicate("name", Operator.IS_NULL, ""))).isEqualTo("1 of 2");
        assertThat(planned(two, new Predicate("name", Operator.IS_NOT_NULL, "")))
                .isEqualTo("1 of 2");
        assertThat(planned(two, new Predicate("name", Operator.EQUAL, "b"))).isEqualTo("0 of 2");
        assertThat(planned(two, new Predicate("id", Operator.EQUAL, "many"))).isEqualTo("2 of 2");
        assertThat(planned(two, new Predicate("other", Operator.EQUAL, "1"))).isEqualTo("2 of 2");
    }

    @Test
    void partitionsAreReplacedOneByOne() {
        TablePointer empty =
                tables.create(
                        NAME,
                        new TableDefinition(
                                COLUMNS,
                                List.of(PartitionField.of("name", new Transform.Identity())),
                                List.of(),
                                Map.of()));
        TablePointer one = append(empty, "from (values (1, 'a'), (2, 'b'), (3, null)) v(id, name)");

        TablePointer two =
                tables.overwritePartitions(
                        one,
                        writeFiles(
                                tables.target(one),
                                "from (values (4, 'a'), (5, 'c'), (6, null)) v(id, name)"),
                        Map.of());

        assertThat(rows(two)).containsExactly("2|b", "4|a", "5|c", "6|null");
        assertThat(planned(two, new Predicate("name", Operator.EQUAL, "c"))).isEqualTo("1 of 4");
        assertThat(tables.overwritePartitions(two, List.of(), Map.of())).isEqualTo(two);
    }

    @Test
    void columnsEvolveByIdAndOldRowsFollow() {
        TablePointer one = append(table(), "select 1 id, 'a' name");

        TablePointer two =
                tables.evolve(
                        one,
                        List.of(
                                new SchemaChange.Rename("name", "label"),
                                new SchemaChange.Add("name", Type.Primitive.DATE, Optional.empty()),
                                new SchemaChange.Add(
                                        "size", Type.Primitive.INTEGER, Optional.of("7")),
                                new SchemaChange.Widen("size", Type.Primitive.BIGINT),
                                new SchemaChange.Move("size", Optional.empty()),
                                new SchemaChange.Describe("size", "how large")));
        TablePointer three =
                append(two, "select 5 size, 2 id, 'b' label, date '2024-02-29' as name");
        TablePointer four = tables.evolve(three, List.of(new SchemaChange.Drop("label")));

        assertThat(tables.state(two).definition().schema().names())
                .containsExactly("size", "id", "label", "name");
        assertThat(tables.state(two).definition().schema().find("size").orElseThrow().doc())
                .contains("how large");
        assertThat(tables.scan(one, Optional.empty(), List.of()).uniform()).isTrue();
        assertThat(tables.scan(two, Optional.empty(), List.of()).uniform()).isFalse();
        assertThat(rows(two)).containsExactly("7|1|a|null");
        assertThat(rows(three)).containsExactly("5|2|b|2024-02-29", "7|1|a|null");
        assertThat(rows(four)).containsExactly("5|2|2024-02-29", "7|1|null");
        long first = tables.state(one).current().orElseThrow().id();
        assertThat(readRows(tables.scan(four, Optional.of(first), List.of())))
                .containsExactly("1|a");
        assertThat(tables.scan(four, Optional.of(first), List.of()).schema().names())
                .containsExactly("id", "name");
    }

    @Test
    void aRefusedStepChangesNothing() {
        TablePointer one = append(table(), "select 1 id, 'a' name");

        assertThatThrownBy(() ->
                        tables.evolve(
                                one,
                                List.of(
                                        new SchemaChange.Rename("name", "label"),
                                        new SchemaChange.Drop("nam"))))
                .isInstanceOfSatisfying(
                        TarnException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_CHANGE_REFUSED));
        assertThat(rows(one)).containsExactly("1|a");
    }

    @Test
    void aNewDefinitionHoldsForNewRows() {
        TablePointer one = append(table(), "select 1 id, 'a' name");

        TablePointer two =
                tables.redefine(
                        one,
                        new TableDefinition(
                                COLUMNS,
                                List.of(PartitionField.of("name", new Transform.Identity())),
                                List.of(SortField.ascending("id")),
                                Map.of("write.target-file-size-bytes", "5")));
        TablePointer three = append(two, "select 2 id, 'b' name");

        assertThat(tables.target(three).partitioning())
                .containsExactly(PartitionField.of("name", new Transform.Identity()));
        assertThat(tables.target(three).sortOrder()).containsExactly(SortField.ascending("id"));
        assertThat(tables.state(three).definition().properties())
                .containsEntry("write.target-file-size-bytes", "5");
        assertThat(rows(three)).containsExactly("1|a", "2|b");
        assertThat(tables.redefine(three, tables.state(three).definition())).isEqualTo(three);
    }

    @Test
    void appendsAreRepeatedOnAnotherState() {
        TablePointer base = append(table(), "select 1 id, 'a' name");
        TablePointer mine = append(append(base, "select 2 id, 'b' name"), "select 3 id, 'c' name");
        TablePointer theirs = append(base, "select 4 id, 'd' name");

        TablePointer both = tables.rebase(base, mine, theirs).orElseThrow();

        assertThat(rows(both)).containsExactly("1|a", "2|b", "3|c", "4|d");
        assertThat(tables.state(both).snapshots()).hasSize(4);
        assertThat(tables.state(both).current().orElseThrow().summary())
                .containsEntry("tarn.run", "r1");
    }

    @Test
    void appendsAreRepeatedOnColumnsThatHaveChanged() {
        TablePointer base = append(table(), "select 1 id, 'a' name");
        TablePointer mine = append(base, "select 2 id, 'b' name");
        TablePointer theirs =
                tables.evolve(
                        base,
                        List.of(
                                new SchemaChange.Rename("name", "label"),
                                new SchemaChange.Add(
                                        "more", Type.Primitive.DATE, Optional.empty())));

        TablePointer both = tables.rebase(base, mine, theirs).orElseThrow();

        assertThat(rows(both)).containsExactly("1|a|null", "2|b|null");
    }

    @Test
    void whatIsNoAppendIsNotRepeated() {
        TablePointer base = append(table(), "select 1 id, 'a' name");
        TablePointer theirs = append(base, "select 4 id, 'd' name");
        List<TablePointer> others =
                List.of(
                        tables.overwrite(base, List.of(), Map.of()),
                        tables.replaceRows(
                                append(base, "select 2 id, 'b' name"),
                                List.of(positions(base, 0, 0)),
                                List.of(),
                                Map.of()),
                        tables.evolve(base, List.of(new SchemaChange.Rename("name", "x"))),
                        append(table(), "select 1 id, 'a' name"));

        assertThat(others)
                .allSatisfy(mine -> assertThat(tables.rebase(base, mine, theirs)).isEmpty());
    }

    @Test
    void filesNamesEverythingAStateNeeds() {
        TablePointer one = append(table(), "select range id, 'a' name from range(5)");
        TablePointer two =
                tables.replaceRows(one, List.of(positions(one, 0, 1)), List.of(), Map.of());
        TablePointer three = tables.overwrite(two, List.of(), Map.of());

        List<String> needed = tables.files(three);

        assertThat(needed)
                .contains(three.metadataLocation())
                .doesNotContain(two.metadataLocation());
        assertThat(needed).allSatisfy(f -> assertThat(storage.find(f)).isPresent());
        for (Storage.StoredFile file : storage.list(folder.resolve("warehouse").toString())) {
            if (!needed.contains(file.location())) {
                storage.delete(file.location());
            }
        }
        Tables again =
                open(storage, folder.resolve("warehouse"), folder.resolve("s"), Clock.systemUTC());
        long second = tables.state(two).current().orElseThrow().id();
        assertThat(readRows(again.scan(three, Optional.of(second), List.of()))).hasSize(4);
    }

    @Test
    void oldSnapshotsAreForgottenButTheCurrentRowsStay() {
        TablePointer one = append(table(), "select 1 id, 'a' name");
        TablePointer two = append(one, "select 2 id, 'b' name");
        TablePointer three =
                tables.overwrite(
                        two, writeFiles(tables.target(two), "select 3 id, 'c' name"), Map.of());

        List<Long> all =
                tables.state(three).snapshots().stream().map(TableState.Snapshot::id).toList();
        TablePointer kept = tables.forget(three, Set.of(all.getFirst()));
        TablePointer last = tables.forget(three, Set.copyOf(all));

        assertThat(tables.state(kept).snapshots()).hasSize(2);
        assertThat(tables.state(last).snapshots()).hasSize(1);
        assertThat(rows(last)).containsExactly("3|c");
        assertThat(rows(two)).containsExactly("1|a", "2|b");
        assertThat(tables.files(last)).hasSizeLessThan(tables.files(three).size());
        assertThat(tables.state(tables.forget(three, Set.of())).snapshots()).hasSize(3);
        List<String> known = tables.files(kept);
        assertThat(tables.files(three, Set.copyOf(known)))
                .as("its metadata, and the list of files of what was forgotten")
                .hasSize(2)
                .doesNotContainAnyElementsOf(known)
                .contains(three.metadataLocation());
    }

    @Test
    void aMissingDataFileIsToldByName() {
        TablePointer one = append(table(), "select 1 id, 'a' name");
        String file = tables.scan(one, Optional.empty(), List.of()).files().getFirst().location();
        storage.delete(file);

        assertThatThrownBy(() -> tables.scan(one, Optional.empty(), List.of()))
                .hasMessageContaining(file)
                .isInstanceOfSatisfying(
                        TarnException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_MISSING));
    }

    @Test
    void aChangeThatCannotBeWrittenLeavesTheOldStateWhole() {
        TablePointer one = append(table(), "select 1 id, 'a' name");
        for (int writes = 0; writes < 4; writes++) {
            List<WrittenFile> written = writeFiles(tables.target(one), "select 2 id, 'b' name");
            storage.failWritesAfter(writes);
            assertThatThrownBy(() -> tables.append(one, written, Map.of()))
                    .isInstanceOfSatisfying(
                            TarnException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FULL));
            storage.heal();
            assertThat(rows(one)).containsExactly("1|a");
        }
        assertThat(rows(append(one, "select 2 id, 'b' name"))).containsExactly("1|a", "2|b");
    }

    @Test
    void manyThreadsMayChangeOneState() throws Exception {
        TablePointer base = append(table(), "select 0 id, 'a' name");
        List<List<WrittenFile>> written = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            written.add(writeFiles(tables.target(base), "select %d id, 'a' name".formatted(i)));
        }
        List<TablePointer> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<TablePointer>> work = new ArrayList<>();
            written.forEach(files -> work.add(() -> tables.append(base, files, Map.of())));
            for (Future<TablePointer> done : threads.invokeAll(work)) {
                results.add(done.get());
            }
        }
        for (int i = 0; i < results.size(); i++) {
            assertThat(rows(results.get(i))).containsExactly("0|a", (i + 1) + "|a");
        }
    }
}
