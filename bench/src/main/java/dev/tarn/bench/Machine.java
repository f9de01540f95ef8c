package dev.tarn.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where figures come from.
 *
 * @param load how many processes wanted a processor when the benchmark began
 */
record Machine(int processors, long memoryBytes, String processor, String system, double load) {
    static Machine here() {
        OperatingSystemMXBean os =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new Machine(
                os.getAvailableProcessors(),
                os.getTotalMemorySize(),
                processorName(os.getArch()),
                os.getName() + ", JDK " + Runtime.version().feature(),
                Math.max(0, os.getSystemLoadAverage()));
    }

    /** Whether others were at work, so that the figures say little. */
    boolean isBusy() {
        return load > 0.5 * processors;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d × %s, %d GiB, %s, load %.1f before%s",
                processors,
                processor,
                Math.round(memoryBytes / (double) (1L << 30)),
                system,
                load,
                isBusy() ? " (busy)" : "");
    }

    private static String processorName(String otherwise) {
        Path file = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(file)) {
            return otherwise;
        }
        try (var lines = Files.lines(file)) {
            return lines.filter(l -> l.startsWith("model name"))
                    .map(l -> l.substring(l.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(otherwise);
        } catch (IOException e) {
            return otherwise;
        }
    }
}
