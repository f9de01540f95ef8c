package dev.tarn.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.model.TableName;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every page over plain HTTP. */
final class PagesTest {
    @TempDir static Path folder;
    private static Shop shop;

    @BeforeAll
    static void open() {
        shop = new Shop(folder);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void homeSaysWhatIsRedSinceWhenAndWhy() {
        String page = ok("/");
        assertThat(page)
                .contains("1 node is red, the oldest since ")
                .contains("known_ids")
                .contains("models/shop.yml:")
                .contains("The check found 1 failing row in orders.")
                .contains("CHECK_FAILED")
                .contains("/runs/" + shop.bad.run().id())
                .contains("Stays as it was published:")
                .contains("Last good publication of ")
                .contains(": no. ");
    }

    @Test
    void aRunShowsItsTasksItsErrorsAndItsLog() {
        assertThat(ok("/runs/" + shop.bad.run().id()))
                .contains("Failed: nothing was published to main.")
                .contains("class=\"gantt\"")
                .contains("known_ids")
                .contains("The check found 1 failing row")
                .contains("tarn retry")
                .contains("begins");
        assertThat(ok("/runs/" + shop.good.run().id())).contains("Published as no.");
        assertThat(ok("/runs"))
                .contains(shop.good.run().id().value())
                .contains(shop.bad.run().id().value());
        assertThat(ok("/runs?status=failed")).doesNotContain(shop.good.run().id().value());
    }

    @Test
    void theCatalogFindsTablesByNamesColumnsAndDescriptions() {
        assertThat(ok("/catalog")).contains("orders").contains("report").contains("items");
        assertThat(ok("/catalog?q=sold")).contains("by description").doesNotContain("report</a>");
        assertThat(ok("/catalog?q=id")).contains("by column id");
        assertThat(ok("/catalog?q=zzz")).contains("Nothing fits “zzz”.");
        assertThat(ok("/catalog?at=1")).contains("on main@1");
    }

    @Test
    void anAssetIsShownFromEverySide() {
        String name = orders().toString();
        assertThat(ok("/assets/" + name))
                .contains("What was sold.")
                .contains("model.shop.orders")
                .contains("Iceberg v3");
        assertThat(ok("/assets/" + name + "/columns"))
                .contains("Number of the order.")
                .contains("accepted_values")
                .contains("66.6 %")
                .contains("looked at all 3 rows");
        assertThat(ok("/assets/" + name + "/lineage"))
                .contains("data-from=\"seed.shop.items\"")
                .contains("data-to=\"model.shop.report\"");
        assertThat(ok("/assets/" + name + "/checks")).contains("failed");
        assertThat(ok("/assets/" + name + "/runs")).contains(shop.bad.run().id().value());
        assertThat(ok("/assets/" + name + "/code"))
                .contains("ref(")
                .contains("Compiled")
                .contains("price * ");
        assertThat(ok("/assets/" + name + "/history")).contains("what is there now");
    }

    @Test
    void whatPeopleSayNeverBecomesMarkup() {
        String page = ok("/assets/" + orders());
        assertThat(page)
                .contains("&lt;script&gt;alert(x)&lt;/script&gt;")
                .doesNotContain("<script>alert");
        assertThat(shop.get("/catalog?q=%3Cscript%3E").body())
                .doesNotContain("\"<script>\"")
                .contains("&lt;script&gt;");
    }

    @Test
    void checksShowTheRowsThatFailAsTheRunLeftThem() {
        assertThat(ok("/checks")).contains("1 of the newest 2 runs found rows");
        String id =
                shop.bad.verdicts().stream()
                        .map(v -> v.check())
                        .filter(c -> c.contains("known_ids"))
                        .findFirst()
                        .orElseThrow();
        assertThat(ok("/checks/" + id))
                .contains("As the run " + shop.bad.run().id() + " left them")
                .contains("<td class=\"num\">4</td>");
    }

    @Test
    void lineageTakesTheSelectionsOfCommands() {
        assertThat(ok("/lineage")).contains("model.shop.report").contains("seed.shop.items");
        assertThat(ok("/lineage?select=orders%2B"))
                .contains("data-id=\"model.shop.report\"")
                .doesNotContain("data-id=\"seed.shop.items\"");
        assertThat(ok("/lineage?focus=report&depth=1"))
                .contains("data-id=\"model.shop.orders\"")
                .doesNotContain("data-id=\"seed.shop.items\"");
        assertThat(ok("/lineage?select=nobody")).contains("No table is selected.");
        assertThat(ok("/lineage?select=nix%3Ano")).contains("SELECTION_INVALID");
        assertThat(ok("/lineage?columns=" + orders() + ".amount"))
                .contains("price")
                .contains("computed");
    }

    @Test
    void sqlAnswersBoundedAndShowsErrorsAtTheirPlace() {
        assertThat(ok(Shop.query("select * from " + orders() + " order by id")))
                .contains("3 rows in ")
                .contains("<td class=\"null\">NULL</td>");
        assertThat(ok(Shop.query("select * from range(100000)")))
                .contains("The first 200 rows; there are more.");
        assertThat(ok(Shop.query("select id,\n nix from " + orders())))
                .contains("line 2, column 2")
                .contains("COLUMN_NOT_FOUND");
        assertThat(ok(Shop.query("drop table " + orders())))
                .contains("This statement changes something.");
        assertThat(shop.tarn().tableNames(At.MAIN)).contains(orders());
        assertThat(ok(Shop.query("select * from read_csv('/etc/passwd')"))).contains("SQL_REFUSED");
        assertThat(ok(Shop.query("select 1") + "&plan=explain")).contains("The plan");
        assertThat(ok(Shop.query("select repeat('x', 100000) as long")).length())
                .isLessThan(20_000);
    }

    @Test
    void theRestIsThere() {
        assertThat(ok("/grid")).contains("known_ids in run " + shop.bad.run().id() + ": failed");
        assertThat(ok("/grid?only=trouble")).contains("1 node down");
        assertThat(ok("/sources")).contains("No source is loaded by Tarn.");
        assertThat(ok("/system"))
                .contains("engine.threads")
                .contains("default")
                .contains("/health/ready")
                .contains("Background work", "No server works on jobs", "after builds")
                .contains("<td class=\"mono\">1h</td>", "<td class=\"mono\">10.7 GB</td>");
        assertThat(shop.get("/runs/never").body())
                .contains("<h1>Not there</h1>")
                .containsPattern("<a href=\"/runs\"[^>]*aria-current");
        assertThat(ok(Shop.query("select 1 as one"))).contains("print-only\">select 1 as one<");
        assertThat(ok("/files/models/orders.sql?line=2")).contains("class=\"ln here\" id=\"L2\"");
    }

    @ParameterizedTest
    @CsvSource({
        "/nothing, 404, There is no page /nothing.",
        "/runs/never, 404, There is no run",
        "/runs/..%2f..%2fetc, 404, is not the id of a run",
        "/assets/main.gone, 404, There is no table or view main.gone on main.",
        "/assets/orders?at=gone, 404, There is no ref",
        "/checks/test.shop.gone, 404, This project has no check",
        "/sources/main.gone, 404, No source",
        "/files/..%2f..%2fetc%2fpasswd, 404, is no source file of this project.",
        "/files/%2e%2e/%2e%2e/etc/passwd.md, 400, This is no request that a server can answer",
        "/files/.tarn/x.sql, 404, is no source file of this project.",
        "/files/profiles.yml, 404, is no source file of this project.",
        "/static/..%2fPages.class, 404, There is no page",
        "/assets/orders/history?from=x&to=1, 400, is not the number of a publication.",
    })
    void whatIsNotThereIsSaid(String path, int status, String says) {
        HttpResponse<String> answer = shop.get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(status);
        assertThat(answer.body()).contains(says);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/catalog", "/static/tarn.js", "/nothing", "/metrics"})
    void nothingFromElsewhereNothingInlineNeverInAFrame(String path) {
        HttpResponse<String> answer = shop.get(path);
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.body())
                .doesNotContain(" style=")
                .doesNotContain(" onclick=")
                .doesNotContain("https://");
    }

    @Test
    void aTableIsRestoredByAFormOfThisServerOnly() {
        TableName report = shop.tarn().named("report", At.MAIN);
        Map<String, String> form =
                Map.of(
                        "restore",
                        shop.good.run().publication().orElseThrow().toString(),
                        "ref",
                        "main");
        String path = "/assets/" + report + "/history";
        assertThat(shop.post(path, form, "Origin", "http://127.0.0.1:1").statusCode())
                .isEqualTo(403);
        assertThat(shop.post(path, form, "Sec-Fetch-Site", "same-site").statusCode())
                .isEqualTo(403);
        assertThat(shop.post(path, form, "Origin", "https://example.org").statusCode())
                .isEqualTo(403);
        assertThat(shop.post(path, form, "Origin", shop.address()).statusCode()).isEqualTo(303);
        assertThat(shop.post(path, Map.of("restore", "999999")).statusCode()).isEqualTo(404);
        assertThat(shop.get("/runs", "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(403);
    }

    @Test
    void aMistakeInTheProjectIsSeenAndGoesAgain(@TempDir Path own) {
        try (Shop other = new Shop(own)) {
            other.get("/lineage");
            other.file("models/broken.sql", "select * from {{ ref('nobody') }}");
            String page = eventually(other, "does not compile");
            assertThat(page).contains("models/broken.sql:1:").contains("nobody");
            assertThat(other.get("/catalog").statusCode()).isEqualTo(200);
            delete(own.resolve("models/broken.sql"));
            assertThat(eventually(other, "1 node is red")).doesNotContain("does not compile");
        }
    }

    /** The project is looked at every two seconds at most. */
    private static String eventually(Shop shop, String says) {
        long end = System.nanoTime() + 60_000_000_000L;
        String page = "";
        while (System.nanoTime() < end) {
            page = shop.get("/").body();
            if (page.contains(says)) {
                return page;
            }
            Thread.onSpinWait();
        }
        return page;
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static TableName orders() {
        return shop.tarn().named("orders", At.MAIN);
    }

    @Test
    void waysToGoOnAreTablesColumnsAndWords() {
        assertThat(shop.get("/sql/ways?q=select%20am%20from%20orders&place=9").body())
                .isEqualTo("[{\"text\":\"amount\",\"kind\":\"column of orders\",\"from\":7}]");
        assertThat(
                        shop.get(
                                        "/sql/ways?q=select%20*%20from%20orders%20o%20where%20o.i&place=33")
                                .body())
                .contains("\"text\":\"id\"")
                .contains("\"from\":31");
        assertThat(shop.get("/sql/ways?q=select%20*%20from%20rep&place=17").body())
                .contains(".report\"")
                .doesNotContain("\"word\"");
        assertThat(shop.get("/sql/ways?q=sel&place=999&at=nix").body()).contains("\"select\"");
    }

    private static String ok(String path) {
        HttpResponse<String> answer = shop.get(path);
        assertThat(answer.statusCode()).as(path + "\n" + answer.body()).isEqualTo(200);
        return answer.body();
    }
}
