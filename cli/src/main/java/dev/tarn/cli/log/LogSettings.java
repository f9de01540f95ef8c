package dev.tarn.cli.log;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where to log, handed to the logging library through system properties, because it configures
 * itself when the first class asks for a logger.
 */
public final class LogSettings {
    private static final String FILE = "tarn.log.file";
    private static final String VERBOSE = "tarn.log.verbose";

    private static final String JSON = "tarn.log.json";

    private LogSettings() {}

    /** Lines of JSON go to standard error as well. Must be said before the first line. */
    public static void alsoAsJson() {
        System.setProperty(JSON, "true");
    }

    static boolean isJson() {
        return Boolean.getBoolean(JSON);
    }

    /** From now on logs go to this file; nothing is created before there is a line. */
    public static void use(Path file, boolean verbose) {
        System.setProperty(FILE, file.toString());
        System.setProperty(VERBOSE, Boolean.toString(verbose));
    }

    public static boolean isVerbose() {
        return Boolean.getBoolean(VERBOSE);
    }

    static Optional<Path> file() {
        return Optional.ofNullable(System.getProperty(FILE)).map(Path::of);
    }
}
