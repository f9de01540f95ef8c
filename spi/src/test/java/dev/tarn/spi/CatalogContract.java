package dev.tarn.spi;

import static dev.tarn.model.ErrorCode.PUBLICATION_NOT_FOUND;
import static dev.tarn.model.ErrorCode.REF_EXISTS;
import static dev.tarn.model.ErrorCode.REF_IN_USE;
import static dev.tarn.model.ErrorCode.REF_NAME_INVALID;
import static dev.tarn.model.ErrorCode.REF_NOT_FOUND;
import static dev.tarn.model.ErrorCode.RUN_LOST;
import static dev.tarn.model.ErrorCode.RUN_NOT_FOUND;
import static dev.tarn.model.ErrorCode.UNSUPPORTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.AsOf;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.CommitResult.Conflict;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.EntryKey.Kind;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.run.LineageEdge;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.Verdict;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link Catalog} does with refs, entries and commits. */
public abstract class CatalogContract extends WarehouseContract {
    @Test
    void anEmptyWarehouseHasMainAndNothingOnIt() {
        Ref main = catalog().ref(MAIN);

        assertThat(main.name()).isEqualTo(MAIN);
        assertThat(main.kind()).isEqualTo(Ref.Kind.BRANCH);
        assertThat(main.parent()).isEmpty();
        assertThat(main.head()).isEqualTo(new PublicationId(0));
        assertThat(catalog().refs()).containsExactly(main);
        CatalogView view = catalog().read(MAIN, AsOf.head());
        assertThat(view.asOf()).isEqualTo(new PublicationId(0));
        assertThat(view.ref()).isEqualTo(MAIN);
        assertThat(view.list(Kind.RELATION, "")).isEmpty();
        assertThat(catalog().read(MAIN, at(0)).find(ORDERS)).isEmpty();
    }

    @Test
    void everyKindOfEntryComesBackAsItWasWritten() {
        Type nested =
                new Type.Struct(
                        List.of(
                                Field.of("tags", Type.ListOf.of(Type.Primitive.VARCHAR)),
                                Field.of(
                                        "rates",
                                        Type.MapOf.of(
                                                Type.Primitive.DATE, new Type.Decimal(18, 4)))));
        Field id =
                new Field(
                        7,
                        "Id \"of\" order",
                        Type.Primitive.BIGINT,
                        true,
                        Optional.of("0"),
                        Optional.of("the number, süß 🐟"));
        Entry view =
                new Entry.View(
                        "select '\n\t\\' as x",
                        new Schema(List.of(id, Field.of("more", nested))),
                        Map.of("run", "r", "a", ""));
        EntryKey position = EntryKey.position("shop.events/files");
        EntryKey check = EntryKey.verdict("test.shop.unique_orders_id");
        Entry judgement =
                new Entry.Judgement(
                        new Verdict(
                                check.name(),
                                "gold.orders",
                                Verdict.Outcome.WARNED,
                                3,
                                Optional.of("checks.unique_orders_id")),
                        "code and versions");

        Publication publication =
                publish(
                        MAIN,
                        put(ORDERS, "m1"),
                        Change.put(USERS, view, Expected.anything()),
                        Change.put(
                                position, new Entry.Position("{\"n\": 1}"), new Expected.Absent()),
                        Change.put(check, judgement, Expected.anything()));

        CatalogView now = catalog().read(MAIN, AsOf.head());
        assertThat(publication.changes()).isEqualTo(4);
        assertThat(publication.at()).isEqualTo(clock.instant());
        assertThat(now.asOf()).isEqualTo(publication.id());
        assertThat(now.find(ORDERS)).contains(new Versioned(ORDERS, table("m1"), publication.id()));
        assertThat(now.find(USERS)).contains(new Versioned(USERS, view, publication.id()));
        assertThat(now.list(Kind.VERDICT, ""))
                .containsExactly(new Versioned(check, judgement, publication.id()));
        assertThat(now.find(position))
                .contains(
                        new Versioned(
                                position, new Entry.Position("{\"n\": 1}"), publication.id()));
    }

    @Test
    void tablesAndPositionsOfOneNameAreDifferentEntries() {
        EntryKey position = EntryKey.position(ORDERS.name());
        publish(MAIN, put(ORDERS, "m1"));
        publish(MAIN, Change.put(position, new Entry.Position("1"), new Expected.Absent()));

        CatalogView view = catalog().read(MAIN, AsOf.head());
        assertThat(view.list(Kind.RELATION, "")).extracting(Versioned::key).containsExactly(ORDERS);
        assertThat(view.list(Kind.POSITION, ""))
                .extracting(Versioned::key)
                .containsExactly(position);
    }

    @Test
    void aPrefixIsTakenLiterallyAndTheListIsSorted() {
        for (String name : List.of("b%.x", "b_.x", "ba.x", "b.x", "b%.a", "ü.x", "c.x")) {
            publish(MAIN, put(EntryKey.of(TableName.parse(name)), "m"));
        }
        CatalogView view = catalog().read(MAIN, AsOf.head());

        assertThat(names(view, "b%.")).containsExactly("b%.a", "b%.x");
        assertThat(names(view, "b_")).containsExactly("b_.x");
        assertThat(names(view, "ü")).containsExactly("ü.x");
        assertThat(names(view, "zz")).isEmpty();
        assertThat(names(view, ""))
                .containsExactly("b%.a", "b%.x", "b.x", "b_.x", "ba.x", "c.x", "ü.x");
    }

    private static List<String> names(CatalogView view, String prefix) {
        return view.list(Kind.RELATION, prefix).stream().map(v -> v.key().name()).toList();
    }

    @Test
    void aRefShowsItsParentAsOfTheCutAndItsOwnChangesOnTop() {
        publish(MAIN, put(ORDERS, "m1"), put(USERS, "u1"));
        Ref dev = branch(DEV, MAIN);
        publish(MAIN, put(ORDERS, "m2"));
        publish(DEV, put(USERS, "u2"));

        assertThat(dev.parent()).contains(MAIN);
        assertThat(dev.head()).isEqualTo(dev.cutAt());
        assertThat(shown(DEV, ORDERS)).contains("m1");
        assertThat(shown(DEV, USERS)).contains("u2");
        assertThat(shown(MAIN, ORDERS)).contains("m2");
        assertThat(shown(MAIN, USERS)).contains("u1");
    }

    @Test
    void aDropHidesWhatTheParentHas() {
        publish(MAIN, put(ORDERS, "m1"), put(USERS, "u1"));
        branch(DEV, MAIN);
        publish(DEV, Change.drop(ORDERS, Expected.anything()));

        assertThat(shown(DEV, ORDERS)).isEmpty();
        assertThat(names(catalog().read(DEV, AsOf.head()), "")).containsExactly(USERS.name());
        assertThat(shown(MAIN, ORDERS)).contains("m1");
        publish(DEV, put(ORDERS, "m2"));
        assertThat(shown(DEV, ORDERS)).contains("m2");
    }

    @Test
    void refsAreCutFromRefsToAnyDepth() {
        publish(MAIN, put(ORDERS, "m0"));
        RefName last = MAIN;
        for (int i = 1; i <= 40; i++) {
            RefName next = new RefName("level-" + i);
            branch(next, last);
            publish(next, put(EntryKey.of(new TableName("l", "t" + i)), "m" + i));
            last = next;
        }

        CatalogView view = catalog().read(last, AsOf.head());
        assertThat(view.list(Kind.RELATION, "")).hasSize(41);
        assertThat(view.find(ORDERS)).isPresent();
        assertThat(shown(last, EntryKey.of(new TableName("l", "t1")))).contains("m1");
    }

    @Test
    void aRefCanBeCutFromAnOlderState() {
        Publication first = publish(MAIN, put(ORDERS, "m1"));
        publish(MAIN, put(ORDERS, "m2"));
        Ref dev = catalog().create(DEV, Ref.Kind.BRANCH, MAIN, at(first));

        assertThat(dev.cutAt()).isEqualTo(first.id());
        assertThat(shown(DEV, ORDERS)).contains("m1");
        assertThat(catalog().ref(DEV)).isEqualTo(dev);
    }

    @Test
    void aRefCutFromBeforeItsParentsCutShowsTheGrandparentOfThen() {
        Publication first = publish(MAIN, put(ORDERS, "m1"));
        publish(MAIN, put(ORDERS, "m2"));
        branch(DEV, MAIN);
        RefName late = new RefName("late");
        catalog().create(late, Ref.Kind.BRANCH, DEV, at(first));

        assertThat(shown(late, ORDERS)).contains("m1");
    }

    @Test
    void aViewNeverChangesItsAnswers() {
        publish(MAIN, put(ORDERS, "m1"));
        CatalogView view = catalog().read(MAIN, AsOf.head());
        publish(MAIN, put(ORDERS, "m2"), put(USERS, "u1"));
        publish(MAIN, Change.drop(ORDERS, Expected.anything()));

        assertThat(view.find(ORDERS).map(WarehouseContract::metadata)).contains("m1");
        assertThat(view.find(USERS)).isEmpty();
        assertThat(view.list(Kind.RELATION, "")).hasSize(1);
    }

    @Test
    void aViewOfADeletedRefRefusesRatherThanShowNothing() {
        publish(MAIN, put(ORDERS, "m1"));
        branch(DEV, MAIN);
        CatalogView view = catalog().read(DEV, AsOf.head());
        catalog().delete(DEV);
        branch(DEV, MAIN);

        String text = "The ref 'dev' was deleted while it was being read.";
        assertRefused(REF_NOT_FOUND, text, () -> view.find(ORDERS));
        assertRefused(REF_NOT_FOUND, text, () -> view.list(Kind.RELATION, ""));
    }

    @Test
    void statesThatNeverWereAreRefused() {
        publish(MAIN, put(ORDERS, "m1"));

        assertRefused(
                PUBLICATION_NOT_FOUND,
                "There is no publication 2: the newest is 1.",
                () -> catalog().read(MAIN, at(2)));
        assertRefused(
                PUBLICATION_NOT_FOUND,
                "There is no publication -1: the newest is 1.",
                () -> catalog().create(DEV, Ref.Kind.BRANCH, MAIN, at(-1)));
    }

    @Test
    void unknownRefsAreRefusedWithTheClosestName() {
        branch(DEV, MAIN);
        RefName typo = new RefName("dve");
        String text = "There is no ref 'dve'. Did you mean 'dev'?";

        assertRefused(REF_NOT_FOUND, text, () -> catalog().ref(typo));
        assertRefused(REF_NOT_FOUND, text, () -> catalog().read(typo, AsOf.head()));
        assertRefused(REF_NOT_FOUND, text, () -> catalog().delete(typo));
        assertRefused(REF_NOT_FOUND, text, () -> catalog().changes(typo));
        assertRefused(REF_NOT_FOUND, text, () -> catalog().history(typo, 1));
        assertRefused(REF_NOT_FOUND, text, () -> branch(new RefName("new"), typo));
        assertRefused(REF_NOT_FOUND, text, () -> publish(typo, put(ORDERS, "m1")));
        assertRefused(
                REF_NOT_FOUND,
                "There is no ref 'else'. There are: 'dev', 'main'.",
                () -> catalog().ref(new RefName("else")));
        assertRefused(
                REF_NOT_FOUND,
                "There is no ref 'run:r1': the run never began, or its ref was removed some time"
                        + " after it ended. `tarn runs` lists the runs.",
                () -> catalog().ref(RefName.of(new RunId("r1"))));
    }

    @Test
    void aNameIsTakenOnce() {
        branch(DEV, MAIN);

        assertRefused(
                REF_EXISTS,
                "There is already a ref 'dev'. Choose another name, or delete that one first.",
                () -> branch(DEV, MAIN));
        assertRefused(
                REF_EXISTS,
                "There is already a ref 'main'. Choose another name, or delete that one first.",
                () -> branch(MAIN, DEV));
    }

    @Test
    void runsAndOtherRefsKeepTheirNamesApart() {
        RefName run = RefName.of(new RunId("r1"));

        assertRefused(
                REF_NAME_INVALID,
                "'run:r1' can only be the ref of a run: names that start with 'run:' are kept for"
                        + " runs.",
                () -> branch(run, MAIN));
        assertRefused(
                REF_NAME_INVALID,
                "'dev' cannot be the ref of a run: its name must be 'run:' and the run's id.",
                () -> catalog().create(DEV, Ref.Kind.RUN, MAIN, AsOf.head()));
    }

    @Test
    void refsAreListedMainFirstThenByName() {
        branch(new RefName("zebra"), MAIN);
        branch(new RefName("Ape"), MAIN);
        branch(DEV, MAIN);

        assertThat(catalog().refs())
                .extracting(r -> r.name().value())
                .containsExactly("main", "Ape", "dev", "zebra");
    }

    @Test
    void aTagIsReadButNeverWritten() {
        publish(MAIN, put(ORDERS, "m1"));
        RefName tag = new RefName("v1.0");
        catalog().create(tag, Ref.Kind.TAG, MAIN, AsOf.head());
        publish(MAIN, put(ORDERS, "m2"));

        assertThat(shown(tag, ORDERS)).contains("m1");
        assertThat(catalog().ref(tag).kind()).isEqualTo(Ref.Kind.TAG);
        assertRefused(
                UNSUPPORTED,
                "'v1.0' is a tag and never changes. Commit to a branch instead.",
                () -> publish(tag, put(ORDERS, "m3")));
    }

    @Test
    void refsThatOthersWereCutFromStay() {
        branch(DEV, MAIN);
        branch(new RefName("b"), DEV);
        assertRefused(
                REF_IN_USE,
                "The ref 'dev' cannot be deleted: 'b' was cut from it. Delete that ref first.",
                () -> catalog().delete(DEV));
        branch(new RefName("a"), DEV);
        assertRefused(
                REF_IN_USE,
                "The ref 'dev' cannot be deleted: 'a', 'b' were cut from it. Delete those refs"
                        + " first.",
                () -> catalog().delete(DEV));
        assertRefused(
                REF_IN_USE,
                "The ref 'main' cannot be deleted: it always exists.",
                () -> catalog().delete(MAIN));
    }

    @Test
    void aNewRefOfAnOldNameStartsAfresh() {
        publish(MAIN, put(ORDERS, "m1"));
        branch(DEV, MAIN);
        publish(DEV, put(ORDERS, "d1"), put(USERS, "d2"));
        catalog().delete(DEV);
        branch(DEV, MAIN);

        assertThat(shown(DEV, ORDERS)).contains("m1");
        assertThat(shown(DEV, USERS)).isEmpty();
        assertThat(catalog().changes(DEV)).isEmpty();
    }

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
