package dev.tarn.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A headless Chromium, driven over its own protocol. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern SOCKET =
            Pattern.compile("\"webSocketDebuggerUrl\":\\s*\"(ws://[^\"]*/page/[^\"]*)\"");
    private static final Pattern ID = Pattern.compile("^\\{\"id\":(\\d+),");

    private final Path profile;
    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger numbers = new AtomicInteger();
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    /** Errors in the console, exceptions and refusals of the policy. */
    final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();

    /** Every address that was asked for. */
    final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();

    /** Where a Chromium is on this machine. */
    static Optional<Path> program() {
        String named = System.getenv("TARN_CHROMIUM");
        return Stream.of(
                        named == null ? "/usr/bin/chromium" : named,
                        "/usr/bin/chromium",
                        "/usr/bin/chromium-browser",
                        "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    Browser(Path program) throws Exception {
        profile = Files.createTempDirectory("tarn-browser");
        process =
                new ProcessBuilder(
                                program.toString(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--disable-dev-shm-usage",
                                "--window-size=1280,900",
                                "--remote-debugging-port=0",
                                "--user-data-dir=" + profile,
                                "about:blank")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        socket =
                HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .buildAsync(URI.create(page(port(profile))), new Ear())
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            ask(domain + ".enable", "{}");
        }
        ask("Emulation.setFocusEmulationEnabled", "{\"enabled\":true}");
    }

    private String port(Path profile) throws IOException {
        Path file = profile.resolve("DevToolsActivePort");
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            if (lines.size() > 1) {
                return lines.getFirst();
            }
            Thread.onSpinWait();
        }
        throw new IOException("Chromium did not say where it listens");
    }

    private static String page(String port) throws Exception {
        String list =
                HttpClient.newHttpClient()
                        .send(
                                java.net.http.HttpRequest.newBuilder(
                                                URI.create(
                                                        "http://127.0.0.1:" + port + "/json/list"))
                                        .build(),
                                java.net.http.HttpResponse.BodyHandlers.ofString())
                        .body();
        Matcher matcher = SOCKET.matcher(list);
        if (!matcher.find()) {
            throw new IOException("Chromium has no page: " + list);
        }
        return matcher.group(1);
    }

    private final class Ear implements WebSocket.Listener {
        private final StringBuilder parts = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket from, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                hear(parts.toString());
                parts.setLength(0);
            }
            from.request(1);
            return null;
        }
    }

    private void hear(String message) {
        if (ID.matcher(message).find()) {
            answers.add(message);
        } else if (message.contains("\"method\":\"Runtime.exceptionThrown\"")
                || (message.contains("\"method\":\"Log.entryAdded\"")
                        && message.contains("\"level\":\"error\""))) {
            errors.add(message);
        } else if (message.contains("\"method\":\"Network.requestWillBeSent\"")) {
            Matcher url = Pattern.compile("\"request\":\\{\"url\":\"([^\"]*)\"").matcher(message);
            if (url.find()) {
                asked.add(url.group(1));
            }
        }
    }

    private synchronized String ask(String method, String parameters) throws Exception {
        int number = numbers.incrementAndGet();
        socket.sendText(
                        "{\"id\":%d,\"method\":\"%s\",\"params\":%s}"
                                .formatted(number, method, parameters),
                        true)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        while (true) {
            String answer = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (answer == null) {
                throw new IOException("Chromium did not answer to " + method);
            }
            if (answer.startsWith("{\"id\":" + number + ",")) {
                return answer;
            }
        }
    }

    /** Opens a page and waits until its scripts have run. */
    void open(String address) throws Exception {
        ask("Page.navigate", "{\"url\":%s}".formatted(Json.write(address)));
        until(
                "location.href.split('#')[0] === %s && document.readyState === 'complete'"
                        .formatted(Json.write(address)));
    }

    /** The text of a script's value. */
    String run(String script) throws Exception {
        String answer =
                ask(
                        "Runtime.evaluate",
                        "{\"expression\":%s,\"returnByValue\":true,\"awaitPromise\":true}"
                                .formatted(Json.write("String(" + script + ")")));
        Matcher value = Pattern.compile("\"value\":\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(answer);
        return value.find() ? value.group(1) : answer;
    }

    /** Waits until a script says true. */
    void until(String script) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String last = "";
        while (System.nanoTime() < end) {
            last = run(script);
            if (last.equals("true")) {
                return;
            }
        }
        throw new IOException("Never true: " + script + ", at last: " + last);
    }

    /** Presses a key as a person does. */
    void press(String key) throws Exception {
        String named = Json.write(key);
        ask(
                "Input.dispatchKeyEvent",
                "{\"type\":\"keyDown\",\"key\":%s,\"text\":%s}".formatted(named, named));
        ask("Input.dispatchKeyEvent", "{\"type\":\"keyUp\",\"key\":%s}".formatted(named));
    }

    /** Shows pages as on paper or on a screen, to somebody whose system is light or dark. */
    void media(String media, String scheme) throws Exception {
        ask(
                "Emulation.setEmulatedMedia",
                "{\"media\":\"%s\",\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"%s\"}]}"
                        .formatted(media, scheme));
    }

    void size(int width, int height) throws Exception {
        ask(
                "Emulation.setDeviceMetricsOverride",
                "{\"width\":%d,\"height\":%d,\"deviceScaleFactor\":1,\"mobile\":false}"
                        .formatted(width, height));
    }

    @Override
    public void close() throws Exception {
        socket.abort();
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        // Its helpers may write for a moment longer; what is left then is left.
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            return;
        }
    }
}
