package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.app.At;
import dev.tarn.formats.SampleFiles;
import dev.tarn.model.Place;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.ExternalSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of text, Avro and ORC as tables that can be read. */
final class AttachFoldersTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void open() {
        shop = new Workshop(folder.resolve("shop"));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private String attach(String name, Path location) {
        return shop.tarn().attach(RefName.MAIN, TableName.parse(name), spec(location)).format();
    }

    private static ExternalSpec spec(Path location) {
        return new ExternalSpec(
                location.toString(), Optional.empty(), Optional.empty(), Place.of("x"));
    }

    private Path put(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private String files(String query) {
        return shop.tarn()
                .explain(query, At.MAIN, false)
                .lines()
                .filter(line -> line.contains("files read"))
                .findFirst()
                .orElse("");
    }

    @Test
    void csvFilesWithDifferentColumnsAreOneTable() throws IOException {
        Path first = put("theirs/day=2026-01-01/a.csv", "id,name\n1,one\n2,\"two, or so\"\n");
        put("theirs/day=2026-01-02/b.csv", "id,name,price\n3,three,1.5\n");
        put("theirs/_done.csv", "not a row");
        for (int i = 3; i < 12; i++) {
            put(
                    "theirs/day=2026-01-%02d/c.csv".formatted(i),
                    "id,name\n%d,more\n".formatted(i + 1));
        }

        assertThat(attach("lake.t", folder.resolve("theirs"))).isEqualTo("csv");

        assertThat(
                        shop.rows(
                                "select id, name, price, day::varchar from lake.t where id < 4 order by id"))
                .containsExactly(
                        "1|one|null|2026-01-01",
                        "2|two, or so|null|2026-01-01",
                        "3|three|1.5|2026-01-02");
        assertThat(files("select id from lake.t where day = date '2026-01-02'"))
                .isEqualTo("lake.t: 1 of 11 files read, 10 left out");
        assertThat(shop.rows("select id from lake.t where day = date '2026-01-02'"))
                .containsExactly("3");

        // What comes later is not part of it until it is attached again.
        Path later = put("theirs/day=2026-01-01/z.csv", "id,name\n99,late\n");
        Files.setLastModifiedTime(later, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(shop.rows("select count(*) from lake.t")).containsExactly("12");
        attach("lake.t", folder.resolve("theirs"));
        assertThat(shop.rows("select count(*) from lake.t")).containsExactly("13");
        assertThat(Files.readString(first, StandardCharsets.UTF_8)).startsWith("id,name\n1,one");
    }

    @Test
    void jsonKeepsItsStructsAndLists() throws IOException {
        put(
                "theirs/a.ndjson",
                "{\"id\": 1, \"who\": {\"name\": \"ann\"}, \"tags\": [\"x\", \"y\"]}\n");
        put("theirs/b.json", "[{\"id\": 2, \"who\": {\"name\": \"bo\"}, \"tags\": []}]");

        assertThat(attach("lake.t", folder.resolve("theirs"))).isEqualTo("json");

        assertThat(shop.rows("select id, who.name, len(tags) from lake.t order by id"))
                .containsExactly("1|ann|2", "2|bo|0");
    }

    @Test
    void avroIsReadAsWhenItIsLanded() throws IOException {
        Files.createDirectories(folder.resolve("avro"));
        avro(folder.resolve("avro/a.avro"));

        assertThat(attach("lake.a", folder.resolve("avro"))).isEqualTo("avro");

        assertThat(shop.rows("select * from lake.a order by 1"))
                .containsExactly("1|n1|0.5", "2|null|1.0", "3|n3|1.5");
    }

    @Test
    void orcIsReadAsWhenItIsLanded() throws IOException {
        Files.createDirectories(folder.resolve("orc/day=2026-01-01"));
        SampleFiles.orc(folder.resolve("orc/day=2026-01-01/a.orc"), 3);

        assertThat(attach("lake.o", folder.resolve("orc"))).isEqualTo("orc");

        assertThat(shop.rows("select * from lake.o order by 1"))
                .containsExactly(
                        "1|n1|0.5|2026-01-01", "2|null|1.0|2026-01-01", "3|n3|1.5|2026-01-01");
        assertThat(shop.rows("select count(*) from lake.o where id > 1")).containsExactly("2");
    }

    private static void avro(Path file) throws IOException {
        Schema schema =
                SchemaBuilder.record("row")
                        .fields()
                        .requiredLong("id")
                        .optionalString("name")
                        .requiredDouble("amount")
                        .endRecord();
        try (DataFileWriter<GenericRecord> writer =
                new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.create(schema, file.toFile());
            for (int i = 1; i <= 3; i++) {
                GenericRecord row = new GenericData.Record(schema);
                row.put("id", (long) i);
                row.put("name", i % 2 == 0 ? null : "n" + i);
                row.put("amount", i / 2.0);
                writer.append(row);
            }
        }
    }

    @Test
    void aFolderOfTextCannotBeAdoptedAndABrokenFileIsNamed() throws IOException {
        put("theirs/a.csv", "id\n1\n");
        Path csv = folder.resolve("theirs");
        assertThatThrownBy(
                        () -> shop.tarn().adopt(RefName.MAIN, TableName.parse("lake.t"), spec(csv)))
                .hasMessage(
                        "A folder of csv files cannot be adopted, for tables are made of Parquet: %s. Attach it, or land it with an 'ingest:' block, which reads each file once. [UNSUPPORTED]"
                                .formatted(csv));
        put("broken/a.avro", "this is not Avro");
        Path avro = folder.resolve("broken");
        assertThatThrownBy(() -> attach("lake.b", avro)).hasMessageContaining("a.avro");
    }
}
