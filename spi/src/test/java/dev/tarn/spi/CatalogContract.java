package dev.tarn.spi;

import static dev.tarn.model.ErrorCode.PUBLICATION_NOT_FOUND;
import static dev.tarn.model.ErrorCode.REF_EXISTS;
import static dev.tarn.model.ErrorCode.REF_IN_USE;
import static dev.tarn.model.ErrorCode.REF_NAME_INVALID;
import static dev.tarn.model.ErrorCode.REF_NOT_FOUND;
import static dev.tarn.model.ErrorCode.UNSUPPORTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.AsOf;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.EntryKey.Kind;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.run.Verdict;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every {@link Catalog} does with refs and entries. */
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
}
