package dev.tarn.kafka;

import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.ConnectorSpec;
import dev.tarn.model.graph.ConnectorSpec.Flush;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.IngestSpec.SchemaPolicy;
import dev.tarn.model.table.Field;
import dev.tarn.spi.Connector.Request;
import dev.tarn.spi.OpenSource;
import dev.tarn.spi.OpenSource.Batch;
import dev.tarn.spi.OpenSource.Limits;
import dev.tarn.spi.OpenSource.Outcome;
import dev.tarn.spi.RowSink;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A table with its quarantine and its positions, all of them changed at once or not at all: what a
 * publication is to a source, without a catalog.
 */
final class Landed {
    private static final int MOST_BATCHES = 1000;

    static final Limits ALL = new Limits(1_000_000, 256 << 20, Duration.ofSeconds(5), false);

    final List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    final List<String> refused = new ArrayList<>();
    final Map<String, String> positions = new TreeMap<>();

    /** How many threads read the last batch. */
    int portions;

    /** The row of a batch at which landing fails; negative: none. */
    int failAtRow = -1;

    /** Opens a source with settings as they would stand in YAML, secrets resolved. */
    static OpenSource open(Map<String, String> settings, Write write, Path folder) {
        return open(settings, write, folder, Clock.systemUTC());
    }

    static OpenSource open(Map<String, String> settings, Write write, Path folder, Clock clock) {
        ConnectorSpec spec =
                new ConnectorSpec(
                        "kafka",
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
        return new KafkaConnector()
                .open(
                        new Request(
                                new TableName("raw", "t"),
                                ingest,
                                settings,
                                folder,
                                folder,
                                clock));
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
            List<Read> all = read(batch);
            Map<String, Optional<String>> moved = new TreeMap<>();
            for (Read portion : all) {
                rows.addAll(portion.rows());
                refused.addAll(portion.refused());
                moved.putAll(portion.outcome().positions());
            }
            portions = all.size();
            moved.forEach((part, value) ->
                    value.ifPresentOrElse(
                            v -> positions.put(part, v), () -> positions.remove(part)));
        }
        source.published(positions);
        return true;
    }

    private record Read(
            List<Map<String, @Nullable Object>> rows, List<String> refused, Outcome outcome) {}

    /** Reads all portions of a batch, each with a thread of its own. */
    private List<Read> read(Batch batch) {
        List<Future<Read>> readers = new ArrayList<>();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (OpenSource.Portion portion : batch.portions()) {
                Rows told = new Rows(batch.columns().fields());
                List<String> put = new ArrayList<>();
                readers.add(
                        threads.submit(() -> {
                            Outcome outcome =
                                    portion.read(
                                            told,
                                            (part, number, reason, raw) ->
                                                    put.add(
                                                            part + ":" + number + " " + reason
                                                                    + " <" + raw + ">"));
                            return new Read(told.rows, put, outcome);
                        }));
            }
        }
        List<Read> all = new ArrayList<>();
        for (Future<Read> reader : readers) {
            try {
                all.add(reader.get());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException known) {
                    throw known;
                }
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return all;
    }

    /** The texts of a column, in the order of landing. */
    List<String> texts(String column) {
        return rows.stream().map(r -> String.valueOf(r.get(column))).toList();
    }

    private final class Rows implements RowSink {
        private final List<Field> fields;
        private final List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        private Map<String, @Nullable Object> row = new LinkedHashMap<>();

        Rows(List<Field> fields) {
            this.fields = fields;
        }

        @Override
        public void value(@Nullable Object value) {
            row.put(fields.get(row.size()).name(), value);
        }

        @Override
        public void nothing() {
            value(null);
        }

        @Override
        public void truth(boolean value) {
            value((Object) value);
        }

        @Override
        public void integer(long value) {
            value((Object) value);
        }

        @Override
        public void number(double value) {
            value((Object) value);
        }

        @Override
        public void decimal(BigDecimal value) {
            value((Object) value);
        }

        @Override
        public void text(String value) {
            value((Object) value);
        }

        @Override
        public void bytes(byte[] value) {
            value((Object) new String(value, StandardCharsets.UTF_8));
        }

        @Override
        public void date(int epochDays) {
            value((Object) epochDays);
        }

        @Override
        public void time(long micros) {
            value((Object) micros);
        }

        @Override
        public void timestamp(long epochMicros) {
            value(
                    (Object)
                            Instant.ofEpochSecond(
                                    Math.floorDiv(epochMicros, 1_000_000),
                                    Math.floorMod(epochMicros, 1_000_000) * 1000L));
        }

        @Override
        public void uuid(long mostSignificant, long leastSignificant) {
            value((Object) new java.util.UUID(mostSignificant, leastSignificant));
        }

        @Override
        public void json(String value) {
            value((Object) value);
        }

        @Override
        public void endRow() {
            if (rows.size() == failAtRow) {
                throw new IllegalStateException("disk full");
            }
            if (row.size() != fields.size()) {
                throw new IllegalStateException(row + " is not as wide as " + fields);
            }
            rows.add(row);
            row = new LinkedHashMap<>();
        }

        @Override
        public void dropRow() {
            row = new LinkedHashMap<>();
        }

        @Override
        public long rows() {
            return rows.size();
        }

        @Override
        public void close() {}
    }
}
