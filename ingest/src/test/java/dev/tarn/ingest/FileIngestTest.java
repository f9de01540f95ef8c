package dev.tarn.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.ingest.Landing.Settled;
import dev.tarn.model.graph.IngestSpec.SchemaPolicy;
import dev.tarn.spi.RowReaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files land, once, with which columns; and what is kept apart. */
final class FileIngestTest {
    @TempDir Path folder;
    private IngestHarness source;

    @BeforeEach
    void open() {
        source = new IngestHarness(folder, readers());
    }

    static RowReaders readers() {
        return new dev.tarn.formats.FormatReaders();
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void rowsLandWithTypesAndMetadata() throws IOException {
        source.file(
                "a.csv", "id,name,amount,day,at,ok\n1,x,2.5,2024-01-02,2024-01-02 03:04:05,true\n");

        Settled settled = source.run();

        assertThat(source.columns())
                .containsExactly(
                        "id BIGINT",
                        "name VARCHAR",
                        "amount DOUBLE",
                        "day DATE",
                        "at TIMESTAMP",
                        "ok BOOLEAN");
        assertThat(source.rows().getFirst().subList(6, 8)).containsExactly("in/a.csv", 2L);
        assertThat(settled.quarantine()).isEmpty();
        assertThat(settled.files()).hasSize(1);
        assertThat(source.positionValues().get("raw.orders/in/a.csv"))
                .contains("\"rows\":1,\"quarantined\":0,\"refused\":false");
    }

    @Test
    void eachFileLandsOnce() throws IOException {
        source.file("a.csv", "id\n1\n");
        source.run();
        source.file("b.csv", "id\n2\n");

        IngestPlan plan = source.plan();
        source.run();

        assertThat(plan.files()).extracting(f -> f.name()).containsExactly("in/b.csv");
        assertThat(plan.unchanged()).isEqualTo(1);
        assertThat(source.rows()).extracting(r -> r.getFirst()).containsExactly(1L, 2L);
        assertThat(source.plan().isEmpty()).isTrue();
    }

    @Test
    void aFileThatChangedAfterItLandedIsReportedAndLeftAlone() throws IOException {
        source.file("a.csv", "id\n1\n");
        source.run();
        source.file("a.csv", "id\n1\n2\n");

        IngestPlan plan = source.plan();

        assertThat(plan.isEmpty()).isTrue();
        assertThat(plan.changed()).hasSize(1);
    }

    @Test
    void aFileThatChangesWhileItIsReadIsRefused() throws IOException {
        source.file("a.csv", "id\n1\n");
        Landing landing = source.land(source.plan());
        source.file("a.csv", "id\n1\n2\n");

        assertThatThrownBy(() -> source.write(landing))
                .hasMessage(
                        "in/a.csv changed while it was read. Nothing was landed; run again when it"
                                + " is complete. [SOURCE_CHANGED]");
    }

    @Test
    void columnsAreInferredOverAllFiles() throws IOException {
        source.file("a.csv", "id,v\n1,1\n");
        source.file("b.csv", "v,id,extra\n2.5,2,x\n");
        source.file("c.csv", "ID\n007\n");

        source.run();

        assertThat(source.columns()).containsExactly("id VARCHAR", "v DOUBLE", "extra VARCHAR");
        assertThat(source.rows()).extracting(r -> r.get(0)).containsExactly("1", "2", "007");
        assertThat(source.rows()).extracting(r -> r.get(1)).containsExactly(1.0, 2.5, null);
    }

    @Test
    void rowsThatDoNotFitAreKeptApart() throws IOException {
        source.file("a.csv", "id,n\n1,1\n");
        source.run();
        source.file("b.csv", "id,n\n2,2\nx,3\n4\n5,5,5\n\"6,6\n7,\"q\"z\n8,8.5\n9,9\n");

        Settled settled = source.run();

        assertThat(source.rows()).extracting(r -> r.getFirst()).containsExactly(1L, 2L, 9L);
        assertThat(source.quarantine())
                .containsExactly(
                        Arrays.asList("in/b.csv", 3L, "id", "'x' is no BIGINT", "x,3"),
                        Arrays.asList(
                                "in/b.csv",
                                4L,
                                null,
                                "the record has 1 field where the header has 2",
                                "4"),
                        Arrays.asList(
                                "in/b.csv",
                                5L,
                                null,
                                "the record has 3 fields where the header has 2",
                                "5,5,5"),
                        Arrays.asList(
                                "in/b.csv",
                                6L,
                                null,
                                "the record has text behind a closing quote",
                                "\"6,6"),
                        Arrays.asList(
                                "in/b.csv",
                                7L,
                                null,
                                "the record has text behind a closing quote",
                                "7,\"q\"z"),
                        Arrays.asList("in/b.csv", 8L, "n", "'8.5' is no BIGINT", "8,8.5"));
        assertThat(settled.quarantined()).isEqualTo(6);
        assertThat(source.positionValues().get("raw.orders/in/b.csv"))
                .contains("\"rows\":2,\"quarantined\":6");
    }

    @Test
    void quotesNewLinesAndDelimitersInsideFieldsAreText() throws IOException {
        source.file(
                "a.csv", "a;b\r\n\"x;\"\"y\"\"\";\"two\r\nlines\"\r\n\r\nit \"is\";\"\"\r\n;z\r\n");

        source.run();

        assertThat(source.rows())
                .containsExactly(
                        Arrays.asList("x;\"y\"", "two\r\nlines", "in/a.csv", 2L),
                        Arrays.asList("it \"is\"", "", "in/a.csv", 5L),
                        Arrays.asList(null, "z", "in/a.csv", 6L));
    }

    @Test
    void theOnlyRecordOfAFileWithoutALastLineEndIsSeenAsItIs() throws IOException {
        source.file("a.csv", "id,day\n1,2024-01-02");

        source.run();

        assertThat(source.columns()).containsExactly("id BIGINT", "day DATE");
    }

    @Test
    void headersAreMadeNames() throws IOException {
        source.file("a.csv", "\ufeff id ,,ID,_file,x\n1,2,3,4,5\n");

        source.run();

        assertThat(source.schemaNames())
                .containsExactly(
                        "id", "column_2", "ID_1", "_file_1", "x", "_file", "_row", "_ingested_at");
    }

    @Test
    void withoutAHeaderColumnsAreNumbered() throws IOException {
        source.options(Map.of("header", "false", "delimiter", "pipe"));
        source.file("a.csv", "1|x\n2|y\n");

        source.run();

        assertThat(source.columns()).containsExactly("column_1 BIGINT", "column_2 VARCHAR");
        assertThat(source.rows()).extracting(r -> r.get(3)).containsExactly(1L, 2L);
    }

    @Test
    void emptyFilesAndHeadersAloneLandWithoutRows() throws IOException {
        source.file("a.csv", "");
        source.file("b.csv", "id,name\n");
        source.file("c.json", "[]");
        source.file("d.ndjson", "\n");
        source.file("f.csv", "\n\n  \n\t\r\n");

        Settled settled = source.run();

        assertThat(settled.files()).allMatch(f -> f.rows() == 0 && f.quarantined() == 0);
        assertThat(source.columns()).containsExactly("id VARCHAR", "name VARCHAR");
        assertThat(source.plan().isEmpty()).isTrue();
        source.file("e.csv", "  \n\nid\n1\n");
        source.run();
        assertThat(source.rows()).hasSize(1);
        assertThat(source.columns()).containsExactly("id VARCHAR", "name VARCHAR");
    }

    @Test
    void encodingsAreRecognisedOrDeclared() throws IOException {
        source.file("a.csv", "\ufeffn\nä\n".getBytes(StandardCharsets.UTF_8));
        source.file("b.csv", "\ufeffn\nö\n".getBytes(StandardCharsets.UTF_16LE));
        source.file("c.csv", "\ufeffn\nü😀\n".getBytes(StandardCharsets.UTF_16BE));
        source.file("d.csv", "n\nok\né\n".getBytes(StandardCharsets.ISO_8859_1));
        source.run();

        assertThat(source.rows())
                .extracting(r -> r.getFirst())
                .containsExactly("ä", "ö", "ü😀", "ok");
        assertThat(source.quarantine())
                .containsExactly(
                        Arrays.asList(
                                "in/d.csv",
                                3L,
                                null,
                                "the record is not valid UTF-8 text; set the option 'encoding' to"
                                        + " what it is",
                                "\ufffd"));
        source.options(Map.of("encoding", "latin-1"));
        source.file("e.csv", "n\né\n".getBytes(StandardCharsets.ISO_8859_1));
        source.run();
        assertThat(source.rows().getLast().getFirst()).isEqualTo("é");
    }

    @Test
    void jsonLandsFromListsObjectsAndLines() throws IOException {
        source.file("a.json", "[{\"id\": 1, \"tags\": [\"x\"]}, {\"id\": 2, \"o\": {\"k\": 1.5}}]");
        source.file("b.json", "{\"id\": 3}");
        source.file("c.ndjson", "{\"id\": 4, \"at\": \"2024-01-01T00:00:00Z\"}\n\n{\"id\":5}\n");
        source.file("d.json", "{\"id\": 6}\n{\"id\": 7}\n");

        source.run();

        assertThat(source.columns())
                .containsExactly(
                        "id BIGINT", "tags VARCHAR[]", "o STRUCT(\"k\" DOUBLE)", "at TIMESTAMPTZ");
        assertThat(source.rows())
                .extracting(r -> r.getFirst())
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(source.rows().getFirst().get(1)).isEqualTo(List.of("x"));
        assertThat(source.rows().get(1).get(2)).isEqualTo(Map.of("k", 1.5));
        assertThat(source.rows())
                .extracting(r -> r.get(5))
                .containsExactly(1L, 2L, 1L, 1L, 3L, 1L, 2L);
    }

    @Test
    void brokenJsonIsKeptApart() throws IOException {
        source.file("a.ndjson", "{\"id\":1}\n{\"id\":\n42\n{\"id\":2}{\n{\"id\":3}\n");
        source.file("b.json", "[{\"id\":4},{\"id\":5}");
        source.file("c.json", "[{\"id\":6},{\"id\":");

        Settled settled = source.run();

        assertThat(source.rows()).extracting(r -> r.getFirst()).containsExactly(1L, 3L, 4L, 5L, 6L);
        assertThat(source.quarantine())
                .extracting(r -> r.get(0) + " " + r.get(1) + " " + r.get(3) + " " + r.get(4))
                .containsExactly(
                        "in/a.ndjson 2 the record is not valid JSON: it has something that is no"
                                + " value at character 7 {\"id\":",
                        "in/a.ndjson 3 the record is not an object 42",
                        "in/a.ndjson 4 the record is not valid JSON: it has something behind the"
                                + " object at character 9 {\"id\":2}{",
                        "in/b.json 3 the record is not valid JSON: the file ends without a ']' here ",
                        "in/c.json 2 the record is not valid JSON: the file ends in the middle here"
                                + " {\"id\":");
        assertThat(settled.quarantined()).isEqualTo(5);
    }

    @Test
    void packedFilesAreRecognisedByContent() throws IOException {
        source.file("a.csv.gz", gzip("id\n1\n"));
        source.file("b.csv", gzip("id\n2\n"));
        source.file("c.csv.gz", "id\n3\n");

        source.run();

        assertThat(source.rows()).extracting(r -> r.getFirst()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aTruncatedArchiveIsKeptApartAndTriedAgainWhenItIsWhole() throws IOException {
        StringBuilder text = new StringBuilder("id\n");
        for (int i = 0; i < 100_000; i++) {
            text.append(i * 7919L % 100_003).append('\n');
        }
        byte[] whole = gzip(text.toString());
        source.file("a.csv.gz", Arrays.copyOf(whole, whole.length / 2));
        Settled settled = source.run();

        assertThat(source.rows()).isEmpty();
        assertThat(settled.files()).allMatch(f -> f.refused() && f.quarantined() == 1);
        assertThat(source.quarantine())
                .containsExactly(
                        Arrays.asList(
                                "in/a.csv.gz",
                                null,
                                null,
                                "the file cannot be read to its end, it may have been cut off:"
                                        + " Unexpected end of ZLIB input stream",
                                null));
        assertThat(source.plan().isEmpty()).isTrue();

        source.file("a.csv.gz", whole);
        source.run();
        assertThat(source.rows()).hasSize(100_000);
    }

    @Test
    void parquetLandsWithItsTypes() throws IOException {
        parquet("a.parquet", "SELECT 1::INTEGER AS id, DATE '2024-01-01' AS d, [1, 2] AS l");
        parquet("b.parquet", "SELECT 2::BIGINT AS id, NULL::DATE AS d, 'x' AS \"New Col\"");
        parquet("c.dat", "SELECT 3 AS id");
        Path cut = source.project.resolve("in/d.parquet");
        Files.write(
                cut, Arrays.copyOf(Files.readAllBytes(source.project.resolve("in/a.parquet")), 60));

        Settled settled = source.run();

        assertThat(source.columns())
                .containsExactly("id BIGINT", "d DATE", "l INTEGER[]", "New Col VARCHAR");
        assertThat(source.rows()).extracting(r -> r.getFirst()).containsExactly(1L, 2L, 3L);
        assertThat(source.rows()).extracting(r -> r.get(5)).containsExactly(1L, 1L, 1L);
        assertThat(settled.quarantined()).isEqualTo(1);
        assertThat(source.quarantine().getFirst().get(3).toString())
                .startsWith("the file cannot be read: ");
    }

    @Test
    void anEvolvingSourceGetsNewColumns() throws IOException {
        source.file("a.csv", "id\n1\n");
        source.run();
        source.file("b.csv", "id,extra\n2,2024-01-01\n");

        Landing landing = source.land(source.plan());

        assertThat(landing.changes())
                .extracting(Object::toString)
                .containsExactly("Add[column=extra, type=DATE, initialDefault=Optional.empty]");
    }

    @Test
    void aSourceThatQuarantinesKeepsItsColumns() throws IOException {
        source.file("a.csv", "id\n1\n");
        source.run();
        source.policy(SchemaPolicy.QUARANTINE);
        source.file("b.csv", "id,extra\n2,x\n3,\n");

        source.run();

        assertThat(source.columns()).containsExactly("id BIGINT");
        assertThat(source.rows()).extracting(r -> r.getFirst()).containsExactly(1L, 3L);
        assertThat(source.quarantine())
                .containsExactly(
                        Arrays.asList(
                                "in/b.csv", 2L, "extra", "the table has no column 'extra'", "2,x"));
    }

    @Test
    void aHeldSourceStopsAndNamesTheColumns() throws IOException {
        source.file("a.csv", "id,n,m\n1,2,3\n");
        source.run();
        source.policy(SchemaPolicy.HOLD);
        source.file("b.csv", "id,n,extra\n2,x,y\n");

        assertThatThrownBy(source::run)
                .hasMessage(
                        "models/sources.yml:3:5: What came for raw.orders does not have the table's"
                                + " columns: 'n' has values of type VARCHAR where the table has"
                                + " BIGINT; 'm' is missing; 'extra' is new. Nothing was landed,"
                                + " because the source says 'schema_policy: hold'. Set it to"
                                + " 'evolve' to change the table or to 'quarantine' to keep such"
                                + " rows apart, or correct the source. [SOURCE_HELD]");
    }

    @Test
    void declaredTypesHoldFromTheStart() throws IOException {
        source.types(Map.of("ID", "INTEGER", "price", "DECIMAL(10,2)", "code", "VARCHAR"));
        source.file("a.csv", "id,price,code\n1,2.50,1\nx,1,2\n3,y,3\n");

        source.run();

        assertThat(source.columns())
                .containsExactly("id INTEGER", "price DECIMAL(10,2)", "code VARCHAR");
        assertThat(source.rows()).extracting(r -> r.getFirst()).containsExactly(1);
        assertThat(source.quarantine()).hasSize(2);
    }

    @Test
    void typesThatDoNotExistAreToldTogether() throws IOException {
        source.types(Map.of("a", "DECIMA(1", "b", "INTEGER", "c", "klingon"));
        source.file("a.csv", "a,b,c\n1,2,3\n");

        assertThatThrownBy(source::run)
                .hasMessage(
                        "models/sources.yml:3:5: Column 'a' has the type 'DECIMA(1', which the"
                                + " engine does not know. [CONFIG_INVALID]\n"
                                + "models/sources.yml:3:5: Column 'c' has the type 'klingon', which"
                                + " the engine does not know. [CONFIG_INVALID]");
    }

    @Test
    void mistakesInOptionsAreToldTogether() throws IOException {
        source.options(Map.of("delimeter", ",", "header", "maybe", "encoding", "klingon"));
        source.file("a.csv", "id\n1\n");

        assertThatThrownBy(source::run)
                .hasMessage(
                        "models/sources.yml:3:5: There is no ingest option 'delimeter'. Did you"
                                + " mean 'delimiter'? Known options: delimiter, encoding, escape,"
                                + " header, nullstr, quote, sheet. [UNKNOWN_KEY]\n"
                                + "models/sources.yml:3:5: Ingest option 'header' is 'maybe' and"
                                + " must be true or false. [CONFIG_INVALID]\n"
                                + "models/sources.yml:3:5: Ingest option 'encoding' is 'klingon'"
                                + " and must be an encoding such as utf-8, utf-16, latin-1 or"
                                + " windows-1252. [CONFIG_INVALID]");
    }

    @Test
    void largeFilesAreReadByTheEngineWithTheSameResult() throws IOException {
        StringBuilder text = new StringBuilder("id,name,amount\n");
        for (int i = 0; text.length() < FileIngest.LARGE_BYTES + 100; i++) {
            text.append(i)
                    .append(",\"name, ")
                    .append(i % 17)
                    .append("\",")
                    .append(i / 8.0)
                    .append('\n');
        }
        long rows = text.chars().filter(c -> c == '\n').count() - 1;
        source.file("a.csv", text.toString());

        Settled settled = source.run();

        assertThat(settled.files().getFirst().rows()).isEqualTo(rows);
        assertThat(source.rows().getFirst()).containsExactly(0L, "name, 0", 0.0, "in/a.csv", 2L);
        assertThat(source.rows().getLast().subList(3, 5)).containsExactly("in/a.csv", rows + 1);
    }

    @Test
    void aFolderThatDoesNotExistHasNothingToLand() {
        assertThat(source.location("nowhere").plan().isEmpty()).isTrue();
    }

    private void parquet(String name, String query) throws IOException {
        Path path = source.project.resolve("in").resolve(name);
        Files.createDirectories(path.getParent());
        source.session().execute("COPY (" + query + ") TO '" + path + "' (FORMAT parquet)");
    }

    static byte[] gzip(String text) throws IOException {
        return gzip(text, StandardCharsets.UTF_8);
    }

    static byte[] gzip(String text, Charset encoding) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(encoding));
        }
        return bytes.toByteArray();
    }
}
