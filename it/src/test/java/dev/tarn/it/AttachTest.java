package dev.tarn.it;

import static dev.tarn.it.ForeignDelta.PLAIN;
import static dev.tarn.it.ForeignDelta.add;
import static dev.tarn.it.ForeignDelta.features;
import static dev.tarn.it.ForeignDelta.metadata;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.app.AdoptedTable;
import dev.tarn.app.At;
import dev.tarn.app.AttachedTable;
import dev.tarn.app.MaintainRequest;
import dev.tarn.app.TableListing;
import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.model.AsOf;
import dev.tarn.model.Place;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.ExternalSpec;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.table.TablePointer;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of others in a warehouse: read where they lie, pinned, taken over. */
final class AttachTest {
    private static final At NOW = new At(RefName.MAIN, AsOf.head());

    @TempDir Path folder;

    private Engine engine;
    private EngineSession session;
    private Workshop shop;
    private ForeignDelta delta;

    @BeforeEach
    void open() {
        engine = DuckDbEngine.open(DuckDbConfig.defaults(folder.resolve("spill")));
        session = engine.open(Engine.SessionOptions.TRUSTED);
        shop = new Workshop(folder.resolve("shop"));
        delta = new ForeignDelta(folder.resolve("orders"), session);
        delta.parquet("a.parquet", "select range as id, 'n' || range as name from range(5)");
        delta.commit(
                features("deletionVectors"),
                metadata(List.of("day"), "", "id long", "name string", "day date"),
                add("a.parquet", "\"day\":\"2024-01-01\"", ForeignDelta.inline(0, 1)));
    }

    @AfterEach
    void close() {
        shop.close();
        session.close();
        engine.close();
    }

    private static ExternalSpec at(Object location) {
        return new ExternalSpec(
                location.toString(), Optional.empty(), Optional.empty(), Place.of("x"));
    }

    private AttachedTable attach(String name, Object location) {
        return shop.tarn().attach(RefName.MAIN, TableName.parse(name), at(location));
    }

    private AdoptedTable adopt(String name, Object location) {
        return shop.tarn().adopt(RefName.MAIN, TableName.parse(name), at(location));
    }

    /** Every file below a folder with what is in it. */
    private static Map<String, String> contents(Path root) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(
                        root.relativize(file).toString(),
                        HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    @Test
    void modelsReadAnExternalSourceAtOneVersion() {
        shop.put(
                        "models/sources.yml",
                        """
                        version: 2
                        sources:
                          - name: lake
                            tables:
                              - name: orders
                                external: {format: delta, location: %s}
                        """
                                .formatted(delta.location()))
                .put("models/m.sql", "select count(*) as n from {{ source('lake', 'orders') }}");
        shop.build();
        assertThat(shop.rows("select n from m")).containsExactly("3");

        delta.parquet("b.parquet", "select 100::bigint as id, 'late' as name");
        delta.commit(add("b.parquet", "\"day\":null", ""));
        assertThat(shop.rows("select count(*) from lake.orders")).containsExactly("3");

        shop.build();
        assertThat(shop.rows("select n from m")).containsExactly("4");
        assertThat(shop.build().run().status()).isEqualTo(RunStatus.UNCHANGED);
        TableListing orders =
                shop.tarn().tables(NOW).stream()
                        .filter(t -> t.name().toString().equals("lake.orders"))
                        .findFirst()
                        .orElseThrow();
        assertThat(orders.kind()).isEqualTo("attached");
        assertThat(orders.rows()).isEqualTo(4);
    }

    @Test
    void anAttachedTableStaysAtItsVersionUntilItIsAttachedAgain() {
        assertThat(attach("lake.orders", delta.location()).version()).isEqualTo("0");
        delta.commit();
        assertThat(attach("lake.orders", delta.location()).version()).isEqualTo("1");
        assertThat(attach("lake.orders", delta.location()).publication()).isEmpty();
        assertThat(shop.rows("select id, name, day::varchar from lake.orders order by id"))
                .containsExactly("2|n2|2024-01-01", "3|n3|2024-01-01", "4|n4|2024-01-01");

        assertThatThrownBy(() -> attach("lake.orders", folder))
                .hasMessage(
                        "lake.orders is there already on main and is not attached from this location. Choose another name, or remove it with `tarn drop lake.orders`. [TABLE_EXISTS]");
    }

    @Test
    void foldersOfParquetAreTables() throws IOException {
        Path plain = folder.resolve("plain");
        Files.createDirectories(plain.resolve("year=2023"));
        Files.createDirectories(plain.resolve("year=2024"));
        session.execute(
                "copy (select 1 as a, 'x' as b) to '%s/year=2023/1.parquet' (format parquet)"
                        .formatted(plain));
        session.execute(
                "copy (select 2::bigint as a) to '%s/year=2024/2.parquet' (format parquet)"
                        .formatted(plain));
        attach("lake.plain", plain);
        assertThat(shop.rows("select * from lake.plain order by a"))
                .containsExactly("1|x|2023", "2|null|2024");

        Files.delete(plain.resolve("year=2024/2.parquet"));
        assertThatThrownBy(() -> shop.rows("select * from lake.plain"))
                .hasMessage(
                        "Files below %s were removed or changed since the table was attached. Attach it again: `tarn attach`, or `tarn ingest` for a source. [SOURCE_CHANGED]"
                                .formatted(plain));
    }

    @Test
    void whatCannotBeAttachedIsRefusedWithAWayOut() throws IOException {
        Path hudi = folder.resolve("hudi");
        Files.createDirectories(hudi.resolve(".hoodie"));
        Files.writeString(
                hudi.resolve(".hoodie/hoodie.properties"),
                "hoodie.table.version=6\nhoodie.table.type=MERGE_ON_READ\n");

        assertThatThrownBy(() -> attach("lake.h", hudi))
                .hasMessage(
                        "The Hudi table at %s is MERGE_ON_READ; Tarn reads COPY_ON_WRITE tables, whose files hold whole rows. Export it to Iceberg or Delta in the engine that owns it, for example with Apache XTable, and attach that. [UNSUPPORTED]"
                                .formatted(hudi));
        assertThatThrownBy(() -> attach("lake.h", folder.resolve("nothing")))
                .hasMessage(
                        "There is no Delta, Iceberg or Hudi table and no file of Parquet, CSV, JSON, Avro or ORC at %s. Check the location. [TABLE_NOT_FOUND]"
                                .formatted(folder.resolve("nothing")));
        ExternalSpec csv =
                new ExternalSpec(
                        hudi.toString(), Optional.of("csv"), Optional.empty(), Place.of("x"));
        assertThatThrownBy(() -> shop.tarn().attach(RefName.MAIN, TableName.parse("lake.c"), csv))
                .hasMessage(
                        "There are no files of the format csv below %s, by the ends of their names. Check the location, or leave the format out. [TABLE_NOT_FOUND]"
                                .formatted(hudi));
    }

    @Test
    void aDeltaTableIsAdoptedWithoutATouchOfItsFiles() throws IOException {
        delta.parquet("b.parquet", "select 7::bigint as id, 'x' as name");
        delta.commit(add("b.parquet", "\"day\":null", ""));
        Map<String, String> before = contents(folder.resolve("orders"));

        AdoptedTable adopted = adopt("lake.orders", delta.location());

        assertThat(adopted.rows()).isEqualTo(4);
        assertThat(adopted.files()).isEqualTo(2);
        assertThat(adopted.columns()).isEqualTo(3);
        assertThat(contents(folder.resolve("orders"))).isEqualTo(before);
        assertThat(shop.rows("select id, name, day::varchar from lake.orders order by id"))
                .containsExactly(
                        "2|n2|2024-01-01", "3|n3|2024-01-01", "4|n4|2024-01-01", "7|x|null");
        TablePointer pointer =
                shop.tarn()
                        .table(TableName.parse("lake.orders"), NOW)
                        .state()
                        .orElseThrow()
                        .pointer();
        assertThat(readByIceberg(pointer.metadataLocation()))
                .containsExactlyInAnyOrder(
                        "2|n2|2024-01-01", "3|n3|2024-01-01", "4|n4|2024-01-01", "7|x|null");
        shop.tarn().clean(false);
        assertThat(contents(folder.resolve("orders"))).isEqualTo(before);
    }

    /** What Iceberg's own reader finds. */
    private static List<String> readByIceberg(String metadata) throws IOException {
        Table table =
                new BaseTable(
                        new StaticTableOperations(metadata, ForeignIceberg.localIo()), "adopted");
        List<String> rows = new java.util.ArrayList<>();
        try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
            for (Record record : records) {
                rows.add(
                        record.getField("id")
                                + "|"
                                + record.getField("name")
                                + "|"
                                + record.getField("day"));
            }
        }
        return rows;
    }

    @Test
    void anAdoptedTableCanBeChanged() {
        adopt("lake.orders", delta.location());
        shop.put("models/lake.yml", "version: 2\nsources: [{name: lake, tables: [{name: orders}]}]")
                .put(
                        "models/more.sql",
                        "{{ config(post_hook=\"delete from lake.orders where id = 3\") }} select 1 as one");
        shop.build();

        assertThat(shop.rows("select id from lake.orders order by id")).containsExactly("2", "4");
    }

    @Test
    void anAttachedTableCannotBeChanged() {
        attach("lake.orders", delta.location());
        shop.put("models/lake.yml", "version: 2\nsources: [{name: lake, tables: [{name: orders}]}]")
                .put(
                        "models/more.sql",
                        "{{ config(post_hook=\"delete from lake.orders where id = 3\") }} select 1 as one");

        assertThat(Workshop.told(shop.build().problems()))
                .contains(
                        "The table is attached from %s (delta) and can only be read. Change it where it is written, or take it over with `tarn adopt`."
                                .formatted(delta.location()));
    }

    @Test
    void aFolderAndAnIcebergTableAreAdopted() throws IOException {
        Path plain = folder.resolve("plain");
        Files.createDirectories(plain.resolve("k=1"));
        session.execute(
                "copy (select 5 as a, [{'q': 1}] as l) to '%s/k=1/1.parquet' (format parquet)"
                        .formatted(plain));
        adopt("lake.plain", plain);
        assertThat(shop.rows("select a, l[1].q, k from lake.plain")).containsExactly("5|1|1");

        Schema schema =
                new Schema(
                        NestedField.required(1, "id", Types.LongType.get()),
                        NestedField.optional(2, "day", Types.DateType.get()));
        try (ForeignIceberg theirs = new ForeignIceberg(folder)) {
            Table table =
                    theirs.create(
                            "ice",
                            schema,
                            PartitionSpec.unpartitioned(),
                            Map.of("format-version", "2"));
            ForeignIceberg.append(
                    table,
                    List.of(
                            ForeignIceberg.row(schema, 1L, LocalDate.EPOCH),
                            ForeignIceberg.row(schema, 2L, null)));
            Schema key = schema.select("id");
            ForeignIceberg.deleteWhere(
                    table, table.spec(), null, key, List.of(ForeignIceberg.row(key, 1L)));
            assertThat(attach("lake.ice", table.location()).format()).isEqualTo("iceberg");
            assertThat(adopt("lake.ice", table.location()).rows()).isEqualTo(1);
        }
        assertThat(shop.rows("select id, day from lake.ice")).containsExactly("2|null");
    }

    @Test
    void whatIcebergCannotSayIsRefusedAndNothingHappens() throws IOException {
        ForeignDelta wide = new ForeignDelta(folder.resolve("wide"), session);
        wide.parquet("a.parquet", "select 1::integer as i");
        wide.commit(
                features("typeWidening"), metadata(List.of(), "", "i double"), add("a.parquet"));
        Map<String, String> before = contents(folder.resolve("wide"));

        assertThatThrownBy(() -> adopt("lake.wide", wide.location()))
                .hasMessage(
                        "Column 'i' of the data file %s is int where its table says DOUBLE, which Iceberg cannot express. Attach the table instead of adopting it, or rewrite the file in the engine that owns it. [UNSUPPORTED]"
                                .formatted(wide.location() + "/a.parquet"));
        assertThat(contents(folder.resolve("wide"))).isEqualTo(before);
        assertThat(shop.tarn().tableNames(NOW)).isEmpty();
        attach("lake.wide", wide.location());
        assertThat(shop.rows("select i from lake.wide")).containsExactly("1.0");
    }

    @Test
    void upkeepRewritesAdoptedFilesAsTheyAreAndLeavesTheOriginals() throws IOException {
        Path plain = folder.resolve("small");
        for (int i = 0; i < 12; i++) {
            Path partition = Files.createDirectories(plain.resolve("k=" + i % 2));
            session.execute(
                    "copy (select 'v%1$d' as v, %1$d as id) to '%2$s/%1$d.parquet' (format parquet)"
                            .formatted(i, partition));
        }
        adopt("lake.small", plain);
        attach("lake.orders", delta.location());
        Map<String, String> before = contents(folder.resolve("small"));
        List<String> rows = shop.rows("select id, v, k from lake.small order by id");

        shop.tarn()
                .maintain(
                        new MaintainRequest(
                                RefName.MAIN, List.of(), Duration.ofMinutes(5), 1L << 40, true),
                        done -> {},
                        () -> false);

        assertThat(shop.rows("select id, v, k from lake.small order by id")).isEqualTo(rows);
        assertThat(
                        shop.tarn()
                                .table(TableName.parse("lake.small"), NOW)
                                .state()
                                .orElseThrow()
                                .current()
                                .orElseThrow()
                                .totalFiles())
                .isLessThan(12);
        assertThat(contents(folder.resolve("small"))).isEqualTo(before);
    }

    @Test
    void aPlainDeltaTableWithoutVectorsIsAdoptedToo() {
        ForeignDelta plain = new ForeignDelta(folder.resolve("simple"), session);
        plain.parquet("a.parquet", "select 1::bigint as id");
        plain.commit(PLAIN, metadata(List.of(), "", "id long"), add("a.parquet"));

        assertThat(adopt("lake.simple", plain.location()).rows()).isEqualTo(1);
    }
}
