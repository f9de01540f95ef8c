package dev.tarn.duckdb;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Settings of the embedded engine.
 *
 * @param threads worker threads for all sessions together; default: one per processor
 * @param memoryLimitBytes memory for all queries together, beside Java's own; default: half of the
 *     machine's memory less the heap, and at least 256 MiB
 * @param spillDirectory where queries put what does not fit into memory; made when needed
 * @param queryTimeout how long one statement may run when its session does not say; default: one
 *     hour
 * @param home where relative names of files in queries begin; default: where the process works
 * @param allowedDirectories the only folders the engine may read and write; default: empty, which
 *     allows every file the process may open
 */
public record DuckDbConfig(
        int threads,
        long memoryLimitBytes,
        Path spillDirectory,
        Duration queryTimeout,
        Optional<Path> home,
        List<Path> allowedDirectories) {
    private static final long LEAST_MEMORY = 256L << 20;

    public DuckDbConfig {
        if (threads < 1) {
            throw new IllegalArgumentException("At least one thread is needed, not " + threads);
        }
        if (memoryLimitBytes < 1) {
            throw new IllegalArgumentException("No work fits into " + memoryLimitBytes + " bytes");
        }
        allowedDirectories = List.copyOf(allowedDirectories);
    }

    /** What suits this machine. */
    public static DuckDbConfig defaults(Path spillDirectory) {
        return new DuckDbConfig(
                Runtime.getRuntime().availableProcessors(),
                defaultMemory(machineMemory(), Runtime.getRuntime().maxMemory()),
                spillDirectory,
                Duration.ofHours(1),
                Optional.empty(),
                List.of());
    }

    public DuckDbConfig withThreads(int newThreads) {
        return new DuckDbConfig(
                newThreads,
                memoryLimitBytes,
                spillDirectory,
                queryTimeout,
                home,
                allowedDirectories);
    }

    public DuckDbConfig withMemoryLimitBytes(long newLimit) {
        return new DuckDbConfig(
                threads, newLimit, spillDirectory, queryTimeout, home, allowedDirectories);
    }

    public DuckDbConfig withQueryTimeout(Duration newTimeout) {
        return new DuckDbConfig(
                threads, memoryLimitBytes, spillDirectory, newTimeout, home, allowedDirectories);
    }

    public DuckDbConfig withHome(Path newHome) {
        return new DuckDbConfig(
                threads,
                memoryLimitBytes,
                spillDirectory,
                queryTimeout,
                Optional.of(newHome),
                allowedDirectories);
    }

    public DuckDbConfig withAllowedDirectories(List<Path> newDirectories) {
        return new DuckDbConfig(
                threads, memoryLimitBytes, spillDirectory, queryTimeout, home, newDirectories);
    }

    static long defaultMemory(long machine, long heap) {
        return Math.max(LEAST_MEMORY, machine / 2 - heap);
    }

    private static long machineMemory() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 4L << 30;
    }
}
