package dev.tarn.app;

import dev.tarn.run.RunSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The effective settings of a project, from {@code tarn.yml} beside {@code dbt_project.yml}.
 *
 * @param warehouse where tables live: a folder or {@code s3://bucket/prefix}; default: {@code
 *     .tarn/warehouse} in the project
 * @param workDirectory local folder for spilling, staging, caches and logs; default: {@code .tarn}
 *     in the project
 * @param catalog where the catalog lives
 * @param engine limits of the embedded engine
 * @param s3 how to reach object stores
 * @param sftp how to reach servers of SFTP
 * @param cacheBytes how much disk the copies of remote files may take; default: 10 GiB
 * @param resultBytes how much disk the rows of earlier queries may take, 0 to keep none; default:
 *     256 MiB
 * @param run how runs behave
 * @param upkeep how tables are looked after
 * @param formats in which tables can be read that do not say it themselves; default: {@code
 *     iceberg} and {@code delta}
 * @param python the interpreter for Python models; default: the third major release in the path
 * @param copyFolders where models may write files besides the project; default: nowhere
 * @param jobs how a server works on jobs
 * @param server whether a server that is there does what commands are asked for; default: true
 * @param origins each effective setting with where it was decided
 */
public record Settings(
        String warehouse,
        Path workDirectory,
        Catalog catalog,
        Engine engine,
        S3 s3,
        Sftp sftp,
        long cacheBytes,
        long resultBytes,
        RunSettings run,
        Upkeep upkeep,
        List<String> formats,
        Optional<String> python,
        List<Path> copyFolders,
        JobSettings jobs,
        boolean server,
        List<Setting> origins) {
    public Settings {
        copyFolders = List.copyOf(copyFolders);
        formats = List.copyOf(formats);
        origins = List.copyOf(origins);
    }

    /** Where the catalog lives. */
    public sealed interface Catalog {
        /**
         * @param file an SQLite database; default: {@code catalog.db} in a local warehouse
         */
        record Embedded(Path file) implements Catalog {}

        /**
         * @param url {@code postgresql://host:port/database}
         * @param password a reference to the secret, {@code env:NAME} or {@code file:PATH}
         */
        record Postgres(String url, String user, String password) implements Catalog {}
    }

    /**
     * Limits of the embedded engine.
     *
     * @param threads default: one per processor
     * @param memoryBytes default: half of the machine's memory less Java's
     * @param queryTimeout how long one statement may run; default: one hour
     */
    public record Engine(
            Optional<Integer> threads,
            Optional<Long> memoryBytes,
            Optional<Duration> queryTimeout) {}

    /**
     * How to reach object stores.
     *
     * @param endpoint of a service other than AWS
     * @param region default: {@code us-east-1}
     * @param pathStyle whether buckets stand in the path; default: true when there is an endpoint
     * @param accessKey a reference to the secret; without it the environment decides
     * @param vendKeys whether clients of the REST catalog that ask for credentials get these keys;
     *     default: false
     */
    public record S3(
            Optional<String> endpoint,
            String region,
            boolean pathStyle,
            Optional<String> accessKey,
            Optional<String> secretKey,
            boolean vendKeys) {}

    /**
     * How to reach servers of SFTP.
     *
     * @param user where a location names none
     * @param password a reference to the secret
     * @param key a reference to a private key
     * @param keyPassword a reference to what opens it
     * @param knownHosts the keys of servers; default: {@code .ssh/known_hosts} in the user's folder
     * @param connections how many files of a server are read at the same time; default: 4
     * @param timeout for an answer; default: 30 seconds
     */
    public record Sftp(
            Optional<String> user,
            Optional<String> password,
            Optional<String> key,
            Optional<String> keyPassword,
            Path knownHosts,
            int connections,
            Duration timeout) {}

    /**
     * How tables are looked after.
     *
     * @param automatic whether builds look after the tables they wrote; default: true
     * @param time how long that may take after a build; default: two seconds
     * @param bytes how much it may read; default: 64 MB
     * @param history how far back states of the warehouse can be read; default: 30 days
     * @param snapshotAge how long tables name a snapshot, where they do not say it; default: seven
     *     days
     * @param snapshotsKept how many of the newest they name whatever their age; default: five
     * @param orphanAge how old a file must be that nothing refers to, and that another program may
     *     have written, until it is removed; default: one day
     */
    public record Upkeep(
            boolean automatic,
            Duration time,
            long bytes,
            Duration history,
            Duration snapshotAge,
            int snapshotsKept,
            Duration orphanAge) {
        static final Upkeep DEFAULT =
                new Upkeep(
                        true,
                        Duration.ofSeconds(2),
                        64_000_000,
                        Duration.ofDays(30),
                        Duration.ofDays(7),
                        5,
                        Duration.ofDays(1));
    }

    /** Whether the warehouse is a folder of this machine. */
    boolean isLocal() {
        return !warehouse.contains("://");
    }
}
