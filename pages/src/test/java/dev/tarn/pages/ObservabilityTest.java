package dev.tarn.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs are told, and that the documents say so. */
final class ObservabilityTest {
    private static final Pattern NAME = Pattern.compile("tarn_[a-z_]+[a-z]");

    @TempDir Path folder;

    @Test
    void metricsAreThoseOfTheDocumentAndOfThisForm() throws IOException {
        try (Shop shop = new Shop(folder)) {
            HttpResponse<String> answer = shop.get("/metrics");
            assertThat(answer.headers().firstValue("Content-Type"))
                    .contains("text/plain; version=0.0.4; charset=utf-8");
            Set<String> told = new TreeSet<>();
            answer.body()
                    .lines()
                    .filter(l -> l.startsWith("# TYPE "))
                    .forEach(l -> told.add(l.split(" ")[2]));
            assertThat(told).isEqualTo(documented());
            assertThat(answer.body().lines().filter(l -> !l.startsWith("#")))
                    .allMatch(
                            l -> l.matches("tarn_[a-z_]+(\\{([a-z]+=\"[^\"]*\",?)+})? -?[0-9.]+"));
            assertThat(answer.body())
                    .contains("tarn_nodes_in_trouble{status=\"failed\"} 1\n")
                    .contains("tarn_last_run_failed 1\n")
                    .contains("tarn_checks{outcome=\"passed\"} 1\n");
        }
    }

    @Test
    void dashboardAndRulesUseOnlyMetricsThatThereAre() throws IOException {
        for (String file : new String[] {"grafana-dashboard.json", "prometheus-rules.yml"}) {
            String text = Files.readString(root().resolve("deploy").resolve(file));
            Matcher matcher = NAME.matcher(text);
            Set<String> used = new TreeSet<>();
            while (matcher.find()) {
                used.add(matcher.group());
            }
            assertThat(used).as(file).isNotEmpty();
            assertThat(documented()).as(file).containsAll(used);
        }
    }

    private static Set<String> documented() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String line : Files.readAllLines(root().resolve("docs/observability.md"))) {
            if (line.startsWith("| `tarn_")) {
                Matcher matcher = NAME.matcher(line);
                if (matcher.find()) {
                    names.add(matcher.group());
                }
            }
        }
        return names;
    }

    private static Path root() {
        return Path.of("").toAbsolutePath().resolve("..").normalize();
    }

    @Test
    void readyMeansThatWhatIsNeededCanBeReached() throws IOException {
        try (Shop shop = new Shop(folder)) {
            assertThat(shop.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(shop.get("/health/ready").body())
                    .contains("\"status\":\"pass\"")
                    .contains("catalog")
                    .contains("warehouse")
                    .contains("disk");
            // Without its folder a warehouse is of no use to anybody; the process itself is well.
            Path warehouse = Path.of(shop.tarn().settings().warehouse());
            Path away = folder.resolve("away");
            Files.move(warehouse, away);
            Files.writeString(warehouse, "a file where a folder should be");
            HttpResponse<String> answer = shop.get("/health/ready");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("is no folder");
            assertThat(shop.get("/health/live").statusCode()).isEqualTo(200);
            Files.delete(warehouse);
            Files.move(away, warehouse);
            assertThat(shop.get("/health/ready").statusCode()).isEqualTo(200);
        }
    }
}
