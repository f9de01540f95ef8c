package dev.tarn.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Appends lines to the log file of the project that is open. A file that has grown beyond ten
 * megabytes is put aside as {@code .old} first. When the file cannot be written, the line is lost:
 * logging never makes a command fail.
 */
final class LogFile extends AppenderBase<ILoggingEvent> {
    private static final long BYTES_MAX = 10_000_000;

    @Override
    protected void append(ILoggingEvent event) {
        LogSettings.file().ifPresent(file -> append(file, line(event)));
    }

    private void append(Path file, String line) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            if (Files.exists(file) && Files.size(file) > BYTES_MAX) {
                Path old = file.resolveSibling(file.getFileName() + ".old");
                Files.move(file, old, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.writeString(
                    file,
                    line,
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            addError("Cannot write " + file, e);
        }
    }

    private static String line(ILoggingEvent event) {
        String trace =
                event.getThrowableProxy() == null
                        ? ""
                        : ThrowableProxyUtil.asString(event.getThrowableProxy());
        return "%s %-5s [%s] %s - %s%n%s"
                .formatted(
                        event.getInstant(),
                        event.getLevel(),
                        event.getThreadName(),
                        event.getLoggerName(),
                        event.getFormattedMessage(),
                        trace);
    }
}
