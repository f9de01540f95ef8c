package dev.tarn.http;

import dev.tarn.http.KeyLog.Landed;
import dev.tarn.http.RestPages.Row;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.OpenSource;
import dev.tarn.spi.RowSink;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The requests that are landing now, but for those whose key has landed before. */
final class PushSource implements OpenSource {
    static final String REQUEST = "_request";
    private static final String RECORD = "_record";
    private static final String RECEIVED = "_received_at";
    private static final String VALUE = "value";
    private static final int MOST_SHOWN = 4_000;
    private static final Schema COLUMNS =
            new Schema(
                    List.of(
                            Field.of(REQUEST, Primitive.VARCHAR),
                            Field.of(RECORD, Primitive.BIGINT),
                            Field.of(RECEIVED, Primitive.TIMESTAMPTZ),
                            Field.of(VALUE, Primitive.VARCHAR)));

    private final Optional<PushStream> stream;
    private final Clock clock;

    /**
     * @param stream empty where nobody can push
     */
    PushSource(Optional<PushStream> stream, Clock clock) {
        this.stream = stream;
        this.clock = clock;
    }

    @Override
    public Optional<Schema> columns() {
        return Optional.empty();
    }

    @Override
    public Optional<Batch> next(Map<String, String> positions, Limits limits) {
        if (stream.isEmpty()) {
            return Optional.empty();
        }
        KeyLog log = stream.get().log();
        log.follow(positions);
        List<Delivery> fresh = new ArrayList<>();
        Map<String, Landed> added = new HashMap<>();
        for (Delivery delivery : stream.get().current()) {
            Optional<Landed> before =
                    delivery.keyHash.flatMap(
                            hash -> log.find(hash).or(() -> Optional.ofNullable(added.get(hash))));
            delivery.before(before);
            if (before.isEmpty()) {
                fresh.add(delivery);
                delivery.keyHash.ifPresent(hash ->
                        added.put(hash, new Landed(hash, delivery.bodyHash, delivery.rows.size())));
            }
        }
        return fresh.isEmpty()
                ? Optional.empty()
                : Optional.of(new Requests(stream.get(), fresh, List.copyOf(added.values())));
    }

    @Override
    public void cancel() {}

    @Override
    public void close() {}

    /** The rows of some requests. */
    private final class Requests implements Batch, Portion {
        private final PushStream from;
        private final List<Delivery> deliveries;
        private final List<Landed> keys;

        Requests(PushStream from, List<Delivery> deliveries, List<Landed> keys) {
            this.from = from;
            this.deliveries = deliveries;
            this.keys = keys;
        }

        @Override
        public Schema columns() {
            return COLUMNS;
        }

        @Override
        public Optional<String> document() {
            return Optional.of(VALUE);
        }

        @Override
        public List<Schema> members() {
            return deliveries.stream().flatMap(d -> d.members.stream()).distinct().toList();
        }

        @Override
        public Optional<RowPlace> place() {
            return Optional.of(new RowPlace(List.of(REQUEST), RECORD));
        }

        @Override
        public List<Portion> portions() {
            return List.of(this);
        }

        @Override
        public Outcome read(RowSink rows, Refusals refusals) {
            long bytes = 0;
            for (Delivery delivery : deliveries) {
                bytes += delivery.bytes;
                tell(delivery, rows, refusals);
            }
            return new Outcome(
                    from.log().adding(keys, clock.instant(), from.settings().keepKeys()),
                    bytes,
                    false);
        }

        private void tell(Delivery delivery, RowSink rows, Refusals refusals) {
            Instant received = delivery.received;
            long micros = received.getEpochSecond() * 1_000_000 + received.getNano() / 1_000;
            long number = 0;
            for (Row row : delivery.rows) {
                number++;
                if (!row.problem().isEmpty()) {
                    String raw = new String(row.json(), StandardCharsets.UTF_8);
                    refusals.refuse(
                            delivery.id,
                            number,
                            row.problem(),
                            raw.substring(0, Math.min(raw.length(), MOST_SHOWN)));
                    continue;
                }
                rows.text(delivery.id);
                rows.integer(number);
                rows.timestamp(micros);
                rows.bytes(row.json());
                rows.endRow();
            }
        }

        @Override
        public void close() {}
    }
}
