package dev.tarn.app;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.project.SettingsFile;
import dev.tarn.project.SettingsFile.Value;
import dev.tarn.run.Publishing;
import dev.tarn.run.RunSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads {@code tarn.yml}; what the command line says wins, what nobody says has a default. */
final class SettingsReader {
    private static final String FILE = "tarn.yml";
    private static final List<String> NAMES =
            and(
                    JobSettingsReader.NAMES,
                    "warehouse",
                    "work_directory",
                    "catalog.url",
                    "catalog.user",
                    "catalog.password",
                    "engine.threads",
                    "engine.memory",
                    "engine.query_timeout",
                    "s3.endpoint",
                    "s3.region",
                    "s3.path_style",
                    "s3.access_key",
                    "s3.secret_key",
                    "s3.vend_keys",
                    "sftp.user",
                    "sftp.password",
                    "sftp.key",
                    "sftp.key_password",
                    "sftp.known_hosts",
                    "sftp.connections",
                    "sftp.timeout",
                    "cache.size",
                    "cache.results",
                    "run.parallelism",
                    "run.lost_after",
                    "run.sample_rows",
                    "run.publish",
                    "python",
                    "server",
                    "copies.folders",
                    "tables.formats",
                    "upkeep.mode",
                    "upkeep.after_build_time",
                    "upkeep.after_build_bytes",
                    "upkeep.history",
                    "upkeep.snapshot_age",
                    "upkeep.snapshots_kept",
                    "upkeep.orphan_age");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})\\s*([kmgt]?i?b?)");
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");
    private static final long TEN_GIB = 10L << 30;
    private static final long RESULT_BYTES = 256L << 20;

    private final OpenRequest request;
    private final Map<String, Value> file;
    private final List<Problem> problems;
    private final List<Setting> origins = new ArrayList<>();

    private static List<String> and(List<String> others, String... names) {
        List<String> all = new ArrayList<>(List.of(names));
        all.addAll(others);
        return List.copyOf(all);
    }

    private SettingsReader(OpenRequest request) {
        this.request = request;
        SettingsFile.Reading reading =
                SettingsFile.read(request.projectDirectory().resolve(FILE), NAMES);
        file = reading.values();
        problems = new ArrayList<>(reading.problems());
    }

    static Settings read(OpenRequest request) {
        SettingsReader reader = new SettingsReader(request);
        Settings settings = reader.settings();
        if (!reader.problems.isEmpty()) {
            throw new TarnException(reader.problems);
        }
        return settings;
    }

    private Settings settings() {
        Path project = request.projectDirectory().toAbsolutePath().normalize();
        String warehouse = warehouse(project);
        Path work = project.resolve(value("work_directory", Function.identity()).orElse(".tarn"));
        decided("work_directory", work.toString());
        Optional<Integer> threads = value("engine.threads", SettingsReader::count);
        Settings.Engine engine =
                new Settings.Engine(
                        threads,
                        value("engine.memory", SettingsReader::size),
                        value("engine.query_timeout", SettingsReader::duration));
        decided("engine.threads", threads.map(String::valueOf).orElse("one per processor"));
        decided(
                "engine.memory",
                engine.memoryBytes()
                        .map(b -> b + " bytes")
                        .orElse("half of the machine's less Java's"));
        decided(
                "engine.query_timeout",
                engine.queryTimeout().map(Duration::toString).orElse("PT1H"));
        long cache = value("cache.size", SettingsReader::size).orElse(TEN_GIB);
        decided("cache.size", cache + " bytes");
        return new Settings(
                warehouse,
                work,
                catalog(warehouse, work),
                engine,
                s3(),
                sftp(project),
                cache,
                results(),
                runs(),
                upkeep(),
                formats(),
                python(),
                copyFolders(project),
                new JobSettingsReader(new Told()).read(),
                server(),
                origins);
    }

    private long results() {
        long results = value("cache.results", SettingsReader::sizeOrOff).orElse(RESULT_BYTES);
        decided("cache.results", results == 0 ? "off" : results + " bytes");
        return results;
    }

    private List<Path> copyFolders(Path project) {
        List<Path> folders =
                value("copies.folders", SettingsReader::listed).orElse(List.of()).stream()
                        .map(f -> project.resolve(f).normalize())
                        .toList();
        decided(
                "copies.folders",
                folders.isEmpty()
                        ? "none"
                        : folders.stream().map(Path::toString).collect(Collectors.joining(", ")));
        return folders;
    }

    private boolean server() {
        boolean server = value("server", SettingsReader::truth).orElse(true);
        decided("server", String.valueOf(server));
        return server;
    }

    private Optional<String> python() {
        Optional<String> python = value("python", Function.identity());
        decided("python", python.orElse("python3"));
        return python;
    }

    private String warehouse(Path project) {
        if (request.warehouse().isPresent()) {
            String given = absolute(request.warehouse().get(), Path.of("").toAbsolutePath());
            origins.add(new Setting("warehouse", given, "--warehouse"));
            return given;
        }
        String chosen =
                absolute(
                        value("warehouse", Function.identity()).orElse(".tarn/warehouse"), project);
        decided("warehouse", chosen);
        return chosen;
    }

    private static String absolute(String location, Path base) {
        String bare = location.endsWith("/") ? location.replaceAll("/+$", "") : location;
        return bare.contains("://") ? bare : base.resolve(bare).normalize().toString();
    }

    private Settings.Catalog catalog(String warehouse, Path work) {
        Optional<String> url = value("catalog.url", SettingsReader::postgres);
        if (url.isPresent()) {
            decided("catalog.url", url.get());
            Optional<String> user = value("catalog.user", Function.identity());
            Optional<String> password = value("catalog.password", SettingsReader::secret);
            if (user.isEmpty() || password.isEmpty()) {
                problems.add(
                        Problem.at(
                                ErrorCode.CONFIG_INVALID,
                                Place.of(FILE),
                                "catalog.url needs catalog.user and catalog.password."
                                        + " A password is a reference: env:NAME or file:PATH."));
            }
            decided("catalog.user", user.orElse(""));
            decided("catalog.password", password.orElse(""));
            return new Settings.Catalog.Postgres(
                    url.get(), user.orElse(""), password.orElse("env:"));
        }
        Path database =
                warehouse.contains("://")
                        ? work.resolve("catalog.db")
                        : Path.of(warehouse, "catalog.db");
        decided("catalog.url", database.toString());
        return new Settings.Catalog.Embedded(database);
    }

    private Settings.S3 s3() {
        Optional<String> endpoint = value("s3.endpoint", Function.identity());
        Settings.S3 s3 =
                new Settings.S3(
                        endpoint,
                        value("s3.region", Function.identity()).orElse("us-east-1"),
                        value("s3.path_style", SettingsReader::truth).orElse(endpoint.isPresent()),
                        value("s3.access_key", SettingsReader::secret),
                        value("s3.secret_key", SettingsReader::secret),
                        value("s3.vend_keys", SettingsReader::truth).orElse(false));
        decided("s3.endpoint", endpoint.orElse("AWS"));
        decided("s3.region", s3.region());
        decided("s3.path_style", String.valueOf(s3.pathStyle()));
        decided("s3.access_key", s3.accessKey().orElse("from the environment"));
        decided("s3.secret_key", s3.secretKey().orElse("from the environment"));
        decided("s3.vend_keys", String.valueOf(s3.vendKeys()));
        return s3;
    }

    private Settings.Sftp sftp(Path project) {
        String home = request.environment().getOrDefault("HOME", "");
        Path known = project.resolve(home).resolve(".ssh").resolve("known_hosts");
        Settings.Sftp sftp =
                new Settings.Sftp(
                        value("sftp.user", Function.identity()),
                        value("sftp.password", SettingsReader::secret),
                        value("sftp.key", SettingsReader::secret),
                        value("sftp.key_password", SettingsReader::secret),
                        value("sftp.known_hosts", project::resolve).orElse(known),
                        value("sftp.connections", SettingsReader::count).orElse(4),
                        value("sftp.timeout", SettingsReader::duration)
                                .orElse(Duration.ofSeconds(30)));
        decided("sftp.user", sftp.user().orElse("as the location says"));
        decided("sftp.password", sftp.password().orElse("none"));
        decided("sftp.key", sftp.key().orElse("none"));
        decided("sftp.key_password", sftp.keyPassword().orElse("none"));
        decided("sftp.known_hosts", sftp.knownHosts().toString());
        decided("sftp.connections", String.valueOf(sftp.connections()));
        decided("sftp.timeout", sftp.timeout().toString());
        return sftp;
    }

    private RunSettings runs() {
        RunSettings defaults = RunSettings.DEFAULT;
        Optional<Integer> parallelism = value("run.parallelism", SettingsReader::count);
        Optional<Integer> nodes = request.threads().or(() -> parallelism);
        if (request.threads().isPresent()) {
            origins.add(
                    new Setting(
                            "run.parallelism",
                            String.valueOf(request.threads().get()),
                            "--threads"));
        } else {
            decided(
                    "run.parallelism",
                    nodes.map(String::valueOf).orElse("threads of the profile, else 2"));
        }
        Duration lost =
                value("run.lost_after", SettingsReader::duration).orElse(defaults.lostAfter());
        decided("run.lost_after", lost.toString());
        int sample = value("run.sample_rows", SettingsReader::count).orElse(defaults.sampleRows());
        decided("run.sample_rows", String.valueOf(sample));
        Publishing publishing =
                value("run.publish", SettingsReader::publishing).orElse(defaults.publishing());
        decided("run.publish", publishing.name().toLowerCase(Locale.ROOT));
        return defaults.withParallelism(nodes)
                .withLostAfter(lost)
                .withSampleRows(sample)
                .withPublishing(publishing);
    }

    private static Publishing publishing(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "together" -> Publishing.TOGETHER;
            case "each" -> Publishing.EACH;
            default ->
                    throw new IllegalArgumentException(
                            "must be 'together' (all of a run at its end) or 'each' (each node when"
                                    + " it is done), not '%s'.".formatted(text));
        };
    }

    private List<String> formats() {
        List<String> formats =
                value("tables.formats", SettingsReader::formats)
                        .orElse(List.of("iceberg", "delta"));
        decided("tables.formats", String.join(", ", formats));
        return formats;
    }

    private Settings.Upkeep upkeep() {
        Settings.Upkeep defaults = Settings.Upkeep.DEFAULT;
        Settings.Upkeep upkeep =
                new Settings.Upkeep(
                        value("upkeep.mode", SettingsReader::mode).orElse(defaults.automatic()),
                        value("upkeep.after_build_time", SettingsReader::duration)
                                .orElse(defaults.time()),
                        value("upkeep.after_build_bytes", SettingsReader::size)
                                .orElse(defaults.bytes()),
                        value("upkeep.history", SettingsReader::duration)
                                .orElse(defaults.history()),
                        value("upkeep.snapshot_age", SettingsReader::duration)
                                .orElse(defaults.snapshotAge()),
                        value("upkeep.snapshots_kept", SettingsReader::count)
                                .orElse(defaults.snapshotsKept()),
                        value("upkeep.orphan_age", SettingsReader::duration)
                                .orElse(defaults.orphanAge()));
        decided("upkeep.mode", upkeep.automatic() ? "auto" : "off");
        decided("upkeep.after_build_time", upkeep.time().toString());
        decided("upkeep.after_build_bytes", upkeep.bytes() + " bytes");
        decided("upkeep.history", upkeep.history().toString());
        decided("upkeep.snapshot_age", upkeep.snapshotAge().toString());
        decided("upkeep.snapshots_kept", String.valueOf(upkeep.snapshotsKept()));
        decided("upkeep.orphan_age", upkeep.orphanAge().toString());
        return upkeep;
    }

    /** Notes an effective value; its origin is the file's line, if the file says it. */
    private void decided(String name, String value) {
        Value written = file.get(name);
        origins.add(
                new Setting(name, value, written == null ? "default" : written.place().toString()));
    }

    private <T> Optional<T> value(String name, Function<String, T> parser) {
        Value written = file.get(name);
        if (written == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.apply(written.text()));
        } catch (IllegalArgumentException e) {
            problems.add(
                    Problem.at(
                            ErrorCode.CONFIG_INVALID,
                            written.place(),
                            "'%s' %s".formatted(name, e.getMessage())));
            return Optional.empty();
        }
    }

    /** For those who read a part. */
    private final class Told implements JobSettingsReader.Values {
        @Override
        public <T> Optional<T> value(String name, Function<String, T> parser) {
            return SettingsReader.this.value(name, parser);
        }

        @Override
        public void decided(String name, String value) {
            SettingsReader.this.decided(name, value);
        }

        @Override
        public Map<String, String> environment() {
            return request.environment();
        }
    }

    private static List<String> formats(String text) {
        List<String> formats = List.of(text.toLowerCase(Locale.ROOT).split("[,\\s]+"));
        if (!formats.contains("iceberg")
                || !Set.of("iceberg", "delta").containsAll(formats)
                || Set.copyOf(formats).size() != formats.size()) {
            throw new IllegalArgumentException(
                    "must be 'iceberg' or 'iceberg, delta', not '%s'.".formatted(text));
        }
        return formats;
    }

    private static List<String> listed(String text) {
        return List.of(text.strip().split("\\s*,\\s*"));
    }

    private static int count(String text) {
        if (!text.matches("[1-9]\\d{0,3}")) {
            throw new IllegalArgumentException(
                    "must be a number from 1 to 9999, not '%s'.".formatted(text));
        }
        return Integer.parseInt(text);
    }

    private static boolean truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "must be true or false, not '%s'.".formatted(text));
        };
    }

    /** YAML takes {@code off} for a truth value. */
    private static boolean mode(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "auto" -> true;
            case "off", "false" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "must be auto or off, not '%s'.".formatted(text));
        };
    }

    static long size(String text) {
        Matcher m = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        if (!m.matches()) {
            throw new IllegalArgumentException(
                    "must be a size such as 512MB or 4GiB, not '%s'.".formatted(text));
        }
        String unit = m.group(2);
        long base = unit.contains("i") ? 1024 : 1000;
        long factor = 1;
        for (int i = "kmgt".indexOf(unit.isEmpty() ? ' ' : unit.charAt(0)); i >= 0; i--) {
            factor *= base;
        }
        return Long.parseLong(m.group(1)) * factor;
    }

    /** YAML takes {@code off} for a truth value. */
    private static long sizeOrOff(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "off", "false", "no" -> 0;
            default -> size(text);
        };
    }

    static Duration duration(String text) {
        Matcher m = TIME.matcher(text.toLowerCase(Locale.ROOT));
        if (!m.matches()) {
            throw new IllegalArgumentException(
                    "must be a time such as 30s, 15m or 2h, not '%s'.".formatted(text));
        }
        long amount = Long.parseLong(m.group(1));
        return switch (m.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    static String secret(String text) {
        if (!text.startsWith("env:") && !text.startsWith("file:")) {
            throw new IllegalArgumentException(
                    "is a secret and must be a reference: env:NAME or file:PATH.");
        }
        return text;
    }

    private static String postgres(String text) {
        if (!text.startsWith("postgresql://") || text.contains("@")) {
            throw new IllegalArgumentException(
                    "must look like postgresql://host:port/database, without user and password.");
        }
        return text;
    }
}
