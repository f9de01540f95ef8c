package dev.tarn.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

final class KeptMetadataTest {
    private static final Schema COLUMNS =
            new Schema(Types.NestedField.optional(1, "id", Types.LongType.get()));

    /** A table with so many snapshots, as its file would tell. */
    private static TableMetadata table(int snapshots) {
        TableMetadata empty =
                TableMetadata.newTableMetadata(
                        COLUMNS, PartitionSpec.unpartitioned(), "/table", Map.of());
        StringBuilder list = new StringBuilder();
        for (int i = 1; i <= snapshots; i++) {
            list.append(i > 1 ? "," : "")
                    .append(
                            "{\"sequence-number\":%d,\"snapshot-id\":%d,\"timestamp-ms\":1,\"summary\":{\"operation\":\"append\"},\"manifest-list\":\"/table/%d.avro\"}"
                                    .formatted(i, i, i));
        }
        return TableMetadataParser.fromJson(
                "/table/metadata",
                TableMetadataParser.toJson(empty)
                        .replaceFirst(
                                "\"last-sequence-number\":0",
                                "\"last-sequence-number\":" + snapshots)
                        .replaceFirst("\"snapshots\":\\[\\]", "\"snapshots\":[" + list + "]"));
    }

    @Test
    void whatWasNotUsedForTheLongestTimeIsLetGo() {
        KeptMetadata kept = new KeptMetadata(2, 100);
        kept.keep("a", table(1));
        kept.keep("b", table(1));
        assertThat(kept.find("a")).isPresent();

        kept.keep("c", table(1));

        assertThat(kept.find("a")).isPresent();
        assertThat(kept.find("b")).isEmpty();
        assertThat(kept.size()).isEqualTo(2);
    }

    @Test
    void statesOfATableWithManySnapshotsAreFewer() {
        KeptMetadata kept = new KeptMetadata(256, 100);
        for (int i = 1; i <= 60; i++) {
            kept.keep("state " + i, table(i));
        }

        assertThat(kept.size()).isEqualTo(1);
        assertThat(kept.find("state 60")).isPresent();
        kept.keep("small", table(30));
        assertThat(kept.size()).isEqualTo(2);
    }

    @Test
    void theNewestIsKeptHoweverLargeItIs() {
        KeptMetadata kept = new KeptMetadata(256, 10);
        kept.keep("small", table(3));

        kept.keep("large", table(50));
        assertThat(kept.find("large")).isPresent();
        assertThat(kept.size()).isEqualTo(1);

        kept.remove("large");
        kept.keep("large", table(5));
        kept.keep("small", table(5));
        assertThat(kept.size()).isEqualTo(2);
    }
}
