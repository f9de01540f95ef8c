package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs generate} leaves behind, as dbt does. */
final class DbtDocsTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
        shop.put("seeds/raw.csv", "id\n1\n");
        shop.put("models/a.sql", "select id, '</script>' as mark from {{ ref('raw') }}");
        shop.put("models/b.sql", "select id from {{ ref('a') }}");
        shop.put(
                "models/s.yml",
                "sources: [{name: main, tables: [{name: raw, description: '</script>'}]}]");
        assertThat(shop.dbt("build")).as(shop.console().out()).isZero();
    }

    private Set<String> catalog(String... args) {
        String[] all = new String[args.length + 2];
        all[0] = "docs";
        all[1] = "generate";
        System.arraycopy(args, 0, all, 2, args.length);
        assertThat(shop.dbt(all)).as(shop.console().out()).isZero();
        Map<String, Object> catalog = shop.artifact("catalog.json");
        Set<String> ids = new java.util.TreeSet<>(DbtFolder.map(catalog.get("nodes")).keySet());
        ids.addAll(DbtFolder.map(catalog.get("sources")).keySet());
        return ids;
    }

    @Test
    void theCatalogHasWhatIsSelected() {
        assertThat(catalog())
                .containsExactlyInAnyOrder(
                        "model.shop.a", "model.shop.b", "seed.shop.raw", "source.shop.main.raw");
        assertThat(catalog("--select", "a")).containsExactly("model.shop.a");
        assertThat(catalog("--select", "source:main")).containsExactly("source.shop.main.raw");
        assertThat(catalog("--exclude", "a"))
                .containsExactlyInAnyOrder("model.shop.b", "seed.shop.raw", "source.shop.main.raw");
        assertThat(catalog("--select", "nothing")).isEmpty();
        assertThat(catalog("--select", "a", "--no-compile")).hasSize(4);
        assertThat(catalog("--empty-catalog")).isEmpty();
    }

    @Test
    void theResultsAreThoseOfCompiling() {
        catalog("--select", "a", "b");
        assertThat(shop.statuses())
                .isEqualTo(Map.of("model.shop.a", "success", "model.shop.b", "success"));
        assertThat(DbtFolder.map(shop.artifact("run_results.json").get("args")))
                .containsEntry("which", "generate");
    }

    @Test
    void aPageIsLeftBesideTheFiles() {
        catalog();
        assertThat(shop.text("target/index.html"))
                .startsWith("<!doctype html>")
                .contains("const given = {};");
        assertThat(shop.path("target/static_index.html")).doesNotExist();
    }

    @Test
    void aStaticPageHasTheFilesInIt() {
        catalog("--static");
        String page = shop.text("target/static_index.html");
        assertThat(page)
                .contains("const given = {\"manifest.json\": {", "\"catalog.json\": {")
                .contains("\\u003c/script>");
        assertThat(page.split("</script>", -1)).as("nothing ends the script early").hasSize(2);
    }
}
