package dev.tarn.iceberg.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.AsOf;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.spi.HttpProtocol.Answer;
import dev.tarn.spi.HttpProtocol.Call;
import dev.tarn.spi.LocalTestStorage;
import dev.tarn.spi.MemoryCatalog;
import dev.tarn.spi.TestClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of commits when something comes between. */
final class CommitsTest {
    private static final String T = "/v1/namespaces/n/tables/t";

    @TempDir Path folder;

    private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    private final LocalTestStorage storage = new LocalTestStorage();
    private MemoryCatalog catalog = new MemoryCatalog(clock);
    private IcebergRest rest = open(Path.of("."));

    private IcebergRest open(Path place) {
        return IcebergRest.open(
                new RestConfig(
                        catalog,
                        storage,
                        place.resolve("tables").toString(),
                        place.resolve("views").toString(),
                        false,
                        Map.of(),
                        CredentialVending.NONE,
                        clock));
    }

    @BeforeEach
    void make() {
        catalog = new MemoryCatalog(clock);
        rest = open(folder);
        post("/v1/namespaces", "{\"namespace\":[\"n\"]}");
        for (String name : List.of("t", "u")) {
            post(
                    "/v1/namespaces/n/tables",
                    "{\"name\":\"%s\",\"schema\":{\"type\":\"struct\",\"fields\":[{\"id\":1,\"name\":\"id\",\"type\":\"long\",\"required\":true}]}}"
                            .formatted(name));
        }
    }

    private Answer ask(String method, String path, String body) {
        return rest.answer(
                new Call(
                        method,
                        path,
                        Map.of(),
                        Map.of("user-agent", "Test/1 (some more)"),
                        body.getBytes(StandardCharsets.UTF_8),
                        "ann"));
    }

    private void post(String path, String body) {
        Answer answer = ask("POST", path, body);
        assertThat(answer.status())
                .as(() -> new String(answer.body(), StandardCharsets.UTF_8))
                .isIn(200, 204);
    }

    private static String set(String property) {
        return "{\"requirements\":[],\"updates\":[{\"action\":\"set-properties\",\"updates\":{\"%s\":\"1\"}}]}"
                .formatted(property);
    }

    private String table(String path) {
        return new String(ask("GET", path, "").body(), StandardCharsets.UTF_8);
    }

    private List<String> metadataFiles() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toString).filter(f -> f.endsWith(".json")).sorted().toList();
        }
    }

    private String message() {
        return catalog.history(RefName.MAIN, 1).getFirst().message();
    }

    @Test
    void aCommitThatMeetsAnotherIsMadeOnItsResult() throws IOException {
        catalog.beforeNextCommit(() -> post(T, set("theirs")));
        post(T, set("mine"));
        assertThat(table(T)).contains("\"theirs\":\"1\"").contains("\"mine\":\"1\"");
        assertThat(metadataFiles()).as("the file of the first attempt is gone").hasSize(4);
    }

    @Test
    void nothingIsLeftOfACommitThatCannotBe() throws IOException {
        List<String> before = metadataFiles();
        catalog.failCommits(1);
        Answer answer = ask("POST", T, set("mine"));
        assertThat(answer.status()).as("nothing happened, so clients may try again").isEqualTo(409);
        assertThat(metadataFiles()).isEqualTo(before);
    }

    @Test
    void filesStayWhenNobodyKnowsWhatBecameOfACommit() throws IOException {
        int before = metadataFiles().size();
        catalog.loseNextOutcome();
        Answer answer = ask("POST", T, set("mine"));
        assertThat(answer.status()).isEqualTo(500);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .contains("\"type\":\"CommitStateUnknownException\"");
        assertThat(metadataFiles()).hasSize(before + 1);
        assertThat(table(T)).contains("\"mine\":\"1\"");
    }

    @Test
    void severalTablesAreOnePublication() {
        Publication before = catalog.history(RefName.MAIN, 1).getFirst();
        String change =
                "{\"identifier\":{\"namespace\":[\"n\"],\"name\":\"%s\"},\"requirements\":[],\"updates\":[{\"action\":\"set-properties\",\"updates\":{\"x\":\"1\"}}]}";
        post(
                "/v1/transactions/commit",
                "{\"table-changes\":[%s,%s]}"
                        .formatted(change.formatted("t"), change.formatted("u")));
        Publication after = catalog.history(RefName.MAIN, 1).getFirst();
        assertThat(after.id().value()).isEqualTo(before.id().value() + 1);
        assertThat(after.changes()).isEqualTo(2);
        assertThat(after.message()).isEqualTo("change n.t, change n.u by Test/1 as ann");
    }

    @Test
    void aFullDiskIsToldAndLeavesNothing() throws IOException {
        List<String> before = metadataFiles();
        storage.failWritesAfter(0);
        assertThat(ask("POST", T, set("mine")).status()).isEqualTo(500);
        storage.heal();
        assertThat(metadataFiles()).isEqualTo(before);
        post(T, set("mine"));
        assertThat(message()).isEqualTo("change n.t by Test/1 as ann");
    }

    @Test
    void aCommitThatChangesNothingIsNoPublication() {
        post(T, set("x"));
        Publication before = catalog.history(RefName.MAIN, 1).getFirst();
        post(T, "{\"requirements\":[],\"updates\":[]}");
        assertThat(catalog.history(RefName.MAIN, 1).getFirst()).isEqualTo(before);
    }

    @Test
    void whoLosesTheRaceForANameIsToldSo() {
        String create =
                "{\"name\":\"%s\",\"schema\":{\"type\":\"struct\",\"fields\":[{\"id\":1,\"name\":\"id\",\"type\":\"long\",\"required\":true}]}}"
                        .formatted("new");
        catalog.beforeNextCommit(() -> post("/v1/namespaces/n/tables", create));
        Answer answer = ask("POST", "/v1/namespaces/n/tables", create);
        assertThat(answer.status()).isEqualTo(409);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .contains("Table already exists: n.new");
        assertThat(
                        catalog.read(RefName.MAIN, AsOf.head())
                                .find(EntryKey.of(new TableName("n", "new"))))
                .isPresent();
    }
}
