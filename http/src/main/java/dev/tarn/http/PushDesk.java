package dev.tarn.http;

import dev.tarn.http.Delivery.Verdict;
import dev.tarn.http.PushErrors.Refused;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.spi.Connector;
import dev.tarn.spi.HttpProtocol;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * Takes rows that are sent to it, and answers when they have been published. One path for each
 * table, {@code /SOURCE/TABLE}. Requests that come while others land wait, and land together.
 */
public final class PushDesk implements HttpProtocol, AutoCloseable {
    private static final int LONGEST_KEY = 200;
    private static final Duration UNAVAILABLE_AGAIN = Duration.ofSeconds(5);

    private final PushConnector connector = new PushConnector(true);
    private final Landing landing;
    private final Clock clock;
    private final RandomGenerator random;
    private final Map<String, PushStream> streams = new TreeMap<>();
    private final Map<String, PushWorker> workers = new TreeMap<>();

    /**
     * @param random makes names for requests without a key
     */
    public PushDesk(Landing landing, Clock clock, RandomGenerator random) {
        this.landing = landing;
        this.clock = clock;
        this.random = random;
    }

    /** Lands what the desk's connector gives. */
    public interface Landing {
        /**
         * Lands one batch of a table in a run, and returns when it is published.
         *
         * @return how many rows landed in the table
         * @throws TarnException if nothing was published
         */
        long land(TableName table);

        /** The rows of requests that are in quarantine, by request, in their order. */
        Map<String, List<Rejected>> rejected(TableName table, List<String> requests);
    }

    /**
     * A row that did not fit.
     *
     * @param column empty if it was not for a column
     */
    public record Rejected(long row, Optional<String> column, String reason) {}

    /** What lands rows has to open sources with this one. */
    public Connector connector() {
        return connector;
    }

    /** Begins to take rows for a table, once the connector has been opened for it. */
    public void serve(String source, String name, TableName table) {
        PushStream stream = connector.stream(table).orElseThrow();
        String path = source + "/" + name;
        streams.put(path, stream);
        workers.put(path, PushWorker.start(path, table, stream, landing));
    }

    /** The paths there are. */
    public List<String> paths() {
        return streams.keySet().stream().map(p -> "/" + p).toList();
    }

    @Override
    public boolean knowsWho(String path) {
        return Optional.ofNullable(streams.get(decoded(path)))
                .filter(s -> s.settings().knowsWho())
                .isPresent();
    }

    private static String decoded(String path) {
        try {
            return URLDecoder.decode(
                    path.replaceFirst("^/", "").replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    @Override
    public Answer answer(Call call) {
        try {
            return taken(call);
        } catch (Refused refused) {
            return PushAnswers.refused(refused.status(), refused.reason(), refused.again());
        } catch (TarnException e) {
            return failed(e);
        }
    }

    private static Answer failed(TarnException failure) {
        String text =
                String.join(
                        " ", failure.problems().stream().map(p -> p.message()).distinct().toList());
        if (failure.code() == ErrorCode.COMMIT_OUTCOME_UNKNOWN) {
            return PushAnswers.refused(503, text, UNAVAILABLE_AGAIN);
        }
        return switch (failure.code().blame()) {
            case DATA -> PushAnswers.refused(422, text, Duration.ZERO);
            case ENVIRONMENT -> PushAnswers.refused(503, text, UNAVAILABLE_AGAIN);
            case USER ->
                    PushAnswers.refused(
                            500, "This source is not set up right: " + text, Duration.ZERO);
        };
    }

    private Answer taken(Call call) throws Refused {
        String path = decoded(call.path());
        PushStream stream = streams.get(path);
        if (stream == null) {
            throw PushErrors.unknown("/" + path, String.join(", ", paths()));
        }
        if (!call.method().equals("POST")) {
            throw PushErrors.method(call.method());
        }
        PushSettings settings = stream.settings();
        admit(settings, call);
        byte[] body = PushBody.plain(settings, call.headers(), call.body());
        Optional<String> key = key(settings, call, body);
        PushBody read = PushBody.read(settings, call.headers(), body);
        Delivery delivery =
                new Delivery(
                        key.orElseGet(this::name),
                        key.map(KeyLog::hash),
                        KeyLog.hash(call.body()),
                        read,
                        call.body().length,
                        clock.instant());
        stream.add(delivery);
        Verdict verdict = await(delivery, settings.longestWait());
        if (verdict.conflict()) {
            throw PushErrors.keyAgain(delivery.id);
        }
        return PushAnswers.landed(delivery.id, verdict);
    }

    private void admit(PushSettings settings, Call call) throws Refused {
        if (settings.token().isPresent()) {
            String given = call.headers().getOrDefault("authorization", "");
            String shown = given.regionMatches(true, 0, "bearer ", 0, 7) ? given.substring(7) : "";
            if (!MessageDigest.isEqual(
                    shown.strip().getBytes(StandardCharsets.UTF_8),
                    settings.token().get().getBytes(StandardCharsets.UTF_8))) {
                throw PushErrors.noToken();
            }
        }
        if (settings.signature().isPresent()) {
            settings.signature().get().check(call.headers(), call.body(), clock);
        }
    }

    private static Optional<String> key(PushSettings settings, Call call, byte[] body)
            throws Refused {
        Optional<String> key =
                Optional.ofNullable(call.headers().get(settings.keyHeader()))
                        .map(String::strip)
                        .filter(k -> !k.isEmpty())
                        .or(() -> settings.keyPath().flatMap(path -> PushBody.key(path, body)));
        if (key.isEmpty() && settings.keyNeeded()) {
            throw PushErrors.keyNeeded(settings.keyHeader());
        }
        if (key.filter(k -> k.length() > LONGEST_KEY || k.chars().anyMatch(c -> c < ' '))
                .isPresent()) {
            throw PushErrors.keyForm();
        }
        return key;
    }

    /** A name for a request that has none. */
    private synchronized String name() {
        return "%016x%016x".formatted(random.nextLong(), random.nextLong());
    }

    private static Verdict await(Delivery delivery, Duration longest) throws Refused {
        try {
            return delivery.verdict.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TarnException known) {
                throw known;
            }
            if (e.getCause() instanceof Refused refused) {
                throw refused;
            }
            throw new IllegalStateException("Landing failed", e.getCause());
        } catch (TimeoutException e) {
            throw PushErrors.late(longest, delivery.keyHash.isPresent());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw PushErrors.closing();
        }
    }

    /** Lands what has been taken, and takes nothing any more. */
    @Override
    public void close() {
        streams.values().forEach(PushStream::close);
        workers.values().forEach(PushWorker::close);
    }
}
