package dev.tarn.http;

import dev.tarn.model.TarnException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks servers, again when they are troubled, later when they want to be left alone. Redirects are
 * followed; what is the source's own is only shown to its own server. Used by one thread at a time,
 * except {@link #cancel}.
 */
final class Caller implements AutoCloseable {
    private static final int MOST_REDIRECTS = 5;
    private static final Set<Integer> TROUBLED = Set.of(408, 425, 429, 500, 502, 503, 504);
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Transport transport;
    private final Account account;
    private final Secrets secrets;
    private final Waiting waiting;
    private final HttpClient http;
    private volatile @Nullable CompletableFuture<?> current;
    private long lastNanos;
    private boolean asked;

    Caller(Transport transport, Account account, Secrets secrets, Waiting waiting) {
        this.transport = transport;
        this.account = account;
        this.secrets = secrets;
        this.waiting = waiting;
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(transport.timeout());
        transport.authority().ifPresent(file -> builder.sslContext(TrustedHosts.of(file)));
        this.http = builder.build();
    }

    /** A place as messages may show it. */
    String shown(URI uri) {
        String query = uri.getRawQuery();
        return secrets.hide(
                uri.getScheme()
                        + "://"
                        + uri.getRawAuthority()
                        + uri.getRawPath()
                        + (query == null ? "" : "?" + query));
    }

    /** The beginning of an answer as messages may show it. */
    String begin(Answer answer) {
        String text = answer.text().strip().replaceAll("\\s+", " ");
        String hidden = secrets.hide(text.substring(0, Math.min(text.length(), 4_000)));
        return hidden.length() <= 200 ? hidden : hidden.substring(0, 200) + "…";
    }

    /**
     * An answer with a status of 2xx, or 404 and 410 if those are wanted.
     *
     * @throws TarnException {@code SOURCE_UNAVAILABLE}, {@code SOURCE_DENIED}, {@code
     *     SOURCE_UNREADABLE}, {@code INTERRUPTED}
     */
    Answer ask(Asked asked, boolean mayBeMissing) {
        Asked now = asked;
        boolean renewed = false;
        int redirects = 0;
        int tries = 0;
        while (true) {
            tries++;
            Answer answer;
            try {
                answer = exchange(account.shown(now, this));
            } catch (IOException e) {
                afterFailure(now, e, tries);
                continue;
            }
            int status = answer.status();
            if (answer.isGood() || (mayBeMissing && (status == 404 || status == 410))) {
                return answer;
            }
            if (REDIRECTS.contains(status)) {
                redirects++;
                now = redirected(now, answer, redirects);
                tries = 0;
            } else if (status == 401 && now.account() && account.renew() && !renewed) {
                renewed = true;
                tries = 0;
            } else if (TROUBLED.contains(status) || isLimited(answer)) {
                afterTrouble(now, answer, tries);
            } else if (status == 401 || status == 403 || status == 407) {
                throw HttpErrors.denied(shown(now.uri()), status);
            } else {
                throw HttpErrors.refused(shown(now.uri()), status, begin(answer));
            }
        }
    }

    /** Whether a refusal means that there were too many requests. */
    private static boolean isLimited(Answer answer) {
        return answer.status() == 403
                && (answer.header("Retry-After").isPresent()
                        || answer.header("X-RateLimit-Remaining").equals(Optional.of("0")));
    }

    private void afterFailure(Asked asked, IOException failure, int tries) {
        String what = shown(asked.uri());
        if (failure instanceof Answer.TooLong) {
            throw HttpErrors.tooLong(what, transport.mostBytes());
        }
        if (failure instanceof SSLException && !isCut(failure)) {
            throw HttpErrors.tls(what, reason(failure));
        }
        if (tries > transport.retries()) {
            throw HttpErrors.unavailable(what, reason(failure), tries, failure);
        }
        waiting.rest(backoff(tries));
    }

    private static boolean isCut(IOException failure) {
        String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return text.contains("closed") || text.contains("reset") || text.contains("eof");
    }

    private String reason(IOException failure) {
        if (failure instanceof HttpTimeoutException) {
            return "there was no whole answer within %d seconds"
                    .formatted(transport.timeout().toSeconds());
        }
        if (failure instanceof java.net.ConnectException) {
            return "nobody is there";
        }
        String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : secrets.hide(message.replaceFirst("\\.$", ""));
    }

    private void afterTrouble(Asked asked, Answer answer, int tries) {
        String what = shown(asked.uri());
        Optional<Duration> wanted = wanted(answer);
        if (wanted.isPresent() && wanted.get().compareTo(transport.longestWait()) > 0) {
            throw HttpErrors.later(what, answer.status(), wanted.get(), transport.longestWait());
        }
        if (tries > transport.retries()) {
            throw HttpErrors.troubled(what, answer.status(), tries);
        }
        waiting.rest(wanted.orElse(backoff(tries)));
    }

    private static Duration backoff(int tries) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(tries - 1, 10));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    /** How long the server wants to be left alone. */
    private Optional<Duration> wanted(Answer answer) {
        Optional<String> after = answer.header("Retry-After").map(String::strip);
        if (after.isPresent()) {
            if (after.get().matches("\\d+")) {
                String seconds = after.get().length() > 9 ? "999999999" : after.get();
                return Optional.of(Duration.ofSeconds(Long.parseLong(seconds)));
            }
            try {
                Instant moment =
                        ZonedDateTime.parse(after.get(), DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant();
                return Optional.of(notNegative(Duration.between(waiting.now(), moment)));
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        }
        return answer.header("X-RateLimit-Reset")
                .filter(r -> answer.header("X-RateLimit-Remaining").equals(Optional.of("0")))
                .filter(r -> r.matches("\\d{10}"))
                .map(r -> Instant.ofEpochSecond(Long.parseLong(r)))
                .map(r -> notNegative(Duration.between(waiting.now(), r)));
    }

    private static Duration notNegative(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    private Asked redirected(Asked asked, Answer answer, int redirects) {
        String what = shown(asked.uri());
        if (redirects > MOST_REDIRECTS) {
            throw HttpErrors.redirected(what, "and that to another, %d times".formatted(redirects));
        }
        URI target;
        try {
            target = Addresses.resolved(asked.uri(), answer.header("Location").orElse(""));
        } catch (IllegalArgumentException e) {
            throw HttpErrors.redirected(what, "whose name is no address");
        }
        String scheme = String.valueOf(target.getScheme()).toLowerCase(Locale.ROOT);
        if (target.getHost() == null || !Set.of("http", "https").contains(scheme)) {
            throw HttpErrors.redirected(what, "which is not asked over HTTP");
        }
        if (asked.uri().getScheme().equalsIgnoreCase("https") && scheme.equals("http")) {
            throw HttpErrors.redirected(what, "which is not encrypted");
        }
        if (Asked.isSameServer(asked.uri(), target)) {
            return asked.at(target);
        }
        if (!asked.method().equals("GET")) {
            throw HttpErrors.redirected(what, "which must not see what is sent");
        }
        return asked.bare(target);
    }

    /** Asks once, when it is time to. */
    Answer exchange(Asked asked) throws IOException {
        keepPace();
        waiting.check();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(asked.uri())
                        .method(
                                asked.method(),
                                asked.body()
                                        .map(BodyPublishers::ofByteArray)
                                        .orElse(BodyPublishers.noBody()));
        header(request, Map.of("User-Agent", "Tarn", "Accept-Encoding", "gzip"));
        header(request, asked.headers());
        CompletableFuture<HttpResponse<byte[]>> future =
                http.sendAsync(request.build(), head -> new BoundedBody(transport.mostBytes()));
        current = future;
        try {
            if (waiting.isStopped()) {
                future.cancel(true);
            }
            HttpResponse<byte[]> response =
                    future.get(transport.timeout().toMillis(), TimeUnit.MILLISECONDS);
            return answer(response);
        } catch (TimeoutException e) {
            future.cancel(true);
            throw new HttpTimeoutException("timeout");
        } catch (CancellationException e) {
            throw HttpErrors.interrupted();
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw HttpErrors.interrupted();
        } catch (ExecutionException e) {
            waiting.check();
            throw cause(e);
        } finally {
            current = null;
        }
    }

    private static IOException cause(ExecutionException failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof Answer.TooLong tooLong) {
                return tooLong;
            }
        }
        Throwable cause = failure.getCause();
        return cause instanceof IOException io ? io : new IOException(cause);
    }

    private static void header(HttpRequest.Builder request, Map<String, String> headers) {
        headers.forEach(request::setHeader);
    }

    private Answer answer(HttpResponse<byte[]> response) throws IOException {
        boolean packed =
                response.headers()
                        .firstValue("Content-Encoding")
                        .filter(e -> e.equalsIgnoreCase("gzip"))
                        .isPresent();
        return new Answer(
                response.statusCode(),
                response.uri(),
                response.headers(),
                packed ? Answer.unpacked(response.body(), transport.mostBytes()) : response.body());
    }

    private void keepPace() {
        long pause = transport.pause().toNanos();
        if (pause > 0 && asked) {
            long left = lastNanos + pause - System.nanoTime();
            if (left > 0) {
                waiting.rest(Duration.ofNanos(left));
            }
        }
        asked = true;
        lastNanos = System.nanoTime();
    }

    /** Ends what it waits for. */
    void cancel() {
        waiting.stop();
        CompletableFuture<?> future = current;
        if (future != null) {
            future.cancel(true);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
