package dev.tarn.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.alert.AlertDesk;
import dev.tarn.model.alert.Alert;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts and quarantine on pages, by plain HTTP. */
final class AlertPagesTest {
    @TempDir static Path folder;
    private static Shop shop;

    @BeforeAll
    static void open() throws InterruptedException {
        shop = new Shop(folder);
        shop.file("landing/a.csv", "id,price\n1,10\n2,much\n");
        shop.file(
                "models/sources.yml",
                """
                sources:
                  - name: raw
                    tables:
                      - name: prices
                        ingest: {location: landing, column_types: {id: BIGINT, price: BIGINT}}
                """);
        shop.file("seeds/items.csv", "id,price\n1,10\n2,20\n3,\n");
        shop.build();
        shop.file("seeds/items.csv", "id,price\n1,10\n2,20\n3,\n4,40\n");
        shop.build();
        shop.file(
                "alerts.yml",
                """
                channels: [{name: hook, webhook: {url: "http://127.0.0.1:9/none"}}]
                rules: [{on: check_failed}]
                routes: [{to: hook}]
                """);
        try (AlertDesk unused = shop.tarn().alerts().work("")) {
            CountDownLatch never = new CountDownLatch(1);
            long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
            while (shop.tarn().alerts().control().open().isEmpty()) {
                assertThat(System.nanoTime() - giveUp).isNegative();
                assertThat(never.await(50, TimeUnit.MILLISECONDS)).isFalse();
            }
        }
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static String page(String path) {
        HttpResponse<String> answer = shop.get(path);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private static HttpResponse<String> send(String path, Map<String, String> form) {
        return shop.post(path, form, "Sec-Fetch-Site", "same-origin");
    }

    @Test
    void whatIsRedIsShownTakenAndSilenced() {
        Alert alert = shop.tarn().alerts().control().open().getFirst();
        assertThat(page("/alerts"))
                .contains("known_ids")
                .contains("check failed")
                .contains("models/shop.yml")
                .contains("I am at it")
                .contains("messages waiting");
        assertThat(send("/alerts", Map.of("do", "ack", "id", alert.id())).statusCode())
                .isEqualTo(303);
        assertThat(page("/alerts")).contains("page is at it").doesNotContain("I am at it");
        Map<String, String> silence =
                Map.of("do", "silence", "for", "2h", "subject", "known*", "reason", "<planned>");
        assertThat(send("/alerts", silence).statusCode()).isEqualTo(303);
        assertThat(page("/alerts")).contains("silenced").contains("&lt;planned&gt;");
        String id = shop.tarn().alerts().control().silences().getFirst().id();
        assertThat(send("/alerts", Map.of("do", "end", "id", id)).statusCode()).isEqualTo(303);
        assertThat(shop.tarn().alerts().control().silences()).isEmpty();
    }

    @Test
    void whatAFormCannotMeanIsRefused() {
        assertThat(send("/alerts", Map.of("do", "silence", "for", "soon", "subject", "x")).body())
                .contains("is no length of time. Write it as 30m, 2h or 1d.");
        assertThat(send("/alerts", Map.of("do", "silence", "for", "1h")).statusCode())
                .isEqualTo(400);
        assertThat(send("/alerts", Map.of("do", "explode")).body()).contains("means nothing");
        assertThat(send("/alerts", Map.of("do", "ack", "id", "a0")).statusCode()).isEqualTo(404);
        assertThat(shop.post("/alerts", Map.of(), "Sec-Fetch-Site", "cross-site").statusCode())
                .isEqualTo(403);
        assertThat(send("/alerts/more", Map.of()).statusCode()).isEqualTo(404);
        assertThat(send("/sources/raw.none/replay", Map.of()).statusCode()).isEqualTo(404);
        assertThat(send("/sources/raw.prices/explode", Map.of()).statusCode()).isEqualTo(404);
    }

    @Test
    void whatIsInQuarantineLandsByAButton() throws InterruptedException {
        String source = "raw.prices";
        // The pages look at the project's files now and then only.
        CountDownLatch never = new CountDownLatch(1);
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!page("/sources/" + source).contains("Land what fits now")) {
            assertThat(System.nanoTime() - giveUp).isNegative();
            assertThat(never.await(50, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(page("/sources/" + source))
                .contains("rows quarantined")
                .doesNotContain("behind the source");
        HttpResponse<String> landed = send("/sources/" + source + "/replay", Map.of());
        assertThat(landed.statusCode()).isEqualTo(303);
        assertThat(page(landed.headers().firstValue("location").orElseThrow()))
                .contains("quarantine replay by page");
    }
}
