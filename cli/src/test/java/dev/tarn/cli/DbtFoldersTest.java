package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where dbt's verbs leave artifacts and logs. */
final class DbtFoldersTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
        shop.put("models/a.sql", "select 1 as id");
        shop.put(
                "macros/say.sql",
                "{% macro say() %}{{ log('for fault finders') }}{{ log('for all', info=true) }}{% endmacro %}");
    }

    /** What a log has, without the times. */
    private List<String> log(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file)).stream()
                .map(l -> l.replaceFirst("^\\d\\d:\\d\\d:\\d\\d\\.\\d{6} ", ""))
                .toList();
    }

    @Test
    void whatIsSaidIsKeptInvocationAfterInvocation() throws IOException {
        assertThat(shop.dbt("run-operation", "say", "--quiet")).isZero();
        assertThat(shop.lines()).isEmpty();
        assertThat(shop.dbt("run-operation", "nothing")).isNotZero();

        List<String> log = log("logs/dbt.log");
        assertThat(log)
                .contains(
                        "[info ] [MainThread]: for all",
                        "[error] [MainThread]: Encountered an error:")
                .noneMatch(l -> l.contains("for fault finders"));
        assertThat(log.stream().filter(l -> l.matches("={30} [0-9:.]+ \\| [0-9a-f-]{36} ={30}")))
                .hasSize(2);
    }

    @Test
    void inDebugTemplatesAreHeardThatLogForFaultFinders() throws IOException {
        assertThat(shop.dbt("--debug", "run-operation", "say")).isZero();

        assertThat(shop.lines()).contains("for fault finders", "for all");
        assertThat(log("logs/dbt.log")).contains("[debug] [MainThread]: for fault finders");
    }

    @Test
    void mistakesInTheProjectAreKeptToo() throws IOException {
        shop.put("models/b.sql", "select * from {{ ref('nowhere') }}");
        assertThat(shop.dbt("parse")).isEqualTo(2);

        assertThat(String.join("\n", log("logs/dbt.log")))
                .contains("[error] [MainThread]: Encountered an error:", "'nowhere'");
    }

    @Test
    void theFileIsWrittenAsWhatIsAskedFor() throws IOException {
        assertThat(
                        shop.dbt(
                                "run-operation",
                                "say",
                                "--log-path",
                                "there",
                                "--log-format-file",
                                "json",
                                "--log-level-file",
                                "error"))
                .isZero();
        assertThat(folder.resolve("there/dbt.log")).isEmptyFile();
        assertThat(
                        shop.dbt(
                                "run-operation",
                                "none",
                                "--log-path",
                                "there",
                                "--log-format-file",
                                "json"))
                .isNotZero();
        assertThat(Files.readAllLines(folder.resolve("there/dbt.log")))
                .allMatch(l -> l.startsWith("{\"data\":{\"msg\":"))
                .anyMatch(l -> l.contains("\"level\":\"error\""));
        assertThat(folder.resolve("logs")).doesNotExist();
    }

    @Test
    void aFileThatIsTooLargeIsPutAside() throws IOException {
        for (int i = 0; i < 8; i++) {
            assertThat(shop.dbt("run-operation", "say", "--log-file-max-bytes", "10")).isZero();
        }
        try (var files = Files.list(folder.resolve("logs"))) {
            assertThat(files.map(f -> f.getFileName().toString()).sorted())
                    .containsExactly(
                            "dbt.log",
                            "dbt.log.1",
                            "dbt.log.2",
                            "dbt.log.3",
                            "dbt.log.4",
                            "dbt.log.5");
        }
    }

    @Test
    void theProjectFileNamesTheFolders() throws IOException {
        shop.put(
                "dbt_project.yml",
                """
                name: shop
                version: '1'
                profile: shop
                target-path: "made_{{ modules.datetime.date(2026, 1, 31) }}"
                log-path: "{{ env_var('NONE', 'said') }}"
                """);
        assertThat(shop.dbt("run")).isZero();
        assertThat(folder.resolve("made_2026-01-31/run_results.json")).exists();
        assertThat(folder.resolve("said/dbt.log")).exists();
        assertThat(folder.resolve("target/manifest.json")).doesNotExist();
        assertThat(folder.resolve("logs")).doesNotExist();
        assertThat(shop.dbt("retry")).isZero();
        assertThat(shop.lines().getLast()).startsWith("Nothing to do.");
        assertThat(shop.dbt("run", "--target-path", "typed")).isZero();
        assertThat(folder.resolve("typed/run_results.json")).exists();

        assertThat(shop.dbt("clean")).isZero();
        assertThat(folder.resolve("made_2026-01-31")).doesNotExist();
        assertThat(folder.resolve("typed")).exists();
    }

    @Test
    void docsBlocksMayStandBesideTests() {
        shop.put("tests/notes.md", "{% docs about %}What it is.{% enddocs %}");
        shop.put("models/all.yml", "models: [{name: a, description: \"{{ doc('about') }}\"}]");

        assertThat(shop.dbt("list", "-q", "--output", "json", "--output-keys", "description"))
                .isZero();
        assertThat(shop.console().out()).contains("{\"description\":\"What it is.\"}");
    }

    @Test
    void anEphemeralModelIsCalledByItsAlias() throws IOException {
        shop.put(
                "models/inner.sql",
                "{{ config(materialized='ephemeral', alias='short') }} select 1 as id");
        shop.put("models/outer.sql", "select * from {{ ref('inner') }}");
        assertThat(shop.dbt("compile", "-q", "-s", "outer")).isZero();

        assertThat(shop.console().out())
                .contains("with __dbt__cte__short as (", "select * from __dbt__cte__short")
                .doesNotContain("Compiled node");
    }
}
