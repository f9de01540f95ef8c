package dev.tarn.it;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program that tells the lines of a file as records, in Singer's or Airbyte's way, from the
 * number in its state on. Lines that begin with an exclamation mark are levers.
 */
public final class TestTap {
    private static final Pattern FILE = Pattern.compile("\"file\":\"([^\"]*)\"");
    private static final Pattern STATE = Pattern.compile("\"at\":(\\d+)");
    private static final int STATE_EVERY = 2;

    private final boolean airbyte;
    private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    private TestTap(boolean airbyte) {
        this.airbyte = airbyte;
    }

    /** The command that runs it, as a source's settings have it. */
    static String command() {
        return "'%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' %s"
                .formatted(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        place(),
                        TestTap.class.getName());
    }

    private static Path place() {
        return Path.of(TestTap.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    public static void main(String[] arguments) throws IOException {
        List<String> given = List.of(arguments);
        boolean airbyte = !given.getFirst().startsWith("--");
        new TestTap(airbyte).run(given);
    }

    private static String file(List<String> given, String name) throws IOException {
        int at = given.indexOf(name);
        return at < 0 ? "" : Files.readString(Path.of(given.get(at + 1)));
    }

    private void run(List<String> given) throws IOException {
        String config = file(given, "--config");
        if (given.contains("--discover")) {
            out.println(
                    "{\"streams\":[{\"stream\":\"rows\",\"tap_stream_id\":\"rows\",\"schema\":{}},{\"stream\":\"others\",\"schema\":{}}]}");
        } else if (given.contains("discover")) {
            out.println("{\"type\":\"LOG\",\"log\":{\"level\":\"INFO\",\"message\":\"x\"}}");
            out.println(
                    "{\"type\":\"CATALOG\",\"catalog\":{\"streams\":[{\"name\":\"rows\",\"supported_sync_modes\":[\"full_refresh\",\"incremental\"]}]}}");
        } else {
            System.err.println("config is " + config);
            Matcher file = FILE.matcher(config);
            Matcher state = STATE.matcher(file(given, "--state"));
            tell(
                    Files.readAllLines(Path.of(file.find() ? file.group(1) : "")),
                    state.find() ? Integer.parseInt(state.group(1)) : 0);
        }
        out.flush();
    }

    private void tell(List<String> lines, int from) throws IOException {
        if (!airbyte) {
            out.println(
                    "{\"type\":\"SCHEMA\",\"stream\":\"rows\",\"schema\":{},\"key_properties\":[\"id\"]}");
        }
        List<String> rows = new ArrayList<>(lines);
        for (int i = from; i < rows.size(); i++) {
            String row = rows.get(i);
            switch (row) {
                case "!fail" -> {
                    out.flush();
                    System.err.println("token s3cret-token is not good");
                    System.exit(3);
                }
                case "!junk" -> out.println("Hello");
                case "!error" ->
                        out.println(
                                "{\"type\":\"TRACE\",\"trace\":{\"type\":\"ERROR\",\"error\":{\"message\":\"no right\"}}}");
                case "!silent" -> {
                    out.flush();
                    new ProcessBuilder("sleep", "1000").inheritIO().start();
                    while (true) {
                        LockSupport.park();
                    }
                }
                case "!bytes" -> {
                    String odd = record("{\"id\":66,\"n\":\"\u00ff\"}") + "\n";
                    out.write(odd.getBytes(StandardCharsets.ISO_8859_1));
                }
                case "!slow" -> trickle(record("{\"id\":77,\"n\":\"slow\"}"));
                default -> out.println(record(row));
            }
            if (i % STATE_EVERY == STATE_EVERY - 1 || i == rows.size() - 1) {
                out.println(state(i + 1));
            }
        }
    }

    /** Takes longer for a line than it may be silent, and is not. */
    private void trickle(String line) {
        for (int i = 0; i < line.length(); i++) {
            out.print(line.charAt(i));
            out.flush();
            LockSupport.parkNanos(200_000_000);
        }
        out.println();
    }

    private String record(String row) {
        return airbyte
                ? "{\"type\":\"RECORD\",\"record\":{\"stream\":\"rows\",\"data\":%s,\"emitted_at\":1}}"
                        .formatted(row)
                : "{\"type\": \"RECORD\", \"stream\": \"rows\", \"record\": %s, \"time_extracted\": \"x\"}"
                        .formatted(row);
    }

    private String state(int at) {
        return airbyte
                ? "{\"type\":\"STATE\",\"state\":{\"type\":\"STREAM\",\"stream\":{\"stream_descriptor\":{\"name\":\"rows\"},\"stream_state\":{\"at\":%d}}}}"
                        .formatted(at)
                : "{\"type\":\"STATE\",\"value\":{\"at\":%d}}".formatted(at);
    }
}
