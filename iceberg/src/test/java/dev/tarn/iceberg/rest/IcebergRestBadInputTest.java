package dev.tarn.iceberg.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.spi.HttpProtocol.Answer;
import dev.tarn.spi.HttpProtocol.Call;
import dev.tarn.spi.LocalTestStorage;
import dev.tarn.spi.MemoryCatalog;
import dev.tarn.spi.TestClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked wrongly is told what is wrong, in the form of the specification. */
final class IcebergRestBadInputTest {
    private static final String TABLE =
            "{\"name\":\"t\",\"schema\":{\"type\":\"struct\",\"fields\":[{\"id\":1,\"name\":\"id\",\"type\":\"long\",\"required\":true}]}}";

    @TempDir Path folder;

    private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    private IcebergRest rest = open(Path.of("."));

    private IcebergRest open(Path place) {
        return IcebergRest.open(
                new RestConfig(
                        new MemoryCatalog(clock),
                        new LocalTestStorage(),
                        place.resolve("tables").toString(),
                        place.resolve("views").toString(),
                        false,
                        Map.of(),
                        CredentialVending.NONE,
                        clock));
    }

    @BeforeEach
    void make() {
        rest = open(folder);
        assertThat(ask("POST", "/v1/namespaces", "{\"namespace\":[\"n\"]}")).startsWith("200 ");
        assertThat(ask("POST", "/v1/namespaces/n/tables", TABLE)).startsWith("200 ");
    }

    private String ask(String method, String pathAndQuery, String body, String... headers) {
        String[] parts = pathAndQuery.split("\\?", 2);
        Map<String, String> query = new HashMap<>();
        if (parts.length > 1) {
            for (String each : parts[1].split("&")) {
                String[] pair = each.split("=", 2);
                query.put(pair[0], pair[1]);
            }
        }
        Map<String, String> named = new HashMap<>();
        for (int i = 0; i + 1 < headers.length; i += 2) {
            named.put(headers[i], headers[i + 1]);
        }
        Answer answer =
                rest.answer(
                        new Call(
                                method,
                                parts[0],
                                query,
                                named,
                                body.getBytes(StandardCharsets.UTF_8),
                                ""));
        return answer.status() + " " + new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static String error(int status, String type, String message) {
        return "%d {\"error\":{\"message\":\"%s\",\"type\":\"%s\",\"code\":%d}}"
                .formatted(status, message, type, status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "null", "{\"namespace\":5}", "{\"namespace\":[\"x\"]", "x"})
    void whatIsNoRequestIsRefused(String body) {
        assertThat(ask("POST", "/v1/namespaces", body)).startsWith("400 {\"error\":");
    }

    @Test
    void jsonThatNestsTooDeeplyIsRefused() {
        assertThat(ask("POST", "/v1/namespaces", "{\"a\":".repeat(5_000)))
                .startsWith("400 {\"error\":{\"message\":\"The request cannot be read:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET|/v1/namespacs|There is nothing at GET /v1/namespacs. Did you mean 'namespaces'?",
                "GET|/v2/config|There is nothing at GET /v2/config.",
                "PUT|/v1/namespaces|There is nothing at PUT /v1/namespaces. There is GET, POST.",
                "GET|/|There is nothing at GET /. The configuration is at /v1/config.",
                "GET|/v1/namespaces/../../etc/passwd|There is nothing at GET /v1/namespaces/../../etc/passwd."
            })
    void anUnknownRouteIsTold(String method, String path, String message) {
        assertThat(ask(method, path, "")).isEqualTo(error(404, "NotFoundException", message));
    }

    @Test
    void anUnknownWarehouseIsTold() {
        assertThat(ask("GET", "/v1/config?warehouse=mian", ""))
                .isEqualTo(
                        error(
                                404,
                                "NoSuchWarehouseException",
                                "There is no ref 'mian'. Did you mean 'main'? [REF_NOT_FOUND]"));
        assertThat(ask("GET", "/v1/refs/mian/namespaces", "")).startsWith("404 ");
        assertThat(ask("GET", "/v1/config?warehouse=%00", "")).startsWith("400 ");
    }

    @Test
    void namesThatCannotBeAreRefused() {
        assertThat(ask("POST", "/v1/namespaces", "{\"namespace\":[\"\"]}")).startsWith("400 ");
        assertThat(ask("POST", "/v1/namespaces", "{\"namespace\":[]}")).startsWith("400 ");
        assertThat(ask("GET", "/v1/namespaces/%01/tables/t", "")).startsWith("40");
    }

    @Test
    void pagesThatCannotBeAreRefused() {
        assertThat(ask("GET", "/v1/namespaces?pageSize=0", ""))
                .isEqualTo(
                        error(
                                400,
                                "BadRequestException",
                                "A page has a whole number of entries from 1 on, not '0'."));
        assertThat(ask("GET", "/v1/namespaces?pageSize=2&pageToken=*", ""))
                .isEqualTo(
                        error(
                                400,
                                "BadRequestException",
                                "The page token is not one that was given out here."));
    }

    @Test
    void aCommitThatExpectsAnotherTableIsRefused() {
        assertThat(
                        ask(
                                "POST",
                                "/v1/namespaces/n/tables/t",
                                "{\"requirements\":[{\"type\":\"assert-table-uuid\",\"uuid\":\"00000000-0000-0000-0000-000000000001\"}],\"updates\":[]}"))
                .startsWith("409 {\"error\":{\"message\":\"Requirement failed: UUID does not match");
    }

    @Test
    void aTransactionNamesATableOnce() {
        String change =
                "{\"identifier\":{\"namespace\":[\"n\"],\"name\":\"t\"},\"requirements\":[],\"updates\":[]}";
        assertThat(
                        ask(
                                "POST",
                                "/v1/transactions/commit",
                                "{\"table-changes\":[%s,%s]}".formatted(change, change)))
                .isEqualTo(
                        error(
                                400,
                                "BadRequestException",
                                "The request cannot be read: a table stands in it twice."));
    }

    @Test
    void aPlanThatIsGoneIsTold() {
        assertThat(ask("GET", "/v1/namespaces/n/tables/t/plan/none", ""))
                .isEqualTo(
                        error(
                                404,
                                "NoSuchPlanIdException",
                                "There is no scan plan none: it was fetched, cancelled or has expired."));
        assertThat(ask("POST", "/v1/namespaces/n/tables/t/tasks", "{\"plan-task\":\"x/1\"}"))
                .startsWith("404 {\"error\":{\"message\":\"There is no plan task x/1:");
    }

    @Test
    void aKeyThatIsNoUuidIsRefused() {
        assertThat(
                        ask(
                                "POST",
                                "/v1/namespaces",
                                "{\"namespace\":[\"m\"]}",
                                "idempotency-key",
                                "1"))
                .isEqualTo(
                        error(
                                400,
                                "BadRequestException",
                                "The idempotency key '1' is not a UUID."));
    }

    @Test
    void aNamespaceWithATableStays() {
        assertThat(ask("DELETE", "/v1/namespaces/n", ""))
                .isEqualTo(
                        error(
                                409,
                                "NamespaceNotEmptyException",
                                "Namespace n is not empty. It has n.t."));
    }
}
