package dev.tarn.project;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A small project of random models that is edited at random, sometimes until it is wrong. */
final class RandomProject {
    private static final int MODELS = 9;
    private static final List<String> MATERIALIZED =
            List.of("view", "table", "table", "incremental", "ephemeral");

    private final SplittableRandom random;
    private final Path root;
    private final Map<String, String> files = new TreeMap<>();
    final Map<String, @Nullable Object> vars = new HashMap<>();
    final Map<String, String> environment = new HashMap<>();
    final Map<String, Schema> sources = new HashMap<>();
    String invocation = "first";
    private boolean full;

    RandomProject(Path root, long seed) {
        this.root = root;
        this.random = new SplittableRandom(seed);
        environment.put("SECRET", "s3cr3t-in-environment");
        environment.put("STAGE", "dev");
        source();
        projectFile();
        macros();
        seed();
        properties();
        for (int i = 0; i < MODELS; i++) {
            model(i);
        }
        singular();
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private void put(String file, String text) {
        files.put(file, text);
        try {
            Path path = root.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void remove(String file) {
        files.remove(file);
        try {
            Files.deleteIfExists(root.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void source() {
        sources.put(
                "source.shop.raw.items",
                new Schema(
                        List.of(
                                Field.of("id", Type.Primitive.BIGINT),
                                Field.of(
                                        one(List.of("amount", "amount", "total")),
                                        random.nextBoolean()
                                                ? Type.Primitive.DOUBLE
                                                : new Type.Decimal(10, 2)))));
    }

    private void projectFile() {
        put(
                "dbt_project.yml",
                """
                name: shop
                vars:
                  limit: %d
                  token: "{{ env_var('SECRET', 'none') }}"
                models:
                  +materialized: %s
                  shop:
                    sub:
                      +tags: [%s]
                      +schema: "{{ env_var('STAGE') }}"
                """
                        .formatted(
                                random.nextInt(3),
                                one(List.of("view", "table")),
                                one(List.of("a", "b"))));
    }

    private void macros() {
        put(
                "macros/money.sql",
                (random.nextInt(9) == 0 ? "{% macro euro(x) %}" : "{% macro euros(x) %}")
                        + one(List.of("%s / 100", "%s / 100.0", "cast(%s as double)"))
                                .formatted("{{ x }}")
                        + "{% endmacro %}");
        put(
                "macros/names.sql",
                one(
                        List.of(
                                "{% macro other() %}1{% endmacro %}",
                                "{% macro generate_alias_name(custom=none, node=none) %}"
                                        + "{{ custom or node.name }}_x{% endmacro %}",
                                "{% macro other() %}{{ log('said', info=True) }}2{% endmacro %}")));
    }

    private void seed() {
        put("seeds/codes.csv", one(List.of("code,label\n1,x\n", "code,label\nx,2\n", "code\n1\n")));
    }

    private void properties() {
        put(
                "models/all.yml",
                """
                sources:
                  - name: raw
                    tables: [{name: items}]
                models:
                  - name: m%d
                    description: "%s"
                    config: {meta: {owner: "{{ env_var('STAGE') }}"}}
                    columns:
                      - name: id
                        data_tests: [not_null, {accepted_values: {values: [%d]}}]
                  - name: m%d
                    columns: [{name: %s, data_tests: [unique]}]
                """
                        .formatted(
                                random.nextInt(MODELS),
                                one(List.of("Words.", "Ünïcödé → words", "{{ doc('d') }}")),
                                random.nextInt(5),
                                MODELS + random.nextInt(2) - 1,
                                random.nextInt(9) == 0 ? "missing" : "id"));
        put("models/docs.md", "{% docs d %}\n" + one(List.of("one", "two")) + "\n{% enddocs %}");
    }

    private void singular() {
        put(
                "tests/no_" + one(List.of("x", "y")) + ".sql",
                "select * from {{ ref('m%d') }} where id %s 1"
                        .formatted(
                                random.nextInt(MODELS),
                                random.nextInt(9) == 0 ? "~~~" : one(List.of("<", ">"))));
    }

    private void model(int i) {
        String folder = i % 3 == 0 ? "models/sub/" : "models/";
        String config =
                random.nextInt(3) == 0
                        ? "{{ config(materialized='%s', tags=['%s']%s) }}\n"
                                .formatted(
                                        one(MATERIALIZED),
                                        one(List.of("x", "y")),
                                        one(
                                                List.of(
                                                        "",
                                                        ", post_hook='select {{ var(\"limit\") }}'")))
                        : "";
        put(folder + "m" + i + ".sql", config + query(i));
    }

    private String query(int i) {
        String from =
                i == 0 || random.nextInt(4) == 0
                        ? "{{ source('raw', 'items') }}"
                        : "{{ ref('m" + random.nextInt(i) + "') }}";
        String column =
                one(
                        List.of(
                                "id",
                                "{{ euros('id') }} as id",
                                "id + {{ var('limit') }} as id",
                                "id, '{{ env_var('STAGE', 'x') }}' as stage",
                                "id, '{{ var('token') }}' as token",
                                "id, '{{ config.get('meta', {}) }}' as meta",
                                "id, '{{ invocation_id }}' as run",
                                "id, '{{ this }}' as me",
                                "id, '{{ target.schema }} {{ model.name }}' as names",
                                "id, {{ var('given', 7) }} as given",
                                "id, '{{ modules.datetime.datetime.now() }}' as now",
                                "id, {{ [1, 1] | random }} as r",
                                "id, 'größer' as word",
                                "id, 1 as amount",
                                "id, {{ 1 if flags.FULL_REFRESH else 2 }} as full",
                                "id, {{ config.set('meta', {'a': 1}) }} 3 as set",
                                "*",
                                "id, {{ other() if other else 0 }} as o",
                                "id, count(*) over () as n"));
        String end =
                one(
                        List.of(
                                "",
                                "",
                                "\nlimit {{ var('limit') }}",
                                "{% if is_incremental() %}\nwhere id > (select max(id) from"
                                        + " {{ this }}){% endif %}",
                                "\n-- " + random.nextInt(100)));
        return "select " + column + "\nfrom " + from + (random.nextInt(40) == 0 ? mistake() : end);
    }

    private String mistake() {
        return one(
                List.of(
                        "\nwhere {{ nothing.at.all }}",
                        "\nwhere misspelt = 1",
                        "{% if %}",
                        "\n, {{ ref('nowhere') }}",
                        "\n, shop.m1"));
    }

    private boolean isMissing(int model) {
        return files.keySet().stream().noneMatch(f -> f.endsWith("/m" + model + ".sql"));
    }

    /** Changes something, as somebody might between two compiles; says what. */
    String edit() {
        int what = random.nextInt(18);
        int model = random.nextInt(MODELS);
        switch (what) {
            case 0 -> macros();
            case 1 -> projectFile();
            case 2 -> properties();
            case 3 -> seed();
            case 4 -> source();
            case 5 -> environment.put("STAGE", one(List.of("dev", "prod", "test")));
            case 6 -> environment.put("SECRET", "s3cr3t-" + random.nextInt(100));
            case 7 -> vars.put("given", (long) random.nextInt(3));
            case 8 -> invocation = "run " + random.nextInt(1000);
            case 9 -> singular();
            case 10 -> {
                List<String> all =
                        files.keySet().stream().filter(f -> f.matches(".*/m\\d.sql")).toList();
                if (all.size() == MODELS) {
                    remove(one(all));
                } else {
                    IntStream.range(0, MODELS).filter(i -> isMissing(i)).forEach(this::model);
                }
            }
            case 11 -> {
                return "nothing";
            }
            case 12 -> full = !full;
            default -> model(model);
        }
        return "edit " + what;
    }

    ProjectRequest request() {
        return ProjectRequest.of(root, ProjectFolder.CLOCK)
                .withVars(vars)
                .withEnvironment(environment::get)
                .withFlags(Map.of("FULL_REFRESH", full))
                .withInvocationId(invocation);
    }
}
