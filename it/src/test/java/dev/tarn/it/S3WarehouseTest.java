package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.spi.Storage.StoredFile;
import dev.tarn.storage.S3Server;
import dev.tarn.storage.S3Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A project whose raw files and whose tables are both in buckets, against a real S3 endpoint. */
final class S3WarehouseTest {
    private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));

    @TempDir Path folder;
    private S3Server server;
    private S3Storage bucket;
    private Terminal terminal;

    @BeforeEach
    void makeBucketAndProject() throws Exception {
        server = S3Server.start();
        server.createBucket("lake");
        bucket = new S3Storage(server.settings());
        terminal = new Terminal(folder).with("KEY", S3Server.ACCESS_KEY);
        terminal.with("SECRET", S3Server.SECRET_KEY);
        settings(server.endpoint(), "s3://lake/house/one");
        put("dbt_project.yml", "name: shop\nmodels:\n  shop:\n    +materialized: table\n");
        put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: bronze
                    tables:
                      - name: orders
                        ingest:
                          location: s3://lake/landing/orders
                models:
                  - name: orders
                    columns:
                      - name: order_id
                        data_tests: [unique, not_null]
                """);
        put(
                "models/orders.sql",
                """
                select order_id, country, cents from {{ source('bronze', 'orders') }}
                qualify row_number() over (partition by order_id order by _file desc) = 1
                """);
        put(
                "models/revenue.sql",
                "select country, sum(cents)::bigint as cents from {{ ref('orders') }} group by all");
        upload("s3://lake/landing/orders/1.csv", "order_id,country,cents\n1,de,100\n2,fr,250\n");
    }

    @AfterEach
    void stop() {
        bucket.close();
        server.close();
    }

    @Test
    void ingestsBuildsAsksAndTravelsInTimeInABucket() {
        assertThat(terminal.tarn("build")).as(terminal.err()).isZero();
        String first = terminal.out().replaceFirst("(?s).*Published publication (\\d+) .*", "$1");
        assertThat(terminal.rows("from main.revenue order by country")).isEqualTo("de,100\nfr,250");

        upload("s3://lake/landing/orders/2.csv", "order_id,country,cents\n2,fr,300\n3,de,7\n");
        assertThat(terminal.tarn("build")).as(terminal.err()).isZero();

        assertThat(terminal.rows("from main.revenue order by country")).isEqualTo("de,107\nfr,300");
        assertThat(terminal.rows("select count(*) from bronze.orders")).isEqualTo("4");
        assertThat(terminal.rows("from main.revenue order by country", "--at", first))
                .isEqualTo("de,100\nfr,250");
        assertThat(terminal.rows("select count(*) from bronze.orders", "--at", first))
                .isEqualTo("2");
        assertThat(terminal.tarn("build")).isZero();
        assertThat(terminal.out()).startsWith("Nothing to publish");
        assertThat(folder.resolve("s3:")).doesNotExist();
        assertThat(bucket.list("s3://lake/house/one/tables"))
                .extracting(StoredFile::location)
                .anyMatch(f -> f.endsWith(".parquet"))
                .anyMatch(f -> f.endsWith(".metadata.json"));
    }

    @Test
    void aServerIsReadyWhileItsBucketAnswers() throws Exception {
        put("key", S3Server.ACCESS_KEY);
        put("secret", S3Server.SECRET_KEY);
        put(
                "tarn.yml",
                Files.readString(folder.resolve("tarn.yml"))
                        .replace("env:KEY", "file:key")
                        .replace("env:SECRET", "file:secret"));
        Program serve = Program.start(folder, "serve", "--port", "0");
        try {
            assertThat(ready(serve, 200)).contains("\"status\":\"pass\"");
            server.close();
            assertThat(ready(serve, 503))
                    .contains("{\"name\":\"warehouse\",\"status\":\"fail\"")
                    .contains("{\"name\":\"catalog\",\"status\":\"pass\"");
        } finally {
            serve.kill();
        }
    }

    /** What the server says of itself as soon as it says it with this status. */
    private static String ready(Program serve, int status) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(170);
        while (true) {
            Matcher address = Pattern.compile("Pages: (http://\\S+)").matcher(serve.output());
            if (address.find()) {
                HttpResponse<String> answer =
                        HttpClient.newHttpClient()
                                .send(
                                        HttpRequest.newBuilder(
                                                        URI.create(
                                                                address.group(1) + "health/ready"))
                                                .build(),
                                        HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == status) {
                    return answer.body();
                }
            }
            assertThat(System.nanoTime() - giveUp).as(serve.output()).isNegative();
            assertThat(never.await(50, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    @Test
    void aFailedBuildLeavesNothingVisibleAndCleanRemovesWhatNobodyReaches() {
        assertThat(terminal.tarn("build")).as(terminal.err()).isZero();
        upload("s3://lake/landing/orders/2.csv", "order_id,country,cents\n,it,5\n4,it,many\n");

        assertThat(terminal.tarn("build")).isEqualTo(1);

        assertThat(terminal.err()).contains("not_null_orders_order_id").contains("[CHECK_FAILED]");
        assertThat(terminal.rows("select count(*) from bronze.orders")).isEqualTo("2");
        assertThat(terminal.tarn("tables")).isZero();
        assertThat(terminal.out()).doesNotContain("quarantine");
        String run = terminal.tarn("refs", "--all") == 0 ? terminal.out() : "";
        assertThat(run).contains("run:");
        String orphan =
                "s3://lake/house/one/tables/bronze/orders/data/tarn-%s.parquet"
                        .formatted(new UUID(1, 2));
        upload(orphan, "what a killed process wrote");
        int before = bucket.list("s3://lake/house/one/tables").size();

        assertThat(terminal.at(LATER).tarn("clean")).as(terminal.err()).isZero();

        assertThat(bucket.find(orphan)).isEmpty();
        assertThat(bucket.list("s3://lake/house/one/tables")).hasSizeLessThan(before);
        assertThat(terminal.rows("from main.revenue order by country")).isEqualTo("de,100\nfr,250");
    }

    @Test
    void dataFilesAreReadFromTheirLocalCopies() throws IOException {
        assertThat(terminal.tarn("build")).as(terminal.err()).isZero();
        assertThat(terminal.rows("from main.revenue order by country")).isEqualTo("de,100\nfr,250");
        List<Path> copies = copies();
        assertThat(copies).isNotEmpty();
        for (Path copy : copies) {
            Files.write(copy, new byte[(int) Files.size(copy)]);
        }

        assertThat(terminal.tarn("query", "from main.revenue")).isEqualTo(3);
        assertThat(terminal.err()).contains(".tarn/cache/").contains("[FILE_CORRUPT]");

        for (Path copy : copies) {
            Files.delete(copy);
        }
        assertThat(terminal.rows("from main.revenue order by country")).isEqualTo("de,100\nfr,250");
    }

    private List<Path> copies() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(".tarn/cache"))) {
            return files.filter(f -> f.toString().endsWith(".parquet")).toList();
        }
    }

    @Test
    void aSecretThatIsWrongOrMissingIsToldWithoutIt() {
        terminal.with("SECRET", "not-the-right-one");
        assertThat(terminal.tarn("build")).isEqualTo(3);
        assertThat(terminal.err())
                .isEqualTo(
                        "models/sources.yml:5:15: The credentials for s3://lake/landing/orders/ are"
                                + " not accepted (SignatureDoesNotMatch). Check s3.access_key and"
                                + " s3.secret_key, or what the environment holds."
                                + " [STORAGE_DENIED]\n");
        terminal.with("SECRET", "");
        assertThat(terminal.tarn("build")).isEqualTo(2);
        assertThat(terminal.err())
                .isEqualTo(
                        "models/sources.yml:5:15: The secret env:SECRET cannot be read: the"
                                + " variable is not set. [CONFIG_INVALID]\n");
        assertThat(logs()).doesNotContain("not-the-right-one").doesNotContain(S3Server.SECRET_KEY);
    }

    @Test
    void aBucketThatIsNotThereIsToldAndTheNextBuildWorks() {
        settings(server.endpoint(), "s3://lakes/house");
        assertThat(terminal.tarn("build")).isEqualTo(3);
        assertThat(terminal.err())
                .contains("models/sources.yml:5:15: The bucket 'lakes' of s3://lakes/house/tables/")
                .contains("does not exist. Create it or correct the location. [FILE_MISSING]");
        assertThat(terminal.tarn("tables")).isZero();
        assertThat(terminal.out()).doesNotContain("orders");

        settings(server.endpoint(), "s3://lake/house/one");
        assertThat(terminal.tarn("build")).as(terminal.err()).isZero();
    }

    @Test
    void anEndpointThatDoesNotAnswerIsTold() {
        settings("http://127.0.0.1:9", "s3://lake/house/one");
        assertThat(terminal.tarn("build")).isEqualTo(3);
        assertThat(terminal.err())
                .isEqualTo(
                        "models/sources.yml:5:15: Cannot reach s3://lake/landing/orders/: nobody"
                                + " listens at its endpoint. Check s3.endpoint in tarn.yml and the"
                                + " network. [STORAGE_FAILED]\n");
        settings("http://no.such.host.invalid", "s3://lake/house/one");
        assertThat(terminal.tarn("build")).isEqualTo(3);
        assertThat(terminal.err()).contains("the host no.such.host.invalid is not known");

        settings(server.endpoint(), "s3://lake/house/one");
        assertThat(terminal.tarn("build")).as(terminal.err()).isZero();
    }

    private String logs() {
        try (Stream<Path> files = Files.walk(folder)) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
            return all.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void settings(String endpoint, String warehouse) {
        put(
                "tarn.yml",
                """
                warehouse: %s
                s3:
                  endpoint: %s
                  access_key: env:KEY
                  secret_key: env:SECRET
                """
                        .formatted(warehouse, endpoint));
    }

    private void put(String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void upload(String location, String text) {
        try (OutputStream out = bucket.create(location)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
