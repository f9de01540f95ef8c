package dev.tarn.taps;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program that runs and tells lines. What it says beside them goes to the log, up to a number of
 * lines. Read by one thread; any thread may end it, with all that it has started.
 */
final class TapProcess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TapProcess.class);
    private static final int MOST_LOGGED = 1_000;
    private static final int LONGEST_LOGGED = 500;
    private static final int KEPT = 3;
    private static final List<String> INHERITED =
            List.of("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "SYSTEMROOT");
    private static final long GRACE_SECONDS = 10;

    private final TapSettings settings;
    private final Process process;
    private final InputStream out;
    private final Thread errors;
    private final Thread watch;
    private final ArrayDeque<String> last = new ArrayDeque<>();
    private volatile long heardNanos = System.nanoTime();
    private volatile boolean waiting;
    private volatile boolean stopped;
    private volatile boolean timedOut;

    private TapProcess(TapSettings settings, Process process) {
        this.settings = settings;
        this.process = process;
        this.out = new BufferedInputStream(heard(process.getInputStream()), 1 << 16);
        this.errors = Thread.ofVirtual().name("tap-errors").start(this::drain);
        this.watch = Thread.ofVirtual().name("tap-watch").start(this::watch);
    }

    static TapProcess start(TapSettings settings, List<String> arguments, Path folder) {
        List<String> command = new ArrayList<>(settings.command());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(INHERITED);
        environment.putAll(settings.environment());
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return new TapProcess(settings, process);
        } catch (IOException e) {
            throw TapErrors.notStarted(
                    settings.name(),
                    settings.hide(String.valueOf(e.getMessage()).replaceFirst("\\.$", "")));
        }
    }

    /** A part of a line is no silence, however slowly the others come. */
    private InputStream heard(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] into, int from, int most) throws IOException {
                int read = super.read(into, from, most);
                heardNanos = System.nanoTime();
                return read;
            }
        };
    }

    /** The next line; empty at the end of a program that ended well. */
    Optional<byte[]> line() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        heardNanos = System.nanoTime();
        waiting = true;
        try {
            for (int c = out.read(); c >= 0; c = out.read()) {
                if (c == '\n') {
                    if (line.size() > 0) {
                        return Optional.of(line.toByteArray());
                    }
                } else if (c != '\r') {
                    if (line.size() == settings.mostBytes()) {
                        throw TapErrors.tooLong(settings.name(), settings.mostBytes());
                    }
                    line.write(c);
                }
            }
        } catch (IOException e) {
            log.debug("What a program says broke off", e);
        } finally {
            waiting = false;
        }
        requireGood();
        return line.size() == 0 ? Optional.empty() : Optional.of(line.toByteArray());
    }

    /** Everything it says, to its end. */
    byte[] all() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Optional<byte[]> line = line(); line.isPresent(); line = line()) {
            all.writeBytes(line.get());
            all.write('\n');
            if (all.size() > settings.mostBytes()) {
                throw TapErrors.tooLong(settings.name(), settings.mostBytes());
            }
        }
        return all.toByteArray();
    }

    private void requireGood() {
        int exit;
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                stop();
            }
            exit = process.waitFor();
            errors.join(Duration.ofSeconds(GRACE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw TapErrors.interrupted(settings.name());
        }
        if (timedOut) {
            throw TapErrors.silent(settings.name(), settings.timeout());
        }
        if (stopped) {
            throw TapErrors.interrupted(settings.name());
        }
        if (exit != 0) {
            throw TapErrors.ended(settings.name(), exit, lastWords());
        }
    }

    private String lastWords() {
        synchronized (last) {
            return String.join(" / ", last);
        }
    }

    private void drain() {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                new Bounded(process.getErrorStream(), LONGEST_LOGGED),
                                StandardCharsets.UTF_8))) {
            long count = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String text = settings.hide(line.strip());
                if (++count <= MOST_LOGGED) {
                    log.info("{}: {}", settings.name(), text);
                }
                if (!text.isEmpty()) {
                    synchronized (last) {
                        last.add(text);
                        if (last.size() > KEPT) {
                            last.remove();
                        }
                    }
                }
            }
        } catch (IOException e) {
            log.debug("The messages of a program broke off", e);
        }
    }

    /** Ends a program that has said nothing for too long while somebody waited. */
    private void watch() {
        try {
            while (process.isAlive()) {
                long silent = System.nanoTime() - heardNanos;
                if (waiting && silent > settings.timeout().toNanos()) {
                    timedOut = true;
                    kill();
                    return;
                }
                process.waitFor(200, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it and all that it has started. */
    void stop() {
        stopped = true;
        kill();
    }

    private void kill() {
        List<ProcessHandle> family = process.descendants().toList();
        process.destroyForcibly();
        family.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        stop();
        watch.interrupt();
    }

    /** Lines of which only the beginning is passed on. */
    private static final class Bounded extends InputStream {
        private final InputStream in;
        private final int most;
        private int length;

        Bounded(InputStream in, int most) {
            this.in = new BufferedInputStream(in);
            this.most = most;
        }

        @Override
        public int read() throws IOException {
            while (true) {
                int c = in.read();
                if (c < 0 || c == '\n') {
                    length = 0;
                    return c;
                }
                if (++length <= most) {
                    return c;
                }
            }
        }

        @Override
        public int read(byte[] bytes, int from, int count) throws IOException {
            int c = read();
            if (c < 0) {
                return -1;
            }
            int n = 0;
            bytes[from + n++] = (byte) c;
            while (n < count && in.available() > 0) {
                c = read();
                if (c < 0) {
                    break;
                }
                bytes[from + n++] = (byte) c;
            }
            return n;
        }
    }
}
