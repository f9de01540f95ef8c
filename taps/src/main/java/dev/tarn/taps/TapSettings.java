package dev.tarn.taps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.ConnectorSpec.Mode;
import dev.tarn.spi.Connector.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which program is run, and for what.
 *
 * @param command and its arguments
 * @param config what the program is told in a file
 * @param environment what it finds beside the names that every program needs
 * @param catalog a file that says which streams there are and which are wanted
 * @param snapshot whether all rows come each time
 * @param refresh while following: how long until it is run again
 */
record TapSettings(
        List<String> command,
        String stream,
        ObjectNode config,
        Map<String, String> environment,
        Optional<Path> catalog,
        boolean snapshot,
        Optional<String> cursor,
        Duration timeout,
        Duration refresh,
        long mostBytes,
        List<String> secrets) {
    static final List<String> KNOWN =
            List.of(
                    "command",
                    "stream",
                    "config.*",
                    "env.*",
                    "catalog",
                    "timeout",
                    "refresh",
                    "max_message");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");
    private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,8}");
    private static final int SHORTEST_SECRET = 3;

    static TapSettings of(Request request) {
        List<Problem> problems = new ArrayList<>();
        List<String> command = words(request.setting("command").orElse(""));
        ObjectNode config = JSON.createObjectNode();
        Map<String, String> environment = new HashMap<>();
        List<String> secrets = new ArrayList<>();
        new TreeMap<>(request.settings())
                .forEach((name, value) -> {
                    boolean secret = !value.equals(request.spec().settings().get(name));
                    if (secret && value.length() >= SHORTEST_SECRET) {
                        secrets.add(value);
                    }
                    if (name.startsWith("config.")) {
                        put(config, name.substring(7).split("\\."), 0, value(value, secret));
                    } else if (name.startsWith("env.")) {
                        environment.put(name.substring(4), value);
                    }
                });
        if (command.isEmpty()) {
            problems.add(
                    TapErrors.setting(
                            request.ingest().place(), "command", "", "a program with arguments"));
        }
        Mode mode = request.spec().mode().orElse(Mode.INCREMENTAL);
        if (mode == Mode.LOG) {
            problems.add(
                    TapErrors.setting(
                            request.ingest().place(), "mode", "log", "snapshot or incremental"));
        }
        TapSettings all =
                new TapSettings(
                        command,
                        request.setting("stream").orElse(""),
                        config,
                        environment,
                        request.setting("catalog").map(request.project()::resolve),
                        mode == Mode.SNAPSHOT,
                        request.spec().cursor(),
                        Duration.ofSeconds(number(request, "timeout", 300, problems)),
                        Duration.ofSeconds(number(request, "refresh", 300, problems)),
                        number(request, "max_message", 64, problems) << 20,
                        List.copyOf(secrets));
        if (!problems.isEmpty()) {
            throw new TarnException(problems);
        }
        return all;
    }

    /** Words between blanks; quotes keep blanks in one. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            for (int group = 1; group <= 3; group++) {
                if (matcher.group(group) != null) {
                    words.add(matcher.group(group));
                }
            }
        }
        return words;
    }

    /** What is JSON is told as it is, all else as a text; secrets are always texts. */
    private static JsonNode value(String text, boolean secret) {
        if (!secret) {
            try (var parser = JSON.createParser(text)) {
                JsonNode node = JSON.readTree(parser);
                if (node != null && parser.nextToken() == null) {
                    return node;
                }
            } catch (java.io.IOException e) {
                return TextNode.valueOf(text);
            }
        }
        return TextNode.valueOf(text);
    }

    private static void put(ObjectNode node, String[] names, int at, JsonNode value) {
        if (at == names.length - 1) {
            node.set(names[at], value);
        } else {
            put(node.withObjectProperty(names[at]), names, at + 1, value);
        }
    }

    private static long number(Request request, String name, long other, List<Problem> problems) {
        Optional<String> text = request.setting(name);
        if (text.isEmpty()) {
            return other;
        }
        String digits =
                text.get().toLowerCase(Locale.ROOT).replaceFirst("\\s*(mb|s|seconds?)$", "");
        if (!NUMBER.matcher(digits).matches() || Long.parseLong(digits) > 1_000_000) {
            problems.add(
                    TapErrors.setting(
                            request.ingest().place(),
                            name,
                            text.get(),
                            name.equals("max_message")
                                    ? "a number of megabytes"
                                    : "a number of seconds"));
            return other;
        }
        return Math.min(Long.parseLong(digits), name.equals("max_message") ? 1_000 : 1_000_000);
    }

    /** The program's name. */
    String name() {
        return command.isEmpty() ? "" : Path.of(command.getFirst()).getFileName().toString();
    }

    String hide(String text) {
        String hidden = text;
        for (String secret : secrets) {
            hidden = hidden.replace(secret, "…");
        }
        return hidden;
    }

    String configText() {
        try {
            return JSON.writeValueAsString(config);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Without what may be secret. */
    @Override
    public String toString() {
        return name() + " " + stream;
    }
}
