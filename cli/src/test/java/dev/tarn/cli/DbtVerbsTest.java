package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** dbt's verbs and options, one by one. */
final class DbtVerbsTest {
    @TempDir Path folder;
    private DbtFolder shop;

    @BeforeEach
    void aProject() {
        shop = new DbtFolder(folder);
        shop.put("seeds/raw.csv", "id,amount\n1,10\n2,20\n");
        shop.put("models/orders.sql", "select id, amount from {{ ref('raw') }}");
        shop.put("models/total.sql", "select sum(amount) as amount from {{ ref('orders') }}");
        shop.put(
                "models/all.yml",
                """
                models:
                  - name: orders
                    columns:
                      - {name: id, data_tests: [unique]}
                      - {name: amount, data_tests: [{accepted_values: {arguments: {values: [10], quote: false}, config: {severity: warn}}}]}
                """);
        shop.put(
                "macros/all.sql",
                """
                {% macro say(what='nothing', times=1) %}
                  {% do log('said ' ~ what ~ ' ' ~ times, info=true) %}
                  {% do print('printed ' ~ what) %}
                {% endmacro %}
                {% macro fail() %}{{ exceptions.raise_compiler_error('not like this') }}{% endmacro %}
                """);
    }

    private int dbt(String... args) {
        return shop.dbt(args);
    }

    private List<String> lines() {
        return shop.lines();
    }

    @Test
    void optionsMayStandBeforeTheVerbAndEvenLookLikeOne() {
        assertThat(dbt("--log-level", "debug", "--no-use-colors", "run"))
                .as(shop.console().out())
                .isEqualTo(1);
        assertThat(lines()).anyMatch(l -> l.startsWith("Done. PASS="));
        assertThat(dbt("--quiet", "--target", "test", "seed")).isZero();
        assertThat(lines()).isEmpty();
        assertThat(dbt("seed", "--threads", "1", "--threads", "2")).isZero();
        assertThat(lines()).contains("Concurrency: 2 threads (target='dev')");
    }

    @Test
    void whatTemplatesPrintStandsAloneAndWhatTheyLogIsALine() {
        assertThat(dbt("run-operation", "say", "--args", "{what: hello, times: 2}")).isZero();
        assertThat(lines()).contains("said hello 2");
        assertThat(shop.console().out()).contains("\nprinted hello\n");
        assertThat(dbt("--quiet", "run-operation", "say")).isZero();
        assertThat(shop.console().out()).isEqualTo("printed nothing\n");
        assertThat(dbt("--quiet", "--no-print", "run-operation", "say")).isZero();
        assertThat(shop.console().out()).isEmpty();
        assertThat(dbt("run-operation", "fail")).isEqualTo(1);
        assertThat(lines())
                .contains(
                        "Encountered an error while running operation: Compilation Error in macro fail"
                                + " (macros/all.sql)",
                        "  macros/all.sql:5:33: not like this. In macro 'fail'. [TEMPLATE_FAILED]");
        assertThat(dbt("run-operation", "sy")).isEqualTo(2);
        assertThat(lines())
                .contains("No macro is called 'sy'. Did you mean 'say'? [NODE_NOT_FOUND]");
    }

    @Test
    void operationsAreThoseOfTheProjectThenOfItsPackages() {
        shop.put("dbt_packages/tools/dbt_project.yml", "name: tools\n")
                .put(
                        "dbt_packages/tools/macros/m.sql",
                        """
                        {% macro there(n=3) %}{{ print('there ' ~ n) }}{% endmacro %}
                        {% macro say() %}{{ print('of the package') }}{% endmacro %}
                        {% macro concat(x) %}{{ print('not of dbt') }}{% endmacro %}
                        """);
        assertThat(dbt("--quiet", "run-operation", "there", "--args", "{n: 7}")).isZero();
        assertThat(shop.console().out()).isEqualTo("there 7\n");
        assertThat(dbt("--quiet", "run-operation", "say")).isZero();
        assertThat(shop.console().out()).isEqualTo("printed nothing\n");
        assertThat(dbt("--quiet", "run-operation", "tools.say")).isZero();
        assertThat(shop.console().out()).isEqualTo("of the package\n");
        assertThat(dbt("--quiet", "run-operation", "concat", "--args", "{x: 1}")).isZero();
        assertThat(shop.console().out()).isEqualTo("not of dbt\n");
    }

    @Test
    void linesMayBeJson() {
        assertThat(dbt("--log-format", "json", "seed")).isZero();
        Map<String, Object> first =
                DbtFolder.map(
                        new Yaml().load(shop.console().out().lines().findFirst().orElseThrow()));
        Map<String, Object> info = DbtFolder.map(first.get("info"));
        assertThat(info)
                .containsEntry("msg", "Running with dbt=1.10.0")
                .containsEntry("level", "info")
                .containsKeys("ts", "invocation_id", "pid", "thread", "name", "code");
        assertThat(dbt("--log-format", "xml", "seed")).isEqualTo(2);
        assertThat(lines())
                .contains("--log-format is one of text, json, debug, default, not 'xml'. [USAGE]");
        assertThat(dbt("--log-level", "none", "seed")).isZero();
        assertThat(shop.console().out()).isEmpty();
    }

    @Test
    void theEnvironmentAndTheProjectMaySayOptions() {
        shop.put("dbt_project.yml", "name: shop\nflags: {quiet: true, target_path: made}\n");
        assertThat(dbt("seed")).isZero();
        assertThat(lines()).isEmpty();
        assertThat(Files.exists(shop.path("made/manifest.json"))).isTrue();
        assertThat(dbt("--no-quiet", "seed")).isZero();
        assertThat(lines()).isNotEmpty();
        shop.console().withEnvironment("DBT_TARGET_PATH", "elsewhere");
        shop.console().withEnvironment("DBT_QUIET", "0");
        assertThat(dbt("seed")).isZero();
        assertThat(lines()).isNotEmpty();
        assertThat(Files.exists(shop.path("elsewhere/run_results.json"))).isTrue();
        shop.console().withEnvironment("DBT_FAIL_FAST", "perhaps");
        assertThat(dbt("seed")).isEqualTo(2);
        assertThat(lines()).contains("DBT_FAIL_FAST is one of true, false, not 'perhaps'. [USAGE]");
    }

    @Test
    void warningsMayBeErrorsOrSilent() {
        assertThat(dbt("build")).isZero();
        assertThat(lines()).contains("Done. PASS=4 WARN=1 ERROR=0 SKIP=0 NO-OP=0 TOTAL=5");
        assertThat(dbt("--warn-error", "test")).isEqualTo(1);
        assertThat(lines()).contains("Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 TOTAL=2");
        assertThat(dbt("--warn-error-options", "{error: [LogTestResult]}", "test")).isEqualTo(1);
        assertThat(dbt("--warn-error-options", "{include: all, exclude: [LogTestResult]}", "test"))
                .isZero();
        assertThat(dbt("--warn-error-options", "{silence: [LogTestResult]}", "test")).isZero();
        assertThat(lines()).noneMatch(l -> l.startsWith("Warning in test"));
        assertThat(dbt("list", "--select", "nobody")).isZero();
        assertThat(lines()).contains("[WARNING]: No nodes selected!");
        assertThat(dbt("--warn-error", "list", "--select", "nobody")).isEqualTo(2);
        assertThat(
                        dbt(
                                "--warn-error-options",
                                "{silence: [NoNodesForSelectionCriteria]}",
                                "list",
                                "--select",
                                "nobody"))
                .isZero();
        assertThat(lines()).containsExactly("[WARNING]: No nodes selected!");
        assertThat(dbt("--warn-error-options", "{silence: [LogTestResults]}", "test")).isEqualTo(2);
        assertThat(shop.console().out())
                .contains("names 'LogTestResults', which is no event of dbt. Did you mean");
        assertThat(dbt("--warn-error-options", "{eror: all}", "test")).isEqualTo(2);
        assertThat(shop.console().out())
                .contains(
                        "--warn-error-options knows 'error', 'warn' and 'silence', but not 'eror'.");
        assertThat(dbt("--warn-error-options", "{error: all, include: all}", "test")).isEqualTo(2);
        assertThat(dbt("--warn-error-options", "{warn: [LogTestResult]}", "test")).isEqualTo(2);
        assertThat(dbt("--warn-error", "--warn-error-options", "{error: all}", "test"))
                .isEqualTo(2);
    }

    @Test
    void nothingToDoIsSaidAndIsNoFailure() {
        assertThat(dbt("snapshot")).isZero();
        assertThat(lines())
                .contains(
                        "Nothing to do. Try checking your model configs and model specification args");
    }

    @Test
    void theFirstFailureEndsARunThatIsToFailFast() {
        shop.put(
                "models/a.sql",
                "{{ config(materialized='table') }} select cast('x' as integer) as n");
        for (int i = 0; i < 8; i++) {
            shop.put("models/b" + i + ".sql", "select * from {{ ref('a') }}");
        }
        assertThat(dbt("run", "--fail-fast", "--threads", "1", "--select", "a+")).isEqualTo(1);
        assertThat(shop.statuses()).containsEntry("model.shop.a", "error");
        assertThat(shop.statuses().values()).contains("skipped");
    }

    @Test
    void codeIsCompiledNodeByNode() {
        assertThat(dbt("seed")).isZero();
        assertThat(dbt("--quiet", "compile", "--select", "total", "--output", "json")).isZero();
        assertThat(shop.console().out())
                .contains("\"compiled\": \"select sum(amount) as amount from main.orders\"");
        assertThat(dbt("compile", "--inline", "select * from {{ ref('orders') }}")).isZero();
        assertThat(shop.console().out())
                .contains("Compiled inline node is:\nselect * from main.orders");
        shop.put(
                "models/bad.sql",
                "{% if execute %}{{ exceptions.raise_compiler_error('no') }}{% endif %} select 1");
        assertThat(dbt("compile")).isEqualTo(2);
        assertThat(lines()).anyMatch(l -> l.startsWith("  models/bad.sql:1:31: no"));
        assertThat(Files.exists(shop.path("target/compiled/shop/models/total.sql"))).isTrue();
    }

    @Test
    void rowsOfSeedsAreShown() {
        shop.put("seeds/words.csv", "id,word\n1,a\n2,bb\n");
        String rows = "| id | word |\n| -- | ---- |\n|  1 | a    |\n|  2 | bb   |\n";
        assertThat(dbt("show", "--select", "words")).as(shop.console().out()).isZero();
        assertThat(shop.console().out()).contains("Previewing node 'words':\n" + rows);
        assertThat(dbt("--quiet", "seed", "--show", "--select", "words")).isZero();
        assertThat(shop.console().out()).isEqualTo(rows + "\n");
        assertThat(dbt("seed", "--show", "--select", "words")).isZero();
        assertThat(lines())
                .containsSubsequence(
                        "Random sample of table: main.words",
                        "----------------------------------",
                        "| id | word |",
                        "Completed successfully");
        assertThat(dbt("build", "--show", "--select", "words")).isZero();
        assertThat(shop.console().out()).doesNotContain("Random sample");
    }

    @Test
    void rowsAreShownAsATableOrAsJson() {
        assertThat(dbt("build")).isZero();
        assertThat(dbt("--quiet", "show", "--select", "orders", "--limit", "1", "--output", "json"))
                .isZero();
        assertThat(DbtFolder.map(new Yaml().load(shop.console().out())))
                .containsEntry("node", "orders")
                .containsEntry("show", List.of(Map.of("id", 1, "amount", 10)));
        assertThat(dbt("show", "--inline", "select 7 as n", "--limit", "-1")).isZero();
        assertThat(shop.console().out()).contains("| n |\n| - |\n| 7 |");
        String direct =
                "select 1000 as n, 'ab' as t, true as b union all select 2, '{{ c }}', false";
        assertThat(dbt("show", "--inline-direct", direct)).isZero();
        assertThat(shop.console().out())
                .contains("|    n | t       |     b |", "| 1000 | ab      |  True |")
                .contains("|    2 | {{ c }} | False |");
        assertThat(dbt("--quiet", "show", "--inline", "select 7 as n", "--output", "json"))
                .isZero();
        assertThat(DbtFolder.map(new Yaml().load(shop.console().out())).keySet())
                .containsExactly("show");
        assertThat(dbt("show")).isEqualTo(2);
        assertThat(dbt("show", "--select", "orders", "--output", "xml")).isEqualTo(2);
    }

    @Test
    void packagesAreAddedLockedAndInstalled() {
        assertThat(dbt("deps")).isZero();
        assertThat(lines()).contains("Warning: No packages were found in packages.yml");
        shop.put("../tools/dbt_project.yml", "name: tools\n");
        shop.put("../tools/macros/m.sql", "{% macro seven() %}7{% endmacro %}");
        assertThat(dbt("deps", "--add-package", "../tools", "--source", "local", "--lock"))
                .as(shop.console().out())
                .isZero();
        assertThat(shop.text("packages.yml")).isEqualTo("packages:\n  - local: ../tools\n");
        assertThat(Files.exists(shop.path("package-lock.yml"))).isTrue();
        assertThat(Files.exists(shop.path("dbt_packages/tools"))).isFalse();
        assertThat(dbt("deps")).isZero();
        assertThat(lines()).contains("Installing tools");
        assertThat(Files.exists(shop.path("dbt_packages/tools"))).isTrue();
        assertThat(dbt("deps", "--add-package", "dbt-labs/dbt_utils@1.3.0", "--dry-run")).isZero();
        assertThat(shop.text("packages.yml"))
                .isEqualTo(
                        "packages:\n  - package: dbt-labs/dbt_utils\n    version: 1.3.0\n  - local: ../tools\n");
        assertThat(dbt("deps", "--add-package", "dbt-labs/dbt_utils@1.4.0", "--dry-run")).isZero();
        assertThat(shop.text("packages.yml"))
                .isEqualTo(
                        "packages:\n  - package: dbt-labs/dbt_utils\n    version: 1.4.0\n  - local: ../tools\n");
        assertThat(dbt("deps", "--add-package", "dbt_utils")).isEqualTo(2);
        assertThat(dbt("deps", "--add-package", "x@1", "--source", "moon")).isEqualTo(2);
    }

    @Test
    void theConnectionIsTried() {
        assertThat(dbt("debug")).isZero();
        assertThat(lines())
                .contains("  dbt_project.yml file [OK found and valid]", "All checks passed!");
        assertThat(dbt("debug", "--connection")).isZero();
        assertThat(lines()).contains("Connection test: [OK connection ok]");
        assertThat(dbt("debug", "--config-dir")).isZero();
        assertThat(shop.console().out()).contains("open " + folder);
        shop.put("models/bad.yml", "models: [");
        assertThat(dbt("debug")).isEqualTo(1);
        assertThat(lines()).contains("  dbt_project.yml file [ERROR invalid]");
    }

    @Test
    void aProjectIsBegun() {
        assertThat(dbt("init")).isZero();
        assertThat(lines())
                .contains(
                        "There is nothing to set up: the data of this project is in its warehouse.");
        assertThat(dbt("init", "fresh", "--skip-profile-setup")).isZero();
        assertThat(lines()).contains("Your new dbt project \"fresh\" was created!");
        assertThat(dbt("init", "fresh")).isEqualTo(1);
        assertThat(lines()).contains("A project called fresh already exists here.");
        TestConsole elsewhere = new TestConsole(folder.resolve("fresh"));
        assertThat(elsewhere.run("dbt", "build")).as(elsewhere.out()).isZero();
    }

    @Test
    void theAgeOfSourcesEndsWithOneWhenItIsTooMuch() {
        assertThat(dbt("seed")).isZero();
        shop.put(
                "models/sources.yml",
                """
                sources:
                  - name: outside
                    schema: main
                    tables:
                      - name: raw
                        config:
                          loaded_at_query: "select timestamp '2020-01-01' as made"
                          freshness: {warn_after: {count: 1, period: day}}
                      - {name: other, identifier: raw}
                """);
        assertThat(dbt("source", "freshness")).isZero();
        assertThat(lines()).anyMatch(l -> l.startsWith("1 of 1 WARN freshness of outside.raw"));
        assertThat(dbt("--warn-error", "source", "freshness")).isZero();
        shop.put(
                "models/sources.yml",
                shop.text("models/sources.yml").replace("warn_after", "error_after"));
        assertThat(dbt("source", "freshness", "--output", "made/ages.json")).isEqualTo(1);
        assertThat(lines())
                .anyMatch(l -> l.startsWith("1 of 1 ERROR STALE freshness of outside.raw"));
        assertThat(Files.exists(shop.path("made/ages.json"))).isTrue();
        shop.put("models/sources.yml", "sources: [{name: outside, tables: [{name: raw}]}]\n");
        assertThat(dbt("source", "freshness")).isZero();
        assertThat(dbt("source")).isEqualTo(2);
    }

    @Test
    void documentationIsServedUntilItIsStopped() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        Console console =
                new Console(
                        print,
                        print,
                        InputStream.nullInputStream(),
                        false,
                        false,
                        false,
                        0,
                        folder,
                        Map.of(),
                        Clock.systemUTC());
        List<String> serve = List.of("docs", "serve", "--port", "0", "--no-browser");
        assertThat(new dev.tarn.cli.dbt.DbtProgram(console, DbtVerbsTest::unstopped).run(serve))
                .isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Run `dbt docs generate` first.");
        assertThat(dbt("docs", "generate")).isZero();
        AtomicReference<Runnable> stop = new AtomicReference<>();
        CountDownLatch serving = new CountDownLatch(1);
        AtomicInteger code = new AtomicInteger(-1);
        Thread server =
                new Thread(() ->
                        code.set(
                                new dev.tarn.cli.dbt.DbtProgram(
                                                console,
                                                new dev.tarn.cli.dbt.Stopping() {
                                                    @Override
                                                    public <T> T during(
                                                            Runnable end, Supplier<T> work) {
                                                        stop.set(end);
                                                        serving.countDown();
                                                        return work.get();
                                                    }
                                                })
                                        .run(serve)));
        server.start();
        serving.await();
        Matcher address =
                Pattern.compile("Serving docs at (http://127\\.0\\.0\\.1:\\d+)")
                        .matcher(out.toString(StandardCharsets.UTF_8));
        assertThat(address.find()).isTrue();
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(got(client, address.group(1) + "/").body())
                    .contains("<title>Documentation</title>");
            assertThat(got(client, address.group(1) + "/manifest.json").body())
                    .contains("model.shop.total");
            assertThat(got(client, address.group(1) + "/catalog.json").statusCode()).isEqualTo(200);
            assertThat(got(client, address.group(1) + "/run_results.json").statusCode())
                    .isEqualTo(404);
            assertThat(got(client, address.group(1) + "/../dbt_project.yml").statusCode())
                    .isEqualTo(404);
        }
        Objects.requireNonNull(stop.get()).run();
        server.join();
        assertThat(code).hasValue(0);
    }

    private static <T> T unstopped(Runnable stop, Supplier<T> work) {
        return work.get();
    }

    private static HttpResponse<String> got(HttpClient client, String address) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(address)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
