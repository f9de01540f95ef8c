package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.http.ApiServer;
import dev.tarn.http.ApiServer.Reply;
import dev.tarn.model.RefName;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of an API become tables of the warehouse. */
final class RestIngestTest {
    private Workshop shop;
    private ApiServer api;

    @TempDir Path folder;

    @BeforeEach
    void begin() throws IOException {
        shop = new Workshop(folder);
        api = ApiServer.start();
    }

    @AfterEach
    void end() {
        shop.close();
        api.close();
    }

    private void source(String settings) {
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: shop_api
                    schema: bronze
                    ingest:
                      connector: rest
                      url: %s
                      retries: 0
                    tables:
                      - name: orders
                        ingest:
                          path: orders
                %s
                """
                        .formatted(api.url(), settings.indent(10).stripTrailing()));
        shop.reopen();
    }

    private RunReport ingest() {
        return shop.tarn()
                .ingest(
                        new BuildRequest(
                                "ingest",
                                EnumSet.of(NodeKind.SOURCE),
                                List.of(),
                                List.of(),
                                RefName.MAIN,
                                false,
                                false,
                                Optional.empty()),
                        false,
                        RunListener.SILENT,
                        new Cancellation());
    }

    private static void assertGood(RunReport report) {
        assertThat(report.problems()).isEmpty();
        assertThat(report.run().status()).isEqualTo(RunStatus.PUBLISHED);
    }

    @Test
    void aSnapshotTakesThePlaceOfTheOneBefore() {
        source("records: data\ncolumn_types: {payload: VARIANT}");
        api.put(
                "/orders",
                """
                {"data": [
                  {"id": 1, "price": 12.50, "at": "2026-01-02T03:04:05Z", "tags": ["a"],
                   "customer": {"name": "Ann", "age": 7}, "payload": {"any": [1, "x"]}},
                  {"id": 2, "price": 3, "payload": "text"}]}
                """);
        assertGood(ingest());
        assertThat(
                        shop.rows(
                                "select id, price, \"at\", tags, customer.name, payload::json, _request, _record from bronze.orders order by id"))
                .containsExactly(
                        "1|12.5|2026-01-02T03:04:05Z|[a]|Ann|{\"any\":[1,\"x\"]}|/orders|1",
                        "2|3.0|null|null|null|\"text\"|/orders|2");

        api.put("/orders", "{\"data\": [{\"id\": 3}]}");
        assertGood(ingest());
        assertThat(shop.rows("select id from bronze.orders")).containsExactly("3");

        api.put("/orders", "{\"data\": []}");
        assertGood(ingest());
        assertThat(shop.rows("select count(*) from bronze.orders")).containsExactly("0");
    }

    @Test
    void aSnapshotThatBreaksOffLeavesTheTableAsItIs() {
        source("paginate: {by: offset}\nflush: {rows: 2}");
        api.put(
                "/orders",
                call -> {
                    int from = Integer.parseInt(call.query("offset", "0"));
                    return Reply.json(
                            IntStream.range(from, Math.min(from + 2, 5))
                                    .mapToObj(i -> "{\"id\":" + i + "}")
                                    .collect(Collectors.joining(",", "[", "]")));
                });
        assertGood(ingest());
        assertThat(shop.rows("select count(*), sum(id) from bronze.orders"))
                .containsExactly("5|10");

        api.first(Reply.json("[{\"id\":100},{\"id\":101}]"), Reply.of(500, ""));
        RunReport broken = ingest();
        assertThat(Workshop.told(broken.problems()))
                .isEqualTo(
                        "models/sources.yml:12:11: %s/orders?offset=2 answers 500. Nothing of this batch has landed; run again when it is well. [SOURCE_UNAVAILABLE]"
                                .formatted(api.url()));
        assertThat(shop.rows("select count(*), sum(id) from bronze.orders"))
                .containsExactly("5|10");

        assertGood(ingest());
        assertThat(shop.rows("select count(*), sum(id) from bronze.orders"))
                .containsExactly("5|" + (100 + 101 + 2 + 3 + 4));
    }

    @Test
    void newRecordsLandBehindTheCursorAndReplaceThoseOfTheirKey() {
        source("cursor: changed\ncursor_param: since\nkey: id\nlag: 1 day\npaginate: {by: offset}");
        List<String> records =
                new ArrayList<>(
                        List.of(
                                "{\"id\":1,\"n\":\"a\",\"changed\":\"2026-01-01\"}",
                                "{\"id\":2,\"n\":\"b\",\"changed\":\"2026-01-02\"}"));
        api.put(
                "/orders",
                call ->
                        Reply.json(
                                records.stream()
                                        .filter(r ->
                                                r.replaceAll(".*changed\":\"([^\"]*)\".*", "$1")
                                                                .compareTo(call.query("since", ""))
                                                        >= 0)
                                        .skip(Integer.parseInt(call.query("offset", "0")))
                                        .limit(10)
                                        .collect(Collectors.joining(",", "[", "]"))));
        assertGood(ingest());
        assertThat(ingest().run().status()).isEqualTo(RunStatus.UNCHANGED);
        records.add("{\"id\":1,\"n\":\"c\",\"changed\":\"2026-01-03\"}");
        records.add("{\"id\":3,\"n\":\"late\",\"changed\":\"2026-01-02\"}");
        assertGood(ingest());
        assertThat(ingest().run().status()).isEqualTo(RunStatus.UNCHANGED);

        assertThat(shop.rows("select id, n, changed from bronze.orders order by id"))
                .containsExactly("1|c|2026-01-03", "2|b|2026-01-02", "3|late|2026-01-02");
    }

    @Test
    void whatDoesNotFitGoesToQuarantineAndColumnsThatComeAreAdded() {
        source("mode: log\npaginate: {by: page}\ncolumn_types: {id: BIGINT}");
        String wide =
                IntStream.range(0, 1_000_000)
                        .mapToObj(i -> "\"n" + i + "\":1")
                        .collect(Collectors.joining(",", "{", "}"));
        api.put(
                "/orders",
                call ->
                        Reply.json(
                                switch (call.query("page", "1")) {
                                    case "1" -> "[{\"id\":1},{\"id\":\"x\"},7," + wide + "]";
                                    case "2" -> "[{\"id\":2,\"late\":true}]";
                                    default -> "[]";
                                }));
        assertGood(ingest());

        assertThat(shop.rows("select id, late from bronze.orders order by id"))
                .containsExactly("1|null", "2|true");
        assertThat(
                        shop.rows(
                                "select _file, _row, _column, _reason from bronze.orders__quarantine order by _row"))
                .containsExactly(
                        "/orders?page=1|2|id|'x' is no BIGINT",
                        "/orders?page=1|3|null|is not an object",
                        "/orders?page=1|4|null|has names that would make more than 1,000 columns; declare a column as VARIANT, or take the document as text");
    }

    /** Which answer it is from is no part of a version. */
    @Test
    void whereVersionsAreKeptQuarantineSaysWhichRecordItWas() {
        source("key: id\nwrite: scd2\ncolumn_types: {id: BIGINT}");
        api.put("/orders", call -> Reply.json("[{\"id\":1},{\"id\":\"x\"},7]"));
        assertGood(ingest());

        assertThat(
                        shop.rows(
                                "select _file, _row, _column, _reason from bronze.orders__quarantine order by _row"))
                .containsExactly(
                        "/orders|2|id|'x' is no BIGINT", "/orders|3|null|is not an object");
        assertThat(shop.rows("from bronze.orders").getFirst().split("\\|", -1)).hasSize(4);
    }
}
