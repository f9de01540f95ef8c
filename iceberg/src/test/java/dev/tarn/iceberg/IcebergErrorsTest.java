package dev.tarn.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.TableName;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.RowPositions;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.SortField;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.Transform;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import dev.tarn.spi.LocalTestStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people are told, word for word. */
final class IcebergErrorsTest {
    private static final TableName NAME = TableName.parse("shop.orders");
    private static final Schema COLUMNS =
            new Schema(
                    List.of(
                            Field.of("id", Type.Primitive.BIGINT).asRequired(),
                            Field.of("name", Type.Primitive.VARCHAR),
                            Field.of("price", new Type.Decimal(9, 2)),
                            Field.of(
                                    "tags",
                                    Type.ListOf.of(
                                            new Type.Struct(
                                                    List.of(
                                                            Field.of(
                                                                    "q", Type.Primitive.DATE)))))));

    @TempDir Path folder;

    private final LocalTestStorage storage = new LocalTestStorage();
    private final DuckFiles duck = new DuckFiles();
    private IcebergTables tables;

    @BeforeEach
    void openTables() {
        tables =
                IcebergTables.open(
                        new IcebergConfig(
                                folder.resolve("wh").toString(),
                                storage,
                                folder.resolve("staging"),
                                Clock.systemUTC()));
    }

    @AfterEach
    void closeDuck() {
        duck.close();
    }

    private TablePointer table(String... properties) {
        return tables.create(
                NAME, new TableDefinition(COLUMNS, List.of(), List.of(), propertyMap(properties)));
    }

    private static Map<String, String> propertyMap(String... properties) {
        return properties.length == 0 ? Map.of() : Map.of(properties[0], properties[1]);
    }

    private static void refused(String message, ThrowingCallable work) {
        assertThatThrownBy(work).hasMessage(message);
    }

    private void refusedChange(String message, SchemaChange... changes) {
        TablePointer pointer = table();
        refused(message, () -> tables.evolve(pointer, List.of(changes)));
    }

    @Test
    void formatsThatThereAreNotAreRefused() {
        refused(
                "The table property 'tarn.formats' is 'iceberg, parquet', but it must be 'iceberg', 'delta' or 'iceberg, delta'. [CONFIG_INVALID]",
                () -> table("tarn.formats", "iceberg, parquet"));
    }

    @Test
    void schemaChangesAreRefusedWithTheirReasons() {
        refusedChange(
                "Cannot drop column 'nam': there is no column 'nam'. Did you mean 'name'? [SCHEMA_CHANGE_REFUSED]",
                new SchemaChange.Drop("nam"));
        refusedChange(
                "Cannot change column 'id' to INTEGER: not every BIGINT fits. Possible are INTEGER to BIGINT, FLOAT to DOUBLE, and a DECIMAL with more digits before the point. [SCHEMA_CHANGE_REFUSED]",
                new SchemaChange.Widen("id", Type.Primitive.INTEGER));
        refusedChange(
                "Cannot change column 'price' to DECIMAL(18,3): not every DECIMAL(9,2) fits. Possible are INTEGER to BIGINT, FLOAT to DOUBLE, and a DECIMAL with more digits before the point. [SCHEMA_CHANGE_REFUSED]",
                new SchemaChange.Widen("price", new Type.Decimal(18, 3)));
        refusedChange(
                "Cannot add column 'NAME': there is a column 'name' already. [SCHEMA_CHANGE_REFUSED]",
                new SchemaChange.Add("NAME", Type.Primitive.DATE, Optional.empty()));
        refusedChange(
                "Cannot rename column 'id' to 'Price': there is a column 'price' already. [SCHEMA_CHANGE_REFUSED]",
                new SchemaChange.Rename("id", "Price"));
        refusedChange(
                "Cannot add column 'name.first': 'name' is VARCHAR and has no parts. [SCHEMA_CHANGE_REFUSED]",
                new SchemaChange.Add("name.first", Type.Primitive.DATE, Optional.empty()));
        refusedChange(
                "Cannot add column 'adress.zip': there is no column 'adress'. [SCHEMA_CHANGE_REFUSED]",
                new SchemaChange.Add("adress.zip", Type.Primitive.DATE, Optional.empty()));
        refusedChange(
                "Cannot rename column 'tags.element' to 'x': elements of lists, keys and values of maps have no other name. [SCHEMA_CHANGE_REFUSED]",
                new SchemaChange.Rename("tags.element", "x"));
        refusedChange(
                "Column 'n' cannot have the default 'x': it is no INTEGER. [SCHEMA_CHANGE_REFUSED]",
                new SchemaChange.Add("n", Type.Primitive.INTEGER, Optional.of("'x'")));
    }

    @Test
    void allRefusedStepsAreToldTogether() {
        refusedChange(
                """
                Cannot drop column 'nam': there is no column 'nam'. Did you mean 'name'? [SCHEMA_CHANGE_REFUSED]
                Cannot describe column 'ids': there is no column 'ids'. Did you mean 'id'? [SCHEMA_CHANGE_REFUSED]\
                """,
                new SchemaChange.Drop("nam"),
                new SchemaChange.MakeOptional("id"),
                new SchemaChange.Describe("ids", "the key"));
    }

    @Test
    void columnsThatDecideTheLayoutAreNotDropped() {
        TablePointer pointer =
                tables.create(
                        NAME,
                        new TableDefinition(
                                COLUMNS,
                                List.of(PartitionField.of("name", new Transform.Truncate(1))),
                                List.of(SortField.ascending("price")),
                                Map.of()));

        refused(
                "Cannot drop column 'name': the table is partitioned by it. Change the partitioning first. [SCHEMA_CHANGE_REFUSED]",
                () -> tables.evolve(pointer, List.of(new SchemaChange.Drop("name"))));
        refused(
                "Cannot drop column 'price': the table is sorted by it. Change the sort order first. [SCHEMA_CHANGE_REFUSED]",
                () -> tables.evolve(pointer, List.of(new SchemaChange.Drop("price"))));
    }

    @Test
    void aColumnMayGoOnceItNoLongerDecidesTheLayout() {
        TableDefinition partitioned =
                new TableDefinition(
                        COLUMNS,
                        List.of(PartitionField.of("name", new Transform.Identity())),
                        List.of(),
                        Map.of());
        TablePointer one = tables.create(NAME, partitioned);
        TablePointer two =
                tables.append(
                        one,
                        duck.write(
                                tables.target(one), "select 1 id, 'a' as name, 2 price, null tags"),
                        Map.of());

        TablePointer three =
                tables.evolve(
                        tables.redefine(two, TableDefinition.of(COLUMNS)),
                        List.of(new SchemaChange.Drop("name")));

        assertThat(duck.read(tables.scan(three, Optional.empty(), List.of())))
                .containsExactly("1|2.00|null");
        assertThat(JavaReader.rows(JavaReader.table(storage, three)))
                .containsExactly("1|2.00|null");
        assertThat(tables.files(three)).hasSize(4);
    }

    @Test
    void whatNeedsFormatVersion3IsRefusedInVersion2() {
        TablePointer two = table("format-version", "2");

        refused(
                "Cannot add column 'v': Column 'v' cannot be VARIANT in a table of format version 2. Set the table property 'format-version' to 3. [SCHEMA_CHANGE_REFUSED]",
                () ->
                        tables.evolve(
                                two,
                                List.of(
                                        new SchemaChange.Add(
                                                "v", Type.Primitive.VARIANT, Optional.empty()))));
        refused(
                "Column 'n' cannot have a default in a table of format version 2. Leave the default out, or set the table property 'format-version' to 3. [SCHEMA_CHANGE_REFUSED]",
                () ->
                        tables.evolve(
                                two,
                                List.of(
                                        new SchemaChange.Add(
                                                "n", Type.Primitive.INTEGER, Optional.of("1")))));
        refused(
                "Single rows of table %s cannot be deleted or replaced: it has format version 2. Set the table property 'format-version' to 3, or overwrite whole partitions or the whole table. [UNSUPPORTED]"
                        .formatted(tables.state(two).location()),
                () ->
                        tables.replaceRows(
                                two,
                                List.of(new RowPositions("x", new long[] {0})),
                                List.of(),
                                Map.of()));
        refused(
                "The table property 'format-version' is '1', but only 2 and 3 can be written. [UNSUPPORTED]",
                () -> table("format-version", "1"));
        TablePointer three = table();
        refused(
                "Table %s has format version 3 and cannot go back to 2. Make a new table. [UNSUPPORTED]"
                        .formatted(tables.state(three).location()),
                () ->
                        tables.redefine(
                                three,
                                new TableDefinition(
                                        COLUMNS,
                                        List.of(),
                                        List.of(),
                                        Map.of("format-version", "2"))));
    }

    @Test
    void aTableOfVersion2IsUpgraded() {
        TablePointer two = table("format-version", "2");

        TablePointer three =
                tables.redefine(
                        two,
                        new TableDefinition(
                                COLUMNS, List.of(), List.of(), Map.of("format-version", "3")));

        assertThat(tables.state(three).formatVersion()).isEqualTo(3);
    }

    @Test
    void definitionsThatCannotBeAreRefused() {
        refused(
                "Column 'A' is there twice; upper and lower case do not distinguish names. Rename one of them. [DUPLICATE_NAME]",
                () ->
                        tables.create(
                                NAME,
                                TableDefinition.of(
                                        new Schema(
                                                List.of(
                                                        Field.of("a", Type.Primitive.DATE),
                                                        Field.of("A", Type.Primitive.DATE))))));
        refused(
                "The partitioning names column 'nam', which the table does not have. Did you mean 'name'? [COLUMN_NOT_FOUND]",
                () ->
                        tables.create(
                                NAME,
                                new TableDefinition(
                                        COLUMNS,
                                        List.of(PartitionField.of("nam", new Transform.Identity())),
                                        List.of(),
                                        Map.of())));
        refused(
                "Rows cannot be partitioned by truncate(3, day), a column of type DATE: Invalid source type date for transform: truncate[3]. [UNSUPPORTED]",
                () ->
                        tables.create(
                                NAME,
                                new TableDefinition(
                                        new Schema(List.of(Field.of("day", Type.Primitive.DATE))),
                                        List.of(
                                                PartitionField.of(
                                                        "day", new Transform.Truncate(3))),
                                        List.of(),
                                        Map.of())));
        refused(
                "The table property 'write.target-file-size-bytes' is '1 GB', but it must be a positive whole number. [CONFIG_INVALID]",
                () -> table("write.target-file-size-bytes", "1 GB"));
    }

    @Test
    void filesThatDoNotFitAreRefusedBeforeAnythingIsMoved() throws IOException {
        TablePointer pointer = table();
        WriteTarget target = tables.target(pointer);
        WrittenFile good =
                duck.write(target, "select 1 id, 'a' as name, 2 price, null tags").getFirst();
        WriteTarget other =
                new WriteTarget(
                        new Schema(
                                List.of(
                                        new Field(
                                                1,
                                                "id",
                                                Type.Primitive.VARCHAR,
                                                false,
                                                Optional.empty(),
                                                Optional.empty()))),
                        List.of(),
                        List.of(),
                        target.directory(),
                        1);
        WrittenFile bad = duck.write(other, "select 'x' id").getFirst();

        refused(
                "Column 'id' of the new file %s is VARCHAR where the table has BIGINT. Cast it before writing. [TYPE_MISMATCH]"
                        .formatted(bad.path()),
                () -> tables.append(pointer, List.of(good, bad), Map.of()));

        assertThat(good.path()).exists();
        Files.writeString(bad.path(), "not parquet at all");
        refused(
                "The new file %s is not a whole Parquet file: it does not end as one. Nothing was added; run again. [FILE_CORRUPT]"
                        .formatted(bad.path()),
                () -> tables.append(pointer, List.of(bad), Map.of()));
        WrittenFile nulls =
                duck.write(target, "select null id, 'a' as name, 2 price, null tags").getFirst();
        refused(
                "Column 'id' of table %s is required, but 1 of the new rows have no value for it. Fill it, or make the column optional. [DATA_INVALID]"
                        .formatted(tables.state(pointer).location()),
                () -> tables.append(pointer, List.of(nulls), Map.of()));
    }

    @Test
    void missingAndBrokenFilesAreNamed() throws IOException {
        TablePointer gone = new TablePointer(folder + "/gone.metadata.json");
        refused(
                "The table's metadata file %s is gone. Restore it from a backup, read the table at an older publication, or make it anew: `tarn build --full` for a model, `tarn ingest --full` for a source. [FILE_MISSING]"
                        .formatted(gone.metadataLocation()),
                () -> tables.state(gone));

        TablePointer one = table();
        TablePointer two =
                tables.append(
                        one,
                        duck.write(
                                tables.target(one), "select 1 id, 'a' as name, 2 price, null tags"),
                        Map.of());
        TableScan.DataFile file = tables.scan(two, Optional.empty(), List.of()).files().getFirst();
        long bytes = file.bytes();
        Files.write(file.path(), new byte[7]);
        refused(
                "The data file %s has 7 bytes where the table says %d. Restore it from a backup, read the table at an older publication, or make it anew: `tarn build --full` for a model, `tarn ingest --full` for a source. [FILE_CORRUPT]"
                        .formatted(file.location(), bytes),
                () -> tables.scan(two, Optional.empty(), List.of()));
        Files.delete(file.path());
        refused(
                "The data file %s is gone. Restore it from a backup, read the table at an older publication, or make it anew: `tarn build --full` for a model, `tarn ingest --full` for a source. [FILE_MISSING]"
                        .formatted(file.location()),
                () -> tables.scan(two, Optional.empty(), List.of()));
        refused(
                "Table %s has no snapshot 5; it may have expired. List the snapshots it has with 'tarn show'. [TABLE_NOT_FOUND]"
                        .formatted(tables.state(two).location()),
                () -> tables.scan(two, Optional.of(5L), List.of()));
        refused(
                "Rows of the file x.parquet cannot be deleted: the file is no part of this state of table %s. Run again to find the rows anew. [COMMIT_CONFLICT]"
                        .formatted(tables.state(two).location()),
                () ->
                        tables.replaceRows(
                                two,
                                List.of(new RowPositions("x.parquet", new long[] {0})),
                                List.of(),
                                Map.of()));
    }
}
