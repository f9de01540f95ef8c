package dev.tarn.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What something took.
 *
 * @param wall seconds on the clock
 * @param cpu seconds that processors worked for it, in all threads
 */
record Timing(double wall, double cpu) {
    private static final double NANOS = 1e9;

    /** Work to be measured. */
    interface Work {
        void run() throws Exception;
    }

    /** Measures work in this process; nothing else may be going on in it. */
    static Timing of(Work work) throws Exception {
        OperatingSystemMXBean system =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long wall = System.nanoTime();
        work.run();
        return new Timing(
                (System.nanoTime() - wall) / NANOS, (system.getProcessCpuTime() - cpu) / NANOS);
    }

    /** The middle one, of wall and of processor time each. */
    static Timing median(List<Timing> timings) {
        return new Timing(median(timings, Timing::wall), median(timings, Timing::cpu));
    }

    private static double median(List<Timing> timings, ToDoubleFunction<Timing> measure) {
        double[] sorted = timings.stream().mapToDouble(measure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f s (%.2f s CPU)", wall, cpu);
    }

    Timing plus(Timing other) {
        return new Timing(wall + other.wall, cpu + other.cpu);
    }
}
