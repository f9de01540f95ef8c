package dev.tarn.refs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.AsOf;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.table.TablePointer;
import dev.tarn.refs.Merged.Kind;
import dev.tarn.spi.AppendingTables;
import dev.tarn.spi.MemoryCatalog;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RefMergeTest {
    private static final RefName DEV = new RefName("dev");
    private static final RefName MAIN = RefName.MAIN;

    private final MemoryCatalog catalog =
            new MemoryCatalog(Clock.fixed(Instant.parse("2026-03-01T10:00:00Z"), ZoneOffset.UTC));
    private final RefMerge merging = new RefMerge(catalog, new AppendingTables());

    @BeforeEach
    void aBranchOfMain() {
        put(MAIN, "a", "1");
        put(MAIN, "b", "1");
        catalog.create(DEV, Ref.Kind.BRANCH, MAIN, AsOf.head());
    }

    @Test
    void everythingThatOnlyTheSourceChangedIsTakenInOnePublication() {
        put(DEV, "a", "2");
        put(DEV, "new", "1");
        drop(DEV, "b");

        Merged merged = merge(DEV, MAIN);

        assertThat(held(MAIN)).isEqualTo(Map.of("a", "2", "new", "1"));
        assertThat(merged.publication()).isPresent();
        assertThat(merged.outcomes())
                .extracting(o -> o.key().name() + " " + o.kind())
                .containsExactly("main.a REPLACED", "main.b DROPPED", "main.new ADDED");
    }

    @Test
    void nothingIsPublishedWhereNothingChanged() {
        assertThat(merge(DEV, MAIN).publication()).isEmpty();
        put(DEV, "a", "2");
        merge(DEV, MAIN);

        assertThat(merge(DEV, MAIN).publication()).isEmpty();
        assertThat(merge(MAIN, DEV).publication()).isEmpty();
    }

    @Test
    void whatTheTargetAloneChangedStays() {
        put(DEV, "a", "2");
        put(MAIN, "b", "3");

        merge(DEV, MAIN);

        assertThat(held(MAIN)).isEqualTo(Map.of("a", "2", "b", "3"));
    }

    @Test
    void rowsThatBothAppendedAreTogether() {
        put(DEV, "a", "1+d");
        put(MAIN, "a", "1+m");

        Merged merged = merge(DEV, MAIN);

        assertThat(held(MAIN)).containsEntry("a", "1+m+d");
        assertThat(merged.outcomes()).extracting(Merged.Outcome::kind).contains(Kind.COMBINED);
    }

    @Test
    void aBranchIsMergedAgainAndAgain() {
        put(DEV, "a", "2");
        merge(DEV, MAIN);
        put(DEV, "a", "3");
        merge(DEV, MAIN);
        put(DEV, "a", "3+d");
        put(MAIN, "a", "3+m");
        merge(DEV, MAIN);
        put(DEV, "a", "3+d+e");
        merge(DEV, MAIN);

        assertThat(held(MAIN)).containsEntry("a", "3+m+d+e");
    }

    @Test
    void aBranchTakesWhatMainHasMeanwhileAndGivesItsOwnBack() {
        put(MAIN, "a", "2");
        merge(MAIN, DEV);
        assertThat(held(DEV)).containsEntry("a", "2");
        put(DEV, "a", "3");

        merge(DEV, MAIN);

        assertThat(held(MAIN)).containsEntry("a", "3");
    }

    @Test
    void whatBothChangedIsAConflictAndMergesNothing() {
        put(DEV, "a", "dev");
        put(DEV, "b", "dev");
        put(MAIN, "a", "main");
        drop(MAIN, "b");

        assertThatThrownBy(() -> merge(DEV, MAIN))
                .hasMessage(
                        """
                        Nothing was merged: 2 entries changed on both 'dev' and 'main' since they last met:
                          main.a: on dev by publication 3, on main by publication 5
                          main.b: on dev by publication 4, on main by publication 6
                        Say which side wins there with --prefer dev or --prefer main. [MERGE_CONFLICT]\
                        """);
        assertThat(held(MAIN)).isEqualTo(Map.of("a", "main"));
    }

    @Test
    void thePreferredSideWinsOnlyWhereBothChanged() {
        put(DEV, "a", "dev");
        put(DEV, "c", "dev");
        put(MAIN, "a", "main");
        Merged kept = merging.merge(new MergeRequest(DEV, MAIN, Optional.of(MAIN), false));
        assertThat(held(MAIN)).isEqualTo(Map.of("a", "main", "b", "1", "c", "dev"));
        assertThat(kept.outcomes()).extracting(Merged.Outcome::kind).contains(Kind.KEPT);

        put(DEV, "a", "another");
        put(MAIN, "a", "third");
        merging.merge(new MergeRequest(DEV, MAIN, Optional.of(DEV), false));
        assertThat(held(MAIN)).containsEntry("a", "another");
    }

    @Test
    void theSameFileLandedOnBothIsAConflict() {
        EntryKey file = EntryKey.position("bronze.orders/landing/1.csv");
        commit(DEV, file, Optional.of(new Entry.Position("by dev")));
        commit(MAIN, file, Optional.of(new Entry.Position("by main")));

        assertThatThrownBy(() -> merge(DEV, MAIN))
                .hasMessageContaining(
                        "position bronze.orders/landing/1.csv: on dev by publication 3, on main by publication 4");
    }

    @Test
    void aDryRunChangesNothing() {
        put(DEV, "a", "2");

        Merged merged = merging.merge(new MergeRequest(DEV, MAIN, Optional.empty(), true));

        assertThat(merged.publication()).isEmpty();
        assertThat(merged.outcomes()).hasSize(1);
        assertThat(held(MAIN)).containsEntry("a", "1");
    }

    @Test
    void aMergeSeesWhatIsPublishedInTheLastMoment() {
        put(DEV, "a", "1+d");
        catalog.beforeNextCommit(() -> put(MAIN, "a", "1+m"));

        merge(DEV, MAIN);

        assertThat(held(MAIN)).containsEntry("a", "1+m+d");
    }

    @Test
    void siblingsMeetWhereTheirParentWas() {
        RefName other = new RefName("other");
        catalog.create(other, Ref.Kind.BRANCH, MAIN, AsOf.head());
        put(DEV, "a", "2");
        put(other, "b", "2");

        merge(DEV, other);

        assertThat(held(other)).isEqualTo(Map.of("a", "2", "b", "2"));
    }

    @Test
    void aNewBranchOfAnOldNameOwesNothingToTheOldOne() {
        put(DEV, "a", "2");
        merge(DEV, MAIN);
        put(MAIN, "a", "3");
        catalog.delete(DEV);
        catalog.create(DEV, Ref.Kind.BRANCH, MAIN, AsOf.head());
        put(DEV, "a", "4");

        merge(DEV, MAIN);

        assertThat(held(MAIN)).containsEntry("a", "4");
    }

    @Test
    void refsOfRunsAndARefItselfAreRefused() {
        assertThatThrownBy(() -> merge(MAIN, MAIN))
                .hasMessage(
                        "'main' cannot be merged into itself. Name another target with --into. [USAGE]");
        assertThatThrownBy(() -> merge(new RefName("run:1"), MAIN))
                .hasMessageStartingWith("'run:1' is the ref of a run and cannot be merged");
        assertThatThrownBy(() -> new MergeRequest(DEV, MAIN, Optional.of(new RefName("x")), false))
                .hasMessage(
                        "--prefer must name one of the two refs, 'dev' or 'main', not 'x'. [USAGE]");
    }

    /** Random work on two lines, merged both ways, loses nothing that was appended. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void appendsOfRandomHistoriesAllArrive(long seed) {
        Random random = new Random(seed);
        List<String> appended = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            RefName ref = random.nextBoolean() ? DEV : MAIN;
            if (random.nextInt(4) == 0) {
                merge(ref, ref.equals(DEV) ? MAIN : DEV);
            } else {
                String table = random.nextBoolean() ? "a" : "b";
                String row = "+" + table + i + ";";
                put(ref, table, held(ref).get(table) + row);
                appended.add(row);
            }
        }
        merge(DEV, MAIN);
        merge(MAIN, DEV);

        String everything = held(MAIN).get("a") + held(MAIN).get("b");
        assertThat(appended).allMatch(everything::contains);
        assertThat(everything.chars().filter(c -> c == ';').count()).isEqualTo(appended.size());
        assertThat(held(DEV)).isEqualTo(held(MAIN));
    }

    private Merged merge(RefName source, RefName target) {
        return merging.merge(new MergeRequest(source, target, Optional.empty(), false));
    }

    private void put(RefName ref, String table, String pointer) {
        commit(
                ref,
                EntryKey.of(new TableName("main", table)),
                Optional.of(new Entry.Table(new TablePointer(pointer), Map.of())));
    }

    private void drop(RefName ref, String table) {
        commit(ref, EntryKey.of(new TableName("main", table)), Optional.empty());
    }

    private void commit(RefName ref, EntryKey key, Optional<Entry> value) {
        CommitResult result =
                catalog.commit(
                        CommitRequest.of(
                                ref, List.of(new Change(key, value, Expected.anything())), "test"));
        assertThat(result).isInstanceOf(CommitResult.Published.class);
    }

    private Map<String, String> held(RefName ref) {
        Map<String, String> held = new TreeMap<>();
        for (Versioned each : catalog.read(ref, AsOf.head()).list(EntryKey.Kind.RELATION, "")) {
            held.put(
                    TableName.parse(each.key().name()).table(),
                    each.pointer().orElseThrow().metadataLocation());
        }
        return held;
    }
}
