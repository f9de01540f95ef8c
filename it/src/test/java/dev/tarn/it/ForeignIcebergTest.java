package dev.tarn.it;

import static dev.tarn.it.ForeignIceberg.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.formats.ParquetCopies;
import dev.tarn.iceberg.IcebergConfig;
import dev.tarn.iceberg.IcebergTables;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.TablePointer;
import dev.tarn.spi.AttachedFormat;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation;
import dev.tarn.storage.LocalStorage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.mapping.MappingUtil;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that Iceberg's own library made, read by Tarn's planner and Tarn's engine. */
final class ForeignIcebergTest {
    private static final TableName NAME = new TableName("theirs", "t");
    private static final Schema SCHEMA =
            new Schema(
                    NestedField.required(1, "id", Types.LongType.get()),
                    NestedField.optional(2, "kind", Types.StringType.get()),
                    NestedField.optional(3, "day", Types.DateType.get()));
    private static final PartitionSpec NONE = PartitionSpec.unpartitioned();

    @TempDir Path folder;

    private ForeignIceberg theirs;
    private IcebergTables tables;
    private Engine engine;

    @BeforeEach
    void open() {
        theirs = new ForeignIceberg(folder);
        engine = DuckDbEngine.open(DuckDbConfig.defaults(folder.resolve("spill")));
        tables =
                IcebergTables.open(
                        new IcebergConfig(
                                folder.resolve("ours").toString(),
                                new LocalStorage(Clock.systemUTC()),
                                folder.resolve("staging"),
                                Clock.systemUTC(),
                                Optional.of(
                                        ParquetCopies.open(
                                                folder.resolve("copies"),
                                                1_000_000_000,
                                                engine,
                                                Clock.systemUTC()))));
    }

    @AfterEach
    void close() {
        engine.close();
        theirs.close();
    }

    private List<String> rows(Table table, String query) {
        TablePointer pointer = new TablePointer(ForeignIceberg.pointer(table));
        try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            session.define(
                    NAME,
                    new Relation.Table(
                            tables.state(pointer).definition().schema(),
                            predicates -> tables.scan(pointer, Optional.empty(), predicates)));
            List<String> rows = new ArrayList<>();
            try (QueryResult result = session.query(SqlText.of(query))) {
                while (result.next()) {
                    rows.add(String.join("|", result.row().stream().map(String::valueOf).toList()));
                }
            }
            return rows;
        }
    }

    private List<String> rows(Table table) {
        return rows(table, "select * from theirs.t order by all");
    }

    private Table table(PartitionSpec spec, Map<String, String> properties) {
        return theirs.create("t", SCHEMA, spec, properties);
    }

    private Table table(PartitionSpec spec) {
        return table(spec, Map.of("format-version", "2"));
    }

    private static LocalDate day(int day) {
        return LocalDate.of(2024, 1, day);
    }

    @Test
    void rowsAtDeletedPositionsAreGone() throws IOException {
        Table table = table(NONE);
        DataFile one =
                ForeignIceberg.append(
                        table,
                        List.of(
                                row(SCHEMA, 1L, "a", day(1)),
                                row(SCHEMA, 2L, "b", day(1)),
                                row(SCHEMA, 3L, "c", day(1))));
        DataFile two =
                ForeignIceberg.append(
                        table, List.of(row(SCHEMA, 4L, "d", day(1)), row(SCHEMA, 5L, "e", day(1))));
        ForeignIceberg.deleteAt(
                table, null, Map.of(one.location(), List.of(1L), two.location(), List.of(0L)));
        ForeignIceberg.deleteAt(table, null, Map.of(one.location(), List.of(2L)));
        ForeignIceberg.append(table, List.of(row(SCHEMA, 6L, null, day(2))));

        assertThat(rows(table))
                .containsExactly("1|a|2024-01-01", "5|e|2024-01-01", "6|null|2024-01-02");
    }

    @Test
    void rowsDeletedByValueAreGoneFromOlderFilesOnly() throws IOException {
        Table table = table(NONE);
        ForeignIceberg.append(
                table,
                List.of(
                        row(SCHEMA, 1L, "a", day(1)),
                        row(SCHEMA, 2L, null, day(1)),
                        row(SCHEMA, 3L, "c", day(1))));
        Schema keys = SCHEMA.select("id");
        ForeignIceberg.deleteWhere(table, NONE, null, keys, List.of(row(keys, 1L)));
        ForeignIceberg.append(table, List.of(row(SCHEMA, 1L, "again", day(2))));
        Schema kind = SCHEMA.select("kind");
        ForeignIceberg.deleteWhere(
                table, NONE, null, kind, List.of(row(kind, (Object) null), row(kind, "zzz")));
        ForeignIceberg.append(table, List.of(row(SCHEMA, 7L, null, day(3))));

        assertThat(rows(table))
                .containsExactly("1|again|2024-01-02", "3|c|2024-01-01", "7|null|2024-01-03");
        assertThat(rows(table, "select count(*) from theirs.t where id < 5")).containsExactly("2");
    }

    @Test
    void rowsDeletedByValueInOnePartitionStayInOthers() throws IOException {
        Table table = table(NONE);
        table.updateSpec().addField("kind").commit();
        ForeignIceberg.append(table, List.of(row(SCHEMA, 1L, "a", day(1))));
        ForeignIceberg.append(table, List.of(row(SCHEMA, 1L, "b", day(1))));
        ForeignIceberg.append(table, List.of(row(SCHEMA, 2L, "b", day(1))));
        Schema keys = SCHEMA.select("id");
        ForeignIceberg.deleteWhere(
                table,
                table.spec(),
                ForeignIceberg.partition(table, row(SCHEMA, 0L, "a", null)),
                keys,
                List.of(row(keys, 1L)));
        assertThat(rows(table)).containsExactly("1|b|2024-01-01", "2|b|2024-01-01");

        PartitionSpec everywhere = Objects.requireNonNull(table.specs().get(0));
        ForeignIceberg.deleteWhere(table, everywhere, null, keys, List.of(row(keys, 2L)));
        assertThat(rows(table)).containsExactly("1|b|2024-01-01");
    }

    @Test
    void rowsDeletedByAColumnThatIsNoMoreAreGone() throws IOException {
        Table table = table(NONE);
        ForeignIceberg.append(
                table, List.of(row(SCHEMA, 1L, "a", day(1)), row(SCHEMA, 2L, "b", day(1))));
        Schema kind = SCHEMA.select("kind");
        ForeignIceberg.deleteWhere(table, NONE, null, kind, List.of(row(kind, "a")));
        table.updateSchema().deleteColumn("kind").renameColumn("day", "kind").commit();

        assertThat(rows(table)).containsExactly("2|2024-01-01");
    }

    @Test
    void columnsThatFilesLackComeFromThePartitionOrTheirDefault() throws IOException {
        PartitionSpec spec = PartitionSpec.builderFor(SCHEMA).identity("kind").build();
        Table table = table(spec, Map.of("format-version", "3"));
        Schema without = SCHEMA.select("id", "day");
        for (String kind : new String[] {"it's", null, "b"}) {
            table.newAppend()
                    .appendFile(
                            ForeignIceberg.write(
                                    table,
                                    without,
                                    ForeignIceberg.partition(table, row(SCHEMA, 0L, kind, null)),
                                    List.of(row(without, 1L, day(1)))))
                    .commit();
        }
        table.updateSchema()
                .addColumn("size", Types.IntegerType.get(), Literal.of(7))
                .addColumn("more", Types.StringType.get())
                .commit();

        assertThat(rows(table))
                .containsExactly(
                        "1|b|2024-01-01|7|null",
                        "1|it's|2024-01-01|7|null",
                        "1|null|2024-01-01|7|null");
        assertThat(rows(table, "select kind from theirs.t where kind = 'b'")).containsExactly("b");
    }

    @Test
    void filesOfSeveralPartitioningsAreReadTogether() throws IOException {
        Table table = table(PartitionSpec.builderFor(SCHEMA).identity("kind").build());
        ForeignIceberg.append(table, List.of(row(SCHEMA, 1L, "a", day(1))));
        table.updateSpec().removeField("kind").addField("day").commit();
        ForeignIceberg.append(table, List.of(row(SCHEMA, 2L, "b", day(2))));

        assertThat(rows(table)).containsExactly("1|a|2024-01-01", "2|b|2024-01-02");
        assertThat(rows(table, "select id from theirs.t where day = date '2024-01-02'"))
                .containsExactly("2");
    }

    @Test
    void filesWithoutIdsAreReadByTheNamesOfTheTable() throws IOException {
        Schema nested =
                new Schema(
                        NestedField.required(1, "id", Types.LongType.get()),
                        NestedField.optional(
                                2,
                                "place",
                                Types.StructType.of(
                                        NestedField.optional(3, "town", Types.StringType.get()),
                                        NestedField.optional(4, "zip", Types.IntegerType.get()))),
                        NestedField.optional(
                                5,
                                "tags",
                                Types.ListType.ofOptional(
                                        6,
                                        Types.StructType.of(
                                                NestedField.optional(
                                                        7, "k", Types.StringType.get())))));
        Path file = folder.resolve("plain.parquet");
        try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            session.execute(
                    "copy (select 1::bigint as id, {'town': 'Ys', 'zip': 5} as place, [{'k': 'x'}, {'k': null}] as tags union all select 2, null, null) to '%s' (format parquet)"
                            .formatted(file));
        }
        Table table = theirs.create("t", nested, NONE, Map.of("format-version", "1"));
        table.updateProperties()
                .set(
                        TableProperties.DEFAULT_NAME_MAPPING,
                        NameMappingParser.toJson(MappingUtil.create(table.schema())))
                .commit();
        table.newAppend()
                .appendFile(
                        DataFiles.builder(NONE)
                                .withPath(file.toString())
                                .withFormat("parquet")
                                .withFileSizeInBytes(Files.size(file))
                                .withRecordCount(2)
                                .build())
                .commit();
        table.updateSchema()
                .renameColumn("place.town", "city")
                .renameColumn("id", "number")
                .addColumn("place", "land", Types.StringType.get())
                .renameColumn("tags.element.k", "key")
                .commit();

        assertThat(rows(table))
                .containsExactly(
                        "1|{city=Ys, zip=5, land=null}|[{key=x}, {key=null}]", "2|null|null");
        assertThat(rows(table, "select place.city from theirs.t where number = 1"))
                .containsExactly("Ys");
    }

    @Test
    void whatTheNameMappingLeavesOutIsNull() throws IOException {
        Path file = folder.resolve("plain.parquet");
        try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            session.execute(
                    "copy (select 1::bigint as id, 'a' as kind) to '%s' (format parquet)"
                            .formatted(file));
        }
        Table table = table(NONE);
        table.updateProperties()
                .set(
                        TableProperties.DEFAULT_NAME_MAPPING,
                        "[{\"field-id\": 1, \"names\": [\"id\"]}]")
                .commit();
        table.newAppend()
                .appendFile(
                        DataFiles.builder(NONE)
                                .withPath(file.toString())
                                .withFormat("parquet")
                                .withFileSizeInBytes(1)
                                .withRecordCount(1)
                                .build())
                .commit();

        assertThat(rows(table)).containsExactly("1|null|null");
    }

    @Test
    void aTableWhoseFolderWasMovedIsAttachedWhereItIs() throws IOException {
        Table table = table(NONE);
        ForeignIceberg.append(
                table, List.of(row(SCHEMA, 1L, "a", day(1)), row(SCHEMA, 2L, "b", day(1))));
        Path moved = folder.resolve("elsewhere");
        Files.move(Path.of(table.location()), moved);
        AttachedFormat attached = tables.attached();

        String version = attached.newest(moved.toString());

        assertThat(attached.scan(moved.toString(), version, Optional.empty(), List.of()).files())
                .singleElement()
                .satisfies(f -> assertThat(f.path()).startsWith(moved).exists());
    }

    @Test
    void theHintOfAFolderIsFollowedWhereVersionsAreTimes() throws IOException {
        Table table = table(NONE);
        ForeignIceberg.append(table, List.of(row(SCHEMA, 1L, "a", day(1))));
        Path newest = Path.of(ForeignIceberg.pointer(table));
        Path metadata = Path.of(table.location()).resolve("metadata");
        Files.copy(newest, metadata.resolve("v1749025517123.metadata.json"));
        Files.writeString(metadata.resolve("v0.metadata.json"), "{}");
        Files.writeString(metadata.resolve("version-hint.text"), "1749025517123");

        assertThat(tables.attached().newest(table.location()))
                .isEqualTo("v1749025517123.metadata.json");
    }

    @Test
    void partitionsByBytesOfFixedLengthAreRefused() {
        Schema schema = new Schema(NestedField.required(1, "part", Types.FixedType.ofLength(11)));
        Table table =
                theirs.create(
                        "fixed",
                        schema,
                        PartitionSpec.builderFor(schema).identity("part").build(),
                        Map.of());

        assertThatThrownBy(() -> tables.state(new TablePointer(ForeignIceberg.pointer(table))))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "The partition 'part' has values of the type fixed[11], which Tarn does not read in partitions. Partition the table by another column in the engine that owns it. [UNSUPPORTED]");
    }

    @Test
    void compressedMetadataIsRead() throws IOException {
        Table table = table(NONE, Map.of("write.metadata.compression-codec", "gzip"));
        ForeignIceberg.append(table, List.of(row(SCHEMA, 1L, "a", day(1))));

        assertThat(ForeignIceberg.pointer(table)).contains(".gz.");
        assertThat(rows(table)).containsExactly("1|a|2024-01-01");
    }

    @Test
    void damagedMetadataIsNamedWithTheLastGoodVersion() throws IOException {
        Table table = table(NONE);
        String good = ForeignIceberg.pointer(table);
        ForeignIceberg.append(table, List.of(row(SCHEMA, 1L, "a", day(1))));
        String damaged = ForeignIceberg.pointer(table);
        Files.writeString(Path.of(damaged), "{\"format-version\": 2, ");

        assertThatThrownBy(() -> tables.state(new TablePointer(damaged)))
                .isInstanceOf(TarnException.class)
                .hasMessageContaining(
                        "The file " + damaged + " is not the metadata of an Iceberg table")
                .hasMessageContaining(
                        " The last version that can be read is %s. Restore it".formatted(good));
    }

    @Test
    void aDamagedFileOfAnotherFormatIsNamed() throws IOException {
        Table table = table(NONE);
        Path file = folder.resolve("rows.avro");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(1);
        }
        table.newAppend()
                .appendFile(
                        DataFiles.builder(NONE)
                                .withPath(file.toString())
                                .withFormat("avro")
                                .withFileSizeInBytes(Files.size(file))
                                .withRecordCount(1)
                                .build())
                .commit();

        assertThatThrownBy(() -> rows(table))
                .hasMessage(
                        "rows.avro is no whole Avro file: Not an Avro data file. [FILE_CORRUPT]");
    }
}
