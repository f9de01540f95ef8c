package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which target counts, and who sees it. */
final class DbtProfilesTest {
    private static final String PROFILE =
            """
            shop:
              target: live
              outputs:
                live: {type: duckdb, schema: shop, threads: 3}
                test: {type: duckdb, schema: test}
            """;

    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder.resolve("project"));
        shop.put(
                "dbt_project.yml",
                """
                name: shop
                profile: shop
                models:
                  +schema: "{{ target.name ~ target.threads }}"
                  +enabled: "{{ target.schema != 'main' }}"
                """);
        shop.put("models/a.sql", "select 1 as id");
        shop.console().withEnvironment("HOME", folder.resolve("home").toString());
    }

    private String schema(String... options) {
        String[] all = {"--output", "json", "--output-keys", "schema"};
        String[] both = new String[all.length + options.length];
        System.arraycopy(all, 0, both, 0, all.length);
        System.arraycopy(options, 0, both, all.length, options.length);
        return String.join("\n", shop.listed(both));
    }

    @Test
    void theProjectFileSeesTheTargetOfTheProfile() {
        shop.put("profiles.yml", PROFILE);
        assertThat(schema()).contains("shop_live3");
        assertThat(schema("--target", "test")).contains("test_test1");
    }

    @Test
    void aRunHasTheThreadsOfItsTarget() {
        shop.put("profiles.yml", PROFILE);
        assertThat(shop.dbt("run")).as(shop.console().out()).isZero();
        assertThat(shop.lines()).contains("Concurrency: 3 threads (target='live')");
        shop.put("tarn.yml", "run: {parallelism: 5}\n");
        assertThat(shop.dbt("run", "--target", "test")).as(shop.console().out()).isZero();
        assertThat(shop.lines()).contains("Concurrency: 5 threads (target='test')");
        assertThat(shop.dbt("run", "--threads", "1")).as(shop.console().out()).isZero();
        assertThat(shop.lines()).contains("Concurrency: 1 threads (target='live')");
    }

    @Test
    void aProfileWithoutATargetMeansTheDefault() {
        shop.put("profiles.yml", "shop: {outputs: {default: {type: duckdb, schema: s}}}\n");
        assertThat(schema()).contains("s_default1");
        shop.put("profiles.yml", "shop: {outputs: {other: {type: duckdb, schema: s}}}\n");
        assertThat(shop.dbt("parse")).isEqualTo(2);
        assertThat(shop.console().out()).contains("has no target 'default', but: other.");
    }

    @Test
    void profilesOfTheUserCountWhereTheProjectHasNone() {
        shop.put("../home/.dbt/profiles.yml", PROFILE);
        assertThat(schema()).contains("shop_live3");
        shop.put("profiles.yml", "shop: {outputs: {default: {type: duckdb, schema: own}}}\n");
        assertThat(schema()).contains("own_default1");
    }

    @Test
    void everyVerbSaysOnceWhatOfAProfileHasNoEffect() {
        shop.put(
                "profiles.yml",
                """
                shop:
                  target: dev
                  outputs:
                    dev: {type: snowflake, account: a}
                    duck:
                      type: duckdb
                      path: md:mine
                      settings: {memory_limit: 1GB}
                      extensions: [httpfs]
                      secrets:
                    plain: {type: duckdb, extensions: [json, parquet], retries: {query_attempts: 3}}
                """);
        for (String verb : new String[] {"parse", "debug", "list", "run"}) {
            assertThat(shop.dbt(verb, "--target", "duck")).as(shop.console().out()).isZero();
            assertThat(shop.lines().stream().filter(l -> l.contains("[UNSUPPORTED]")))
                    .containsExactly(
                            "[WARNING]: profiles.yml:6:7: The profile's 'path: md:', 'settings',"
                                    + " 'extensions' have no effect: everything runs in Tarn's own"
                                    + " warehouse, and no code is fetched into it. See 'What does not"
                                    + " work yet' in docs/projects.md for what to write instead."
                                    + " [UNSUPPORTED]");
        }
        assertThat(shop.dbt("--warn-error", "parse")).as(shop.console().out()).isZero();
        assertThat(shop.lines())
                .contains(
                        "[WARNING]: profiles.yml:4:10: The profile's type is 'snowflake'; its"
                                + " connection and schema are ignored, because everything runs in"
                                + " Tarn's own warehouse. [UNSUPPORTED]");
        assertThat(shop.dbt("parse", "--target", "plain")).isZero();
        assertThat(shop.lines()).noneMatch(l -> l.contains("[UNSUPPORTED]"));
    }

    @Test
    void profilesOfTheUserNeedNotNameTheProject() {
        shop.put("../home/.dbt/profiles.yml", "other: {outputs: {dev: {type: duckdb}}}\n");
        shop.put("dbt_project.yml", "name: shop\nprofile: shop\n");
        assertThat(shop.dbt("parse")).as(shop.console().out()).isZero();
    }
}
