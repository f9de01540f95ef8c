package dev.tarn.spi;

import dev.tarn.model.table.Schema;
import dev.tarn.spi.OpenSource.Batch;
import dev.tarn.spi.OpenSource.Limits;
import dev.tarn.spi.OpenSource.Outcome;
import dev.tarn.spi.OpenSource.Portion;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lands batches as a warehouse would: rows and positions together, loads when they are whole. */
public final class LandedRows {
    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"?(\\d+)");

    private final Map<String, String> positions = new HashMap<>();
    private final List<Long> rows = new ArrayList<>();
    private final List<Long> loading = new ArrayList<>();
    private final Set<String> columns = new HashSet<>();
    private String load = "";

    /** Somebody was killed. */
    private static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The ids of the rows in the table. */
    public List<Long> ids() {
        return List.copyOf(rows);
    }

    /** The same, with those of a load that is not whole yet. */
    public List<Long> gathered() {
        List<Long> all = new ArrayList<>(rows);
        all.addAll(loading);
        return all;
    }

    public Map<String, String> positions() {
        return Map.copyOf(positions);
    }

    /** Whether a column, or a member of a document, was ever told with a value. */
    public boolean seen(String column) {
        return columns.contains(column);
    }

    /** Lands all there is. */
    public void all(OpenSource source, Limits limits) {
        int batches = 0;
        while (one(source, limits)) {
            if (++batches > 10_000) {
                throw new AssertionError("There is no end of batches");
            }
        }
    }

    /** Lands a batch; whether there was one. */
    public boolean one(OpenSource source, Limits limits) {
        Optional<Batch> next = source.next(positions(), limits);
        if (next.isEmpty()) {
            return false;
        }
        try (Batch batch = next.get()) {
            List<Long> told = new ArrayList<>();
            List<Outcome> outcomes = read(batch, told, Integer.MAX_VALUE);
            land(batch, told, outcomes);
        }
        source.published(positions());
        return true;
    }

    /** Reads a batch and does not publish it. */
    public boolean readAndForget(OpenSource source, Limits limits) {
        Optional<Batch> next = source.next(positions(), limits);
        if (next.isEmpty()) {
            return false;
        }
        try (Batch batch = next.get()) {
            read(batch, new ArrayList<>(), Integer.MAX_VALUE);
        }
        return true;
    }

    /** Stops after two rows; nobody may use the source after that. */
    public boolean dieInTheMiddle(OpenSource source, Limits limits) {
        Optional<Batch> next = source.next(positions(), limits);
        if (next.isEmpty()) {
            return false;
        }
        try (Batch batch = next.get()) {
            read(batch, new ArrayList<>(), 2);
        } catch (Died died) {
            return true;
        }
        return true;
    }

    private List<Outcome> read(Batch batch, List<Long> told, int most) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Portion portion : batch.portions()) {
            try (Sink sink = new Sink(batch, told, most)) {
                outcomes.add(
                        portion.read(
                                sink,
                                (part, number, reason, raw) -> {
                                    throw new AssertionError(
                                            "%s/%d was refused: %s"
                                                    .formatted(part, number, reason));
                                }));
            }
        }
        return outcomes;
    }

    private void land(Batch batch, List<Long> told, List<Outcome> outcomes) {
        boolean complete = outcomes.stream().anyMatch(Outcome::complete);
        if (batch.load().isPresent()) {
            if (!batch.load().get().equals(load)) {
                loading.clear();
                load = batch.load().get();
            }
            loading.addAll(told);
            if (complete) {
                rows.clear();
                rows.addAll(loading);
                loading.clear();
            }
        } else {
            rows.addAll(told);
        }
        for (Outcome outcome : outcomes) {
            outcome.positions()
                    .forEach((part, value) ->
                            value.ifPresentOrElse(
                                    v -> positions.put(part, v), () -> positions.remove(part)));
        }
    }

    /** Keeps the ids of rows, and sees to it that rows fit their columns. */
    private final class Sink implements RowSink {
        private final Schema schema;
        private final Optional<String> document;
        private final List<Long> told;
        private final int most;
        private final List<@Nullable Object> row = new ArrayList<>();
        private long count;

        Sink(Batch batch, List<Long> told, int most) {
            this.schema = batch.columns();
            this.document = batch.document();
            this.told = told;
            this.most = most;
        }

        private void put(@Nullable Object value) {
            row.add(value);
        }

        @Override
        public void nothing() {
            put(null);
        }

        @Override
        public void truth(boolean value) {
            put(value);
        }

        @Override
        public void integer(long value) {
            put(value);
        }

        @Override
        public void number(double value) {
            put(value);
        }

        @Override
        public void decimal(BigDecimal value) {
            put(value);
        }

        @Override
        public void text(String value) {
            put(value);
        }

        @Override
        public void bytes(byte[] value) {
            put(new String(value, StandardCharsets.UTF_8));
        }

        @Override
        public void date(int epochDays) {
            put(epochDays);
        }

        @Override
        public void time(long micros) {
            put(micros);
        }

        @Override
        public void timestamp(long epochMicros) {
            put(epochMicros);
        }

        @Override
        public void uuid(long mostSignificant, long leastSignificant) {
            put(mostSignificant);
        }

        @Override
        public void json(String value) {
            put(value);
        }

        @Override
        public void value(@Nullable Object value) {
            put(value);
        }

        @Override
        public void endRow() {
            if (row.size() != schema.fields().size()) {
                throw new AssertionError(
                        "A row has %d values and there are %d columns"
                                .formatted(row.size(), schema.fields().size()));
            }
            if (count == most) {
                throw new Died();
            }
            count++;
            told.add(id());
            row.clear();
        }

        private long id() {
            List<String> names = schema.names();
            for (int i = 0; i < names.size(); i++) {
                if (row.get(i) != null) {
                    columns.add(names.get(i));
                }
            }
            if (document.isEmpty()) {
                return ((Number) row.get(names.indexOf("id"))).longValue();
            }
            String text = String.valueOf(row.get(names.indexOf(document.get())));
            Matcher members = Pattern.compile("\"(\\w+)\"\\s*:").matcher(text);
            while (members.find()) {
                columns.add(members.group(1));
            }
            Matcher id = ID.matcher(text);
            if (!id.find()) {
                throw new AssertionError("There is no id in " + text);
            }
            return Long.parseLong(id.group(1));
        }

        @Override
        public void dropRow() {
            row.clear();
        }

        @Override
        public long rows() {
            return count;
        }

        @Override
        public void close() {}
    }
}
