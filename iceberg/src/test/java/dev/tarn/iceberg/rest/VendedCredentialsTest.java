package dev.tarn.iceberg.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.spi.HttpProtocol.Answer;
import dev.tarn.spi.HttpProtocol.Call;
import dev.tarn.spi.LocalTestStorage;
import dev.tarn.spi.MemoryCatalog;
import dev.tarn.spi.TestClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that ask for access to the files of a table get it where it is given. */
final class VendedCredentialsTest {
    private static final String TABLE =
            "{\"name\":\"t\",\"schema\":{\"type\":\"struct\",\"fields\":[{\"id\":1,\"name\":\"id\",\"type\":\"long\",\"required\":true}]}}";
    private static final String LOAD = "/v1/refs/main/namespaces/n/tables/t";
    private static final Map<String, String> ASKED =
            Map.of("x-iceberg-access-delegation", "vended-credentials");

    @TempDir Path folder;

    private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    private final MemoryCatalog catalog = new MemoryCatalog(clock);
    private IcebergRest rest = open(Path.of("."), CredentialVending.NONE);

    private IcebergRest open(Path place, CredentialVending vending) {
        return IcebergRest.open(
                new RestConfig(
                        catalog,
                        new LocalTestStorage(),
                        place.resolve("tables").toString(),
                        place.resolve("views").toString(),
                        false,
                        Map.of(),
                        vending,
                        clock));
    }

    @BeforeEach
    void make() {
        rest = open(folder, this::grant);
        assertThat(ask("POST", "/v1/namespaces", "{\"namespace\":[\"n\"]}", Map.of()).status())
                .isEqualTo(200);
        assertThat(ask("POST", "/v1/namespaces/n/tables", TABLE, Map.of()).status()).isEqualTo(200);
    }

    private Optional<CredentialVending.Grant> grant(String location) {
        String tables = folder.resolve("tables").toString();
        return location.startsWith(tables + "/")
                ? Optional.of(
                        new CredentialVending.Grant(
                                tables,
                                Map.of("s3.access-key-id", "k", "s3.secret-access-key", "hidden")))
                : Optional.empty();
    }

    private Answer ask(String method, String path, String body, Map<String, String> headers) {
        return rest.answer(
                new Call(
                        method,
                        path,
                        Map.of(),
                        headers,
                        body.getBytes(StandardCharsets.UTF_8),
                        ""));
    }

    private static String text(Answer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private String given() {
        return "\"storage-credentials\":[{\"prefix\":\"%s\",\"config\":{"
                .formatted(folder.resolve("tables"));
    }

    @Test
    void onlyWhoAsksIsGivenThem() {
        assertThat(text(ask("GET", LOAD, "", Map.of()))).doesNotContain("hidden");
        assertThat(text(ask("GET", LOAD, "", ASKED)))
                .contains(given())
                .contains("\"s3.access-key-id\":\"k\"")
                .contains("\"s3.secret-access-key\":\"hidden\"");
        assertThat(text(ask("GET", LOAD + "/credentials", "", Map.of())))
                .contains(given())
                .contains("\"s3.secret-access-key\":\"hidden\"");
        assertThat(text(ask("GET", "/v1/config", "", Map.of())))
                .contains("GET /v1/{prefix}/namespaces/{namespace}/tables/{table}/credentials");
    }

    @Test
    void whoAsksForThemIsAnsweredThoughTheTableHasNotChanged() {
        String etag = ask("GET", LOAD, "", Map.of()).headers().get("ETag");
        assertThat(ask("GET", LOAD, "", Map.of("if-none-match", etag)).status()).isEqualTo(304);
        Answer again =
                ask(
                        "GET",
                        LOAD,
                        "",
                        Map.of(
                                "if-none-match",
                                etag,
                                "x-iceberg-access-delegation",
                                "vended-credentials"));
        assertThat(again.status()).isEqualTo(200);
        assertThat(text(again)).contains(given());
    }

    @Test
    void whereNothingIsGivenTheAnswerSaysWhatToSet() {
        rest = open(folder, CredentialVending.NONE);
        assertThat(text(ask("GET", LOAD, "", ASKED))).doesNotContain("storage-credentials");
        Answer refused = ask("GET", LOAD + "/credentials", "", Map.of());
        assertThat(refused.status()).isEqualTo(400);
        assertThat(text(refused)).contains("This catalog gives out no credentials for");
        assertThat(text(ask("GET", "/v1/config", "", Map.of()))).doesNotContain("/credentials");
    }

    @Test
    void aGrantDoesNotShowItsSecrets() {
        assertThat(grant(folder.resolve("tables") + "/x").orElseThrow().toString())
                .isEqualTo("Grant[" + folder.resolve("tables") + "]");
    }
}
