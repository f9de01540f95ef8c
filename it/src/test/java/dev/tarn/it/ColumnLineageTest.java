package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.app.LineageReport;
import dev.tarn.app.LineageReport.Direction;
import dev.tarn.app.LineageReport.Step;
import dev.tarn.model.RunId;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns are followed through a whole project, and what a run made is written down with it. */
final class ColumnLineageTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder).source("raw");
        shop.put("landing/raw/1.csv", "id,name,price,day\n1,a,2.5,2024-01-01\n");
        shop.put("seeds/names.csv", "code,label\na,Anna\n");
        shop.put(
                "models/clean.sql",
                "{{ config(materialized='ephemeral') }} select id, lower(name) as name, price, day"
                        + " from {{ source('bronze_raw', 'raw') }} where price > 0");
        shop.put(
                "models/items.sql",
                "with c as (select * from {{ ref('clean') }}) select c.id, n.label, c.price * 2 as"
                        + " cost from c join {{ ref('names') }} n on n.code = c.name");
        shop.put(
                "models/totals.sql",
                "{{ config(materialized='view') }} select label, sum(cost) as total, count(*) as n"
                        + " from {{ ref('items') }} group by label");
        shop.put("models/top.sql", "select label from {{ ref('totals') }} where total > 10");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    @Test
    void aColumnComesFromSourcesThroughEverythingBetween() {
        assertThat(lines("totals.total", Direction.UPSTREAM))
                .containsExactly(
                        "main.totals.total",
                        "  main.items.cost computed",
                        "    bronze.raw.price computed");
        assertThat(lines("top.label", Direction.UPSTREAM))
                .containsExactly(
                        "main.top.label",
                        "  main.totals.label as it is",
                        "    main.items.label as it is",
                        "      main.names.label as it is");
        assertThat(lines("totals.n", Direction.UPSTREAM)).containsExactly("main.totals.n");
    }

    @Test
    void aColumnGoesIntoColumnsAndDecidesAboutRows() {
        assertThat(lines("bronze.raw.price", Direction.DOWNSTREAM))
                .containsExactly(
                        "bronze.raw.price",
                        "  main.items.cost computed",
                        "    main.totals.total computed",
                        "      main.top decides which rows",
                        "  main.items decides which rows");
        assertThat(lines("NAMES.Code", Direction.DOWNSTREAM))
                .containsExactly("main.names.code", "  main.items decides which rows");
    }

    @Test
    void ofAModelOneStepOfEachColumnIsTold() {
        assertThat(lines("items", Direction.UPSTREAM))
                .containsExactly(
                        "main.items.id",
                        "  bronze.raw.id as it is",
                        "main.items.label",
                        "  main.names.label as it is",
                        "main.items.cost",
                        "  bronze.raw.price computed");
        assertThat(lines("clean", Direction.UPSTREAM))
                .startsWith("clean.id", "  bronze.raw.id as it is", "clean.name");
    }

    @Test
    void whatTheEngineDoesNotTellIsSaid() {
        shop.put(
                "models/outside.sql",
                "select label, x.size from {{ ref('names') }}, (select size from"
                        + " read_text('/dev/null')) x");
        shop.put("models/after.sql", "select size + 1 as size from {{ ref('outside') }}");
        LineageReport report = report("after.size", Direction.UPSTREAM);
        Step step = report.subjects().getFirst().upstream().getFirst();
        assertThat(step.table() + "." + step.column()).isEqualTo("main.outside.size");
        assertThat(step.unknown())
                .contains("Operator 'LOGICAL_GET' does not support serialization");
    }

    @Test
    void mistakesInTheQuestionAreTold() {
        assertThatThrownBy(() -> report("itms.id", Direction.UPSTREAM))
                .hasMessage(
                        "No model, seed or source is called 'itms.id'. `tarn ls` lists what there"
                                + " is. [NODE_NOT_FOUND]");
        assertThatThrownBy(() -> report("item", Direction.UPSTREAM))
                .hasMessage(
                        "No model, seed or source is called 'item'. Did you mean 'items'? `tarn"
                                + " ls` lists what there is. [NODE_NOT_FOUND]");
        assertThatThrownBy(() -> report("items.cst", Direction.UPSTREAM))
                .hasMessage(
                        "main.items has no column 'cst'. Did you mean 'cost'? [COLUMN_NOT_FOUND]");
    }

    @Test
    void aRunWritesDownTheColumnsOfWhatItBuilt() {
        RunReport first = shop.build();
        assertThat(edges(first.run().id()))
                .contains(
                        "source.shop.bronze_raw.raw.price > model.shop.items.cost",
                        "seed.shop.names.label > model.shop.items.label",
                        "model.shop.items.cost > model.shop.totals.total",
                        "model.shop.totals.label > model.shop.top.label")
                .doesNotContain("source.shop.bronze_raw.raw.name > model.shop.items.label");
        shop.put("models/top.sql", "select total from {{ ref('totals') }}");
        assertThat(edges(shop.build().run().id()))
                .containsExactly("model.shop.totals.total > model.shop.top.total");
    }

    private List<String> edges(RunId run) {
        return shop.tarn().run(run).lineage().stream()
                .filter(e -> !e.toColumn().isEmpty())
                .map(e -> "%s.%s > %s.%s".formatted(e.from(), e.fromColumn(), e.to(), e.toColumn()))
                .toList();
    }

    private LineageReport report(String what, Direction direction) {
        return shop.tarn().lineage(what, EnumSet.of(direction), 0);
    }

    private List<String> lines(String what, Direction direction) {
        return report(what, direction).subjects().stream()
                .flatMap(s ->
                        Stream.concat(
                                Stream.of(s.table() + "." + s.column()),
                                Stream.concat(s.upstream().stream(), s.downstream().stream())
                                        .flatMap(step -> lines(step, "  "))))
                .toList();
    }

    private static Stream<String> lines(Step step, String indent) {
        String column = step.column().isEmpty() ? "" : "." + step.column();
        return Stream.concat(
                Stream.of(indent + step.table() + column + " " + step.how().words()),
                step.steps().stream().flatMap(s -> lines(s, indent + "  ")));
    }
}
