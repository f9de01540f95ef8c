package dev.tarn.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Inventory;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.RowPositions;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.SortField;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableState.Snapshot;
import dev.tarn.model.table.Transform;
import dev.tarn.model.table.Type;
import dev.tarn.upkeep.TableUpkeep.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Upkeep with a real catalog, real tables and a real engine. */
final class UpkeepTest {
    private static final Schema COLUMNS =
            new Schema(
                    List.of(
                            Field.of("id", Type.Primitive.BIGINT),
                            Field.of("name", Type.Primitive.VARCHAR)));

    @TempDir Path folder;

    private Lab lab;

    @BeforeEach
    void openLab() {
        lab = new Lab(folder);
    }

    @AfterEach
    void closeLab() {
        lab.close();
    }

    private void tenFiles(TableDefinition definition) {
        lab.create(definition);
        for (int i = 0; i < 10; i++) {
            lab.append(
                    "select 100 * %d + range as id, 'n' || range %% 3 as name from range(100)"
                            .formatted(i));
        }
    }

    private static TableDefinition plain(Map<String, String> properties) {
        return new TableDefinition(COLUMNS, List.of(), List.of(), properties);
    }

    @Test
    void smallFilesAreGatheredAndNobodySeesADifference() {
        tenFiles(plain(Map.of()));
        List<String> before = lab.rows();
        String content = ((Entry.Table) lab.entry().entry()).content();

        TableUpkeep done = lab.maintain(true);

        assertThat(done.outcome()).isEqualTo(Outcome.DONE);
        assertThat(done.before() + " -> " + done.after()).isEqualTo("10 -> 1");
        assertThat(lab.files()).isEqualTo(1);
        assertThat(lab.rows()).isEqualTo(before);
        assertThat(((Entry.Table) lab.entry().entry()).content()).isEqualTo(content);
        assertThat(lab.entry().entry().attributes()).containsEntry("node", "n");
        assertThat(lab.catalog.history(RefName.MAIN, 1).getFirst().message())
                .isEqualTo("maintain: 10 files of shop.orders became 1");
        assertThat(lab.maintain(true).outcome()).isEqualTo(Outcome.NOTHING);
    }

    @Test
    void theIdentityOfRowsIsKeptHoweverOftenTheyAreRewritten() {
        tenFiles(plain(Map.of()));
        List<String> before = lab.identities("id, name");

        lab.maintain(true);
        List<String> once = lab.identities("id, name");
        lab.append("select -1 as id, 'new' as name");
        List<String> appended = lab.identities("id, name");
        lab.maintain(true);

        assertThat(once).isEqualTo(before);
        assertThat(before.getFirst()).isEqualTo("0|1|0|n0");
        assertThat(before.getLast()).isEqualTo("999|10|999|n0");
        assertThat(lab.identities("id, name")).isEqualTo(appended).hasSize(1_001);
        assertThat(lab.files()).isEqualTo(1);
    }

    @Test
    void deletedRowsAreWrittenOutWhenTheyAreMany() {
        lab.create(plain(Map.of("tarn.upkeep.delete-ratio", "0.3")));
        lab.append("select range as id, 'a' as name from range(100)");
        lab.publish(deleted(29));
        assertThat(lab.maintain(true).outcome()).isEqualTo(Outcome.NOTHING);
        lab.publish(deleted(31));
        List<String> before = lab.identities("id");

        TableUpkeep done = lab.maintain(true);

        assertThat(done.outcome()).isEqualTo(Outcome.DONE);
        assertThat(lab.identities("id")).isEqualTo(before).hasSize(69);
        assertThat(lab.tables.inventory(lab.pointer()).deletedRows()).isZero();
    }

    private TablePointer deleted(int rows) {
        TablePointer now = lab.pointer();
        long[] positions = new long[rows];
        for (int i = 0; i < rows; i++) {
            positions[i] = i;
        }
        String file = lab.tables.inventory(now).files().getFirst().location();
        return lab.tables.replaceRows(
                now, List.of(new RowPositions(file, positions)), List.of(), Map.of());
    }

    @Test
    void aFileWithoutRowsLeftGoesWithoutASuccessor() {
        lab.create(plain(Map.of()));
        lab.append("select 1 as id, 'a' as name");
        lab.append("select 2 as id, 'b' as name");
        TablePointer now = lab.pointer();
        List<RowPositions> all =
                lab.tables.inventory(now).files().stream()
                        .map(f -> new RowPositions(f.location(), new long[] {0}))
                        .toList();
        lab.publish(lab.tables.replaceRows(now, all, List.of(), Map.of()));

        assertThat(lab.maintain(true).outcome()).isEqualTo(Outcome.NOTHING);
        assertThat(lab.files()).isZero();
    }

    @Test
    void partitionsStayApartAndEarlierPartitioningIsBroughtUpToDate() {
        tenFiles(plain(Map.of()));
        List<String> before = lab.rows();
        lab.publish(
                lab.tables.redefine(
                        lab.pointer(),
                        new TableDefinition(
                                lab.tables.state(lab.pointer()).definition().schema(),
                                List.of(PartitionField.of("name", new Transform.Identity())),
                                List.of(SortField.ascending("id")),
                                Map.of())));
        lab.append("select 5000 + range as id, 'n' || range % 4 as name from range(100)");

        TableUpkeep done = lab.maintain(true);

        assertThat(done.outcome()).isEqualTo(Outcome.DONE);
        assertThat(lab.tables.inventory(lab.pointer()).files())
                .allMatch(Inventory.DataFile::currentLayout)
                .extracting(Inventory.DataFile::partition)
                .contains("name=n0", "name=n1", "name=n2", "name=n3");
        lab.maintain(true);
        assertThat(lab.files()).isEqualTo(4);
        assertThat(lab.rows()).containsAll(before).hasSize(1_100);
    }

    @Test
    void columnsThatCameAndWentMeanwhileAreReadAsBefore() {
        tenFiles(plain(Map.of()));
        lab.publish(
                lab.tables.evolve(
                        lab.pointer(),
                        List.of(
                                new SchemaChange.Add(
                                        "more", Type.Primitive.INTEGER, Optional.of("7")),
                                new SchemaChange.Rename("name", "label"))));
        lab.append("select -1 as id, 'x' as label, 8 as more");
        List<String> before = lab.rows();

        lab.maintain(true);

        assertThat(lab.files()).isEqualTo(1);
        assertThat(lab.rows()).isEqualTo(before).contains("-1|x|8", "999|n0|7");
    }

    @Test
    void nestedValuesAndTablesOfVersionTwoAreRewrittenToo() {
        Schema nested =
                new Schema(
                        List.of(
                                Field.of("id", Type.Primitive.BIGINT),
                                Field.of(
                                        "s",
                                        new Type.Struct(
                                                List.of(
                                                        Field.of("x", Type.Primitive.DOUBLE),
                                                        Field.of(
                                                                "l",
                                                                new Type.ListOf(
                                                                        Field.of(
                                                                                "element",
                                                                                Type.Primitive
                                                                                        .DATE))))))));
        lab.create(
                new TableDefinition(nested, List.of(), List.of(), Map.of("format-version", "2")));
        for (int i = 0; i < 3; i++) {
            lab.append(
                    "select %d as id, {'x': 'nan'::double, 'l': [date '2026-01-0%d', null]} as s union all select null, null"
                            .formatted(i, i + 1));
        }
        List<String> before = lab.rows();

        lab.maintain(true);

        assertThat(lab.files()).isEqualTo(1);
        assertThat(lab.rows()).isEqualTo(before).hasSize(6);
    }

    @Test
    void unaskedItWaitsUntilThereAreEnoughFilesOfOneSize() {
        lab.create(plain(Map.of()));
        int most = 0;
        for (int i = 0; i < 200; i++) {
            lab.append("select %d as id, 'a' as name".formatted(i));
            if (lab.upkeep().isDue(lab.pointer())) {
                lab.maintain(false);
            }
            most = Math.max(most, lab.files());
        }

        assertThat(lab.rows()).hasSize(200);
        assertThat(most).isLessThan(30);
        assertThat(lab.tables.state(lab.pointer()).snapshots().size()).isLessThan(130);
    }

    @Test
    void aPlanTellsWhatWouldBeGainedAndDoesNothing() {
        tenFiles(plain(Map.of("tarn.history.max-snapshots", "4")));
        TablePointer before = lab.pointer();

        TablePlan plan = lab.upkeep().plan(RefName.MAIN, List.of(Lab.NAME)).getFirst();

        assertThat(plan.isDue()).isTrue();
        assertThat(plan.files() + " -> " + plan.filesAfter()).isEqualTo("10 -> 1");
        assertThat(plan.rewritten()).isEqualTo(10);
        assertThat(plan.rewrittenBytes()).isEqualTo(plan.bytes()).isPositive();
        assertThat(plan.snapshots() + " -> " + plan.snapshotsAfter()).isEqualTo("10 -> 5");
        assertThat(lab.pointer()).isEqualTo(before);
        assertThat(lab.runs.runs(10)).isEmpty();
    }

    @Test
    void oldSnapshotsAreForgottenButNotThoseALivingRunBeganWith() {
        lab.create(plain(Map.of("history.expire.min-snapshots-to-keep", "1")));
        lab.append("select 1 as id, 'a' as name");
        lab.append("select 2 as id, 'a' as name");
        RunId reader = running("build", lab.clock.move(Duration.ofDays(1)).toString());
        lab.append("select 3 as id, 'a' as name");
        lab.append("select 4 as id, 'a' as name");
        lab.clock.move(Duration.ofDays(8));
        lab.runs.beat(reader, lab.clock.instant());

        assertThat(lab.maintain(true).forgotten()).isEqualTo(1);
        lab.runs.end(reader, RunStatus.FAILED, lab.clock.instant(), Optional.empty());
        assertThat(lab.maintain(true).forgotten()).isEqualTo(3);
        assertThat(lab.tables.state(lab.pointer()).snapshots())
                .extracting(Snapshot::operation)
                .containsExactly("replace");
    }

    /** Gathering may take all the time there is, each time; the metadata must not grow for it. */
    @Test
    void snapshotsAreForgottenThoughThereIsNoTimeLeftToGatherFiles() {
        tenFiles(plain(Map.of("tarn.history.max-snapshots", "6")));
        UpkeepRequest none =
                new UpkeepRequest(RefName.MAIN, List.of(Lab.NAME), false, Duration.ZERO, 0);

        TableUpkeep result = lab.upkeep().run(none, r -> {}, () -> false).getFirst();

        assertThat(result.outcome()).isEqualTo(Outcome.STOPPED);
        assertThat(result.forgotten()).isEqualTo(4);
        assertThat(lab.files()).isEqualTo(10);
        assertThat(lab.tables.state(lab.pointer()).snapshots()).hasSize(6);
    }

    private RunId running(String command, String unused) {
        RunId id = RunId.create(lab.clock.instant(), new SplittableRandom(unused.hashCode()));
        Ref ref = lab.catalog.create(RefName.of(id), Ref.Kind.RUN, RefName.MAIN, AsOf.head());
        lab.runs.begin(
                new Run(
                        id,
                        "p",
                        command,
                        RefName.MAIN,
                        ref.cutAt(),
                        RunStatus.RUNNING,
                        lab.clock.instant(),
                        lab.clock.instant(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        return id;
    }

    @Test
    void ofTwoAtOnceOneGivesWayWithAClearWord() {
        tenFiles(plain(Map.of()));
        RunId other = running("maintain", "other");

        assertThatThrownBy(() -> lab.maintain(true))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "Run %s has been looking after the tables of main since 2026-03-01T10:00:00Z, so this one gave way. Wait for it; what it leaves can be done by another `tarn maintain`. [COMMIT_CONFLICT]"
                                .formatted(other));
        assertThat(lab.files()).isEqualTo(10);
        lab.clock.move(Duration.ofMinutes(2));
        assertThat(lab.maintain(true).outcome()).isEqualTo(Outcome.DONE);
        assertThat(lab.catalog.refs()).noneMatch(r -> r.kind() == Ref.Kind.RUN && !isOf(r, other));
    }

    private static boolean isOf(Ref ref, RunId run) {
        return ref.name().equals(RefName.of(run));
    }

    @Test
    void itGoesOnWhereItsBudgetEnded() {
        tenFiles(plain(Map.of()));
        List<String> before = lab.identities("id, name");
        long file = lab.tables.inventory(lab.pointer()).files().getFirst().bytes();
        UpkeepRequest small =
                new UpkeepRequest(
                        RefName.MAIN, List.of(Lab.NAME), true, Duration.ofMinutes(1), 4 * file);

        TableUpkeep first = lab.upkeep().run(small, r -> {}, () -> false).getFirst();

        assertThat(first.outcome()).isEqualTo(Outcome.STOPPED);
        assertThat(first.note()).contains("budget");
        assertThat(first.after()).isLessThan(10).isEqualTo(lab.files());
        int left = lab.files();
        lab.upkeep().run(small, r -> {}, () -> false);
        assertThat(lab.files()).isLessThan(left);
        left = lab.files();
        assertThat(lab.upkeep().run(small, r -> {}, () -> true).getFirst().outcome())
                .isEqualTo(Outcome.STOPPED);
        assertThat(lab.files()).isEqualTo(left);
        assertThat(lab.maintain(true).after()).isEqualTo(1);
        assertThat(lab.identities("id, name")).isEqualTo(before);
    }

    @Test
    void clusterColumnsThatCannotBeAreRefused() {
        tenFiles(plain(Map.of("tarn.cluster-by", "id, nam")));

        assertThat(lab.maintain(true).note())
                .isEqualTo(
                        "The table property 'tarn.cluster-by' names column 'nam', which the table does not have. Did you mean 'name'? [COLUMN_NOT_FOUND]");
    }

    @Test
    void rowsThatAreNearEachOtherAreGathered() {
        lab.create(
                plain(
                        Map.of(
                                "tarn.cluster-by",
                                "id, name",
                                "write.target-file-size-bytes",
                                "100000",
                                "tarn.write.row-group-rows",
                                "4096")));
        for (int i = 0; i < 4; i++) {
            lab.append(
                    "select (range * 7919 + %d) %% 100000 as id, md5(range::varchar || '%d') as name from range(20000)"
                            .formatted(i, i));
        }
        List<String> before = lab.identities("id, name");
        long filesBefore = filesRead(1_000, 1_100);
        int begun = lab.files();

        TableUpkeep done = lab.maintain(true);

        assertThat(done.outcome()).isEqualTo(Outcome.DONE);
        assertThat(lab.identities("id, name")).isEqualTo(before);
        assertThat(filesBefore).isEqualTo(begun);
        assertThat(filesRead(1_000, 1_100) * 2).isLessThanOrEqualTo(lab.files());
        assertThat(lab.maintain(true).outcome()).isEqualTo(Outcome.NOTHING);
    }

    /** How many files can hold ids of a range, by their statistics. */
    private long filesRead(long from, long to) {
        return lab.tables
                .scan(
                        lab.pointer(),
                        Optional.empty(),
                        List.of(
                                new Predicate("id", Predicate.Operator.GREATER_OR_EQUAL, "" + from),
                                new Predicate("id", Predicate.Operator.LESS_OR_EQUAL, "" + to)))
                .files()
                .size();
    }

    @Test
    void wrongPropertiesAreRefusedByTableAndOthersAreLookedAfter() {
        tenFiles(plain(Map.of("tarn.upkeep.delete-ratio", "1.5")));

        TableUpkeep refused = lab.maintain(true);

        assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(refused.note())
                .isEqualTo(
                        "The table property 'tarn.upkeep.delete-ratio' is '1.5', but it must be a number above 0 and at most 1. [CONFIG_INVALID]");
    }

    @Test
    void whatIsNoTableIsRefused() {
        lab.create(plain(Map.of()));

        assertThatThrownBy(() ->
                        lab.upkeep().plan(RefName.MAIN, List.of(TableName.parse("shop.other"))))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "shop.other on main is no table, so it has no files to look after. [TABLE_NOT_FOUND]")
                .extracting(e -> ((TarnException) e).code())
                .isEqualTo(ErrorCode.TABLE_NOT_FOUND);
    }
}
