package dev.tarn.kafka;

import dev.tarn.model.TarnException;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.OpenSource;
import dev.tarn.spi.RowSink;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The topics of one source, partition by partition. A part of it is {@code topic/partition}. */
final class KafkaSource implements OpenSource {
    /** After so long, topics and partitions that have come are looked for. */
    private static final Duration DISCOVERY = Duration.ofSeconds(10);

    private static final int MOST_FETCH_BYTES = 16 << 20;

    /** For fewer messages a second relation costs more than a second thread wins. */
    private static final long FEW = 100_000;

    private final KafkaOptions options;
    private final Cluster cluster;
    private final Clock clock;
    private final MessageRows rows;
    private final MessageRows others;
    private final MessageReader reader;

    private final Optional<SchemaRegistry> registry;
    private final Map<TopicPartition, String> topicIds = new HashMap<>();

    /**
     * Where partitions are begun that have no position, if that is not with their first message.
     */
    private final Map<TopicPartition, Long> begun = new HashMap<>();

    /** Where reading goes on. */
    private final Map<TopicPartition, Long> expected = new HashMap<>();

    private final List<LostMessages> lost = new ArrayList<>();

    /** The positions that are known here. */
    private final Map<String, String> told = new HashMap<>();

    private Map<TopicPartition, Long> ends = Map.of();
    private List<ConsumerRecord<byte[], byte[]>> waiting = List.of();
    private @Nullable Instant discovered;
    private boolean caughtUp;

    /** Why the group was not told last; others look at it, and nothing depends on it. */
    private Optional<String> groupTrouble = Optional.empty();

    private volatile boolean cancelled;

    KafkaSource(KafkaOptions options, Write write, Cluster cluster, Clock clock) {
        this.options = options;
        this.cluster = cluster;
        this.clock = clock;
        this.registry = options.registry().map(SchemaRegistry::new);
        this.rows = new MessageRows(options, write, registry);
        this.others = new MessageRows(options, write, registry);
        this.reader = new MessageReader(cluster, options, MOST_FETCH_BYTES);
    }

    @Override
    public Optional<Schema> columns() {
        return rows.documents() ? Optional.empty() : Optional.of(rows.tableColumns());
    }

    @Override
    public Optional<Batch> next(Map<String, String> positions, Limits limits) {
        checkCancelled();
        if (isTakenAway(positions)) {
            forget();
        }
        if (discovered == null || isDiscoveryDue(limits)) {
            discover(positions);
        }
        follow(positions);
        boolean something = limits.linger() ? awaited(limits) : !reader.reached(ends);
        caughtUp = !something;
        return something || !begun.isEmpty() || !lost.isEmpty()
                ? Optional.of(new MessageBatch(limits))
                : Optional.empty();
    }

    /** Whoever asks again after there was nothing left asks for what has come meanwhile. */
    private boolean isDiscoveryDue(Limits limits) {
        Instant last = discovered;
        return limits.linger() ? last == null || isPast(last, DISCOVERY) : caughtUp;
    }

    private boolean isTakenAway(Map<String, String> positions) {
        return told.entrySet().stream()
                .anyMatch(e -> !e.getValue().isEmpty() && !positions.containsKey(e.getKey()));
    }

    /** Some positions are gone: what they were of is begun anew. */
    private void forget() {
        discovered = null;
        topicIds.clear();
        told.clear();
        begun.clear();
        lost.clear();
        waiting = List.of();
    }

    /** Adds the partitions that are not read yet. */
    private void discover(Map<String, String> positions) {
        Map<String, PartitionPosition> kept = new HashMap<>();
        positions.forEach((part, value) -> kept.put(part, PartitionPosition.of(part, value)));
        List<Cluster.Partition> partitions = cluster.partitions();
        Positions.Beginning beginning = Positions.compare(cluster, partitions, kept);
        if (!beginning.lost().isEmpty() && options.lost() == KafkaOptions.Lost.FAIL) {
            throw KafkaErrors.lost(beginning.lost());
        }
        Map<TopicPartition, Long> known = new HashMap<>();
        Map<TopicPartition, Long> added = new HashMap<>();
        for (Cluster.Partition partition : partitions) {
            TopicPartition key = partition.key();
            known.put(key, partition.end());
            String old = topicIds.put(key, partition.topicId());
            if (!partition.topicId().equals(old)) {
                long next = beginning.next().getOrDefault(key, 0L);
                added.put(key, next);
                told.put(part(key), positions.getOrDefault(part(key), ""));
                if (!kept.containsKey(part(key)) && next > partition.earliest()) {
                    begun.put(key, next);
                }
            }
        }
        for (LostMessages one : beginning.lost()) {
            TopicPartition key = new TopicPartition(one.topic(), one.partition());
            lost.removeIf(before -> before.part().equals(one.part()));
            lost.add(one);
            begun.put(key, beginning.next().getOrDefault(key, 0L));
        }
        reader.add(added);
        expected.putAll(added);
        ends = known;
        discovered = clock.instant();
    }

    private static String part(TopicPartition key) {
        return key.topic() + "/" + key.partition();
    }

    /** Goes on where positions say; back, if what was read meanwhile was not published. */
    private void follow(Map<String, String> positions) {
        positions.forEach((part, value) -> {
            if (!value.equals(told.get(part))) {
                PartitionPosition position = PartitionPosition.of(part, value);
                expected.put(position.key(), position.offset());
                begun.remove(position.key());
                lost.removeIf(one -> one.part().equals(part));
            }
        });
        told.putAll(positions);
        if (reader.goTo(expected)) {
            waiting = List.of();
        }
    }

    /** Whether there are messages, for which it waits a while. */
    private boolean awaited(Limits limits) {
        Instant begun = clock.instant();
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>(waiting);
        while (found.isEmpty() && !isPast(begun, limits.every())) {
            checkCancelled();
            reader.poll(found::add);
        }
        waiting = found;
        return !found.isEmpty();
    }

    /** A clock that was put back ends a wait, too: nobody knows how long it would be. */
    private boolean isPast(Instant begun, Duration wait) {
        Duration passed = Duration.between(begun, clock.instant());
        return passed.isNegative() || passed.compareTo(wait) >= 0;
    }

    @Override
    public void published(Map<String, String> positions) {
        options.group()
                .ifPresent(group -> {
                    Map<TopicPartition, Long> offsets = new HashMap<>();
                    positions.forEach((part, value) -> {
                        PartitionPosition position = PartitionPosition.of(part, value);
                        offsets.put(position.key(), position.offset());
                    });
                    try {
                        cluster.tell(group, offsets);
                        groupTrouble = Optional.empty();
                    } catch (TarnException failure) {
                        groupTrouble = Optional.of(KafkaErrors.groupNotTold(group, failure));
                    }
                });
    }

    @Override
    public Optional<String> warning() {
        return groupTrouble;
    }

    @Override
    public Lag lag(Map<String, String> positions) {
        // Asked of the cluster: whoever only wants to know this has not read anything.
        long behind = 0;
        for (Cluster.Partition partition : cluster.partitions()) {
            String part = part(partition.key());
            String value = positions.get(part);
            long at;
            if (value != null) {
                at = PartitionPosition.of(part, value).offset();
            } else if (reader.partitions().contains(partition.key())) {
                at = reader.next(partition.key());
            } else {
                at = cluster.start(partition);
            }
            behind += Math.max(0, partition.end() - Math.max(at, partition.earliest()));
        }
        return new Lag(behind, -1, null);
    }

    private void checkCancelled() {
        if (cancelled) {
            throw KafkaErrors.interrupted();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        cluster.cancel();
        reader.stop();
    }

    @Override
    public void close() {
        reader.close();
        cluster.close();
        registry.ifPresent(SchemaRegistry::close);
    }

    /** Whether so much is there that two threads are to tell it. Changes are told by one. */
    private boolean isMuch(Limits limits) {
        long behind =
                ends.entrySet().stream()
                        .mapToLong(e -> Math.max(0, e.getValue() - reader.next(e.getKey())))
                        .sum();
        return rows.changes().isEmpty()
                && Runtime.getRuntime().availableProcessors() > 1
                && Math.min(behind, limits.rows()) >= FEW;
    }

    /**
     * Messages up to the limits. They come from one consumer; a second portion, if there is one,
     * only tells what the first one reads.
     */
    private final class MessageBatch implements Batch, Portion {
        private final Limits limits;
        private final Optional<SecondTelling> beside;

        MessageBatch(Limits limits) {
            this.limits = limits;
            this.beside =
                    isMuch(limits) ? Optional.of(new SecondTelling(others)) : Optional.empty();
        }

        @Override
        public Schema columns() {
            return rows.columns();
        }

        @Override
        public Optional<String> document() {
            return rows.documents() ? Optional.of(MessageRows.VALUE) : Optional.empty();
        }

        @Override
        public List<Schema> members() {
            // Values of a member may be anything if only some of the schemas say what they are.
            Set<String> untold = new HashSet<>(rows.untold());
            untold.addAll(others.untold());
            return Stream.concat(rows.members().stream(), others.members().stream())
                    .map(schema -> without(schema, untold))
                    .distinct()
                    .toList();
        }

        private static Schema without(Schema schema, Set<String> names) {
            return new Schema(
                    schema.fields().stream()
                            .filter(f -> names.stream().noneMatch(f.name()::equalsIgnoreCase))
                            .toList());
        }

        @Override
        public Optional<RowPlace> place() {
            return Optional.of(MessageRows.PLACE);
        }

        @Override
        public Optional<Changes> changes() {
            return rows.changes();
        }

        @Override
        public List<Portion> portions() {
            List<Portion> portions = new ArrayList<>(List.of(this));
            beside.ifPresent(portions::add);
            return portions;
        }

        @Override
        public Outcome read(RowSink sink, Refusals refusals) {
            Instant opened = clock.instant();
            try (MessageTeller teller = new MessageTeller(rows, sink, refusals)) {
                lost.forEach(one -> refusals.refuse(one.part(), one.next(), one.text(), ""));
                Tellers tellers = new Tellers(teller, beside.flatMap(SecondTelling::teller));
                tellers.tell(waiting);
                waiting = List.of();
                while (tellers.count() < limits.rows()
                        && tellers.bytes() < limits.bytes()
                        && (limits.linger()
                                ? !isPast(opened, limits.every())
                                : !reader.reached(ends))) {
                    checkCancelled();
                    List<ConsumerRecord<byte[], byte[]>> messages = new ArrayList<>();
                    reader.poll(messages::add);
                    tellers.tell(messages);
                }
                tellers.await();
                return new Outcome(positions(), tellers.bytes(), false);
            } finally {
                beside.ifPresent(SecondTelling::end);
            }
        }

        /** Where reading stands behind all messages. */
        private Map<String, Optional<String>> positions() {
            Map<String, Optional<String>> positions = new HashMap<>();
            Map<TopicPartition, Long> moved = new HashMap<>(begun);
            moved.putAll(reader.moved(expected));
            moved.forEach((key, offset) -> {
                PartitionPosition position =
                        new PartitionPosition(
                                key.topic(),
                                key.partition(),
                                topicIds.getOrDefault(key, ""),
                                offset);
                positions.put(position.name(), Optional.of(position.value()));
            });
            return positions;
        }

        @Override
        public void close() {}
    }
}
