package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Disks, rights and versions that are not as they should be: it is told, and once they are again
 * the next build works without any repair.
 */
final class SurroundingsTest {
    @TempDir Path folder;
    private Terminal terminal;
    private Path house;
    private boolean mounted;

    @BeforeEach
    void makeShop() throws IOException {
        terminal = new Terminal(folder);
        house = Files.createDirectory(folder.resolve("house"));
        put("tarn.yml", "warehouse: house\n");
        put("dbt_project.yml", "name: shop\nmodels:\n  shop:\n    +materialized: table\n");
        put(
                "models/m.sql",
                "select i, md5(i::varchar) as code from range({{ var('rows', 1000) }}) t(i)");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            shell("umount", house.toString());
        }
    }

    @Test
    void aCatalogOfANewerProgramIsLeftAlone() throws Exception {
        ok("build");
        Path catalog = house.resolve("catalog.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + catalog);
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO tarn_schema (form, applied_at) VALUES (99, 0)");
        }

        for (String command : new String[] {"build", "tables", "runs", "clean"}) {
            assertThat(terminal.tarn(command)).isEqualTo(3);
            assertThat(terminal.err())
                    .matches(
                            "The catalog \\S+/house/catalog\\.db has form 99, but this program knows"
                                    + " forms up to \\d+: a newer Tarn has changed it\\. Use that"
                                    + " newer Tarn\\. Nothing was changed\\."
                                    + " \\[CATALOG_TOO_NEW]\\n");
        }
    }

    @Test
    void aFullDiskIsToldAndMendedBySpace() throws Exception {
        mount("12m");
        ok("build");

        assertThat(terminal.tarn("build", "--vars", "rows: 3000000")).isEqualTo(3);

        assertThat(terminal.err())
                .containsPattern(
                        "models/m\\.sql:1:1: The disk is full: \\S+/house/staging/\\S+\\.parquet"
                                + " could not be written\\. Free some space\\. \\[STORAGE_FULL]\\n");
        assertThat(terminal.rows("select count(*) from main.m")).isEqualTo("1000");
        assertThat(files("staging")).isEmpty();

        byte[] much = new byte[1 << 16];
        Path filler = house.resolve("filler");
        try (var out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(much);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
        assertThat(terminal.tarn("build", "--vars", "rows: 5000")).isEqualTo(3);
        assertThat(terminal.err()).contains("is full.").contains("[STORAGE_FULL]");
        Files.delete(filler);

        ok("build", "--vars", "rows: 5000");
        assertThat(terminal.rows("select count(*) from main.m")).isEqualTo("5000");
        ok("clean");
    }

    @Test
    void aWarehouseThatCannotBeWrittenIsToldAndMendedByRights() throws Exception {
        if (isRoot()) {
            mount("32m");
            ok("build");
            shell("mount", "-o", "remount,ro", house.toString());
        } else {
            ok("build");
            rights("r-xr-xr-x");
        }

        assertThat(terminal.tarn("build", "--full")).isEqualTo(3);
        assertThat(terminal.err())
                .contains("/house/catalog.db")
                .contains("Check that it and its folder are there and that you may write to them.")
                .contains("[STORAGE_DENIED]");

        if (isRoot()) {
            shell("mount", "-o", "remount,rw", house.toString());
        } else {
            rights("rwxr-xr-x");
        }
        ok("build", "--full");
    }

    @Test
    void aWarehouseBelowAFileIsTold() throws IOException {
        put("place", "a file, no folder");
        put("tarn.yml", "warehouse: place/warehouse\n");

        assertThat(terminal.tarn("build")).isEqualTo(3);

        assertThat(terminal.err()).contains("place/warehouse").contains("[STORAGE_");
    }

    @Test
    void aFileThatWasCutOffInTheLandingZoneIsRefusedAloneAndLandsWhenWhole() throws IOException {
        put(
                "models/s.yml",
                """
                version: 2
                sources:
                  - name: raw
                    tables:
                      - name: sales
                        ingest: {location: landing}
                """);
        put("models/m.sql", "select * from {{ source('raw', 'sales') }}");
        Files.createDirectories(folder.resolve("landing"));
        ok("query", "select 7 as id", "-o", folder.resolve("landing/a.parquet").toString());
        byte[] whole = Files.readAllBytes(folder.resolve("landing/a.parquet"));
        Path cut = folder.resolve("landing/b.parquet");
        Files.write(cut, Arrays.copyOf(whole, whole.length - 20));

        ok("build");

        assertThat(terminal.err()).contains("1 to quarantine");
        assertThat(terminal.rows("select id from main.m")).isEqualTo("7");
        assertThat(terminal.rows("select _file, _reason from raw.sales__quarantine"))
                .startsWith("landing/b.parquet,the file cannot be read: File ")
                .contains("landing/b.parquet is damaged or cut short");
        Files.write(cut, whole);
        ok("build");
        assertThat(terminal.rows("select count(*) from main.m")).isEqualTo("2");
    }

    private void ok(String... args) {
        assertThat(terminal.tarn(args)).as(terminal.err()).isZero();
    }

    private Stream<Path> files(String name) throws IOException {
        try (Stream<Path> all = Files.walk(house.resolve(name))) {
            return all.filter(Files::isRegularFile).toList().stream();
        }
    }

    private void put(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void rights(String rights) throws IOException {
        try (Stream<Path> all = Files.walk(house)) {
            for (Path path : all.toList()) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
            }
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Puts a small disk of its own under the warehouse, or leaves the test out. */
    private void mount(String size) throws Exception {
        String refusal =
                shell("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", house.toString());
        mounted = refusal.isEmpty();
        if (!mounted) {
            System.out.println("SurroundingsTest: no small disk can be mounted here: " + refusal);
        }
        Assumptions.assumeTrue(mounted, refusal);
    }

    /** Returns why it did not work; empty if it did. */
    private static String shell(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? "" : "failed: " + output;
        } catch (IOException e) {
            return new UncheckedIOException(e).toString();
        }
    }
}
