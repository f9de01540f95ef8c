package dev.tarn.server.api;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks another process's server. Answers are objects as {@code openapi.json} describes them. Safe
 * for use by many threads.
 */
public final class ApiClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /** A busy machine is no reason to make it busier. */
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(20);

    private static final int REFUSED = 400;
    private static final Pattern PLACE = Pattern.compile("(.+?)(?::(\\d{1,9}))?(?::(\\d{1,9}))?");

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .proxy(ProxySelector.of(null))
                    .build();
    private final String address;
    private final String token;

    /**
     * @param address such as {@code http://127.0.0.1:8181}
     */
    public ApiClient(String address, String token) {
        this.address = address;
        this.token = token;
    }

    /** Whether a server of ours answers in time. */
    public boolean answers() {
        try {
            HttpResponse<String> answer =
                    http.send(
                            request("/job-runs?limit=1").timeout(FIRST_ANSWER).build(),
                            HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public Map<String, @Nullable Object> get(String path) {
        return sent(request(path));
    }

    /** Asked again after a lost answer, the server does it once. */
    public Map<String, @Nullable Object> post(String path, Map<String, @Nullable Object> body) {
        return sent(
                request(path)
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .POST(HttpRequest.BodyPublishers.ofByteArray(JsonText.bytes(body))));
    }

    private Map<String, @Nullable Object> sent(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer =
                    http.send(
                            request.timeout(ANSWER).build(), HttpResponse.BodyHandlers.ofString());
            Map<String, @Nullable Object> told = JsonText.told(answer.body());
            if (answer.statusCode() >= REFUSED) {
                List<Problem> problems = problems(told);
                throw new TarnException(
                        problems.isEmpty()
                                ? List.of(
                                        Problem.of(
                                                ErrorCode.INTERNAL,
                                                "The server answered %d: %s"
                                                        .formatted(
                                                                answer.statusCode(),
                                                                told.get("detail"))))
                                : problems);
            }
            return told;
        } catch (IOException | UncheckedIOException e) {
            throw ApiErrors.serverGone(address);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TarnException(ErrorCode.INTERRUPTED, "Stopped before it was done.");
        }
    }

    /**
     * Hears what happens to a run of a job, until it is over.
     *
     * @param heard gets the name of each event and what it says; an empty name where nothing has
     *     happened for some seconds
     * @return whether the end was heard; if not, the server went away
     */
    public boolean follow(String run, BiConsumer<String, Map<String, @Nullable Object>> heard) {
        boolean[] over = new boolean[1];
        try {
            HttpResponse<InputStream> answer =
                    http.send(
                            request("/job-runs/" + run + "/events").build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(
                            new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                String event = "";
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("event: ")) {
                        event = line.substring("event: ".length());
                    } else if (line.startsWith("data: ")) {
                        Map<String, @Nullable Object> told =
                                JsonText.told(line.substring("data: ".length()));
                        over[0] |= event.equals("run") && told.get("finishedAt") != null;
                        heard.accept(event, told);
                    } else if (line.startsWith(":")) {
                        heard.accept("", Map.of());
                    }
                }
            }
        } catch (IOException | UncheckedIOException e) {
            return over[0];
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return over[0];
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + "/api/v1" + path))
                .header("Authorization", "Bearer " + token);
    }

    /** The problems of an answer. */
    public static List<Problem> problems(Map<String, @Nullable Object> told) {
        List<Problem> all = new ArrayList<>();
        if (told.get("problems") instanceof List<?> list) {
            for (Object one : list) {
                if (one instanceof Map<?, ?> problem) {
                    all.add(
                            new Problem(
                                    code(problem.get("code")),
                                    place(problem.get("place")),
                                    String.valueOf(problem.get("message"))));
                }
            }
        }
        return all;
    }

    private static Optional<Place> place(@Nullable Object text) {
        if (text == null) {
            return Optional.empty();
        }
        Matcher place = PLACE.matcher(String.valueOf(text));
        return place.matches()
                ? Optional.of(
                        new Place(place.group(1), number(place.group(2)), number(place.group(3))))
                : Optional.of(Place.of(String.valueOf(text)));
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    /** A code by its name; what this version does not know is a mistake of Tarn's. */
    public static ErrorCode code(@Nullable Object name) {
        return Optional.ofNullable(name)
                .map(n -> String.valueOf(n).toUpperCase(Locale.ROOT))
                .flatMap(n ->
                        List.of(ErrorCode.values()).stream()
                                .filter(c -> c.name().equals(n))
                                .findFirst())
                .orElse(ErrorCode.INTERNAL);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
