package dev.tarn.app;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How many requests were answered, how, and how long that took, by where they came in. */
public final class RequestCounts {
    private final Map<String, Adders> mounts = new ConcurrentHashMap<>();

    private record Adders(LongAdder[] classes, LongAdder nanos) {
        @SuppressWarnings("ArrayRecordComponent") // Never compared.
        Adders {}
    }

    /**
     * What is known of one place.
     *
     * @param byClass answers by the first digit of their status, such as {@code 2xx}
     */
    public record Count(Map<String, Long> byClass, double seconds) {}

    void add(String mount, int status, Duration took) {
        Adders adders = mounts.computeIfAbsent(mount, m -> fresh());
        adders.classes()[Math.min(Math.max(status / 100, 1), 5)].increment();
        adders.nanos().add(took.toNanos());
    }

    private static Adders fresh() {
        LongAdder[] classes = new LongAdder[6];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = new LongAdder();
        }
        return new Adders(classes, new LongAdder());
    }

    /** By place. */
    public Map<String, Count> now() {
        Map<String, Count> counts = new TreeMap<>();
        mounts.forEach((mount, adders) -> {
            Map<String, Long> byClass = new TreeMap<>();
            for (int i = 1; i < adders.classes().length; i++) {
                byClass.put(i + "xx", adders.classes()[i].sum());
            }
            counts.put(mount, new Count(byClass, adders.nanos().sum() / 1e9));
        });
        return counts;
    }
}
