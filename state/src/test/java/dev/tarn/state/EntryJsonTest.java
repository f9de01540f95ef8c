package dev.tarn.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.catalog.Entry;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The texts that are in people's catalogs already: they must stay readable. */
final class EntryJsonTest {
    private static void assertText(Entry entry, String text) {
        assertThat(EntryJson.write(entry)).isEqualTo(text);
        assertThat(EntryJson.read("x", text)).isEqualTo(entry);
    }

    @Test
    void aTableIsItsPointerAndAttributesInOrder() {
        assertText(
                new Entry.Table(new TablePointer("/w/m.json"), Map.of("b", "2", "a", "1")),
                "{\"table\":{\"metadata\":\"/w/m.json\",\"attributes\":{\"a\":\"1\",\"b\":\"2\"}}}");
    }

    @Test
    void aViewIsItsQueryAndColumns() {
        Type type =
                Type.ListOf.of(new Type.Struct(List.of(Field.of("d", new Type.Decimal(10, 2)))));
        assertText(
                new Entry.View("select 1", new Schema(List.of(Field.of("c", type))), Map.of()),
                "{\"view\":{\"sql\":\"select 1\",\"columns\":[{\"id\":0,\"name\":\"c\",\"type\":"
                        + "{\"list\":[{\"id\":0,\"name\":\"element\",\"type\":{\"struct\":[{\"id\":0,"
                        + "\"name\":\"d\",\"type\":{\"precision\":10,\"scale\":2},\"required\":false}"
                        + "]},\"required\":false}]},\"required\":false}],\"attributes\":{}}}");
    }

    @Test
    void aPositionIsItsText() {
        assertText(new Entry.Position("{\"x\":1}"), "{\"position\":\"{\\\"x\\\":1}\"}");
    }

    @Test
    void aNamespaceIsItsProperties() {
        assertText(
                new Entry.Namespace(Map.of("owner", "ann")),
                "{\"namespace\":{\"attributes\":{\"owner\":\"ann\"}}}");
    }

    @Test
    void membersOfLaterProgramsAreIgnored() {
        assertThat(EntryJson.read("x", "{\"position\":\"1\",\"later\":[1,null,{\"a\":true}]}"))
                .isEqualTo(new Entry.Position("1"));
    }
}
