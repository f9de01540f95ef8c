package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.app.At;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.refs.Difference;
import dev.tarn.refs.MergeRequest;
import dev.tarn.refs.RowDifferences;
import dev.tarn.run.Cancellation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Branches are built on, compared and merged; what was dropped or spoilt comes back. */
final class RefsTest {
    private static final RefName DEV = new RefName("dev");
    private static final TableName ORDERS = TableName.parse("bronze.orders");

    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void aShop() {
        shop = new Workshop(folder);
        shop.source("orders");
        shop.put(
                "models/totals.sql",
                "select customer, sum(amount) as amount"
                        + " from {{ source('bronze_orders', 'orders') }} group by all");
        shop.put("landing/orders/1.csv", "id,customer,amount\n1,ann,10\n2,bob,20\n3,cem,30\n");
        assertThat(shop.build().problems()).isEmpty();
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void filesLandedOnTwoBranchesAreAllThereAfterTheMerge() {
        shop.tarn().states().createBranch(DEV, At.MAIN);
        shop.put("landing/orders/2.csv", "id,customer,amount\n4,dan,40\n");
        shop.build(Workshop.to("dev"));
        shop.remove("landing/orders/2.csv");
        shop.put("landing/orders/3.csv", "id,customer,amount\n5,eve,50\n");
        shop.build();

        assertThatThrownBy(() -> merge(Optional.empty()))
                .hasMessageContaining("main.totals: on dev by run ");
        merge(Optional.of(DEV));

        assertThat(shop.rows("select id from bronze.orders order by id"))
                .containsExactly("1", "2", "3", "4", "5");
        assertThat(shop.build().problems()).isEmpty();
        assertThat(shop.rows("select sum(amount) from main.totals")).containsExactly("150");
        shop.put("landing/orders/2.csv", "id,customer,amount\n4,dan,40\n");
        shop.build();
        assertThat(shop.rows("select count(*) from bronze.orders")).containsExactly("5");
    }

    @Test
    void whatDiffersIsToldByTableColumnAndRow() {
        At before = At.parse(shop.tarn().publications(RefName.MAIN, 1).getFirst().id().toString());
        shop.put(
                "models/totals.sql",
                "select customer, sum(case when customer = 'bob' then 21 else amount end)"
                        + " as amount, 1 as extra"
                        + " from {{ source('bronze_orders', 'orders') }} where id <> 3 group by all");
        shop.put("landing/orders/2.csv", "id,customer,amount\n4,dan,40\n");
        shop.build();

        List<Difference> differences = shop.tarn().states().differences(before, At.MAIN);

        assertThat(differences)
                .extracting(d -> d.kind() + " " + d.name())
                .containsExactly("CHANGED bronze.orders", "CHANGED main.totals");
        assertThat(differences.getLast().columns())
                .extracting(c -> c.before().isPresent() + " " + c.after().orElseThrow().name())
                .containsExactly("false extra");

        RowDifferences orders =
                shop.tarn()
                        .states()
                        .rowDifferences(
                                differences.getFirst(), List.of("id"), 10, new Cancellation());
        assertThat(orders.added()).isEqualTo(1);
        assertThat(orders.removed() + orders.changed()).isZero();
        assertThat(orders.filesShared()).as("files not read").isEqualTo(1);
        assertThat(orders.filesRead()).isEqualTo(1);

        RowDifferences totals =
                shop.tarn()
                        .states()
                        .rowDifferences(
                                differences.getLast(), List.of("customer"), 10, new Cancellation());
        assertThat(List.of(totals.added(), totals.removed(), totals.changed()))
                .containsExactly(1L, 1L, 1L);
        assertThat(totals.byColumn()).containsOnlyKeys("amount").containsValue(1L);
        assertThat(totals.sample())
                .extracting(s -> s.what() + " " + s.row())
                .contains("changed {'customer': bob} amount: 20 → 21")
                .anyMatch(s -> s.startsWith("removed {'customer': cem, 'amount': 30"));

        RowDifferences whole =
                shop.tarn()
                        .states()
                        .rowDifferences(differences.getLast(), List.of(), 10, new Cancellation());
        assertThat(List.of(whole.added(), whole.removed(), whole.changed()))
                .containsExactly(2L, 2L, 0L);
        assertThatThrownBy(() ->
                        shop.tarn()
                                .states()
                                .rowDifferences(
                                        differences.getLast(),
                                        List.of("custmer"),
                                        10,
                                        new Cancellation()))
                .hasMessage(
                        "main.totals has no column 'custmer' on both sides, so it cannot be the"
                                + " key. Did you mean 'customer'? [COLUMN_NOT_FOUND]");
    }

    @Test
    void aSpoiltTableIsWhatItWasAndItsLaterFilesLandAgain() {
        At good = At.parse(shop.tarn().publications(RefName.MAIN, 1).getFirst().id().toString());
        shop.put("landing/orders/2.csv", "id,customer,amount\n1,ann,-10\n");
        shop.build();

        assertThat(shop.tarn().states().restore(RefName.MAIN, ORDERS, good)).isPresent();
        assertThat(shop.tarn().states().restore(RefName.MAIN, ORDERS, good)).isEmpty();
        assertThat(shop.rows("select count(*) from bronze.orders")).containsExactly("3");

        shop.put("landing/orders/2.csv", "id,customer,amount\n9,ann,10\n");
        shop.build();
        assertThat(shop.rows("select id from bronze.orders order by id"))
                .containsExactly("1", "2", "3", "9");
        assertThat(shop.rows("select sum(amount) from main.totals")).containsExactly("70");
    }

    @Test
    void aDroppedTableComesBack() {
        shop.tarn().states().drop(RefName.MAIN, ORDERS);
        assertThatThrownBy(() -> shop.rows("from bronze.orders"))
                .hasMessageContaining("TABLE_NOT_FOUND");
        assertThatThrownBy(() -> shop.tarn().states().drop(RefName.MAIN, ORDERS))
                .hasMessageStartingWith("There is no table or view bronze.orders on 'main' as of");

        shop.tarn().states().undrop(RefName.MAIN, ORDERS);

        assertThat(shop.rows("select count(*) from bronze.orders")).containsExactly("3");
        assertThatThrownBy(() -> shop.tarn().states().undrop(RefName.MAIN, ORDERS))
                .hasMessage(
                        "bronze.orders is there on 'main': it was not dropped. `tarn restore"
                                + " bronze.orders --to STATE` brings back an older state of it."
                                + " [USAGE]");
        assertThatThrownBy(() -> shop.tarn().states().undrop(RefName.MAIN, TableName.parse("a.b")))
                .hasMessage(
                        "There has never been a table or view a.b on 'main'. [TABLE_NOT_FOUND]");
        assertThat(shop.build().problems()).isEmpty();
        assertThat(shop.rows("select count(*) from bronze.orders")).containsExactly("3");
    }

    @Test
    void aDroppedSourceTableLandsAnew() {
        shop.tarn().states().drop(RefName.MAIN, ORDERS);

        assertThat(shop.build().problems()).isEmpty();

        assertThat(shop.rows("select count(*) from bronze.orders")).containsExactly("3");
    }

    @Test
    void aWholeSchemaIsWhatItWas() {
        At good = At.parse(shop.tarn().publications(RefName.MAIN, 1).getFirst().id().toString());
        shop.put("models/totals.sql", "select 1 as spoilt");
        shop.put("models/later.sql", "select 1 as n");
        shop.build();

        shop.tarn().states().restoreSchema(RefName.MAIN, "main", good);

        assertThat(shop.rows("select sum(amount) from main.totals")).containsExactly("60");
        assertThat(shop.rows("from main.later")).containsExactly("1");
        assertThatThrownBy(() -> shop.tarn().states().restoreSchema(RefName.MAIN, "nope", good))
                .hasMessageStartingWith("There was no table or view in schema nope on 'main'");
    }

    @Test
    void aSchemaIsClonedAsAWholeAndGoesItsOwnWay() {
        shop.tarn().states().copySchema(RefName.MAIN, "main", At.MAIN, "lab");
        assertThat(shop.rows("from lab.totals order by customer"))
                .isEqualTo(shop.rows("from main.totals order by customer"));
        assertThat(shop.tarn().publications(RefName.MAIN, 1).getFirst().message())
                .isEqualTo("clone schema main as lab");

        shop.tarn().execute(SqlText.of("delete from lab.totals"), RefName.MAIN, new Cancellation());
        assertThat(shop.rows("from lab.totals")).isEmpty();
        assertThat(shop.rows("from main.totals")).hasSize(3);
        assertThatThrownBy(
                        () -> shop.tarn().states().copySchema(RefName.MAIN, "main", At.MAIN, "lab"))
                .hasMessageContaining("lab.totals");
        assertThatThrownBy(() ->
                        shop.tarn().states().copySchema(RefName.MAIN, "none", At.MAIN, "lab2"))
                .hasMessageContaining("none");
    }

    @Test
    void aCopyGoesItsOwnWay() {
        TableName copy = TableName.parse("lab.orders");
        shop.tarn().states().copy(RefName.MAIN, ORDERS, At.MAIN, copy);
        shop.put("landing/orders/2.csv", "id,customer,amount\n4,dan,40\n");
        shop.build();

        assertThat(shop.rows("select count(*) from lab.orders")).containsExactly("3");
        assertThat(shop.rows("select count(*) from bronze.orders")).containsExactly("4");
        assertThatThrownBy(() -> shop.tarn().states().copy(RefName.MAIN, ORDERS, At.MAIN, copy))
                .hasMessage(
                        "There is already a table or view lab.orders on 'main'. Choose another"
                                + " name, or drop that one first. [TABLE_EXISTS]");
        shop.tarn().states().drop(RefName.MAIN, ORDERS);
        shop.tarn().clean(false);
        assertThat(shop.rows("select sum(amount) from lab.orders")).containsExactly("60");
    }

    private void merge(Optional<RefName> prefer) {
        shop.tarn().states().merge(new MergeRequest(DEV, RefName.MAIN, prefer, false));
    }
}
