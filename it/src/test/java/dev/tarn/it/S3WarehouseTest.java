package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A warehouse and a landing folder in buckets behave like those on a disk. */
final class S3WarehouseTest {
    private static final String ID = "local-access";
    private static final String KEY = "local-secret";

    @TempDir Path folder;
    private S3Proxy server;
    private S3Client client;

    @BeforeEach
    void startServer() throws Exception {
        server =
                S3Proxy.builder()
                        .blobStore(new TransientNio2BlobStore())
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .awsAuthentication(AuthenticationType.AWS_V4, ID, KEY)
                        .build();
        server.start();
        client =
                S3Client.builder()
                        .endpointOverride(URI.create("http://127.0.0.1:" + server.getPort()))
                        .region(Region.US_EAST_1)
                        .forcePathStyle(true)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(ID, KEY)))
                        .build();
        client.createBucket(r -> r.bucket("lake"));
    }

    @AfterEach
    void stopServer() throws Exception {
        client.close();
        server.stop();
    }

    @Test
    void filesInABucketBecomeTablesInABucket() {
        try (Workshop files = new Workshop(folder)) {
            files.put(
                    "tarn.yml",
                    """
                    warehouse: s3://lake/house
                    s3:
                      endpoint: http://127.0.0.1:%d
                      access_key: env:LAKE_ID
                      secret_key: env:LAKE_KEY
                    """
                            .formatted(server.getPort()));
            files.put(
                    "models/sources.yml",
                    """
                    version: 2
                    sources:
                      - name: bronze
                        tables:
                          - name: sales
                            ingest:
                              location: s3://lake/landing/*.csv
                              format: csv
                    """);
            files.put(
                    "models/total.sql",
                    "select count(*) as n, sum(amount)::bigint as total"
                            + " from {{ source('bronze', 'sales') }}");
        }
        land("1.csv", "id,amount\n1,10\n2,20\n");
        assertThat(build()).isEqualTo(RunStatus.PUBLISHED);
        land("2.csv", "id,amount\n3,30\n");
        assertThat(build()).isEqualTo(RunStatus.PUBLISHED);
        assertThat(build()).isEqualTo(RunStatus.UNCHANGED);

        try (Tarn tarn = open()) {
            assertThat(Workshop.number(tarn, "select n from main.total")).isEqualTo(3);
            assertThat(Workshop.number(tarn, "select total from main.total")).isEqualTo(60);
            tarn.clean(false);
            assertThat(Workshop.number(tarn, "select count(*) from bronze.sales")).isEqualTo(3);
        }
        assertThat(client.listObjectsV2(r -> r.bucket("lake").prefix("house/tables/")).contents())
                .anyMatch(o -> o.key().endsWith(".parquet"))
                .anyMatch(o -> o.key().endsWith(".metadata.json"));
    }

    private void land(String name, String text) {
        client.putObject(
                r -> r.bucket("lake").key("landing/" + name), RequestBody.fromString(text));
    }

    private RunStatus build() {
        try (Tarn tarn = open()) {
            RunReport report =
                    tarn.build(
                            BuildRequest.everything("build"),
                            RunListener.SILENT,
                            new Cancellation());
            assertThat(Workshop.told(report.problems())).isEmpty();
            return report.run().status();
        }
    }

    private Tarn open() {
        return Tarn.open(
                new OpenRequest(
                        folder,
                        Optional.empty(),
                        Map.of(),
                        Optional.empty(),
                        Map.of("LAKE_ID", ID, "LAKE_KEY", KEY),
                        Clock.systemUTC(),
                        note -> {}));
    }
}
