package dev.tarn.iceberg.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NamesTest {
    @Test
    void levelsAreJoinedWithDots() {
        TableIdentifier identifier = TableIdentifier.of(Namespace.of("a", "b"), "t");
        assertThat(Names.table(identifier)).isEqualTo(new TableName("a.b", "t"));
        assertThat(Names.identifier(new TableName("a.b", "t"))).isEqualTo(identifier);
    }

    @Test
    void dotsWithinNamesDoNotSeparate() {
        TableIdentifier identifier = TableIdentifier.of(Namespace.of("new.db", "50%"), "ta.ble");
        TableName name = Names.table(identifier);
        assertThat(name).hasToString("new%2edb.50%25.ta%2eble");
        assertThat(TableName.parse(name.toString())).isEqualTo(name);
        assertThat(Names.identifier(name)).isEqualTo(identifier);
    }

    @Test
    void caseDoesNotDistinguish() {
        assertThat(Names.table(TableIdentifier.of("Sales", "Orders")))
                .isEqualTo(new TableName("sales", "orders"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "feature/x", "run:260101-120000-abcd", "v1.2_3-x"})
    void aRefIsOneSegmentOfAPath(String ref) {
        String segment = Names.segment(new RefName(ref));
        assertThat(segment).matches("[A-Za-z0-9._~-]+");
        assertThat(Names.ref(segment)).isEqualTo(new RefName(ref));
    }
}
