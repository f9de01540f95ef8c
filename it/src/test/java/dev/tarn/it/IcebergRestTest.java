package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.app.At;
import dev.tarn.model.RefName;
import dev.tarn.model.catalog.Publication;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.BaseTransaction;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableCommit;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.view.View;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Iceberg's own client does to a warehouse, and what Tarn makes of it. */
final class IcebergRestTest {
    private static final Namespace SALES = Namespace.of("sales");
    private static final TableIdentifier ORDERS = TableIdentifier.of(SALES, "orders");
    private static final TableIdentifier ITEMS = TableIdentifier.of(SALES, "items");
    private static final Schema SCHEMA =
            new Schema(
                    Types.NestedField.required(1, "id", Types.LongType.get()),
                    Types.NestedField.optional(2, "name", Types.StringType.get()));
    private static final Map<String, String> V3 = Map.of("format-version", "3");

    @TempDir Path folder;

    private RestServer server;
    private RESTCatalog main;

    @BeforeEach
    void start() {
        server = new RestServer(folder);
        main = server.catalog("main");
        main.createNamespace(SALES);
    }

    @AfterEach
    void stop() throws Exception {
        main.close();
        server.close();
    }

    private Table make(TableIdentifier name) {
        return main.createTable(name, SCHEMA, PartitionSpec.unpartitioned(), V3);
    }

    private static void append(Table table, long id, String name) throws Exception {
        ForeignIceberg.append(table, List.of(ForeignIceberg.row(table.schema(), id, name)));
    }

    private List<String> rows(String sql) {
        return server.workshop().rows(sql);
    }

    private List<String> history() {
        return server.workshop().tarn().publications(RefName.MAIN, 20).stream()
                .map(Publication::message)
                .toList();
    }

    @Test
    void whatAClientWritesTarnReads() throws Exception {
        Table orders = make(ORDERS);
        append(orders, 1, "one");
        append(orders, 2, "two");
        assertThat(rows("select id, name from sales.orders order by id"))
                .containsExactly("1|one", "2|two");
    }

    @Test
    void aNamespaceTellsWhereItsTablesLie() throws Exception {
        String place = main.loadNamespaceMetadata(SALES).get("location");
        assertThat(make(ORDERS).location()).startsWith(place + "/orders-");
        Table chosen = main.buildTable(ITEMS, SCHEMA).withLocation(place + "/items-by-me").create();
        append(chosen, 1, "one");
        assertThat(rows("select id, name from sales.items")).containsExactly("1|one");
        View view =
                main.buildView(TableIdentifier.of(SALES, "v"))
                        .withSchema(SCHEMA)
                        .withQuery("trino", "select 1")
                        .withDefaultNamespace(SALES)
                        .withLocation(place + "/v-by-me")
                        .create();
        assertThat(view.location()).doesNotStartWith(place);
        main.setProperties(SALES, new HashMap<>(Map.of("location", "s3://elsewhere/sales")));
        assertThat(main.loadNamespaceMetadata(SALES))
                .containsEntry("location", "s3://elsewhere/sales");
    }

    @Test
    void everyCommitOfAClientIsAPublicationThatSaysWhoMadeIt() throws Exception {
        Table orders = make(ORDERS);
        append(orders, 1, "one");
        orders.updateProperties().set("owner", "ann").commit();
        main.renameTable(ORDERS, ITEMS);
        main.dropTable(ITEMS);
        assertThat(history())
                .containsExactly(
                        "drop sales.items by Apache Iceberg 1.12.0",
                        "rename sales.orders to sales.items by Apache Iceberg 1.12.0",
                        "change sales.orders by Apache Iceberg 1.12.0",
                        "append to sales.orders by Apache Iceberg 1.12.0",
                        "create sales.orders by Apache Iceberg 1.12.0",
                        "create namespace sales by Apache Iceberg 1.12.0");
    }

    @Test
    void whatTarnMakesAClientReadsAndExtends() throws Exception {
        server.workshop().put("models/gold.sql", "select 1::bigint as id, 'one' as name");
        server.workshop().build();
        Table gold = main.loadTable(TableIdentifier.of("main", "gold"));
        assertThat(gold.schema().columns()).extracting(c -> c.name()).containsExactly("id", "name");
        append(gold, 2, "two");
        assertThat(server.workshop().reopen().rows("select id, name from main.gold order by id"))
                .containsExactly("1|one", "2|two");
        assertThat(Workshop.outcome(server.workshop().build()))
                .as("rows of others are not what the model makes, so it is made again")
                .containsEntry("model gold", "SUCCEEDED");
    }

    @Test
    void aBranchIsAWarehouseOfItsOwn() throws Exception {
        append(make(ORDERS), 1, "one");
        server.workshop().tarn().states().createBranch(new RefName("feature/x"), At.MAIN);
        try (RESTCatalog branch = server.catalog("feature/x")) {
            append(branch.loadTable(ORDERS), 2, "two");
        }
        assertThat(rows("select id from sales.orders")).containsExactly("1");
        assertThat(server.workshop().rows("select id from sales.orders order by id", "feature/x"))
                .containsExactly("1", "2");
    }

    @Test
    void aTagCanOnlyBeRead() throws Exception {
        append(make(ORDERS), 1, "one");
        server.workshop().tarn().states().createTag(new RefName("v1"), At.MAIN);
        try (RESTCatalog tag = server.catalog("v1")) {
            Table orders = tag.loadTable(ORDERS);
            assertThatThrownBy(() -> append(orders, 2, "two"))
                    .isInstanceOf(ForbiddenException.class)
                    .hasMessage(
                            "Forbidden: 'v1' is a tag and never changes. Commit to a branch instead. [UNSUPPORTED]");
        }
        assertThat(rows("select count(*) from sales.orders")).containsExactly("1");
    }

    @Test
    void anUnknownWarehouseIsToldTheClosestOne() {
        server.workshop().tarn().states().createBranch(new RefName("reports"), At.MAIN);
        assertThatThrownBy(() -> server.catalog("report"))
                .hasMessageContaining(
                        "There is no ref 'report'. Did you mean 'reports'? [REF_NOT_FOUND]");
    }

    @Test
    void anUnknownTableIsToldTheClosestOne() {
        make(ORDERS);
        assertThatThrownBy(() -> main.loadTable(TableIdentifier.of(SALES, "oders")))
                .isInstanceOf(NoSuchTableException.class)
                .hasMessage("Table does not exist: sales.oders. Did you mean 'sales.orders'?");
    }

    private static TableCommit change(TableIdentifier name, Transaction transaction) {
        BaseTransaction base = (BaseTransaction) transaction;
        return TableCommit.create(name, base.startMetadata(), base.currentMetadata());
    }

    private static Transaction appended(Table table, long id) throws Exception {
        DataFile file =
                ForeignIceberg.write(
                        table,
                        table.schema(),
                        null,
                        List.of(ForeignIceberg.row(table.schema(), id, "x")));
        Transaction transaction = table.newTransaction();
        transaction.newAppend().appendFile(file).commit();
        return transaction;
    }

    @Test
    void severalTablesChangeTogether() throws Exception {
        Transaction orders = appended(make(ORDERS), 1);
        Transaction items = appended(make(ITEMS), 2);
        main.commitTransaction(List.of(change(ORDERS, orders), change(ITEMS, items)));
        assertThat(rows("select id from sales.orders union all select id from sales.items"))
                .containsExactlyInAnyOrder("1", "2");
        assertThat(history().getFirst())
                .isEqualTo(
                        "append to sales.orders, append to sales.items by Apache Iceberg 1.12.0");
    }

    @Test
    void ofSeveralTablesNoneChangesWhenOneHasMoved() throws Exception {
        Transaction orders = appended(make(ORDERS), 1);
        Table second = make(ITEMS);
        Transaction items = appended(second, 2);
        append(main.loadTable(ITEMS), 3, "first");
        assertThatThrownBy(() ->
                        main.commitTransaction(
                                List.of(change(ORDERS, orders), change(ITEMS, items))))
                .isInstanceOf(CommitFailedException.class);
        assertThat(rows("select id from sales.orders union all select id from sales.items"))
                .containsExactly("3");
    }

    @Test
    void theServerPlansScans() throws Exception {
        Table orders = make(ORDERS);
        append(orders, 1, "one");
        append(orders, 2, "two");
        try (RESTCatalog planning = server.catalog("main", "scan-planning-mode", "server");
                CloseableIterable<FileScanTask> tasks =
                        planning.loadTable(ORDERS)
                                .newScan()
                                .filter(Expressions.equal("id", 2L))
                                .planFiles()) {
            assertThat(tasks).hasSize(1);
        }
    }

    @Test
    void listingsComeInPages() throws Exception {
        for (int i = 0; i < 5; i++) {
            make(TableIdentifier.of(SALES, "t" + i));
        }
        HttpResponse<String> first =
                server.send("GET", "/v1/namespaces/sales/tables?pageSize=2&pageToken=", "");
        assertThat(first.body())
                .isEqualTo(
                        "{\"identifiers\":[{\"namespace\":[\"sales\"],\"name\":\"t0\"},{\"namespace\":[\"sales\"],\"name\":\"t1\"}],\"next-page-token\":\"dDE\"}");
        try (RESTCatalog paged = server.catalog("main", "rest-page-size", "2")) {
            assertThat(paged.listTables(SALES)).hasSize(5);
        }
    }

    @Test
    void aTableThatHasNotChangedIsNotSentAgain() throws Exception {
        Table orders = make(ORDERS);
        String path = "/v1/refs/main/namespaces/sales/tables/orders";
        HttpResponse<String> first = server.send("GET", path, "");
        String etag = first.headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> again = server.send("GET", path, "", "If-None-Match", etag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        append(orders, 1, "one");
        assertThat(server.send("GET", path, "", "If-None-Match", etag).statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestThatIsRepeatedIsDoneOnce() throws Exception {
        String key = new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0001L).toString();
        String[] header = {"Idempotency-Key", key};
        String body = "{\"namespace\":[\"again\"]}";
        HttpResponse<String> first = server.send("POST", "/v1/namespaces", body, header);
        HttpResponse<String> second = server.send("POST", "/v1/namespaces", body, header);
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.body()).isEqualTo(first.body());
        HttpResponse<String> other =
                server.send("POST", "/v1/namespaces", "{\"namespace\":[\"other\"]}", header);
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(server.send("POST", "/v1/namespaces", body).statusCode()).isEqualTo(409);

        server.restart();
        HttpResponse<String> later = server.send("POST", "/v1/namespaces", body, header);
        assertThat(later.statusCode()).isEqualTo(200);
        assertThat(later.body()).isEqualTo(first.body());
        assertThat(later.headers().firstValue("content-type"))
                .isEqualTo(first.headers().firstValue("content-type"));
        HttpResponse<String> otherLater =
                server.send("POST", "/v1/namespaces", "{\"namespace\":[\"other\"]}", header);
        assertThat(otherLater.statusCode()).isEqualTo(422);
    }

    @Test
    void namespacesNestAndTheirTablesCanBeQueried() throws Exception {
        Namespace inner = Namespace.of("sales", "north");
        main.createNamespace(inner, new HashMap<>(Map.of("owner", "ann")));
        append(make(TableIdentifier.of(inner, "orders")), 7, "seven");
        assertThat(main.listNamespaces(SALES)).containsExactly(inner);
        assertThat(main.listTables(SALES)).isEmpty();
        assertThat(rows("select id from \"sales.north\".orders")).containsExactly("7");
        assertThat(server.workshop().tarn().tableNames(At.MAIN))
                .extracting(Object::toString)
                .containsExactly("sales.north.orders");
    }

    @Test
    void viewsGoBothWays() throws Exception {
        append(make(ORDERS), 1, "one");
        main.buildView(TableIdentifier.of(SALES, "names"))
                .withSchema(new Schema(SCHEMA.findField("name")))
                .withDefaultNamespace(SALES)
                .withQuery("spark", "select name from sales.orders")
                .withQuery("duckdb", "select name from sales.orders")
                .create();
        assertThat(rows("select * from sales.names")).containsExactly("one");
        server.workshop()
                .put("models/v.sql", "{{ config(materialized='view') }} select 5 as five")
                .build();
        View ours = main.loadView(TableIdentifier.of("main", "v"));
        assertThat(ours.sqlFor("duckdb").sql().strip()).isEqualTo("select 5 as five");
    }

    @Test
    void aViewInAnotherDialectIsRefusedWhereItIsRead() {
        main.buildView(TableIdentifier.of(SALES, "theirs"))
                .withSchema(SCHEMA)
                .withDefaultNamespace(SALES)
                .withQuery("spark", "select id, name from sales.orders lateral view explode(x)")
                .create();
        assertThatThrownBy(() -> rows("select * from sales.theirs"))
                .hasMessageContaining(
                        "The view sales.theirs was made by another engine and its query is in the dialect 'spark', which Tarn does not read.");
    }

    @Test
    void tablesStayInsideTheWarehouse() {
        String outside = folder.resolve("elsewhere").toString();
        assertThatThrownBy(() -> main.buildTable(ORDERS, SCHEMA).withLocation(outside).create())
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining(
                        "The location %s is not in this warehouse, which is %s."
                                .formatted(outside, folder.resolve(".tarn/warehouse/tables")));
        String climbing = folder.resolve(".tarn/warehouse/tables") + "/../../x";
        assertThatThrownBy(() -> main.buildTable(ORDERS, SCHEMA).withLocation(climbing).create())
                .isInstanceOf(BadRequestException.class);
    }

    @Test
    void theServerGivesOutNoCredentialsItDoesNotHave() throws Exception {
        make(ORDERS);
        HttpResponse<String> answer =
                server.send("GET", "/v1/namespaces/sales/tables/orders/credentials", "");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("This catalog gives out no credentials for");
    }

    @Test
    void aDroppedTableComesBack() throws Exception {
        append(make(ORDERS), 1, "one");
        main.dropTable(ORDERS, true);
        server.workshop()
                .tarn()
                .states()
                .undrop(RefName.MAIN, dev.tarn.model.TableName.parse("sales.orders"));
        assertThat(rows("select id from sales.orders")).containsExactly("1");
    }

    @Test
    void aRegisteredTableIsTheOneItWas() throws Exception {
        Table orders = make(ORDERS);
        append(orders, 1, "one");
        String metadata = ((BaseTable) orders).operations().refresh().metadataFileLocation();
        main.dropTable(ORDERS, false);
        main.registerTable(ITEMS, metadata);
        assertThat(rows("select id from sales.items")).containsExactly("1");
    }
}
