package dev.tarn.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.SortField;
import dev.tarn.model.table.Transform;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PartitionTest extends Fixture {
    /** The values that the specification of Iceberg lists. */
    @Test
    void hashesAsTheSpecificationSays() {
        assertThat(Murmur3.ofLong(34)).isEqualTo(2017239379);
        assertThat(Murmur3.ofDecimal(new BigDecimal("14.20"))).isEqualTo(-500754589);
        assertThat(Murmur3.ofLong(17486)).isEqualTo(-653330422);
        assertThat(Murmur3.ofLong(81_068_000_000L)).isEqualTo(-662762989);
        assertThat(Murmur3.ofLong(1_510_871_468_000_000L)).isEqualTo(-2047944441);
        assertThat(Murmur3.ofText("iceberg")).isEqualTo(1210000089);
        assertThat(Murmur3.ofBytes(new byte[] {0, 1, 2, 3})).isEqualTo(-188683207);
        assertThat(Murmur3.ofText("")).isZero();
        assertThat(Murmur3.ofText("ab")).isEqualTo(-1681926305);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "INTEGER; 34; 79", // 2017239379 & Integer.MAX_VALUE, modulo 100
                "BIGINT; 34; 79",
                "DECIMAL(9,2); 14.20; 59",
                "DATE; DATE '2017-11-16'; 26",
                "TIME; TIME '22:31:08'; 59",
                "TIMESTAMP; TIMESTAMP '2017-11-16 22:31:08'; 7",
                "TIMESTAMPTZ; TIMESTAMPTZ '2017-11-16 14:31:08-08'; 7",
                "TIMESTAMP_NS; TIMESTAMP_NS '2017-11-16 22:31:08.000000999'; 7",
                "VARCHAR; 'iceberg'; 89",
                "UUID; 'f79c3e09-677c-4bbd-a479-3f349cb785e7'; 40",
                "BLOB; '\\x00\\x01\\x02\\x03'; 41"
            })
    void putsValuesIntoBuckets(String type, String literal, String bucket) {
        assertThat(partition(type, literal, new Transform.Bucket(100))).isEqualTo(bucket);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "INTEGER; 10; 1; 0",
                "INTEGER; 10; -1; -10",
                "BIGINT; 10; -10; -10",
                "DECIMAL(9,2); 50; 10.65; 10.50",
                "DECIMAL(9,2); 50; -0.05; -0.50",
                "VARCHAR; 3; 'aé😀b'; aé😀",
                "VARCHAR; 3; 'a'; a",
                "BLOB; 2; 'abcd'; ab"
            })
    void truncatesValues(String type, int width, String literal, String expected) {
        assertThat(partition(type, literal, new Transform.Truncate(width))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "DATE; DATE '2017-12-01'; 47; 575; 17501",
                "DATE; DATE '1969-12-31'; -1; -1; -1",
                "DATE; DATE '1969-01-01'; -1; -12; -365",
                "TIMESTAMP; TIMESTAMP '2017-12-01 10:12:55.038194'; 47; 575; 17501",
                "TIMESTAMP; TIMESTAMP '1969-12-31 23:59:59.999999'; -1; -1; -1",
                "TIMESTAMPTZ; TIMESTAMPTZ '1970-01-01 01:00:00+02'; -1; -1; -1",
                "TIMESTAMP_NS; TIMESTAMP_NS '1969-12-31 23:59:59.999999999'; -1; -1; -1"
            })
    void countsPeriodsSince1970(
            String type, String literal, String year, String month, String day) {
        assertThat(partition(type, literal, new Transform.Year())).isEqualTo(year);
        assertThat(partition(type, literal, new Transform.Month())).isEqualTo(month);
        assertThat(partition(type, literal, new Transform.Day())).isEqualTo(day);
    }

    @Test
    void countsHoursSince1970() {
        assertThat(
                        partition(
                                "TIMESTAMP",
                                "TIMESTAMP '2017-12-01 10:12:55.038194'",
                                new Transform.Hour()))
                .isEqualTo("420034");
        assertThat(partition("TIMESTAMP", "TIMESTAMP '1969-12-31 23:30:00'", new Transform.Hour()))
                .isEqualTo("-1");
    }

    @Test
    void keepsIdentityValuesAsTheyPrint() {
        assertThat(partition("VARCHAR", "'a/b=c %'", new Transform.Identity()))
                .isEqualTo("a/b=c %");
        assertThat(partition("DATE", "DATE '2024-02-29'", new Transform.Identity()))
                .isEqualTo("2024-02-29");
        assertThat(partition("BOOLEAN", "true", new Transform.Identity())).isEqualTo("true");
        assertThat(partition("VARCHAR", "NULL", new Transform.Identity())).isNull();
        assertThat(partition("BIGINT", "NULL", new Transform.Bucket(4))).isNull();
        assertThat(partition("TIMESTAMPTZ", "NULL", new Transform.Day())).isNull();
        assertThat(partition("BIGINT", "1", new Transform.AlwaysNull())).isNull();
        assertThat(partition("UUID", "'" + new UUID(1, 2) + "'", new Transform.Identity()))
                .isEqualTo(new UUID(1, 2).toString());
    }

    @Test
    void refusesATransformThatATypeDoesNotHave() {
        assertThatThrownBy(() -> partition("DOUBLE", "1.5", new Transform.Bucket(4)))
                .hasMessage(
                        "Column 'v' of type DOUBLE cannot be partitioned by bucket. [UNSUPPORTED]");
    }

    @Test
    void partitionsByPartOfAStruct() {
        Type inner = new Type.Struct(List.of(field(3, "b", Primitive.INTEGER)));
        Type type = new Type.Struct(List.of(field(2, "a", inner)));
        Schema schema = schema(field(1, "s", type));
        List<WrittenFile> files =
                session.write(
                        sql("select {'a': {'b': i}} as s from range(3) t(i)"),
                        target(schema, PartitionField.of("s.a.b", new Transform.Identity())));
        assertThat(files.stream().map(f -> f.partitionValues().getFirst()))
                .containsExactlyInAnyOrder("0", "1", "2");
    }

    @Test
    void writesManyPartitionsWithoutTinyFiles() {
        Schema schema = schema(field(1, "id", Primitive.BIGINT), field(2, "p", Primitive.INTEGER));
        List<WrittenFile> files =
                session.write(
                        sql("select i as id, i % 250 as p from range(200000) t(i)"),
                        target(schema, PartitionField.of("p", new Transform.Identity())));
        assertThat(files).hasSize(250);
        assertThat(files).allSatisfy(f -> assertThat(f.rows()).isEqualTo(800));
    }

    @Test
    void sortsWhatItWrites() {
        Schema schema = schema(field(1, "id", Primitive.BIGINT));
        WriteTarget plain = target(schema);
        WriteTarget sorted =
                new WriteTarget(
                        schema,
                        List.of(),
                        List.of(new SortField("id", new Transform.Identity(), true, true)),
                        plain.directory(),
                        plain.targetFileBytes());
        session.write(sql("select unnest([2, null, 3, 1]) as id"), sorted);
        assertThat(rows("from read_parquet('" + sorted.directory() + "/*.parquet')"))
                .containsExactly(row((Object) null), row(3L), row(2L), row(1L));
    }

    @Test
    void splitsLargeResultsIntoFilesNearTheTarget() {
        Schema schema = schema(field(1, "h", new Type.Decimal(20, 0)));
        WriteTarget plain = target(schema);
        WriteTarget small =
                new WriteTarget(schema, List.of(), List.of(), plain.directory(), 2L << 20);
        List<WrittenFile> files =
                session.write(sql("select hash(i) as h from range(1500000) t(i)"), small);
        assertThat(files.stream().mapToLong(WrittenFile::rows).sum()).isEqualTo(1_500_000);
        assertThat(files).hasSizeGreaterThan(3);
        assertThat(files).allSatisfy(f -> assertThat(f.bytes()).isLessThan(6L << 20));
    }

    private @Nullable String partition(String type, String literal, Transform transform) {
        Schema schema = schema(field(1, "v", TypeParser.parse(duck(type)).orElseThrow()));
        List<WrittenFile> files =
                session.write(
                        sql("select CAST(" + literal + " AS " + type + ") as v"),
                        target(schema, PartitionField.of("v", transform)));
        return files.getFirst().partitionValues().getFirst();
    }

    private static String duck(String type) {
        return type.equals("TIMESTAMPTZ") ? "TIMESTAMP WITH TIME ZONE" : type;
    }

    @Test
    void hashesTextByItsBytes() {
        String text = "Zürich 😀";
        assertThat(Murmur3.ofText(text))
                .isEqualTo(Murmur3.ofBytes(text.getBytes(StandardCharsets.UTF_8)));
    }
}
