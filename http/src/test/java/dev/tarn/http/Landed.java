package dev.tarn.http;

import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.ConnectorSpec;
import dev.tarn.model.graph.ConnectorSpec.Flush;
import dev.tarn.model.graph.ConnectorSpec.Mode;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.IngestSpec.SchemaPolicy;
import dev.tarn.spi.Connector;
import dev.tarn.spi.Connector.Request;
import dev.tarn.spi.OpenSource;
import dev.tarn.spi.OpenSource.Batch;
import dev.tarn.spi.OpenSource.Limits;
import dev.tarn.spi.OpenSource.Outcome;
import dev.tarn.spi.RowSink;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A table with its quarantine and its positions, all of them changed at once or not at all: what a
 * publication is to a source, without a catalog.
 */
final class Landed {
    private static final int MOST_BATCHES = 1000;

    static final Limits ALL = new Limits(1_000_000, 256 << 20, Duration.ofHours(1), false);

    /** Rows as texts, with '|' between the values. */
    final List<String> rows = new ArrayList<>();

    final List<String> refused = new ArrayList<>();
    final Map<String, String> positions = new TreeMap<>();
    private String load = "";

    /** A request for a source as it would stand in YAML: {@code cursor}, {@code key} included. */
    static Request request(Map<String, String> written, Map<String, String> secrets, Path folder) {
        Map<String, String> settings = new HashMap<>(written);
        Optional<String> mode = Optional.ofNullable(settings.remove("mode"));
        Optional<String> cursor = Optional.ofNullable(settings.remove("cursor"));
        Optional<String> lag = Optional.ofNullable(settings.remove("lag"));
        Optional<String> key = Optional.ofNullable(settings.remove("key"));
        ConnectorSpec spec =
                new ConnectorSpec(
                        "test",
                        settings,
                        mode.map(Mode::valueOf).or(() -> cursor.map(c -> Mode.INCREMENTAL)),
                        cursor,
                        lag.map(Duration::parse).orElse(Duration.ZERO),
                        key.isPresent() ? Write.UPSERT : Write.APPEND,
                        key.stream().toList(),
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
                                new Place("models/sources.yml", 7, 9))
                        .withConnector(spec);
        Map<String, String> resolved = new HashMap<>(settings);
        resolved.replaceAll((name, value) -> secrets.getOrDefault(value, value));
        return new Request(
                new TableName("raw", "t"), ingest, resolved, folder, folder, Clock.systemUTC());
    }

    static OpenSource open(Connector connector, Map<String, String> settings) {
        return connector.open(request(settings, Map.of(), Path.of("")));
    }

    /** Lands all that is there; returns the number of batches. */
    int land(OpenSource source) {
        return land(source, ALL);
    }

    int land(OpenSource source, Limits limits) {
        int batches = 0;
        while (landOne(source, limits)) {
            batches++;
            if (batches > MOST_BATCHES) {
                throw new IllegalStateException("There is no end of batches.");
            }
        }
        return batches;
    }

    /** Lands one batch; false if there is none. */
    boolean landOne(OpenSource source, Limits limits) {
        Optional<Batch> next = source.next(Map.copyOf(positions), limits);
        if (next.isEmpty()) {
            return false;
        }
        try (Batch batch = next.get()) {
            List<String> told = new ArrayList<>();
            Map<String, Optional<String>> moved = new TreeMap<>();
            List<String> put = new ArrayList<>();
            for (OpenSource.Portion portion : batch.portions()) {
                Outcome outcome =
                        portion.read(
                                sink(told),
                                (part, number, reason, raw) ->
                                        put.add(
                                                part + ":" + number + " " + reason + " <" + raw
                                                        + ">"));
                moved.putAll(outcome.positions());
            }
            batch.load()
                    .filter(l -> !l.equals(load))
                    .ifPresent(l -> {
                        rows.clear();
                        load = l;
                    });
            rows.addAll(told);
            refused.addAll(put);
            moved.forEach((part, value) ->
                    value.ifPresentOrElse(
                            v -> positions.put(part, v), () -> positions.remove(part)));
        }
        return true;
    }

    private static RowSink sink(List<String> rows) {
        List<String> row = new ArrayList<>();
        return (RowSink)
                Proxy.newProxyInstance(
                        Landed.class.getClassLoader(),
                        new Class<?>[] {RowSink.class},
                        (proxy, method, given) -> {
                            switch (method.getName()) {
                                case "rows" -> {
                                    return (long) rows.size();
                                }
                                case "endRow" -> {
                                    rows.add(String.join("|", row));
                                    row.clear();
                                }
                                case "dropRow" -> row.clear();
                                case "close" -> {}
                                case "nothing" -> row.add("null");
                                default -> row.add(text(given[0]));
                            }
                            return null;
                        });
    }

    private static String text(@Nullable Object value) {
        return value instanceof byte[] bytes
                ? new String(bytes, StandardCharsets.UTF_8)
                : String.valueOf(value);
    }
}
