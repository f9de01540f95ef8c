package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a warehouse that are lost or damaged: it is told which, and one command mends it. */
final class DamageTest {
    private static final String REMEDY =
            " Restore it from a backup, read the table at an older publication, or make it anew:"
                    + " `tarn build --full` for a model, `tarn ingest --full` for a source.";

    @TempDir Path folder;
    private Terminal terminal;

    @BeforeEach
    void buildShop() {
        terminal = new Terminal(folder);
        put("dbt_project.yml", "name: shop\nmodels:\n  shop:\n    +materialized: table\n");
        put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: bronze
                    tables:
                      - name: sales
                        ingest:
                          location: landing
                          column_types: {id: BIGINT}
                """);
        put("models/m.sql", "select id, name from {{ source('bronze', 'sales') }}");
        put("landing/1.csv", "id,name\n1,a\n2,b\nthree,c\n");
        put("landing/2.csv", "id,name\n4,d\n");
        ok("build");
        ok("build");
    }

    @Test
    void theMetadataOfAModelIsMadeAnewByFull() {
        Path lost = newest("main/m", ".metadata.json");
        delete(lost);

        assertThat(terminal.tarn("query", "from main.m")).isEqualTo(3);
        assertThat(terminal.err())
                .isEqualTo(
                        "The table's metadata file %s is gone.%s [FILE_MISSING]\n", lost, REMEDY);
        ok("tables");
        assertThat(terminal.out()).contains("damaged").contains("bronze.sales");
        ok("clean");
        ok("build", "--full");

        assertThat(terminal.rows("from main.m order by 1")).isEqualTo("1,a\n2,b\n4,d");
        ok("clean");
    }

    @Test
    void theMetadataOfASourceIsMadeAnewByFullIngest() {
        Path lost = newest("bronze/sales", ".metadata.json");
        delete(lost);

        assertThat(terminal.tarn("build")).isEqualTo(3);
        assertThat(terminal.err())
                .isEqualTo(
                        "models/sources.yml:5:15: The table's metadata file %s is gone.%s"
                                + " [FILE_MISSING]\n",
                        lost, REMEDY);
        ok("ingest", "--full");
        assertThat(terminal.rows("select id from bronze.sales order by 1")).isEqualTo("1\n2\n4");
        assertThat(terminal.rows("select count(*) from bronze.sales__quarantine")).isEqualTo("1");
        ok("build");
    }

    @Test
    void metadataThatIsGarbageIsToldAndMadeAnew() {
        Path file = newest("bronze/sales", ".metadata.json");
        write(file, "{\"format-version\": 3, \"tab".getBytes(StandardCharsets.UTF_8));

        assertThat(terminal.tarn("build")).isEqualTo(3);
        assertThat(terminal.err())
                .startsWith(
                        "models/sources.yml:5:15: The file %s is not the metadata of an Iceberg"
                                        .formatted(file)
                                + " table. The last version that can be read is ")
                .endsWith(REMEDY + " [FILE_CORRUPT]\n");
        ok("ingest", "--full", "--select", "source:bronze");
        ok("build");
    }

    @Test
    void dataFilesOfASourceAreMadeAnewByFullIngest() {
        Path file = newest("bronze/sales", ".parquet");
        byte[] whole = read(file);
        write(file, Arrays.copyOf(whole, 100));

        assertThat(terminal.tarn("query", "from bronze.sales")).isEqualTo(3);
        assertThat(terminal.err())
                .isEqualTo(
                        "The data file %s has 100 bytes where the table says %d.%s"
                                + " [FILE_CORRUPT]\n",
                        file, whole.length, REMEDY);
        delete(file);
        assertThat(terminal.tarn("build", "--full")).isEqualTo(3);
        assertThat(terminal.err())
                .contains(
                        "models/m.sql:1:1: The data file %s is gone.%s [FILE_MISSING]\n"
                                .formatted(file, REMEDY));
        ok("ingest", "--full");
        ok("build");
        assertThat(terminal.rows("from main.m order by 1")).isEqualTo("1,a\n2,b\n4,d");
    }

    @Test
    void fullIngestLandsWhatIsThereNowAndSaysWhatIsNot() {
        delete(folder.resolve("landing/2.csv"));
        put("landing/1.csv", "id,name\n1,A\n9,z\n");
        ok("build", "--full");
        assertThat(terminal.rows("from main.m order by 1")).isEqualTo("1,a\n2,b\n4,d");

        ok("ingest", "--full");

        assertThat(terminal.err())
                .contains(
                        "note: landing/2.csv had landed and is not there any more; bronze.sales is"
                                + " made without it.\n");
        assertThat(terminal.rows("select id, name from bronze.sales order by 1"))
                .isEqualTo("1,A\n9,z");
        ok("tables");
        assertThat(terminal.out()).doesNotContain("quarantine");
        put("landing/2.csv", "id,name\n4,d\n");
        ok("build");
        assertThat(terminal.rows("from main.m order by 1")).isEqualTo("1,A\n4,d\n9,z");
    }

    private void ok(String... args) {
        assertThat(terminal.tarn(args)).as(terminal.err()).isZero();
    }

    private Path newest(String table, String ending) {
        try (Stream<Path> files = Files.walk(folder.resolve(".tarn/warehouse/tables"))) {
            List<Path> found =
                    files.filter(f -> f.toString().endsWith(ending))
                            .filter(f -> f.toString().contains("/" + table + "-"))
                            .sorted()
                            .toList();
            assertThat(found).as(table).isNotEmpty();
            return found.getLast();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void put(String name, String text) {
        Path file = folder.resolve(name);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
