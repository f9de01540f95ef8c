package dev.tarn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How long a small project takes to build from shell to shell: mostly the program itself. */
final class ShopBenchmark implements Benchmark {
    private static final int REPETITIONS = 5;
    private static final int CUSTOMERS = 100;
    private static final int NODES = 28;

    @Override
    public String name() {
        return "shop";
    }

    @Override
    public String title() {
        return "tarn build of 3 seeds, 5 models and 20 checks ÷ tarn --help";
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        String launcher =
                setup.home()
                        .orElseThrow(() -> new IllegalStateException("Start with ./tarn bench"))
                        .resolve("tarn")
                        .toString();
        List<String> build = List.of(launcher, "build");
        List<Timing> helps = new ArrayList<>();
        List<Timing> builds = new ArrayList<>();
        List<Timing> again = new ArrayList<>();
        long memory = 0;
        for (int i = 0; i < setup.repetitions().orElse(REPETITIONS); i++) {
            Path project = setup.fresh("project");
            write(project);
            Processes processes = new Processes(project);
            if (i == 0) {
                setup.say("building once for the memory");
                memory = processes.memory(build);
                Setup.delete(project.resolve(".tarn"));
            }
            setup.say("building a shop");
            helps.add(processes.time(List.of(launcher, "--help")));
            builds.add(processes.time(build));
            again.add(processes.time(build));
        }
        Timing help = Timing.median(helps);
        Timing first = Timing.median(builds);
        return new Outcome(
                "%d nodes, %s".formatted(NODES, Processes.memoryWords(memory)),
                List.of(
                        new Outcome.Line("build", first),
                        new Outcome.Line("`tarn --help`", help),
                        new Outcome.Line("build again, nothing changed", Timing.median(again))),
                "build ÷ --help",
                first.wall() / help.wall(),
                first.cpu() / help.cpu(),
                Optional.empty());
    }

    /** A shop with customers, orders and payments, in the layers that many projects have. */
    static void write(Path project) throws IOException {
        put(
                project,
                "dbt_project.yml",
                "name: shop\nmodels: {shop: {marts: {+materialized: table}}}\n");
        StringBuilder customers = new StringBuilder("id,first_name,last_name\n");
        StringBuilder orders = new StringBuilder("id,customer,ordered_at,state\n");
        StringBuilder payments = new StringBuilder("id,order_id,method,cents\n");
        String[] states = {"placed", "shipped", "completed", "returned"};
        String[] methods = {"card", "coupon", "transfer"};
        for (int i = 1; i <= CUSTOMERS; i++) {
            customers.append("%d,F%d,L%d\n".formatted(i, i * 7 % 31, i * 11 % 37));
            orders.append(
                    "%d,%d,2026-%02d-%02d,%s\n"
                            .formatted(i, i * 13 % 60 + 1, i % 12 + 1, i % 28 + 1, states[i % 4]));
            payments.append("%d,%d,%s,%d\n".formatted(i, i, methods[i % 3], i * 100));
        }
        put(project, "seeds/raw_customers.csv", customers.toString());
        put(project, "seeds/raw_orders.csv", orders.toString());
        put(project, "seeds/raw_payments.csv", payments.toString());
        put(
                project,
                "models/staging/stg_customers.sql",
                "select id as customer_id, first_name, last_name from {{ ref('raw_customers') }}\n");
        put(
                project,
                "models/staging/stg_orders.sql",
                "select id as order_id, customer as customer_id, ordered_at, state from {{ ref('raw_orders') }}\n");
        put(
                project,
                "models/staging/stg_payments.sql",
                "select id as payment_id, order_id, method, cents / 100 as amount from {{ ref('raw_payments') }}\n");
        put(
                project,
                "models/marts/orders.sql",
                """
                {% set methods = ['card', 'coupon', 'transfer'] %}
                select o.order_id, o.customer_id, o.ordered_at, o.state,
                    {% for method in methods -%}
                    coalesce(sum(p.amount) filter (where p.method = '{{ method }}'), 0) as {{ method }}_amount,
                    {% endfor -%}
                    coalesce(sum(p.amount), 0) as amount
                from {{ ref('stg_orders') }} as o
                left join {{ ref('stg_payments') }} as p using (order_id)
                group by all
                """);
        put(
                project,
                "models/marts/customers.sql",
                """
                select c.customer_id, c.first_name, c.last_name, min(o.ordered_at) as first_order,
                    count(o.order_id) as orders, coalesce(sum(o.amount), 0) as amount
                from {{ ref('stg_customers') }} as c
                left join {{ ref('orders') }} as o using (customer_id)
                group by all
                """);
        put(project, "models/shop.yml", checks());
    }

    private static String checks() {
        return """
        version: 2
        models:
          - name: stg_customers
            columns: [{name: customer_id, data_tests: [unique, not_null]}]
          - name: stg_orders
            columns:
              - {name: order_id, data_tests: [unique, not_null]}
              - {name: state, data_tests: [accepted_values: {values: [placed, shipped, completed, returned]}]}
          - name: stg_payments
            columns:
              - {name: payment_id, data_tests: [unique, not_null]}
              - {name: method, data_tests: [accepted_values: {values: [card, coupon, transfer]}]}
          - name: customers
            columns: [{name: customer_id, data_tests: [unique, not_null]}]
          - name: orders
            columns:
              - {name: order_id, data_tests: [unique, not_null]}
              - {name: customer_id, data_tests: [not_null, relationships: {to: ref('customers'), field: customer_id}]}
              - {name: state, data_tests: [accepted_values: {values: [placed, shipped, completed, returned]}]}
              - {name: amount, data_tests: [not_null]}
              - {name: card_amount, data_tests: [not_null]}
              - {name: coupon_amount, data_tests: [not_null]}
              - {name: transfer_amount, data_tests: [not_null]}
              - {name: ordered_at, data_tests: [not_null]}
        """;
    }

    private static void put(Path project, String name, String text) throws IOException {
        Path file = project.resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
    }
}
