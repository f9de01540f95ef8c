package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries that are compiled, and of which nothing is made. */
final class DbtAnalysesTest {
    private static final String HOW_MANY = "select count(*) as n from main.ids";

    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
        shop.put("models/ids.sql", "select 1 as id union all select 2");
        shop.put("models/part.sql", "{{ config(materialized='ephemeral') }}select 3 as id");
        shop.put("analyses/how_many.sql", "select count(*) as n from {{ ref('ids') }};\n");
        shop.put("analyses/deep/all_parts.sql", "select * from {{ ref('part') }}");
    }

    private Path compiled(String name) {
        return folder.resolve("target/compiled/shop/analyses/" + name);
    }

    private Map<String, Object> node(String id) {
        return DbtFolder.map(DbtFolder.map(shop.artifact("manifest.json").get("nodes")).get(id));
    }

    @Test
    void theyAreCompiledWithTheProject() {
        assertThat(shop.dbt("compile")).as(shop.console().out()).isZero();
        assertThat(compiled("how_many.sql")).hasContent(HOW_MANY);
        assertThat(compiled("deep/all_parts.sql")).content().contains("select 3 as id");
        assertThat(shop.statuses())
                .containsOnlyKeys(
                        "model.shop.ids", "analysis.shop.how_many", "analysis.shop.all_parts")
                .containsEntry("analysis.shop.how_many", "success");
        assertThat(node("analysis.shop.how_many"))
                .containsEntry("compiled_code", HOW_MANY)
                .containsEntry("compiled_path", "target/compiled/shop/analyses/how_many.sql");
    }

    @Test
    void oneIsNamedAsANodeIs() {
        for (String name :
                new String[] {
                    "how_many",
                    "*.how_*",
                    "shop.analysis.how_many",
                    "analyses/how_many.sql",
                    "path:analyses/how_many.sql",
                    "file:how_many.sql"
                }) {
            assertThat(shop.dbt("compile", "-s", name)).as(name).isZero();
            assertThat(shop.statuses()).as(name).containsOnlyKeys("analysis.shop.how_many");
            assertThat(shop.console().out()).doesNotContain("WARNING").contains(HOW_MANY);
        }
        assertThat(shop.dbt("compile", "-s", "ids", "how_many")).isZero();
        assertThat(shop.statuses()).containsOnlyKeys("model.shop.ids", "analysis.shop.how_many");
        assertThat(shop.dbt("compile", "--exclude", "path:analyses/deep", "ids")).isZero();
        assertThat(shop.statuses()).containsOnlyKeys("analysis.shop.how_many");
        assertThat(shop.dbt("compile", "-s", "resource_type:analysis")).isZero();
        assertThat(shop.statuses())
                .containsOnlyKeys("analysis.shop.how_many", "analysis.shop.all_parts");
        assertThat(shop.dbt("compile", "--exclude-resource-type", "analysis")).isZero();
        assertThat(shop.statuses()).containsOnlyKeys("model.shop.ids");
    }

    private String listed(String... how) {
        List<String> arguments = new ArrayList<>(List.of("-q", "list", "--resource-type", "all"));
        arguments.addAll(List.of(how));
        assertThat(shop.dbt(arguments.toArray(String[]::new))).as(shop.console().out()).isZero();
        return shop.console().out().strip().replace('\n', ' ');
    }

    @Test
    void whatOneReadsIsBesideItInTheGraph() {
        shop.put("models/after.sql", "select * from {{ ref('ids') }}");
        assertThat(listed("-s", "+how_many")).isEqualTo("shop.analysis.how_many shop.ids");
        assertThat(listed("-s", "ids+")).isEqualTo("shop.analysis.how_many shop.after shop.ids");
        assertThat(listed("-s", "ids+,resource_type:analysis")).isEqualTo("shop.analysis.how_many");
        assertThat(shop.dbt("compile", "-s", "+how_many")).isZero();
        assertThat(shop.statuses()).containsOnlyKeys("model.shop.ids", "analysis.shop.how_many");
        assertThat(shop.dbt("build", "-s", "ids+")).as(shop.console().out()).isZero();
        assertThat(shop.statuses()).containsOnlyKeys("model.shop.ids", "model.shop.after");
        assertThat(shop.dbt("docs", "generate", "-s", "ids+")).isZero();
        assertThat(shop.statuses())
                .containsOnlyKeys("model.shop.ids", "model.shop.after", "analysis.shop.how_many");
    }

    @Test
    void selectorsAndEarlierStatesMeanThem() throws IOException {
        shop.put(
                "selectors.yml",
                """
                selectors:
                  - name: looks
                    definition: {method: resource_type, value: analysis}
                """);
        assertThat(shop.dbt("compile", "--selector", "looks")).isZero();
        assertThat(shop.statuses())
                .containsOnlyKeys("analysis.shop.how_many", "analysis.shop.all_parts");
        Files.createDirectories(folder.resolve("state"));
        for (String name : List.of("manifest.json", "run_results.json")) {
            Files.copy(
                    folder.resolve("target").resolve(name), folder.resolve("state").resolve(name));
        }
        shop.put("analyses/how_many.sql", "select count(*) as k from {{ ref('ids') }}");
        assertThat(listed("-s", "state:modified", "--state", "state"))
                .isEqualTo("shop.analysis.how_many");
        assertThat(listed("-s", "result:success", "--state", "state"))
                .isEqualTo("shop.analysis.deep.all_parts shop.analysis.how_many");
        shop.put("models/ids.sql", "select 7 as id");
        assertThat(shop.dbt("compile", "-s", "state:modified+", "--state", "state")).isZero();
        assertThat(shop.statuses()).containsOnlyKeys("model.shop.ids", "analysis.shop.how_many");
    }

    @Test
    void theyAreDescribedAndSetAsModelsAre() {
        shop.put(
                "dbt_project.yml",
                """
                name: shop
                version: '1'
                profile: shop
                models:
                  shop:
                    analysis:
                      +meta: {from: project}
                      +schema: looks
                      deep: {+tags: deep}
                """);
        shop.put(
                "analyses/about.yml",
                """
                analyses:
                  - name: how_many
                    description: Counts ids.
                    columns: [{name: n, description: their number, data_tests: [unique]}]
                    config: {tags: counting, meta: {owner: me}}
                """);
        assertThat(listed("-s", "tag:counting", "tag:deep"))
                .isEqualTo("shop.analysis.deep.all_parts shop.analysis.how_many");
        assertThat(listed("-s", "config.meta.owner:me")).isEqualTo("shop.analysis.how_many");
        assertThat(node("analysis.shop.how_many"))
                .containsEntry("description", "Counts ids.")
                .containsEntry("meta", Map.of("from", "project", "owner", "me"))
                .containsEntry("schema", "main_looks")
                .containsEntry("patch_path", "shop://analyses/about.yml");
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
        assertThat(shop.statuses()).containsOnlyKeys("model.shop.ids");
        shop.put("analyses/more.yml", "analyses:\n  - {name: how_mny}\n");
        assertThat(shop.dbt("parse")).isZero();
        assertThat(shop.console().out()).contains("how_mny").contains("how_many");
    }

    @Test
    void filesWithNothingInThemAreListedAndNotCompiled() {
        shop.put("analyses/nothing.sql", "\n");
        shop.put("models/nothing_yet.sql", "");
        assertThat(listed("-s", "*.nothing*", "nothing_yet"))
                .isEqualTo("shop.analysis.nothing shop.nothing_yet");
        assertThat(shop.dbt("compile", "-s", "nothing", "nothing_yet", "ids")).isZero();
        assertThat(shop.statuses()).containsOnlyKeys("model.shop.ids");
    }

    @Test
    void rowsOfOneAreShown() {
        assertThat(shop.dbt("build")).isZero();
        assertThat(shop.dbt("show", "-s", "how_many", "--output", "json")).isZero();
        assertThat(shop.console().out().replaceAll("\\s+", "")).contains("\"show\":[{\"n\":2}]");
    }

    @Test
    void aMistakeInOneIsToldWhereItStands() {
        shop.put("analyses/wrong.sql", "select 1\nfrom {{ execute and nobody.knows }}");
        assertThat(shop.dbt("compile")).isEqualTo(2);
        assertThat(shop.console().out()).contains("analyses/wrong.sql:2:");
        assertThat(compiled("how_many.sql")).hasContent(HOW_MANY);
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
    }

    @Test
    void wordsAboutNodesAreTemplatesThatAreToldNothing() {
        shop.put(
                "models/words.md",
                "{% docs ids %}\nAll {{ 1 + 1 }} of {% raw %}{{ them }}{% endraw %}.\n{% enddocs %}\n");
        shop.put("models/all.yml", "models:\n  - {name: ids, description: \"{{ doc('ids') }}\"}\n");
        assertThat(shop.dbt("parse")).as(shop.console().out()).isZero();
        assertThat(node("model.shop.ids")).containsEntry("description", "All 2 of {{ them }}.");
        shop.put("models/words.md", "{% docs ids %}\n\n{{ nobody.knows }}{% enddocs %}\n");
        assertThat(shop.dbt("parse")).isNotZero();
        assertThat(shop.console().out()).contains("models/words.md:3:4: 'nobody' is undefined.");
    }
}
