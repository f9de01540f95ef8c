package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Facts of {@code manifest.json} that other programs compare with those dbt writes. */
final class DbtManifestTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
        shop.put("seeds/raw.csv", "id\n1\n");
    }

    private Map<String, Object> manifest() {
        assertThat(shop.dbt("parse")).as(shop.console().out()).isZero();
        return shop.artifact("manifest.json");
    }

    private Map<String, Object> thing(String section, String id) {
        return DbtFolder.map(DbtFolder.map(manifest().get(section)).get(id));
    }

    @Test
    void aSeedWithOtherRowsIsModified() {
        assertThat(DbtFolder.map(thing("nodes", "seed.shop.raw").get("checksum")))
                .containsEntry("name", "sha256")
                .containsEntry(
                        "checksum",
                        "605096a310e4908def91488e2d873d6bd9f4a9930bcb42eeac08d6f0ccf3ba0e");
        shop.put("state/manifest.json", shop.text("target/manifest.json"));
        assertThat(shop.listed("--select", "state:modified", "--state", "state"))
                .noneMatch(l -> l.equals("shop.raw"));
        shop.put("seeds/raw.csv", "id\n2\n");
        assertThat(shop.listed("--select", "state:modified", "--state", "state"))
                .containsExactly("shop.raw");
    }

    @Test
    void ofALargeSeedOnlyTheNameCounts() {
        shop.put("seeds/raw.csv", "id\n" + "1\n".repeat(600_000));
        assertThat(DbtFolder.map(thing("nodes", "seed.shop.raw").get("checksum")))
                .containsEntry("name", "path")
                .containsEntry("checksum", "seeds/raw.csv");
    }

    @Test
    void descriptionsOfSourcesShowTheirDocsBlocks() {
        shop.put("models/d.md", "{% docs rows %}All of it.{% enddocs %}");
        shop.put(
                "models/s.yml",
                """
                sources:
                  - name: web
                    description: "{{ doc('rows') }}"
                    tables:
                      - name: hits
                        description: "Hits. {{ doc('rows') }}"
                        columns: [{name: id, description: "{{ doc('rows') }}"}]
                """);
        Map<String, Object> hits = thing("sources", "source.shop.web.hits");
        assertThat(hits)
                .containsEntry("description", "Hits. All of it.")
                .containsEntry("source_description", "All of it.");
        assertThat(DbtFolder.map(DbtFolder.map(hits.get("columns")).get("id")))
                .containsEntry("description", "All of it.");
    }

    @Test
    void nodesAreToldAsDbtTellsThem() {
        shop.put("analyses/deep/look.sql", "select 1 as id\n");
        shop.put("macros/m.sql", "{% macro m(a, b=2) %}{{ a }}{% endmacro %}");
        shop.put("models/v_v1.sql", "select 1 as id");
        shop.put("models/r.sql", "select * from {{ ref('v', v=1) }}\n\n");
        shop.put(
                "models/v.yml",
                """
                groups: [{name: money, owner: {name: ann}}]
                models:
                  - name: v
                    config: {group: money}
                    columns: [{name: id, data_tests: [unique]}]
                    versions: [{v: 1, deprecation_date: 2027-01-01}]
                """);
        assertThat(thing("nodes", "analysis.shop.look"))
                .containsEntry("path", "analysis/deep/look.sql")
                .containsEntry("fqn", List.of("shop", "analysis", "deep", "look"));
        assertThat(thing("macros", "macro.shop.m"))
                .containsEntry("macro_sql", "{% macro m(a, b=2) %}{{ a }}{% endmacro %}");
        assertThat(thing("nodes", "model.shop.v.v1"))
                .containsEntry("deprecation_date", "2027-01-01T00:00:00+00:00");
        Map<String, Object> reader = thing("nodes", "model.shop.r");
        assertThat(reader).containsEntry("raw_code", "select * from {{ ref('v', v=1) }}");
        assertThat(DbtFolder.map(DbtFolder.list(reader.get("refs")).getFirst()))
                .containsEntry("version", 1);
        assertThat(DbtFolder.map(manifest().get("nodes")).entrySet())
                .filteredOn(e -> e.getKey().startsWith("test."))
                .extracting(e -> DbtFolder.map(e.getValue()))
                .singleElement()
                .satisfies(t -> assertThat(t).containsEntry("group", "money"))
                .satisfies(t ->
                        assertThat(DbtFolder.map(t.get("checksum"))).containsEntry("name", "none"));
        assertThat(DbtFolder.map(manifest().get("metadata")))
                .containsEntry("project_id", "fb54f3c5992b96d001bb16e8e92d968d");
    }
}
