package dev.tarn.it;

import static dev.tarn.it.ForeignDelta.add;
import static dev.tarn.it.ForeignDelta.features;
import static dev.tarn.it.ForeignDelta.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.HttpProtocol;
import dev.tarn.spi.Storage.StoredFile;
import dev.tarn.storage.S3Server;
import dev.tarn.storage.S3Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Delta logs, upkeep, and tables of others, all in a bucket of a real S3 endpoint. */
final class S3TablesTest {
    private static final String HOUSE = "s3://lake/house";
    private static final int SMALL_FILES = 10;

    @TempDir Path folder;
    private S3Server server;
    private S3Storage bucket;
    private Terminal terminal;

    @BeforeEach
    void start() throws Exception {
        server = S3Server.start();
        server.createBucket("lake");
        bucket = new S3Storage(server.settings());
        Path project = Files.createDirectories(folder.resolve("project"));
        Files.writeString(project.resolve("dbt_project.yml"), "name: shop\n");
        Files.writeString(
                project.resolve("tarn.yml"),
                """
                warehouse: %s
                upkeep: {mode: "off", history: 1d, snapshot_age: 1d, snapshots_kept: 1}
                s3: {endpoint: "%s", access_key: "env:KEY", secret_key: "env:SECRET"}
                """
                        .formatted(HOUSE, server.endpoint()));
        terminal = new Terminal(project).with("KEY", S3Server.ACCESS_KEY);
        terminal.with("SECRET", S3Server.SECRET_KEY);
    }

    @AfterEach
    void stop() {
        bucket.close();
        server.close();
    }

    private void tarn(String... arguments) {
        assertThat(terminal.tarn(arguments)).as(terminal.err()).isZero();
    }

    private List<String> files(String prefix, String ending) {
        return bucket.list(prefix).stream()
                .map(StoredFile::location)
                .filter(f -> f.endsWith(ending))
                .toList();
    }

    /** Puts a folder of this machine's disk into the bucket, file by file. */
    private void upload(Path from, String prefix) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try (OutputStream out = bucket.create(prefix + "/" + from.relativize(file))) {
                    Files.copy(file, out);
                }
            }
        }
    }

    private void smallFiles() {
        tarn("sql", "create table lab.t (id bigint, name varchar)");
        StringBuilder inserts = new StringBuilder();
        for (int i = 0; i < SMALL_FILES; i++) {
            inserts.append("insert into lab.t values (%1$d, 'n%1$d');\n".formatted(i));
        }
        tarn("sql", inserts.toString());
        tarn("sql", "delete from lab.t where id = 3");
    }

    private static final String ROWS = "0,n0\n1,n1\n2,n2\n4,n4\n5,n5\n6,n6\n7,n7\n8,n8\n9,n9";

    @Test
    void keysAreVendedToThoseWhoAskWhereTheSettingsSaySo() throws Exception {
        tarn("sql", "create table lab.t (id bigint)");
        assertThat(loaded(true)).contains("s3.endpoint").doesNotContain(S3Server.SECRET_KEY);
        Path settings = folder.resolve("project/tarn.yml");
        Files.writeString(
                settings, Files.readString(settings).replace("s3: {", "s3: {vend_keys: true, "));
        assertThat(loaded(false)).doesNotContain(S3Server.SECRET_KEY);
        assertThat(loaded(true))
                .contains("\"s3.secret-access-key\":\"" + S3Server.SECRET_KEY + "\"");
    }

    /** What the catalog says to somebody who loads a table. */
    private String loaded(boolean asksForKeys) {
        Map<String, String> keys =
                Map.of("KEY", S3Server.ACCESS_KEY, "SECRET", S3Server.SECRET_KEY);
        OpenRequest request =
                new OpenRequest(
                        folder.resolve("project"),
                        Optional.empty(),
                        Map.of(),
                        Optional.empty(),
                        keys,
                        Clock.systemUTC(),
                        note -> {});
        try (Tarn tarn = Tarn.open(request)) {
            HttpProtocol.Answer answer =
                    tarn.icebergRest(false)
                            .answer(
                                    new HttpProtocol.Call(
                                            "GET",
                                            "/v1/namespaces/lab/tables/t",
                                            Map.of(),
                                            asksForKeys
                                                    ? Map.of(
                                                            "x-iceberg-access-delegation",
                                                            "vended-credentials")
                                                    : Map.of(),
                                            new byte[0],
                                            ""));
            assertThat(answer.status()).isEqualTo(200);
            return new String(answer.body(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theDeltaLogIsBesideTheTableAndCanBeReadBackFromThere() {
        smallFiles();

        String table =
                files(HOUSE + "/tables/lab", ".parquet").getFirst().replaceFirst("/data/.*", "");
        assertThat(files(table + "/_delta_log", ".json")).hasSizeGreaterThanOrEqualTo(2);

        tarn("attach", table, "lake.copy", "--format", "delta");

        assertThat(terminal.rows("from lake.copy order by id")).isEqualTo(ROWS);
    }

    @Test
    void upkeepGathersFilesForgetsAndRemovesWhatNobodyReaches() {
        smallFiles();
        tarn("maintain", "lab.t");
        tarn("tables");
        assertThat(terminal.rows("from lab.t order by id")).isEqualTo(ROWS);
        int before = files(HOUSE + "/tables/lab", ".parquet").size();
        assertThat(before).isGreaterThan(SMALL_FILES);

        // Each of these lets go of a bit more: snapshots, then states, then files.
        for (int days = 10; days <= 40; days += 10) {
            Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(days));
            assertThat(terminal.at(later).tarn("maintain")).as(terminal.err()).isZero();
            assertThat(terminal.at(later).tarn("clean")).as(terminal.err()).isZero();
        }

        assertThat(files(HOUSE + "/tables/lab", ".parquet")).hasSizeLessThan(before);
        assertThat(terminal.rows("from lab.t order by id")).isEqualTo(ROWS);
    }

    @Test
    void tablesOfOthersInABucketAreReadAndTakenOver() throws IOException {
        try (Engine engine = DuckDbEngine.open(DuckDbConfig.defaults(folder.resolve("spill")));
                EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            ForeignDelta delta = new ForeignDelta(folder.resolve("orders"), session);
            delta.parquet("a b.parquet", "select range as id, 'n' || range as name from range(5)");
            delta.commit(
                    features("deletionVectors"),
                    metadata(List.of("day"), "", "id long", "name string", "day date"),
                    add("a%20b.parquet", "\"day\":\"2024-01-01\"", ForeignDelta.inline(0, 1)));
            Path plain = Files.createDirectories(folder.resolve("plain/part=7"));
            session.execute(
                    "copy (select range as id from range(3)) to '%s' (format parquet)"
                            .formatted(plain.resolve("x.parquet")));
        }
        upload(folder.resolve("orders"), "s3://lake/theirs/orders");
        upload(folder.resolve("plain"), "s3://lake/theirs/plain");
        List<String> before =
                bucket.list("s3://lake/theirs").stream().map(String::valueOf).toList();

        tarn("attach", "s3://lake/theirs/orders", "lake.orders");
        tarn("attach", "s3://lake/theirs/plain", "lake.plain");
        assertThat(terminal.rows("from lake.orders order by id"))
                .isEqualTo("2,n2,2024-01-01\n3,n3,2024-01-01\n4,n4,2024-01-01");
        assertThat(terminal.rows("select sum(id), min(part) from lake.plain")).isEqualTo("3,7");

        tarn("adopt", "s3://lake/theirs/orders", "lake.orders");
        assertThat(terminal.out()).contains("3 rows in 1 file");
        tarn("sql", "update lake.orders set name = 'ours' where id = 3");
        assertThat(terminal.rows("from lake.orders order by id"))
                .isEqualTo("2,n2,2024-01-01\n3,ours,2024-01-01\n4,n4,2024-01-01");
        assertThat(bucket.list("s3://lake/theirs")).extracting(String::valueOf).isEqualTo(before);
    }
}
