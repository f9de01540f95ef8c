package dev.tarn.cli.dbt;

import dev.tarn.cli.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that every verb has. */
final class Options {
    @Option(names = "--project-dir")
    Optional<Path> projectDir = Optional.empty();

    @Option(names = "--profiles-dir")
    Optional<Path> profilesDir = Optional.empty();

    @Option(names = "--profile")
    Optional<String> profile = Optional.empty();

    @Option(names = {"-t", "--target"})
    Optional<String> target = Optional.empty();

    @Option(names = "--target-path")
    Optional<Path> targetPath = Optional.empty();

    @Option(names = "--vars")
    List<String> vars = List.of();

    @Option(names = "--threads")
    Optional<Integer> threads = Optional.empty();

    @Option(names = "--warehouse")
    Optional<String> warehouse = Optional.empty();

    @Option(
            names = {"-q", "--quiet"},
            negatable = true)
    boolean quiet;

    @Option(
            names = {"-d", "--debug"},
            negatable = true)
    boolean debug;

    @Option(
            names = {"-x", "--fail-fast"},
            negatable = true)
    boolean failFast;

    @Option(names = "--warn-error", negatable = true)
    boolean warnError;

    @Option(names = "--log-format")
    String logFormat = "default";

    @Option(names = "--log-level")
    String logLevel = "info";

    @Option(names = "--log-format-file")
    String logFormatFile = "debug";

    @Option(names = "--log-level-file")
    String logLevelFile = "debug";

    @Option(names = "--log-path")
    Path logPath = Path.of("logs");

    @Option(names = "--log-file-max-bytes")
    long logFileMaxBytes = 10 << 20;

    @Option(names = "--print", negatable = true, defaultValue = "true", fallbackValue = "true")
    boolean print = true;

    /** What becomes of warnings. */
    WarnErrors warnErrors() {
        if (warnError && warnErrorOptions.isPresent()) {
            throw DbtErrors.bothWarnErrors();
        }
        return warnError
                ? WarnErrors.ALL
                : warnErrorOptions.map(WarnErrors::parse).orElse(WarnErrors.NONE);
    }

    /** The folder of the project. */
    Path directory(Console console) {
        return projectDir.map(console.directory()::resolve).orElse(console.directory()).normalize();
    }

    /** What is kept of what is said. */
    LogFile.Style logFile(Console console) {
        Log.Level least = Log.Level.of("--log-level-file", logLevelFile);
        Path project = directory(console);
        // Without a project nothing happens that anybody would look for.
        boolean kept = Files.exists(project.resolve("dbt_project.yml"));
        return new LogFile.Style(
                project.resolve(logPath),
                kept ? least : Log.Level.NONE,
                isJson("--log-format-file", logFormatFile),
                logFileMaxBytes);
    }

    private static boolean isJson(String option, String format) {
        if (!List.of("text", "json", "debug", "default").contains(format)) {
            throw DbtErrors.oneOf(option, "text, json, debug, default", format);
        }
        return format.equals("json");
    }

    /** How lines are written. */
    Log.Style style(String invocation) {
        Log.Level least =
                quiet
                        ? Log.Level.ERROR
                        : debug ? Log.Level.DEBUG : Log.Level.of("--log-level", logLevel);
        return new Log.Style(least, isJson("--log-format", logFormat), print, invocation);
    }

    @Option(names = "--warn-error-options")
    Optional<String> warnErrorOptions = Optional.empty();

    @Option(names = "--write-json", negatable = true, defaultValue = "true", fallbackValue = "true")
    boolean writeJson = true;

    @Option(
            names = "--version-check",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true")
    boolean versionCheck = true;

    @Option(names = "--state")
    Optional<Path> state = Optional.empty();

    @Option(names = "--defer-state")
    Optional<Path> deferState = Optional.empty();

    @Option(names = "--defer", negatable = true)
    boolean defer;

    @Option(names = "--favor-state", negatable = true)
    boolean favorState;

    /**
     * Accepted, because command lines have them; what they ask for is so, or means nothing here.
     */
    @Option(
            names = {
                "--partial-parse",
                "--static-parser",
                "--use-experimental-parser",
                "--send-anonymous-usage-stats",
                "--anonymous-usage-stats",
                "--cache-selected-only",
                "--populate-cache",
                "--use-colors",
                "--use-colors-file",
                "--introspect",
                "--log-cache-events",
                "--macro-debugging",
                "--single-threaded",
                "--allow-introspection",
                "--partial-parse-file-diff",
                "--inject-ephemeral-ctes",
                "--show-all-deprecations",
                "--validate-macro-args",
                "--show-resource-report",
                "--use-fast-test-edges",
                "--upload-to-artifacts-ingest-api"
            },
            negatable = true)
    boolean accepted;

    @Option(names = {"--printer-width", "--record-timing-info", "-r", "--partial-parse-file-path"})
    List<String> acceptedWithValue = List.of();
}
