package dev.tarn.bench;

import com.sun.net.httpserver.HttpServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * A topic that gets messages at a fixed rate is followed for a while. Memory may not grow, and in
 * the end each message must be there once.
 */
final class FollowBenchmark implements Benchmark {
    private static final int RATE = 1_000;
    private static final double HOURS = 0.1;

    /** So often memory is looked at. */
    private static final int LOOKS = 120;

    /** What memory is at a moment is the mean of so many looks. */
    private static final int MEAN = 6;

    private static final Duration CATCH_UP = Duration.ofMinutes(2);

    @Override
    public String name() {
        return "follow";
    }

    @Override
    public String title() {
        return "a topic followed at 1,000 rows a second: memory at the end ÷ after a quarter";
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        int seconds = (int) Math.ceil(setup.scale().orElse(HOURS) * TimeUnit.HOURS.toSeconds(1));
        Path project = setup.fresh("project");
        HttpServer registry = Events.registry();
        List<Follower.Memory> seen = new ArrayList<>();
        long begun = System.nanoTime();
        try (Broker broker = Broker.start(setup.fresh("broker"))) {
            Events.createTopic(broker);
            Events.writeProject(project, broker, Events.Form.JSON, registry);
            try (Follower follower = Follower.start(project, setup.work().resolve("follower.log"));
                    KafkaProducer<byte[], byte[]> producer = Events.producer(broker)) {
                feed(setup, follower, producer, seconds, seen);
                awaitRows(project, (long) seconds * RATE);
            }
        } finally {
            registry.stop(0);
        }
        List<String> there = Ingest.row(project, Events.SUMS + Events.TABLE);
        List<String> wanted = Events.sums((long) seconds * RATE);
        if (!there.equals(wanted)) {
            throw new IllegalStateException("%s landed, not %s".formatted(there, wanted));
        }
        double wall = (System.nanoTime() - begun) / (double) TimeUnit.SECONDS.toNanos(1);
        return outcome(setup, seconds, seen, wall);
    }

    /** Sends so many messages each second, and looks at the follower's memory on the way. */
    private static void feed(
            Setup setup,
            Follower follower,
            KafkaProducer<byte[], byte[]> producer,
            int seconds,
            List<Follower.Memory> seen)
            throws Exception {
        long begun = System.nanoTime();
        int looks = Math.min(LOOKS, seconds);
        for (int second = 0; second < seconds; second++) {
            long early = begun + TimeUnit.SECONDS.toNanos(second) - System.nanoTime();
            if (early > 0) {
                JobsBenchmark.pause(TimeUnit.NANOSECONDS.toMillis(early));
            }
            long unused =
                    Events.send(producer, Events.Form.JSON, second * RATE, (second + 1) * RATE);
            if ((second + 1L) * looks / seconds > seen.size()) {
                Follower.Memory memory = follower.memory();
                seen.add(memory);
                setup.say(
                        "%,d s, %,d rows sent: heap %,d kB, resident %,d MB"
                                .formatted(
                                        second + 1,
                                        (second + 1) * RATE,
                                        memory.heap() >> 10,
                                        memory.resident() >> 20));
            }
        }
        producer.flush();
    }

    private static void awaitRows(Path project, long rows) throws InterruptedException {
        long giveUp = System.nanoTime() + CATCH_UP.toNanos();
        String there = "";
        while (System.nanoTime() - giveUp < 0) {
            there = Ingest.row(project, "select count(*) from " + Events.TABLE).getFirst();
            if (Long.parseLong(there) >= rows) {
                return;
            }
            JobsBenchmark.pause(TimeUnit.SECONDS.toMillis(1));
        }
        throw new IllegalStateException("%s rows of %,d are there".formatted(there, rows));
    }

    private static Outcome outcome(
            Setup setup, int seconds, List<Follower.Memory> seen, double wall) {
        int quarter = Math.max(1, seen.size() / 4);
        double heapEarly = mean(seen, quarter, Follower.Memory::heap);
        double heapLate = mean(seen, seen.size(), Follower.Memory::heap);
        double early = mean(seen, quarter, Follower.Memory::resident);
        double late = mean(seen, seen.size(), Follower.Memory::resident);
        double cpu = seen.getLast().cpu();
        return new Outcome(
                "%,d rows in %,d s, each there once; heap after a collection %.1f MB after a quarter, %.1f MB at the end; resident %.0f MB and %.0f MB; ratios of the heap and of what is resident; a table of %,d kB"
                        .formatted(
                                (long) seconds * RATE,
                                seconds,
                                mega(heapEarly),
                                mega(heapLate),
                                mega(early),
                                mega(late),
                                Ingest.bytes(setup.work().resolve("project")) >> 10),
                List.of(new Outcome.Line("following", new Timing(wall, cpu))),
                "memory at the end ÷ after a quarter",
                heapLate / heapEarly,
                late / early,
                Optional.of(1.2));
    }

    private static double mega(double bytes) {
        return bytes / (1 << 20);
    }

    /** The mean of the last looks before one. */
    private static double mean(
            List<Follower.Memory> seen, int end, ToLongFunction<Follower.Memory> of) {
        return seen.subList(Math.max(0, end - MEAN), end).stream()
                .mapToLong(of)
                .average()
                .orElseThrow();
    }
}
