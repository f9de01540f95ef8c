package dev.tarn.spi;

import static dev.tarn.model.ErrorCode.RUN_LOST;
import static dev.tarn.model.ErrorCode.RUN_NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.AsOf;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.CommitResult.Conflict;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.EntryKey.Kind;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.run.LineageEdge;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link Catalog} does with commits: all or nothing, and the second is told. */
public abstract class CatalogCommitContract extends WarehouseContract {
    @Test
    void publicationsAreNumberedOverTheWholeWarehouse() {
        branch(DEV, MAIN);

        assertThat(publish(MAIN, put(ORDERS, "m1")).id().value()).isEqualTo(1);
        assertThat(publish(DEV, put(ORDERS, "d1")).id().value()).isEqualTo(2);
        assertThat(publish(MAIN).id().value()).isEqualTo(3);
        assertThat(catalog().ref(MAIN).head().value()).isEqualTo(3);
        assertThat(catalog().ref(DEV).head().value()).isEqualTo(2);
    }

    @Test
    void ofTwoCommitsOnOneStateTheSecondIsToldWhoWasFirst() {
        Run first = begin("first");
        publish(MAIN, put(ORDERS, "m1"), put(USERS, "u1"));
        CatalogView seen = catalog().read(MAIN, AsOf.head());
        Expected orders = Expected.of(seen.find(ORDERS));
        Publication winner =
                published(
                        catalog()
                                .commit(
                                        ending(
                                                first.id(),
                                                Change.put(ORDERS, table("m2"), orders))));

        List<Conflict> conflicts =
                conflicts(
                        catalog()
                                .commit(
                                        CommitRequest.of(
                                                MAIN,
                                                List.of(
                                                        Change.put(ORDERS, table("m3"), orders),
                                                        put(USERS, "u2")),
                                                "loser")));

        assertThat(conflicts)
                .containsExactly(
                        new Conflict(
                                ORDERS,
                                Optional.of(new Versioned(ORDERS, table("m2"), winner.id())),
                                winner.id(),
                                Optional.of(first.id())));
        assertThat(shown(MAIN, ORDERS)).contains("m2");
        assertThat(shown(MAIN, USERS)).as("the loser's other change").contains("u1");
        assertThat(catalog().history(MAIN, 1)).containsExactly(winner);
    }

    @Test
    void allConflictsAreToldTogether() {
        Publication base = publish(MAIN, put(ORDERS, "m1"));
        Publication drop = publish(MAIN, Change.drop(ORDERS, new Expected.Version(base.id())));
        Publication user = publish(MAIN, put(USERS, "u1"));
        EntryKey never = EntryKey.position("never/there");

        List<Conflict> conflicts =
                conflicts(
                        catalog()
                                .commit(
                                        CommitRequest.of(
                                                MAIN,
                                                List.of(
                                                        Change.put(
                                                                ORDERS,
                                                                table("m2"),
                                                                new Expected.Version(base.id())),
                                                        Change.drop(USERS, new Expected.Absent()),
                                                        Change.drop(
                                                                never,
                                                                new Expected.Version(base.id()))),
                                                "x")));

        assertThat(conflicts)
                .containsExactly(
                        new Conflict(ORDERS, Optional.empty(), drop.id(), Optional.empty()),
                        new Conflict(
                                USERS,
                                Optional.of(new Versioned(USERS, table("u1"), user.id())),
                                user.id(),
                                Optional.empty()),
                        new Conflict(
                                never, Optional.empty(), new PublicationId(0), Optional.empty()));
    }

    @Test
    void expectationsSeeThroughToTheParent() {
        Publication base = publish(MAIN, put(ORDERS, "m1"));
        branch(DEV, MAIN);
        publish(MAIN, put(ORDERS, "m2"));
        Change change = Change.put(ORDERS, table("d1"), new Expected.Version(base.id()));

        publish(DEV, change);
        assertThat(shown(DEV, ORDERS)).contains("d1");
        assertThat(conflicts(catalog().commit(CommitRequest.of(DEV, List.of(change), "again"))))
                .hasSize(1);
    }

    @Test
    void manyEntriesAreCheckedAndWrittenInOneCommit() {
        List<Change> creation = new ArrayList<>();
        List<Change> wrong = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            EntryKey key = EntryKey.of(new TableName("many", "t" + i));
            creation.add(Change.put(key, table("m" + i), new Expected.Absent()));
            wrong.add(Change.put(key, table("n" + i), new Expected.Absent()));
        }
        published(catalog().commit(CommitRequest.of(MAIN, creation, "all")));

        assertThat(catalog().read(MAIN, AsOf.head()).list(Kind.RELATION, "many.")).hasSize(1000);
        assertThat(conflicts(catalog().commit(CommitRequest.of(MAIN, wrong, "again"))))
                .hasSize(1000);
    }

    @Test
    void aCommitThatEndsARunMarksItPublished() {
        Run run = begin("r1");
        clock.move(Duration.ofMinutes(5));
        Verdict verdict =
                new Verdict("unique", "gold.orders", Verdict.Outcome.PASSED, 0, Optional.empty());
        LineageEdge edge = new LineageEdge("silver.orders", "id", "gold.orders", "id");
        Publication publication =
                published(
                        catalog()
                                .commit(
                                        new CommitRequest(
                                                MAIN,
                                                List.of(put(ORDERS, "m1")),
                                                "publish",
                                                Optional.of(run.id()),
                                                true,
                                                List.of(verdict),
                                                List.of(edge))));

        Run ended = runs().run(run.id());
        assertThat(ended.status()).isEqualTo(RunStatus.PUBLISHED);
        assertThat(ended.publication()).contains(publication.id());
        assertThat(ended.finishedAt()).contains(clock.instant());
        assertThat(runs().verdicts(run.id())).containsExactly(verdict);
        assertThat(runs().lineage(run.id())).containsExactly(edge);
        assertThat(publication.run()).contains(run.id());
    }

    @Test
    void aConflictLeavesTheRunRunningAndWritesNothing() {
        Run run = begin("r1");
        publish(MAIN, put(ORDERS, "m1"));
        CommitRequest request =
                new CommitRequest(
                        MAIN,
                        List.of(Change.put(ORDERS, table("m2"), new Expected.Absent())),
                        "publish",
                        Optional.of(run.id()),
                        true,
                        List.of(
                                new Verdict(
                                        "c", "s", Verdict.Outcome.FAILED, 1, Optional.of("f.t"))),
                        List.of());

        assertThat(conflicts(catalog().commit(request))).hasSize(1);
        assertThat(runs().run(run.id())).isEqualTo(run);
        assertThat(runs().verdicts(run.id())).isEmpty();
    }

    @Test
    void aRunThatHasEndedPublishesNothing() {
        Run lost = begin("lost");
        Run other = begin("other");
        runs().markLost(clock.instant().plusSeconds(1), clock.instant());
        assertRefused(
                RUN_LOST,
                "The run 'lost' cannot publish: it gave no sign of life for so long that it was"
                        + " declared lost. Run again.",
                () -> catalog().commit(ending(lost.id(), put(ORDERS, "m1"))));
        assertRefused(
                RUN_LOST,
                "The run 'lost' cannot publish: it gave no sign of life for so long that it was"
                        + " declared lost. Run again.",
                () ->
                        catalog()
                                .commit(
                                        new CommitRequest(
                                                MAIN,
                                                List.of(put(ORDERS, "m1")),
                                                "a part of its work",
                                                Optional.of(lost.id()),
                                                false,
                                                List.of(),
                                                List.of())));

        Run third = begin("third");
        catalog().commit(ending(third.id()));
        assertRefused(
                RUN_LOST,
                "The run 'third' cannot publish: it has already ended as published.",
                () -> catalog().commit(ending(third.id(), put(ORDERS, "m1"))));
        assertRefused(
                RUN_NOT_FOUND,
                "There is no run 'never'. `tarn runs` lists them.",
                () -> catalog().commit(ending(new RunId("never"), put(ORDERS, "m1"))));
        assertThat(runs().run(other.id()).status()).isEqualTo(RunStatus.LOST);
        assertThat(shown(MAIN, ORDERS)).isEmpty();
    }

    @Test
    void concurrentCommitsLoseNoUpdateAndShowNoHalf() throws Exception {
        publish(MAIN, put(ORDERS, "0"), put(USERS, "0"));
        int writers = 4;
        int each = 15;
        try (ExecutorService pool = Executors.newFixedThreadPool(writers)) {
            List<Callable<Boolean>> work =
                    IntStream.range(0, writers)
                            .<Callable<Boolean>>mapToObj(w ->
                                    () -> {
                                        for (int i = 0; i < each; i++) {
                                            increment();
                                        }
                                        return true;
                                    })
                            .toList();
            for (Future<Boolean> done : pool.invokeAll(work)) {
                assertThat(done.get()).isTrue();
            }
        }

        assertThat(shown(MAIN, ORDERS)).contains(Integer.toString(writers * each));
        assertThat(shown(MAIN, USERS)).contains(Integer.toString(writers * each));
        assertThat(catalog().history(MAIN, 1000)).hasSize(1 + writers * each);
    }

    private void increment() {
        while (true) {
            CatalogView view = catalog().read(MAIN, AsOf.head());
            Versioned orders = view.find(ORDERS).orElseThrow();
            Versioned users = view.find(USERS).orElseThrow();
            assertThat(metadata(users)).isEqualTo(metadata(orders));
            String next = Integer.toString(Integer.parseInt(metadata(orders)) + 1);
            boolean done =
                    catalog()
                                    .commit(
                                            CommitRequest.of(
                                                    MAIN,
                                                    List.of(
                                                            Change.put(
                                                                    ORDERS,
                                                                    table(next),
                                                                    Expected.of(
                                                                            Optional.of(orders))),
                                                            put(USERS, next)),
                                                    "+1"))
                            instanceof CommitResult.Published;
            if (done) {
                return;
            }
        }
    }
}
