package dev.tarn.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Decimal;
import dev.tarn.model.table.Type.Primitive;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SchemaDiffTest {
    private static final Schema OLD =
            new Schema(
                    List.of(
                            Field.of("id", Primitive.INTEGER),
                            Field.of("name", Primitive.VARCHAR),
                            Field.of("price", new Decimal(10, 2))));

    private static Schema schema(Field... fields) {
        return new Schema(List.of(fields));
    }

    @Test
    void growingAddsAndWidensButDropsNothing() {
        Schema now =
                schema(
                        Field.of("id", Primitive.BIGINT),
                        Field.of("price", new Decimal(12, 2)),
                        Field.of("city", Primitive.VARCHAR));

        assertThat(SchemaDiff.growing(OLD, now))
                .containsExactly(
                        new SchemaChange.Widen("id", Primitive.BIGINT),
                        new SchemaChange.Widen("price", new Decimal(12, 2)),
                        new SchemaChange.Add("city", Primitive.VARCHAR, Optional.empty()));
        assertThat(SchemaDiff.drops(OLD, now)).containsExactly(new SchemaChange.Drop("name"));
    }

    @Test
    void aTableNeverLosesItsLastColumnOnTheWay() {
        Schema now = schema(Field.of("id", Primitive.VARCHAR));

        assertThat(SchemaDiff.replacing(schema(Field.of("id", Primitive.INTEGER)), now))
                .containsExactly(
                        new SchemaChange.Rename("id", "id__old"),
                        new SchemaChange.Add("id", Primitive.VARCHAR, Optional.empty()),
                        new SchemaChange.Drop("id__old"),
                        new SchemaChange.Move("id", Optional.empty()));
    }

    @Test
    void aColumnOnItsWayOutTakesNobodysName() {
        Schema from =
                schema(Field.of("a", Primitive.INTEGER), Field.of("a__old", Primitive.INTEGER));
        Schema to = schema(Field.of("a", Primitive.DATE), Field.of("a__old", Primitive.INTEGER));

        assertThat(SchemaDiff.replacing(from, to))
                .contains(new SchemaChange.Rename("a", "a__old_"));
    }

    @Test
    void whatIsTheSameNeedsOnlyItsPlace() {
        assertThat(SchemaDiff.replacing(OLD, OLD)).allMatch(SchemaChange.Move.class::isInstance);
        assertThat(SchemaDiff.growing(OLD, OLD)).isEmpty();
    }

    @Test
    void onlyWideningsLoseNothing() {
        assertThat(SchemaDiff.becomes(Primitive.INTEGER, Primitive.BIGINT)).isTrue();
        assertThat(SchemaDiff.becomes(Primitive.BIGINT, Primitive.INTEGER)).isFalse();
        assertThat(SchemaDiff.becomes(Primitive.FLOAT, Primitive.DOUBLE)).isTrue();
        assertThat(SchemaDiff.becomes(new Decimal(10, 2), new Decimal(12, 3))).isFalse();
        assertThat(SchemaDiff.becomes(Primitive.VARCHAR, Primitive.DATE)).isFalse();
        Type list = new Type.ListOf(Field.of("element", Primitive.INTEGER));
        assertThat(SchemaDiff.becomes(list, list)).isTrue();
    }
}
