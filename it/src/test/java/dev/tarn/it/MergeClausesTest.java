package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code merge_clauses} of dbt on DuckDB, and what it says of wrong settings of a merge. */
final class MergeClausesTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    /** Builds a model twice; what is said of the second time. */
    private String twice(String settings) {
        shop.put(
                "models/t.sql",
                """
                {{ config(materialized='incremental', incremental_strategy='merge', unique_key='id', %s) }}
                {%% if is_incremental() %%}
                select 1 as id, 'eve' as name, 26 as age union all
                select 2, 'bob', 20 union all
                select 4, 'dan', 28
                {%% else %%}
                select 1 as id, 'ann' as name, 25 as age union all
                select 2, 'bob', 30 union all
                select 3, 'cid', 35
                {%% endif %%}
                """
                        .formatted(settings));
        assertThat(Workshop.told(shop.build(Workshop.full()).problems())).isEmpty();
        RunReport second = shop.build();
        return Workshop.told(second.problems());
    }

    private List<String> rows() {
        return shop.rows("select id, name, age from main.t order by id");
    }

    @Test
    void theFirstBranchThatAppliesIsTaken() {
        assertThat(
                        twice(
                                """
                                merge_clauses={
                                  'when_matched': [
                                    {'action': 'update', 'mode': 'by_name',
                                     'condition': 'DBT_INTERNAL_DEST.age < DBT_INTERNAL_SOURCE.age'},
                                    {'action': 'delete', 'condition': ["DBT_INTERNAL_DEST.name = 'bob'", 'true']}],
                                  'when_not_matched': [
                                    {'action': 'insert', 'mode': 'by_name', 'condition': 'DBT_INTERNAL_SOURCE.age > 25'},
                                    {'by': 'source', 'action': 'update', 'set_expressions': {'name': "upper(name)"}}]}\
                                """))
                .isEmpty();
        assertThat(rows()).containsExactly("1|eve|26", "3|CID|35", "4|dan|28");
    }

    @Test
    void columnsAndValuesMayBeNamed() {
        assertThat(
                        twice(
                                """
                                merge_clauses={
                                  'when_matched': [{'action': 'update', 'mode': 'explicit', 'update': {
                                    'exclude': ['id', 'name'],
                                    'set_expressions': {'age': 'DBT_INTERNAL_DEST.age + 100'}}}],
                                  'when_not_matched': [{'action': 'insert', 'mode': 'explicit', 'insert': {
                                    'columns': ['id', 'name'], 'values': ['id', "'new ' || name"]}}]}\
                                """))
                .isEmpty();
        assertThat(rows()).containsExactly("1|ann|125", "2|bob|130", "3|cid|35", "4|new dan|null");
    }

    @Test
    void aSideThatIsNotNamedIsAsAlways() {
        assertThat(twice("merge_clauses={'when_matched': [{'action': 'do_nothing'}]}")).isEmpty();
        assertThat(rows()).containsExactly("1|ann|25", "2|bob|30", "3|cid|35", "4|dan|28");
        assertThat(
                        twice(
                                "merge_clauses={'when_not_matched': [{'action': 'insert', 'mode': 'star'}]}"))
                .isEmpty();
        assertThat(rows()).containsExactly("1|eve|26", "2|bob|20", "3|cid|35", "4|dan|28");
    }

    @Test
    void aBranchMayBeAnError() {
        assertThat(
                        twice(
                                """
                                merge_clauses={'when_matched': [
                                  {'action': 'error', 'condition': 'DBT_INTERNAL_SOURCE.age < DBT_INTERNAL_DEST.age',
                                   'error_message': "nobody's younger"},
                                  {'action': 'update', 'mode': 'by_position'}]}\
                                """))
                .contains(
                        "A branch of the merge into main.t that is an error applies to one row: nobody's younger");
        assertThat(rows()).containsExactly("1|ann|25", "2|bob|30", "3|cid|35");
    }

    @Test
    void wrongSettingsFailTheModelWhenRowsAreMerged() {
        Map<String, String> said =
                Map.of(
                        "merge_update_condition=123",
                        "merge_update_condition must be a string, found: 123",
                        "merge_update_columns='age'",
                        "merge_update_columns must be a list",
                        "merge_update_set_expressions=['a', 'b']",
                        "merge_update_set_expressions must be a dictionary, found: ['a', 'b']",
                        "merge_clauses='all'",
                        "merge_clauses must be a dictionary, found: all",
                        "merge_clauses={}",
                        "merge_clauses must contain at least one of 'when_matched' or 'when_not_matched' keys",
                        "merge_clauses={'when_matched': 'all'}",
                        "merge_clauses.when_matched must be a list",
                        "merge_clauses={'when_matched': []}",
                        "merge_clauses.when_matched must contain at least one element",
                        "merge_clauses={'when_matched': ['all']}",
                        "merge_clauses.when_matched elements must be dictionaries, found: all",
                        "merge_update_condition='age > 2', merge_clauses={'when_matched': [{'action': 'delete'}]}",
                        "the following basic merge configurations will be ignored and should be removed: merge_update_condition.");
        said.forEach(
                (settings, reason) -> assertThat(twice(settings)).as(settings).contains(reason));
        assertThat(rows()).containsExactly("1|ann|25", "2|bob|30", "3|cid|35");
    }

    @Test
    void whatIsReturnedIsLeftOut() {
        assertThat(twice("merge_returning_columns=['id']")).isEmpty();
        assertThat(rows()).containsExactly("1|eve|26", "2|bob|20", "3|cid|35", "4|dan|28");
    }

    @Test
    void aColumnThatIsNotThereIsNotTakenForNone() {
        assertThat(twice("merge_update_columns=['age', 'nmae']"))
                .isEqualTo(
                        "models/t.sql:1:1: merge_update_columns names 'nmae', which is not a column of t. Did you mean 'name'? [COLUMN_NOT_FOUND]");
        assertThat(rows()).containsExactly("1|ann|25", "2|bob|30", "3|cid|35");
    }
}
