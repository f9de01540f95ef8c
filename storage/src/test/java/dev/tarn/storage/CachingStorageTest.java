package dev.tarn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.spi.Storage;
import dev.tarn.spi.Storage.StoredFile;
import dev.tarn.spi.StorageContract;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** S3 through its cache: the contract of storage, and what the cache adds. */
final class CachingStorageTest extends StorageContract {
    private static S3Server server;

    @TempDir Path cacheFolder;
    private Storage storage;
    private String root;
    private Instant now = Instant.parse("2026-01-01T12:00:00Z");

    @BeforeAll
    static void startServer() throws Exception {
        server = S3Server.start();
        server.createBucket("lake");
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void openStorage(TestInfo test) {
        root = "s3://lake/" + test.getTestMethod().orElseThrow().getName();
        storage = caching(1 << 30);
    }

    @AfterEach
    void closeStorage() {
        storage.close();
    }

    @Override
    protected Storage storage() {
        return storage;
    }

    @Override
    protected String root() {
        return root;
    }

    @Test
    void aSecondLookTakesTheCopyThatIsThere() throws IOException {
        write("x.parquet", "content");
        StoredFile file = storage.find(at("x.parquet")).orElseThrow();
        Path first = storage.local(file);
        storage.delete(at("x.parquet"));

        assertThat(storage.local(file)).isEqualTo(first);
        assertThat(first).hasContent("content").hasFileName(first.getFileName().toString());
        assertThat(first.toString()).endsWith(".parquet");
    }

    @Test
    void aCopyOfTheWrongSizeIsFetchedAgain() throws IOException {
        write("x", "content");
        StoredFile file = storage.find(at("x")).orElseThrow();
        Files.writeString(storage.local(file), "cut");

        assertThat(storage.local(file)).hasContent("content");
    }

    @Test
    void aFileThatChangedSinceItWasListedIsRefused() throws IOException {
        write("x", "before");
        StoredFile listed = storage.find(at("x")).orElseThrow();
        storage.delete(at("x"));
        write("x", "behind");

        assertThatThrownBy(() -> storage.local(listed))
                .hasMessage(
                        ("%s changed while it was read. Nothing of it was kept; run again."
                                        + " [SOURCE_CHANGED]")
                                .formatted(at("x")));
        assertThat(copies()).isEmpty();
    }

    @Test
    void theLeastRecentlyUsedCopiesLeaveFirst() throws IOException {
        storage = caching(1000);
        List<StoredFile> files = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            write("f" + i, "x".repeat(400));
            files.add(storage.find(at("f" + i)).orElseThrow());
        }
        Path first = storage.local(files.get(0));
        Path second = storage.local(files.get(1));
        now = now.plus(Duration.ofMinutes(11));
        storage.local(files.get(0));
        now = now.plus(Duration.ofMinutes(5));

        Path third = storage.local(files.get(2));

        assertThat(copies()).containsExactlyInAnyOrder(first, third);
        assertThat(second).doesNotExist();
    }

    @Test
    void copiesInUseStayEvenWhenTheyAreTooMuch() throws IOException {
        storage = caching(10);
        for (int i = 0; i < 3; i++) {
            write("f" + i, "x".repeat(400));
            storage.local(storage.find(at("f" + i)).orElseThrow());
        }

        assertThat(copies()).hasSize(3);
    }

    @Test
    void whatADeadProcessLeftUnfinishedIsRemoved() throws IOException {
        Path old = Files.writeString(cacheFolder.resolve("dead.part"), "half");
        Path fresh = Files.writeString(cacheFolder.resolve("alive.part"), "half");
        Files.setLastModifiedTime(old, FileTime.from(now.minus(Duration.ofHours(2))));
        Files.setLastModifiedTime(fresh, FileTime.from(now));
        write("x", "content");

        storage.local(storage.find(at("x")).orElseThrow());

        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
    }

    @Test
    void manyReadersShareOneCopy() throws Exception {
        write("x", "content".repeat(1000));
        StoredFile file = storage.find(at("x")).orElseThrow();
        Storage other = caching(1 << 30);
        try (other;
                ExecutorService pool = Executors.newFixedThreadPool(8)) {
            List<Callable<Path>> readers = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                Storage mine = i % 2 == 0 ? storage : other;
                readers.add(() -> mine.local(file));
            }
            for (Future<Path> path : pool.invokeAll(readers)) {
                assertThat(path.get()).hasContent("content".repeat(1000));
            }
        }
        assertThat(copies()).hasSize(1);
    }

    @Test
    void aWrongSecretIsDeniedAndNotRepeated() {
        try (S3Storage denied = new S3Storage(server.settings("not-the-secret"))) {
            assertThatThrownBy(() -> denied.list(at("")))
                    .hasMessage(
                            ("The credentials for %s are not accepted (SignatureDoesNotMatch)."
                                            + " Check s3.access_key and s3.secret_key, or what the"
                                            + " environment holds. [STORAGE_DENIED]")
                                    .formatted(at("")))
                    .message()
                    .doesNotContain("not-the-secret");
        }
    }

    @Test
    void aBucketThatDoesNotExistIsNamed() {
        assertThatThrownBy(() -> storage.list("s3://nowhere/x"))
                .hasMessage(
                        "The bucket 'nowhere' of s3://nowhere/x/ does not exist. Create it or"
                                + " correct the location. [FILE_MISSING]");
    }

    @Test
    void anUploadThatIsNotFinishedLeavesNothing() throws IOException {
        OutputStream out = storage.create(at("never"));
        out.write(new byte[9 << 20]);

        assertThat(storage.find(at("never"))).isEmpty();
    }

    @Test
    void anEndpointThatIsNotThereFails() throws Exception {
        S3Server gone = S3Server.start();
        S3Settings settings = gone.settings();
        gone.close();
        try (S3Storage storage = new S3Storage(settings)) {
            assertThatThrownBy(() -> storage.find("s3://lake/x"))
                    .hasMessage(
                            "Cannot reach s3://lake/x: nobody listens at its endpoint. Check"
                                    + " s3.endpoint in tarn.yml and the network."
                                    + " [STORAGE_FAILED]");
        }
    }

    @Test
    void withoutACacheThereAreNoLocalCopies() throws IOException {
        write("x", "content");
        try (S3Storage bare = new S3Storage(server.settings())) {
            StoredFile file = bare.find(at("x")).orElseThrow();
            assertThatThrownBy(() -> bare.local(file))
                    .hasMessage(
                            at("x")
                                    + " has no copy on this machine, and no cache is set up for"
                                    + " it. [UNSUPPORTED]");
        }
    }

    private Storage caching(long maxBytes) {
        Clock clock =
                new Clock() {
                    @Override
                    public java.time.ZoneId getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(java.time.ZoneId zone) {
                        return this;
                    }

                    @Override
                    public Instant instant() {
                        return now;
                    }
                };
        return new CachingStorage(new S3Storage(server.settings()), cacheFolder, maxBytes, clock);
    }

    private List<Path> copies() throws IOException {
        try (Stream<Path> files = Files.walk(cacheFolder)) {
            return files.filter(Files::isRegularFile).filter(f -> !f.endsWith(".lock")).toList();
        }
    }
}
