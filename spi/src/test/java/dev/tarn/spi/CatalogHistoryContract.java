package dev.tarn.spi;

import static dev.tarn.model.ErrorCode.PUBLICATION_NOT_FOUND;
import static dev.tarn.model.ErrorCode.REF_NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.AsOf;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.catalog.RefChange;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.run.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every {@link Catalog} tells of the past, compares, keeps and forgets. */
public abstract class CatalogHistoryContract extends WarehouseContract {
    private static AsOf at(Instant time) {
        return new AsOf.Time(time);
    }

    private Publication drop(RefName ref, EntryKey key) {
        return publish(ref, Change.drop(key, Expected.anything()));
    }

    @Test
    void everyPublicationCanBeReadAgain() {
        Publication first = publish(MAIN, put(ORDERS, "m1"));
        Publication second = publish(MAIN, put(ORDERS, "m2"), put(USERS, "u1"));
        Publication third = drop(MAIN, ORDERS);

        assertThat(shown(MAIN, at(first), ORDERS)).contains("m1");
        assertThat(shown(MAIN, at(first), USERS)).isEmpty();
        assertThat(shown(MAIN, at(second), ORDERS)).contains("m2");
        assertThat(shown(MAIN, at(third), ORDERS)).isEmpty();
        assertThat(shown(MAIN, at(third), USERS)).contains("u1");
        assertThat(catalog().read(MAIN, at(second)).asOf()).isEqualTo(second.id());
        assertThat(catalog().read(MAIN, at(second)).list(EntryKey.Kind.RELATION, "")).hasSize(2);
    }

    @Test
    void aPublicationElsewhereIsAMomentHereToo() {
        Publication first = publish(MAIN, put(ORDERS, "m1"));
        branch(DEV, MAIN);
        Publication elsewhere = publish(DEV, put(ORDERS, "d1"));
        publish(MAIN, put(ORDERS, "m2"));

        assertThat(shown(MAIN, at(elsewhere), ORDERS)).contains("m1");
        assertThat(catalog().read(MAIN, at(elsewhere)).asOf()).isEqualTo(first.id());
        assertThat(shown(DEV, at(first), ORDERS)).contains("m1");
    }

    @Test
    void aTimeMeansTheNewestPublicationOfThen() {
        Instant before = clock.instant();
        Instant t1 = clock.move(Duration.ofMinutes(1));
        publish(MAIN, put(ORDERS, "m1"));
        Instant t2 = clock.move(Duration.ofMinutes(1));
        publish(MAIN, put(ORDERS, "m2"));
        publish(MAIN, put(ORDERS, "m3"));
        branch(DEV, MAIN);
        Instant t3 = clock.move(Duration.ofMinutes(1));
        publish(MAIN, put(ORDERS, "m4"));
        publish(DEV, put(ORDERS, "d1"));

        assertThat(shown(MAIN, at(t1), ORDERS)).contains("m1");
        assertThat(shown(MAIN, at(t2.minusNanos(1)), ORDERS)).contains("m1");
        assertThat(shown(MAIN, at(t2), ORDERS)).contains("m3");
        assertThat(shown(MAIN, at(t3), ORDERS)).contains("m4");
        assertThat(shown(MAIN, at(Instant.MAX), ORDERS)).contains("m4");
        assertThat(shown(DEV, at(t3), ORDERS)).contains("d1");
        assertThat(shown(DEV, at(t3.minusNanos(1)), ORDERS)).contains("m3");
        Ref old = catalog().create(new RefName("old"), Ref.Kind.BRANCH, MAIN, at(t1));
        assertThat(shown(old.name(), ORDERS)).contains("m1");
        assertRefused(
                PUBLICATION_NOT_FOUND,
                "The ref 'main' showed nothing yet at 2026-11-01T10:00:00Z. `tarn history` lists its"
                        + " publications and their times.",
                () -> catalog().read(MAIN, at(before)));
    }

    @Test
    void publicationsAreNeverOlderThanTheOnesBefore() {
        Publication first = publish(MAIN, put(ORDERS, "m1"));
        clock.move(Duration.ofHours(-1));
        Publication second = publish(MAIN, put(ORDERS, "m2"));
        clock.move(Duration.ofHours(2));
        Publication third = publish(MAIN, put(ORDERS, "m3"));

        assertThat(second.at()).isEqualTo(first.at());
        assertThat(third.at()).isEqualTo(clock.instant());
        assertThat(shown(MAIN, at(first.at()), ORDERS)).contains("m2");
        assertThat(catalog().history(MAIN, 3)).containsExactly(third, second, first);
    }

    @Test
    void historyIsNewestFirstThroughTheParents() {
        Publication one = publish(MAIN, put(ORDERS, "m1"));
        Publication two = publish(MAIN, put(USERS, "u1"));
        branch(DEV, MAIN);
        Publication hidden = publish(MAIN, put(ORDERS, "m2"));
        RunId run = new RunId("r1");
        Publication own =
                published(
                        catalog()
                                .commit(
                                        new CommitRequest(
                                                DEV,
                                                List.of(put(ORDERS, "d1")),
                                                "by a run",
                                                Optional.of(run),
                                                false,
                                                List.of(),
                                                List.of())));

        assertThat(own.message()).isEqualTo("by a run");
        assertThat(own.run()).contains(run);
        assertThat(own.ref()).isEqualTo(DEV);
        assertThat(catalog().history(DEV, 10)).containsExactly(own, two, one);
        assertThat(catalog().history(DEV, 2)).containsExactly(own, two);
        assertThat(catalog().history(MAIN, 10)).containsExactly(hidden, two, one);
    }

    @Test
    void anEntrysHistoryHasItsDropsToo() {
        Publication one = publish(MAIN, put(ORDERS, "m1"));
        publish(MAIN, put(USERS, "u1"));
        Publication gone = drop(MAIN, ORDERS);
        branch(DEV, MAIN);
        publish(MAIN, put(ORDERS, "unseen"));
        Publication back = publish(DEV, put(ORDERS, "d1"));

        assertThat(catalog().history(DEV, ORDERS, 10))
                .containsExactly(
                        new Catalog.EntryVersion(
                                back, Optional.of(new Versioned(ORDERS, table("d1"), back.id()))),
                        new Catalog.EntryVersion(gone, Optional.empty()),
                        new Catalog.EntryVersion(
                                one, Optional.of(new Versioned(ORDERS, table("m1"), one.id()))));
        assertThat(catalog().history(DEV, ORDERS, 1)).hasSize(1);
        assertThat(catalog().history(DEV, EntryKey.position("none"), 9)).isEmpty();
    }

    @Test
    void changesCompareARefWithItsParentAsOfTheCut() {
        EntryKey fresh = EntryKey.position("a/new");
        EntryKey fleeting = EntryKey.position("a/fleeting");
        EntryKey same = EntryKey.position("a/same");
        Entry.Position one = new Entry.Position("1");
        publish(MAIN, put(ORDERS, "m1"), put(USERS, "u1"));
        Publication base =
                publish(MAIN, put(ORDERS, "m2"), Change.put(same, one, Expected.anything()));
        branch(DEV, MAIN);
        publish(MAIN, put(ORDERS, "m3"));
        publish(DEV, put(ORDERS, "d0"), Change.put(fleeting, one, Expected.anything()));
        publish(DEV, put(ORDERS, "d1"), Change.put(fresh, one, Expected.anything()));
        publish(DEV, Change.put(same, new Entry.Position("2"), Expected.anything()));
        publish(DEV, Change.put(same, one, Expected.anything()));
        drop(DEV, USERS);
        drop(DEV, fleeting);

        List<RefChange> changes = catalog().changes(DEV);

        assertThat(changes).extracting(RefChange::key).containsExactly(ORDERS, USERS, fresh);
        assertThat(changes.get(0).base()).contains(new Versioned(ORDERS, table("m2"), base.id()));
        assertThat(changes.get(0).own()).contains(table("d1"));
        assertThat(changes.get(1).base().map(WarehouseContract::metadata)).contains("u1");
        assertThat(changes.get(1).own()).isEmpty();
        assertThat(changes.get(2).base()).isEmpty();
        assertThat(changes.get(2).own()).contains(one);
    }

    @Test
    void changesOfMainAreAllItHas() {
        publish(MAIN, put(ORDERS, "m1"), put(USERS, "u1"));
        drop(MAIN, USERS);

        assertThat(catalog().changes(MAIN))
                .containsExactly(new RefChange(ORDERS, Optional.empty(), Optional.of(table("m1"))));
    }

    @Test
    void mergingTakesTheChangesWithTheirBases() {
        publish(MAIN, put(ORDERS, "m1"), put(USERS, "u1"));
        branch(DEV, MAIN);
        publish(DEV, put(ORDERS, "d1"));
        drop(DEV, USERS);
        publish(MAIN, put(other(), "o1"));

        published(catalog().commit(merge(DEV, MAIN)));
        assertThat(shown(MAIN, ORDERS)).contains("d1");
        assertThat(shown(MAIN, USERS)).isEmpty();
        assertThat(shown(MAIN, other())).contains("o1");
        assertThat(conflicts(catalog().commit(merge(DEV, MAIN)))).hasSize(2);
    }

    private static EntryKey other() {
        return new EntryKey(EntryKey.Kind.RELATION, "gold.other");
    }

    private CommitRequest merge(RefName from, RefName to) {
        List<Change> changes = new ArrayList<>();
        for (RefChange c : catalog().changes(from)) {
            changes.add(new Change(c.key(), c.own(), Expected.of(c.base())));
        }
        return CommitRequest.of(to, changes, "merge " + from);
    }

    @Test
    void whatSomeRefShowsIsReachable() {
        publish(MAIN, put(ORDERS, "m1"));
        branch(DEV, MAIN);
        publish(MAIN, put(ORDERS, "m2"));
        publish(MAIN, put(ORDERS, "m3"), put(USERS, "u1"));
        PublicationId now = publish(DEV, put(USERS, "d1")).id();

        assertThat(reachable(now)).containsExactly("m1", "m3", "u1", "d1");
        catalog().delete(DEV);
        assertThat(reachable(now)).containsExactly("m3", "u1");
    }

    @Test
    void whatRecentPublicationsShowedIsReachable() {
        publish(MAIN, put(ORDERS, "m1"));
        Publication second = publish(MAIN, put(ORDERS, "m2"));
        Publication third = publish(MAIN, put(ORDERS, "m3"), put(USERS, "u1"));
        Publication fourth = drop(MAIN, ORDERS);

        assertThat(reachable(new PublicationId(0))).containsExactly("m1", "m2", "m3", "u1");
        assertThat(reachable(second.id())).containsExactly("m2", "m3", "u1");
        assertThat(reachable(third.id())).containsExactly("m3", "u1");
        assertThat(reachable(fourth.id())).containsExactly("u1");
    }

    @Test
    void theBaseOfARefStaysReachableForMerging() {
        publish(MAIN, put(ORDERS, "m1"));
        branch(DEV, MAIN);
        publish(DEV, put(ORDERS, "d1"));
        PublicationId now = publish(MAIN, put(ORDERS, "m2")).id();

        assertThat(reachable(now)).containsExactly("m1", "d1", "m2");
    }

    @Test
    void whatARefCutFromTheDistantPastShowsIsReachable() {
        Publication first = publish(MAIN, put(ORDERS, "m1"));
        publish(MAIN, put(ORDERS, "m2"));
        branch(DEV, MAIN);
        catalog().create(new RefName("late"), Ref.Kind.TAG, DEV, at(first));
        PublicationId now = publish(MAIN, put(ORDERS, "m3")).id();

        assertThat(reachable(now)).containsExactly("m1", "m2", "m3");
    }

    @Test
    void onlyTablesAreReachable() {
        publish(
                MAIN,
                put(ORDERS, "m1"),
                Change.put(EntryKey.position("p"), new Entry.Position("1"), Expected.anything()));

        assertThat(reachable(new PublicationId(0))).containsExactly("m1");
    }

    @Test
    void statesFromBeforeAreForgottenAndSaidToBe() {
        Publication first = publish(MAIN, put(ORDERS, "m1"));
        Publication second = publish(MAIN, put(ORDERS, "m2"));
        Publication third = publish(MAIN, put(ORDERS, "m3"));
        CatalogView old = catalog().read(MAIN, at(first));

        assertThat(catalog().trimmable(second.id())).isEqualTo(1);
        assertThat(catalog().trim(second.id())).isEqualTo(1);
        assertThat(catalog().trim(second.id())).isZero();

        assertThat(reachable(new PublicationId(0))).containsExactly("m2", "m3");
        assertThat(WarehouseContract.metadata(find(at(second)))).isEqualTo("m2");
        assertThat(WarehouseContract.metadata(find(at(third)))).isEqualTo("m3");
        String expired =
                "What the ref 'main' showed at publication 1 is no longer kept; the oldest publication that can be read is 2. A tag keeps a state for ever; the setting 'upkeep.history' says how long others are kept.";
        assertRefused(PUBLICATION_NOT_FOUND, expired, () -> catalog().read(MAIN, at(first)));
        assertRefused(PUBLICATION_NOT_FOUND, expired, () -> old.find(ORDERS));
        assertRefused(PUBLICATION_NOT_FOUND, expired, () -> old.list(EntryKey.Kind.RELATION, ""));
        assertThat(catalog().history(MAIN, ORDERS, 9)).hasSize(2);
    }

    private Versioned find(AsOf at) {
        return catalog().read(MAIN, at).find(ORDERS).orElseThrow();
    }

    @Test
    void whatOtherRefsRestOnIsNeverForgotten() {
        Publication first = publish(MAIN, put(ORDERS, "m1"));
        catalog().create(new RefName("month-end"), Ref.Kind.TAG, MAIN, AsOf.head());
        branch(DEV, MAIN);
        publish(DEV, put(ORDERS, "d1"));
        publish(MAIN, put(ORDERS, "m2"));
        Publication last = publish(MAIN, put(ORDERS, "m3"));

        catalog().trim(last.id());

        assertThat(reachable(new PublicationId(0))).containsExactly("m1", "d1", "m3");
        assertThat(catalog().changes(DEV).getFirst().base()).isPresent();
        assertThat(
                        WarehouseContract.metadata(
                                catalog()
                                        .read(new RefName("month-end"), AsOf.head())
                                        .find(ORDERS)
                                        .orElseThrow()))
                .isEqualTo("m1");
        assertThat(WarehouseContract.metadata(find(at(first)))).isEqualTo("m1");
    }

    @Test
    void aTimeAfterTheOldestStateIsReadAsOfIt() {
        branch(DEV, MAIN);
        publish(DEV, put(ORDERS, "d1"));
        clock.move(Duration.ofDays(1));
        Publication oldest = publish(MAIN, put(ORDERS, "m1"));
        clock.move(Duration.ofDays(1));
        publish(DEV, put(ORDERS, "d2"));

        catalog().trim(oldest.id());

        assertThat(
                        WarehouseContract.metadata(
                                catalog()
                                        .read(DEV, new AsOf.Time(oldest.at().plusSeconds(9)))
                                        .find(ORDERS)
                                        .orElseThrow()))
                .isEqualTo("d1");
        assertThatThrownBy(() -> catalog().read(DEV, new AsOf.Time(oldest.at().minusSeconds(9))))
                .hasMessageContaining("is no longer kept");
    }

    private List<String> reachable(PublicationId since) {
        return catalog().reachable(since).stream().map(WarehouseContract::metadata).toList();
    }

    @Test
    void refsOfRunsThatEndedLongAgoArePruned() {
        Instant start = clock.instant();
        begin("ended");
        begin("running");
        begin("parent");
        begin("late");
        RefName orphan = RefName.of(new RunId("orphan"));
        catalog().create(orphan, Ref.Kind.RUN, MAIN, AsOf.head());
        branch(DEV, RefName.of(new RunId("parent")));
        publish(RefName.of(new RunId("ended")), put(ORDERS, "m1"));
        for (String id : List.of("ended", "parent")) {
            runs().end(new RunId(id), RunStatus.FAILED, clock.instant(), Optional.empty());
        }
        clock.move(Duration.ofDays(1));
        runs().end(new RunId("late"), RunStatus.CANCELLED, clock.instant(), Optional.empty());

        assertThat(catalog().pruneRuns(start)).isEmpty();
        assertThat(catalog().pruneRuns(clock.instant()))
                .containsExactly(RefName.of(new RunId("ended")), orphan);
        assertThat(catalog().refs())
                .extracting(r -> r.name().value())
                .containsExactly("main", "dev", "run:late", "run:parent", "run:running");
        assertThat(runs().run(new RunId("ended")).status()).isEqualTo(RunStatus.FAILED);
        assertRefused(
                REF_NOT_FOUND,
                "There is no ref 'run:ended': the run never began, or its ref was removed some time"
                        + " after it ended. `tarn runs` lists the runs.",
                () -> catalog().ref(RefName.of(new RunId("ended"))));
    }
}
