package dev.tarn.app;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** How many requests were answered, how, and how long that took, by where they came in. */
public final class RequestCounts {
    /** The highest first digit of a status. */
    private static final int CLASSES = 5;

    private final Map<String, Adders> mounts = new ConcurrentHashMap<>();

    private record Adders(List<LongAdder> classes, LongAdder nanos) {}

    /**
     * What is known of one place.
     *
     * @param byClass answers by the first digit of their status, such as {@code 2xx}
     */
    public record Count(Map<String, Long> byClass, double seconds) {}

    void add(String mount, int status, Duration took) {
        Adders adders = mounts.computeIfAbsent(mount, m -> fresh());
        adders.classes().get(Math.min(Math.max(status / 100, 1), CLASSES)).increment();
        adders.nanos().add(took.toNanos());
    }

    private static Adders fresh() {
        return new Adders(
                Stream.generate(LongAdder::new).limit(CLASSES + 1).toList(), new LongAdder());
    }

    /** By place. */
    public Map<String, Count> now() {
        Map<String, Count> counts = new TreeMap<>();
        mounts.forEach((mount, adders) -> {
            Map<String, Long> byClass = new TreeMap<>();
            for (int i = 1; i <= CLASSES; i++) {
                byClass.put(i + "xx", adders.classes().get(i).sum());
            }
            counts.put(mount, new Count(byClass, adders.nanos().sum() / 1e9));
        });
        return counts;
    }
}
