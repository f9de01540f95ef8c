package dev.tarn.mqtt;

import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.ConnectorSpec;
import dev.tarn.model.graph.ConnectorSpec.Flush;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.IngestSpec.SchemaPolicy;
import dev.tarn.spi.Connector.Request;
import dev.tarn.spi.OpenSource;
import dev.tarn.spi.OpenSource.Batch;
import dev.tarn.spi.OpenSource.Limits;
import dev.tarn.spi.RowSink;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A table with its quarantine and its position, changed at once or not at all. */
final class Landed {
    static final Limits ALL = new Limits(1_000_000, 256 << 20, Duration.ofSeconds(20), false);

    final List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    final List<String> refused = new ArrayList<>();
    final Map<String, String> positions = new TreeMap<>();

    static OpenSource open(Map<String, String> settings, Write write, Path folder) {
        ConnectorSpec spec =
                new ConnectorSpec(
                        "mqtt",
                        settings,
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ZERO,
                        write,
                        List.of(),
                        Flush.STANDARD,
                        OptionalLong.empty());
        IngestSpec ingest =
                new IngestSpec(
                                "",
                                Optional.empty(),
                                SchemaPolicy.EVOLVE,
                                Map.of(),
                                Map.of(),
                                List.of(),
                                new Place("models/sources.yml", 1, 1))
                        .withConnector(spec);
        TableName table = new TableName("raw", "t");
        return new MqttConnector()
                .open(new Request(table, ingest, settings, folder, folder, Clock.systemUTC()));
    }

    /** Lands all that is there. */
    Landed all(OpenSource source) {
        boolean more = true;
        while (more) {
            more = one(source, ALL);
        }
        return this;
    }

    /** Lands one batch, and tells the source nothing of it; false if there is none. */
    boolean one(OpenSource source, Limits limits) {
        Optional<Batch> next = source.next(Map.copyOf(positions), limits);
        if (next.isEmpty()) {
            return false;
        }
        List<String> names = next.get().columns().names();
        List<@Nullable Object> row = new ArrayList<>();
        RowSink sink =
                (RowSink)
                        Proxy.newProxyInstance(
                                RowSink.class.getClassLoader(),
                                new Class<?>[] {RowSink.class},
                                (self, method, arguments) -> {
                                    switch (method.getName()) {
                                        case "endRow" -> rows.add(named(names, row));
                                        case "dropRow" -> row.clear();
                                        case "nothing" -> row.add(null);
                                        default -> row.add(arguments[0]);
                                    }
                                    return null;
                                });
        try (Batch batch = next.get()) {
            batch.portions()
                    .getFirst()
                    .read(
                            sink,
                            (part, number, reason, raw) ->
                                    refused.add(part + ":" + number + " " + reason))
                    .positions()
                    .forEach((part, value) -> positions.put(part, value.orElseThrow()));
        }
        return true;
    }

    private static Map<String, @Nullable Object> named(
            List<String> names, List<@Nullable Object> row) {
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            Object value = row.get(i);
            named.put(
                    names.get(i),
                    value instanceof byte[] bytes
                            ? new String(bytes, StandardCharsets.UTF_8)
                            : value);
        }
        row.clear();
        return named;
    }

    List<@Nullable Object> values(String column) {
        List<@Nullable Object> values = new ArrayList<>();
        rows.forEach(row -> values.add(row.get(column)));
        return values;
    }
}
