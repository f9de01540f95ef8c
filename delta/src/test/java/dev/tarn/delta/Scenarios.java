package dev.tarn.delta;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.Transform;
import dev.tarn.model.table.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Histories of tables that every reader of either format must see alike. */
public final class Scenarios {
    private final Lab lab;

    public Scenarios(Lab lab) {
        this.lab = lab;
    }

    public List<Lab.Line> all() {
        return List.of(
                types(),
                nested(),
                deletes(),
                partitions(),
                schemas(),
                manyVersions(),
                older(),
                pages());
    }

    /** Types that both formats have, at their limits, and nulls. */
    Lab.Line types() {
        return lab.table(
                        "lab.types",
                        Lab.columns(
                                "id", Type.Primitive.INTEGER,
                                "b", Type.Primitive.BOOLEAN,
                                "l", Type.Primitive.BIGINT,
                                "f", Type.Primitive.FLOAT,
                                "d", Type.Primitive.DOUBLE,
                                "day", Type.Primitive.DATE,
                                "ts", Type.Primitive.TIMESTAMP,
                                "tz", Type.Primitive.TIMESTAMPTZ,
                                "s", Type.Primitive.VARCHAR,
                                "x", Type.Primitive.BINARY,
                                "small", new Type.Decimal(5, 2),
                                "mid", new Type.Decimal(18, 6),
                                "big", new Type.Decimal(38, 10)))
                .append(
                        "select 1 id, true b, 9223372036854775807 l, 1.5::float f, 'nan'::double d,"
                                + " date '1582-10-15' as day,"
                                + " timestamp '1969-12-31 23:59:59.999999' ts,"
                                + " timestamptz '2024-02-29 12:00:00.000001+02' tz, 'Ünï''😀|' s,"
                                + " '\\x00\\xFF'::blob x, -999.99 small, 0.000001 mid,"
                                + " 1234567890123456789012345678.0123456789 big")
                .publish()
                .append(
                        "select 2 id, false b, -9223372036854775808 l, '-inf'::float f, -0.0::double d,"
                                + " date '9999-12-31' as day, timestamp '2999-01-01' ts,"
                                + " timestamptz '1900-01-01 00:00:00+00' tz, '' s, ''::blob x,"
                                + " 999.99 small, -1 mid, -0.0000000001 big"
                                + " union all by name select 3 id")
                .publish();
    }

    Lab.Line nested() {
        Type address =
                new Type.Struct(
                        List.of(
                                Field.of("street", Type.Primitive.VARCHAR),
                                Field.of("no", Type.Primitive.INTEGER)));
        return lab.table(
                        "lab.nested",
                        Lab.columns(
                                "id", Type.Primitive.INTEGER,
                                "home", address,
                                "tags", Type.ListOf.of(Type.Primitive.VARCHAR),
                                "rates",
                                        Type.MapOf.of(
                                                Type.Primitive.VARCHAR, Type.Primitive.DOUBLE),
                                "places", Type.ListOf.of(address)))
                .append(
                        "select 1 id, {'street': 'Elm', 'no': 5} home, ['a', null, 'b'] tags,"
                                + " map {'x': 1.5, 'y': null} rates,"
                                + " [{'street': 'Oak', 'no': 1}, {'street': null, 'no': 2}] places"
                                + " union all by name select 2 id, [] tags, map {} rates"
                                + " union all by name select 3 id, {'street': null, 'no': null} home")
                .publish()
                .evolve(
                        new SchemaChange.Add("home.city", Type.Primitive.VARCHAR, Optional.empty()),
                        new SchemaChange.Rename("home.street", "road"))
                .append("select 4 id, {'road': 'Fir', 'no': 7, 'city': 'Ulm'} home")
                .publish();
    }

    /** Rows go in several steps, from several files, until one has none left. */
    Lab.Line deletes() {
        return lab.table(
                        "lab.deletes",
                        Lab.columns("id", Type.Primitive.BIGINT, "s", Type.Primitive.VARCHAR))
                .append("select i id, 'a' || i s from range(5000) t(i)")
                .append("select i id, 'b' || i s from range(5000, 5010) t(i)")
                .publish()
                .delete("select i::bigint id from range(0, 5000, 7) t(i)")
                .publish()
                .delete("select i::bigint id from range(0, 5005, 11) t(i)")
                .append("select i id, 'c' || i s from range(6000, 6003) t(i)")
                .publish()
                .delete("select i::bigint id from range(5000, 5010) t(i)")
                .publish()
                .overwrite("select 1 id, 'all new' s")
                .publish();
    }

    Lab.Line partitions() {
        return lab.table(
                        "lab.partitions",
                        new TableDefinition(
                                Lab.columns(
                                        "id", Type.Primitive.BIGINT,
                                        "region", Type.Primitive.VARCHAR,
                                        "at", Type.Primitive.TIMESTAMP),
                                List.of(
                                        PartitionField.of("region", new Transform.Identity()),
                                        PartitionField.of("at", new Transform.Month())),
                                List.of(),
                                Map.of()))
                .append(
                        "select i id, ['us', 'eu/x y', null, ''][i % 4 + 1] region,"
                                + " timestamp '2024-01-31 23:00:00' + interval (i) day as at"
                                + " from range(40) t(i)")
                .publish()
                .redefine(d ->
                        new TableDefinition(
                                d.schema(),
                                List.of(PartitionField.of("id", new Transform.Bucket(4))),
                                List.of(),
                                d.properties()))
                .append(
                        "select 100 + i id, 'us' region, timestamp '2025-01-01' as at from range(9) t(i)")
                .delete("select 100::bigint id union all select 3")
                .publish();
    }

    /** Columns come, go, are renamed, come back as something else, and become wider. */
    Lab.Line schemas() {
        return lab.table(
                        "lab.schemas",
                        Lab.columns(
                                "id", Type.Primitive.INTEGER,
                                "f", Type.Primitive.FLOAT,
                                "price", new Type.Decimal(5, 2),
                                "note", Type.Primitive.VARCHAR))
                .append("select 1 id, 1.5 f, 9.99 price, 'one' note")
                .publish()
                .evolve(new SchemaChange.Add("day", Type.Primitive.DATE, Optional.empty()))
                .append("select 2 id, 2.5 f, 1 price, 'two' note, date '2026-01-02' as day")
                .publish()
                .evolve(new SchemaChange.Rename("note", "remark"))
                .append("select 3 id, 3.5 f, 2 price, 'three' remark")
                .publish()
                .evolve(
                        new SchemaChange.Drop("remark"),
                        new SchemaChange.Add("note", Type.Primitive.BIGINT, Optional.empty()))
                .append("select 4 id, 4.5 f, 3 price, 44 note")
                .publish()
                .evolve(
                        new SchemaChange.Widen("id", Type.Primitive.BIGINT),
                        new SchemaChange.Widen("f", Type.Primitive.DOUBLE),
                        new SchemaChange.Widen("price", new Type.Decimal(12, 2)))
                .append("select 5000000000 id, 0.1::double f, 1234567890.12 price, 5 note")
                .publish()
                .evolve(new SchemaChange.Move("note", Optional.of("id")))
                .publish();
    }

    /** More versions than a checkpoint waits for. */
    Lab.Line manyVersions() {
        Lab.Line line =
                lab.table(
                        "lab.long",
                        Lab.columns("id", Type.Primitive.BIGINT, "s", Type.Primitive.VARCHAR));
        for (int i = 0; i < 24; i++) {
            line.append(
                    "select i id, 's' || i s from range(%d, %d) t(i)"
                            .formatted(i * 10, i * 10 + 10));
            if (i % 5 == 4) {
                line.delete("select %d::bigint id".formatted(i * 10 + 3));
            }
            line.publish();
        }
        return line;
    }

    /** A table that older Iceberg readers read. */
    Lab.Line older() {
        return lab.table(
                        "lab.older",
                        new TableDefinition(
                                Lab.columns(
                                        "id", Type.Primitive.BIGINT, "s", Type.Primitive.VARCHAR),
                                List.of(),
                                List.of(),
                                Map.of("format-version", "2")))
                .append("select 1 id, 'x' s")
                .publish()
                .append("select 2 id, 'y' s")
                .publish();
    }

    /** Files of many pages, of which readers may leave some out, with deleted rows in them. */
    public Lab.Line pages() {
        return lab.table(
                        "lab.pages",
                        new TableDefinition(
                                Lab.columns(
                                        "id", Type.Primitive.BIGINT,
                                        "s", Type.Primitive.VARCHAR,
                                        "tags", Type.ListOf.of(Type.Primitive.INTEGER)),
                                List.of(),
                                List.of(),
                                Map.of("write.parquet.page-row-limit", "100")))
                .append(
                        "select i id, 's' || i % 9 s, case when i % 3 > 0 then [i::int, null] end tags"
                                + " from range(3000) t(i)")
                .publish()
                .delete("select i::bigint id from range(0, 3000, 4) t(i)")
                .publish();
    }

    /** A table that was published twice. */
    public Lab.Line twice() {
        return lab.table(
                        "lab.twice",
                        Lab.columns("id", Type.Primitive.BIGINT, "s", Type.Primitive.VARCHAR))
                .append("select i id, 's' || i s from range(3) t(i)")
                .publish()
                .append("select i id, 's' || i s from range(3, 5) t(i)")
                .delete("select 1::bigint id")
                .publish();
    }
}
