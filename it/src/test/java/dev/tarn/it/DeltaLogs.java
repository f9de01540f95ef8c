package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import dev.tarn.model.AsOf;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.table.TablePointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Replays the Delta logs of a warehouse and compares them with what its catalog says. */
final class DeltaLogs {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private DeltaLogs() {}

    /**
     * Every log tells of states that were published, in their order, and of no others.
     *
     * @return how many logs end with the newest state of their table
     */
    static int check(Path warehouse, Tarn tarn) throws IOException {
        int upToDate = 0;
        List<Path> logs;
        try (Stream<Path> folders = Files.walk(warehouse)) {
            logs = folders.filter(f -> f.endsWith("_delta_log")).sorted().toList();
        }
        for (Path log : logs) {
            if (isUpToDate(log, tarn)) {
                upToDate++;
            }
        }
        return upToDate;
    }

    private static boolean isUpToDate(Path log, Tarn tarn) throws IOException {
        Map<String, Long> rows = new HashMap<>();
        long publication = -1;
        String metadata = "";
        TableName table = null;
        for (int version = 0; ; version++) {
            Path file = log.resolve("%020d.json".formatted(version));
            if (!Files.exists(file)) {
                assertThat(files(log)).as("versions in a row in %s", log).isEqualTo(version);
                break;
            }
            List<String> lines = Files.readAllLines(file);
            JsonNode tags = JSON.readTree(lines.getFirst()).path("commitInfo").path("tags");
            assertThat(tags.path("tarn.publication").asLong())
                    .as("publications in their order in %s", file)
                    .isGreaterThan(publication);
            publication = tags.path("tarn.publication").asLong();
            metadata = tags.path("tarn.metadata").asText();
            table = TableName.parse(tags.path("tarn.table").asText());
            for (String line : lines) {
                JsonNode action = JSON.readTree(line);
                if (action.has("remove")) {
                    assertThat(rows.remove(action.path("remove").path("path").asText()))
                            .as("what is removed was there: %s", line)
                            .isNotNull();
                } else if (action.has("add")) {
                    JsonNode add = action.path("add");
                    long records =
                            JSON.readTree(add.path("stats").asText()).path("numRecords").asLong();
                    long deleted = add.path("deletionVector").path("cardinality").asLong();
                    rows.put(add.path("path").asText(), records - deleted);
                }
            }
        }
        if (table == null) {
            return false;
        }
        At then = new At(RefName.MAIN, new AsOf.Publication(new PublicationId(publication)));
        assertThat(rows.values().stream().mapToLong(n -> n).sum())
                .as("rows of %s as of publication %d", table, publication)
                .isEqualTo(Workshop.number(tarn, "select count(*) from " + table, then));
        return tarn.history(table, RefName.MAIN, 1).stream()
                .flatMap(v -> v.value().stream())
                .flatMap(v -> v.pointer().stream())
                .map(TablePointer::metadataLocation)
                .anyMatch(metadata::equals);
    }

    private static int files(Path log) throws IOException {
        try (Stream<Path> files = Files.list(log)) {
            return (int)
                    files.filter(f -> f.getFileName().toString().matches("\\d{20}\\.json")).count();
        }
    }
}
