package dev.tarn.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoProjectTest {
    private static final Set<String> WARNINGS =
            Set.of("orders_are_of_known_customers", "countries_are_known");
    private static final String NOW = "2026-03-29 06:00:00+00";
    private static final String LATER = "2026-03-30 06:00:00+00";

    @TempDir Path dir;
    private Path landing;
    private DemoSummary truth;

    @BeforeEach
    void writeShop() {
        landing = dir.resolve("landing");
        DemoProject.write(dir);
        truth = DemoShop.generate(landing, DemoSize.of(0.01));
    }

    @Test
    void readersFindExactlyTheRowsThatTheSummaryCounts() throws Exception {
        try (ShopWarehouse warehouse = warehouse()) {
            new BronzeLoader(warehouse, landing).load(NOW);

            assertThat(bronze(warehouse))
                    .containsExactlyInAnyOrderEntriesOf(
                            Map.of(
                                    "customers", truth.customers().rows(),
                                    "products", truth.products().rows(),
                                    "orders", truth.orders().rows(),
                                    "order_items", truth.orderItems().rows(),
                                    "events", truth.events().rows()));
        }
    }

    @Test
    void goldHasEachThingOnce() throws Exception {
        try (ShopWarehouse warehouse = built()) {
            assertThat(rows(warehouse, "gold.fct_events")).isEqualTo(truth.events().distinct());
            assertThat(rows(warehouse, "gold.fct_orders")).isEqualTo(truth.orders().distinct());
            assertThat(rows(warehouse, "gold.fct_order_lines"))
                    .isEqualTo(truth.orderItems().distinct());
            assertThat(rows(warehouse, "gold.dim_product")).isEqualTo(truth.products().distinct());
            assertThat(rows(warehouse, "silver.customer_states"))
                    .isEqualTo(truth.customers().distinct());
        }
    }

    @Test
    void customerDimensionHasEachStateAndNoneForMereSpelling() throws Exception {
        try (ShopWarehouse warehouse = built()) {
            assertThat(rows(warehouse, "gold.dim_customer")).isEqualTo(truth.customerVersions());
            assertThat(warehouse.number("select max(version) from gold.dim_customer"))
                    .isGreaterThan(1);
            assertThat(
                            warehouse.number(
                                    "select count(*) from gold.fct_orders where customer_key is null"))
                    .isEqualTo(truth.ordersOfUnknownCustomers());
        }
    }

    @Test
    void everyModelHasRowsInTheEnd() throws Exception {
        try (ShopWarehouse warehouse = built()) {
            for (String model : warehouse.modelNames()) {
                assertThat(rows(warehouse, warehouse.relation(model))).as(model).isPositive();
            }
        }
    }

    @Test
    void everyColumnHasATypeThatTablesCanKeep() throws Exception {
        try (ShopWarehouse warehouse = built()) {
            String types =
                    warehouse.text(
                            """
                            select string_agg(distinct regexp_replace(data_type, '\\(.*', ''), ' '
                                order by regexp_replace(data_type, '\\(.*', ''))
                            from information_schema.columns
                            where table_schema in ('silver', 'gold', 'reference')
                            """);

            assertThat(types)
                    .isEqualTo(
                            "BIGINT BOOLEAN DATE DECIMAL DOUBLE INTEGER TIMESTAMP"
                                    + " TIMESTAMP WITH TIME ZONE VARCHAR VARCHAR[]");
        }
    }

    @Test
    void checksPassOnTheWholeShopButForAWarning() throws Exception {
        try (ShopWarehouse warehouse = built()) {
            Map<String, Long> found = checks(warehouse);

            assertThat(found).hasSizeGreaterThan(40);
            assertThat(failing(found))
                    .isEqualTo(
                            Map.of(
                                    "orders_are_of_known_customers",
                                    truth.ordersOfUnknownCustomers()));
            assertThat(WARNINGS).containsAll(failing(found).keySet());
        }
    }

    @Test
    void brokenFileFailsTheChecksThatGuardGold() throws Exception {
        BrokenFile broken = DemoShop.brokenFile(landing);
        try (ShopWarehouse warehouse = built()) {
            Map<String, Long> failing = failing(checks(warehouse));
            failing.remove("orders_are_of_known_customers");

            assertThat(failing)
                    .isEqualTo(
                            Map.of(
                                    "order_lines_have_positive_quantities",
                                    (long) broken.negativeQuantities(),
                                    "order_lines_are_of_known_products",
                                    (long) broken.unknownProducts()));
        }
    }

    @Test
    void brokenFileFailsTheChecksWhenItComesLater() throws Exception {
        try (ShopWarehouse warehouse = warehouse()) {
            BronzeLoader bronze = new BronzeLoader(warehouse, landing);
            bronze.load(NOW);
            warehouse.build();
            BrokenFile broken = DemoShop.brokenFile(landing);
            bronze.loadOrderItems(LATER, broken.file());
            warehouse.build();

            assertThat(failing(checks(warehouse)))
                    .containsEntry(
                            "order_lines_have_positive_quantities",
                            (long) broken.negativeQuantities())
                    .containsEntry(
                            "order_lines_are_of_known_products", (long) broken.unknownProducts());
        }
    }

    @Test
    void twoBuildsWithHalfTheFilesEachEndWhereOneBuildEnds() throws Exception {
        try (ShopWarehouse whole = built();
                ShopWarehouse halves = warehouse()) {
            BronzeLoader bronze = new BronzeLoader(halves, landing);
            bronze.load(NOW, file -> day(file).compareTo("2026-03-15") < 0);
            halves.build();
            assertThat(rows(halves, "gold.fct_events"))
                    .isBetween(1L, truth.events().distinct() - 1);
            bronze.load(LATER, file -> day(file).compareTo("2026-03-15") >= 0);
            halves.build();

            for (String table :
                    List.of(
                            "fct_events",
                            "fct_orders",
                            "fct_order_lines",
                            "fct_sessions",
                            "dim_customer",
                            "dim_product",
                            "mart_daily_revenue",
                            "mart_funnel",
                            "mart_customer_lifetime")) {
                assertThat(content(halves, table)).as(table).isEqualTo(content(whole, table));
            }
        }
    }

    @Test
    void buildingAgainWithNothingNewChangesNothing() throws Exception {
        try (ShopWarehouse warehouse = built()) {
            String before = content(warehouse, "fct_sessions") + content(warehouse, "fct_orders");
            warehouse.build();

            assertThat(content(warehouse, "fct_sessions") + content(warehouse, "fct_orders"))
                    .isEqualTo(before);
        }
    }

    @Test
    void everyModelAndSingularCheckIsDescribedAndOwned() throws Exception {
        try (ShopWarehouse warehouse = warehouse()) {
            Set<String> described = new TreeSet<>();
            for (Path file : warehouse.files("models", ".yml")) {
                for (Map<?, ?> model : GenericChecks.maps(GenericChecks.yaml(file).get("models"))) {
                    assertThat(String.valueOf(model.get("description"))).hasSizeGreaterThan(10);
                    assertThat(String.valueOf(model.get("config"))).contains("owner=");
                    described.add(String.valueOf(model.get("name")));
                }
            }
            Set<String> checks =
                    GenericChecks.maps(
                                    GenericChecks.yaml(dir.resolve("tests/tests.yml"))
                                            .get("data_tests"))
                            .stream()
                            .map(check -> String.valueOf(check.get("name")))
                            .collect(Collectors.toSet());

            assertThat(described).containsExactlyElementsOf(warehouse.modelNames());
            assertThat(checks)
                    .containsExactlyInAnyOrderElementsOf(
                            warehouse.files("tests", ".sql").stream()
                                    .map(ShopWarehouse::name)
                                    .toList());
        }
    }

    private ShopWarehouse built() throws SQLException, IOException {
        ShopWarehouse warehouse = warehouse();
        new BronzeLoader(warehouse, landing).load(NOW);
        warehouse.build();
        return warehouse;
    }

    private ShopWarehouse warehouse() throws SQLException {
        Map<?, ?> vars =
                GenericChecks.maps(
                                List.of(
                                        Objects.requireNonNull(
                                                GenericChecks.yaml(dir.resolve("dbt_project.yml"))
                                                        .get("vars"))))
                        .getFirst();
        Map<String, String> variables = new TreeMap<>();
        vars.forEach((name, value) -> variables.put(name.toString(), value.toString()));
        return new ShopWarehouse(dir, variables);
    }

    private static Map<String, Long> checks(ShopWarehouse warehouse) throws SQLException {
        Map<String, Long> found = new GenericChecks(warehouse).run();
        found.putAll(warehouse.singularChecks());
        return found;
    }

    private static Map<String, Long> failing(Map<String, Long> found) {
        Map<String, Long> failing = new TreeMap<>(found);
        failing.values().removeIf(count -> count == 0);
        return failing;
    }

    private static Map<String, Long> bronze(ShopWarehouse warehouse) throws SQLException {
        Map<String, Long> counts = new TreeMap<>();
        for (String table : List.of("customers", "products", "orders", "order_items", "events")) {
            counts.put(table, rows(warehouse, "bronze." + table));
        }
        return counts;
    }

    private static long rows(ShopWarehouse warehouse, String relation) throws SQLException {
        return warehouse.number("select count(*) from " + relation);
    }

    /** Count and checksum of a table, without the time at which rows arrived. */
    private static String content(ShopWarehouse warehouse, String table) throws SQLException {
        return warehouse.text(
                """
                select concat(count(*), ' rows, ', bit_xor(hash(t)))
                from (select columns(lambda c: c <> 'ingested_at') from gold.%s) as t
                """
                        .formatted(table));
    }

    private static String day(Path file) {
        String name = String.valueOf(file.getFileName());
        int at = name.indexOf("2026-");
        return name.substring(at, at + 10);
    }
}
