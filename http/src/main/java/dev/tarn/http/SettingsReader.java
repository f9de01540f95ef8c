package dev.tarn.http;

import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.spi.Connector.Request;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads settings and gathers everything that is wrong with them. */
final class SettingsReader {
    private static final Pattern DURATION =
            Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d|seconds?|minutes?|hours?|days?)?");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})\\s*(k|m|g)?i?b?");
    private static final URI NONE = URI.create("http://localhost/");

    private final Request request;
    private final List<Problem> problems = new ArrayList<>();

    SettingsReader(Request request) {
        this.request = request;
    }

    Place place() {
        return request.ingest().place();
    }

    void add(Problem problem) {
        problems.add(problem);
    }

    void throwIfAny() {
        if (!problems.isEmpty()) {
            throw new TarnException(problems);
        }
    }

    Optional<String> text(String name) {
        return request.setting(name).filter(t -> !t.isBlank());
    }

    String required(String name, String why) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            add(HttpErrors.missing(place(), name, why));
        }
        return text.orElse("");
    }

    /** The settings below a name, in the order of theirs. */
    Map<String, String> below(String name) {
        Map<String, String> values = new TreeMap<>();
        request.settings()
                .forEach((key, value) -> {
                    if (key.startsWith(name + ".")) {
                        values.put(key.substring(name.length() + 1), value);
                    }
                });
        return values;
    }

    String oneOf(String name, String other, List<String> words) {
        String word = text(name).orElse(other).toLowerCase(Locale.ROOT);
        if (!words.contains(word)) {
            add(HttpErrors.setting(place(), name, word, "one of " + String.join(", ", words)));
            return other;
        }
        return word;
    }

    long number(String name, long other, long most) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return other;
        }
        String digits = text.get().replace("_", "");
        if (!digits.matches("\\d{1,12}") || Long.parseLong(digits) > most) {
            add(
                    HttpErrors.setting(
                            place(), name, text.get(), "a whole number up to %,d".formatted(most)));
            return other;
        }
        return Long.parseLong(digits);
    }

    /** How long between two of so many a second; zero without a limit. */
    Duration pause(String name) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return Duration.ZERO;
        }
        if (!text.get().matches("\\d{1,6}(\\.\\d{1,6})?") || Double.parseDouble(text.get()) == 0) {
            add(HttpErrors.setting(place(), name, text.get(), "a number above 0"));
            return Duration.ZERO;
        }
        return Duration.ofNanos((long) (1e9 / Double.parseDouble(text.get())));
    }

    Duration duration(String name, Duration other) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return other;
        }
        Matcher matcher = DURATION.matcher(text.get().toLowerCase(Locale.ROOT).strip());
        if (!matcher.matches()) {
            add(HttpErrors.setting(place(), name, text.get(), "a time such as 30 seconds"));
            return other;
        }
        long count = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        if (unit.equals("ms")) {
            return Duration.ofMillis(count);
        }
        return switch (unit.charAt(0)) {
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            case 'd' -> Duration.ofDays(count);
            default -> Duration.ofSeconds(count);
        };
    }

    long size(String name, long other) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return other;
        }
        Matcher matcher = SIZE.matcher(text.get().toLowerCase(Locale.ROOT).strip());
        if (!matcher.matches()) {
            add(HttpErrors.setting(place(), name, text.get(), "a size such as 64MB"));
            return other;
        }
        int shift =
                switch (matcher.group(2)) {
                    case "k" -> 10;
                    case "m" -> 20;
                    case "g" -> 30;
                    case null, default -> 0;
                };
        // Bodies are arrays.
        return Math.clamp(Long.parseLong(matcher.group(1)) << shift, 1, 1L << 30);
    }

    /**
     * An address of HTTP.
     *
     * @param secret whether secrets go there, so that it must be encrypted or on this machine
     */
    URI address(String name, boolean secret) {
        String text = required(name, "it says where the server is");
        if (text.isEmpty()) {
            return NONE;
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            add(HttpErrors.setting(place(), name, text, "an address such as https://host/path"));
            return NONE;
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !List.of("http", "https").contains(scheme)) {
            add(HttpErrors.setting(place(), name, text, "an address such as https://host/path"));
            return NONE;
        }
        if (uri.getRawUserInfo() != null) {
            add(HttpErrors.secretInUrl(place(), name));
            return NONE;
        }
        if (secret && scheme.equals("http") && !isThisMachine(uri.getHost())) {
            add(HttpErrors.plainHttp(place(), name));
        }
        return uri;
    }

    private static boolean isThisMachine(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            boolean number = host.matches("[0-9.]+|\\[.*\\]");
            return number && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    Transport transport() {
        return new Transport(
                duration("timeout", Duration.ofSeconds(60)),
                (int) number("retries", 4, 100),
                size("max_response", 64L << 20),
                duration("longest_wait", Duration.ofMinutes(5)),
                pause("requests_per_second"),
                text("tls_ca").map(file -> request.project().resolve(file)));
    }
}
