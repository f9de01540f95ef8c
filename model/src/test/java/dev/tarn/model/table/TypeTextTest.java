package dev.tarn.model.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TypeTextTest {
    @Test
    void typesAreToldAsTheEnginePrintsThem() {
        Type moment = Type.Primitive.TIMESTAMPTZ;
        Type parts =
                new Type.Struct(
                        List.of(
                                Field.of("fname", Type.Primitive.VARCHAR),
                                Field.of("Age", new Type.Decimal(10, 2)),
                                Field.of("a b", Type.ListOf.of(moment)),
                                Field.of("user", Type.MapOf.of(Type.Primitive.VARCHAR, moment)),
                                Field.of("say \"x\"", Type.Primitive.BINARY)));
        assertThat(TypeText.of(moment)).isEqualTo("TIMESTAMP WITH TIME ZONE");
        assertThat(TypeText.of(parts))
                .isEqualTo(
                        "STRUCT(fname VARCHAR, Age DECIMAL(10,2), \"a b\" TIMESTAMP WITH TIME"
                                + " ZONE[], \"user\" MAP(VARCHAR, TIMESTAMP WITH TIME ZONE),"
                                + " \"say \"\"x\"\"\" BLOB)");
    }
}
