package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.table.Schema;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found before a run in models that read what only a run can tell the columns of. */
final class OpenColumnsTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
        shop.put("seeds/raw.csv", "id,amount,day\n1,2.5,2026-01-01\n");
        shop.put("models/py.py", "def model(dbt, session):\n    return dbt.ref('raw').df()\n");
        shop.put("models/other.py", "def model(dbt, session):\n    return dbt.ref('raw').df()\n");
        shop.put("models/t.sql", "select id, amount, day from {{ ref('raw') }}");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private String refusal() {
        return Workshop.told(catchThrowableOfType(TarnException.class, shop::build));
    }

    private Optional<List<String>> columns(String model) {
        Project project = shop.tarn().bound();
        return project.find(new NodeId("model.shop." + model))
                .map(Node.Model.class::cast)
                .flatMap(Node.Model::schema)
                .map(Schema::fields)
                .map(f -> f.stream().map(c -> c.name() + " " + c.type().sql()).toList());
    }

    @Test
    void whatIsWrongWhateverTheColumnsAreIsTold() {
        shop.put(
                "models/a.sql",
                "select p.x, t.amout from {{ ref('py') }} p join {{ ref('t') }} t on p.id = t.id");
        shop.put("models/b.sql", "select nofunction(x) from {{ ref('py') }}");
        shop.put("models/c.sql", "select x, from where {{ ref('py') }}");
        shop.put(
                "models/d.sql",
                "with one as (select id as k from {{ ref('t') }}) select one.kk, y from one cross join {{ ref('py') }}");
        shop.put(
                "models/e.sql", "select x from {{ ref('py') }} where x in (select id from main.t)");
        assertThat(refusal().split("\n"))
                .hasSize(5)
                .satisfiesExactly(
                        a ->
                                assertThat(a)
                                        .startsWith(
                                                "models/a.sql:1:13: Column 'amout' does not exist"),
                        b ->
                                assertThat(b)
                                        .startsWith(
                                                "models/b.sql:1:8: Function 'nofunction' does not exist"),
                        c ->
                                assertThat(c)
                                        .startsWith("models/c.sql:1:16: ")
                                        .endsWith("[SQL_SYNTAX]"),
                        d ->
                                assertThat(d)
                                        .startsWith(
                                                "models/d.sql:1:57: Column 'kk' does not exist"),
                        e ->
                                assertThat(e)
                                        .contains(
                                                "'e' reads main.t without saying that it depends on it"));
    }

    @Test
    void whateverIsAskedOfThemIsFine() {
        shop.put(
                "models/a.sql",
                "select x, upper(y) as u, sum(z) as s, date_trunc('month', moment) as m, w + 1 as n from {{ ref('py') }} group by all");
        shop.put("models/b.sql", "select * from {{ ref('py') }} union all select 1, 2, 3");
        shop.put(
                "models/c.sql",
                "select r.foo, r.bar.baz, unnest(r.list) as item from (select * from {{ ref('py') }}) r");
        shop.put(
                "models/d.sql",
                "with a as (select * from {{ ref('py') }}), b as (select * from {{ ref('other') }}) select x, b.x as bx, a.k from a join b using (k)");
        shop.put(
                "models/e.sql",
                "select * exclude (secret) from {{ ref('a') }} where anything is null");
        shop.put("models/f.sql", "pivot {{ ref('py') }} on kind using sum(v) group by id");
        shop.put(
                "models/g.sql",
                "select p.*, t.* from {{ ref('py') }} p left join {{ ref('t') }} t using (id) qualify row_number() over (partition by p.a order by p.b) = 1");
        shop.put("models/h.sql", "select columns('a.*') from {{ ref('py') }}");
        Project bound = shop.tarn().bound();
        assertThat(bound.nodes()).hasSize(12);
        assertThat(columns("a")).isEmpty();
    }

    @Test
    void aQueryWhoseColumnsDoNotDependOnThemIsKnown() {
        shop.put(
                "models/a.sql",
                "select t.id, count(*) as n, sum(t.amount) as s from {{ ref('t') }} t join {{ ref('py') }} p on p.k = t.id and p.flag group by 1");
        shop.put("models/b.sql", "select n + 1 as m from {{ ref('a') }}");
        assertThat(columns("a")).hasValue(List.of("id INTEGER", "n BIGINT", "s DOUBLE"));
        assertThat(columns("b")).hasValue(List.of("m BIGINT"));
        shop.put("models/b.sql", "select nn + 1 as m from {{ ref('a') }}");
        assertThat(refusal())
                .isEqualTo(
                        "models/b.sql:1:8: Column 'nn' does not exist in main.a. Did you mean 'n'?"
                                + " [COLUMN_NOT_FOUND]");
    }

    @Test
    void columnsThatAQueryNamesAreKnownToThoseThatReadIt() {
        shop.put("models/a.sql", "select x, y + 1 as z from {{ ref('py') }}");
        shop.put("models/b.sql", "select zz from {{ ref('a') }}");
        assertThat(refusal()).startsWith("models/b.sql:1:8: Column 'zz' does not exist in main.a.");
    }
}
