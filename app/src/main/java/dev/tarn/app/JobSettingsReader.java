package dev.tarn.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The part of {@code tarn.yml} that is about jobs. */
final class JobSettingsReader {
    static final List<String> NAMES =
            List.of(
                    "jobs.workers",
                    "jobs.builds",
                    "jobs.poll",
                    "jobs.lease",
                    "jobs.look",
                    "jobs.history",
                    "jobs.containers",
                    "kubernetes.url",
                    "kubernetes.namespace",
                    "kubernetes.token",
                    "kubernetes.ca",
                    "kubernetes.service_account");
    private static final List<String> RUNNERS =
            List.of("docker", "podman", "nerdctl", "kubernetes");
    private static final Path POD = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
    private static final int WORKERS_MAX = 4_096;
    private static final int BUILDS_MAX = 64;

    private final Values values;

    /** What the file says, and what became of it. */
    interface Values {
        /** A setting as a parser takes it; the parser says what is wrong with it. */
        <T> Optional<T> value(String name, Function<String, T> parser);

        void decided(String name, String value);

        Map<String, String> environment();
    }

    JobSettingsReader(Values values) {
        this.values = values;
    }

    JobSettings read() {
        return new JobSettings(
                count("jobs.workers", 64, WORKERS_MAX),
                count("jobs.builds", 2, BUILDS_MAX),
                time("jobs.poll", Duration.ofMillis(250), ofMillis(1), Duration.ofMinutes(1)),
                time("jobs.lease", Duration.ofSeconds(15), ofMillis(1_000), Duration.ofHours(1)),
                time("jobs.look", Duration.ofSeconds(2), ofMillis(10), Duration.ofHours(1)),
                time("jobs.history", Duration.ofDays(90), ofMillis(60_000), Duration.ofDays(3_650)),
                containers(),
                kubernetes());
    }

    private static Duration ofMillis(long millis) {
        return Duration.ofMillis(millis);
    }

    private int count(String name, int standard, int most) {
        int count =
                values.value(
                                name,
                                text -> {
                                    if (!text.matches("[1-9]\\d{0,5}")
                                            || Integer.parseInt(text) > most) {
                                        throw new IllegalArgumentException(
                                                "must be a number from 1 to %d, not '%s'."
                                                        .formatted(most, text));
                                    }
                                    return Integer.parseInt(text);
                                })
                        .orElse(standard);
        values.decided(name, Integer.toString(count));
        return count;
    }

    private Duration time(String name, Duration standard, Duration least, Duration most) {
        Duration time =
                values.value(
                                name,
                                text -> {
                                    Duration given = SettingsReader.duration(text);
                                    if (given.compareTo(least) < 0 || given.compareTo(most) > 0) {
                                        throw new IllegalArgumentException(
                                                "must be from %s to %s, not '%s'."
                                                        .formatted(
                                                                words(least), words(most), text));
                                    }
                                    return given;
                                })
                        .orElse(standard);
        values.decided(name, time.toString());
        return time;
    }

    private static String words(Duration time) {
        return dev.tarn.model.job.Durations.words(time);
    }

    private Optional<String> containers() {
        Optional<String> runner =
                values.value(
                        "jobs.containers",
                        text -> {
                            String name = text.toLowerCase(Locale.ROOT);
                            if (!RUNNERS.contains(name)) {
                                throw new IllegalArgumentException(
                                        "must be one of %s, not '%s'."
                                                .formatted(String.join(", ", RUNNERS), text));
                            }
                            return name;
                        });
        values.decided("jobs.containers", runner.orElse("a cluster if one is named, else docker"));
        return runner;
    }

    private JobSettings.Kubernetes kubernetes() {
        Optional<String> host =
                Optional.ofNullable(values.environment().get("KUBERNETES_SERVICE_HOST"));
        boolean inside = host.isPresent() && Files.exists(POD.resolve("token"));
        Optional<String> url = values.value("kubernetes.url", JobSettingsReader::address);
        boolean standard = url.isEmpty() && inside;
        if (standard) {
            url = Optional.of("https://kubernetes.default.svc");
        }
        JobSettings.Kubernetes made =
                new JobSettings.Kubernetes(
                        url,
                        values.value("kubernetes.namespace", JobSettingsReader::namespace)
                                .or(() -> standard ? podsNamespace() : Optional.empty())
                                .orElse("default"),
                        values.value("kubernetes.token", SettingsReader::secret)
                                .or(() -> inside(standard, "file:" + POD.resolve("token"))),
                        values.value("kubernetes.ca", Function.identity())
                                .or(() -> inside(standard, POD.resolve("ca.crt").toString())),
                        values.value("kubernetes.service_account", Function.identity()));
        values.decided("kubernetes.url", made.url().orElse("none"));
        values.decided("kubernetes.namespace", made.namespace());
        values.decided("kubernetes.token", made.token().orElse("none"));
        values.decided("kubernetes.ca", made.ca().orElse("those that Java trusts"));
        values.decided("kubernetes.service_account", made.account().orElse("default"));
        return made;
    }

    private static Optional<String> inside(boolean standard, String value) {
        return standard ? Optional.of(value) : Optional.empty();
    }

    private static Optional<String> podsNamespace() {
        try {
            return Optional.of(Files.readString(POD.resolve("namespace")).strip());
        } catch (java.io.IOException e) {
            return Optional.empty();
        }
    }

    private static String address(String text) {
        if (!text.matches("https?://[^\\s@]+")) {
            throw new IllegalArgumentException(
                    "must be an address such as https://10.0.0.1:6443, not '%s'.".formatted(text));
        }
        return text;
    }

    private static String namespace(String text) {
        if (!text.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw new IllegalArgumentException(
                    "must be the name of a namespace, not '%s'.".formatted(text));
        }
        return text;
    }
}
