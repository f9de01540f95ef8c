package dev.tarn.iceberg.rest;

import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.spi.HttpProtocol.Answer;
import dev.tarn.spi.HttpProtocol.Call;
import dev.tarn.spi.KeptAnswers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that say by a key that they are one request, however often it is sent: the first is
 * done, the others get its answer, for half an hour and after a restart of the server too. A server
 * that is killed between a commit and its answer has said nothing; then the requirements of the
 * commit keep it from being done twice.
 */
final class Repetitions {
    static final Duration KEPT = Duration.ofMinutes(30);
    private static final int KEYS_MAX = 10_000;
    private static final int BODY_MAX = 1 << 20;
    private static final Logger log = LoggerFactory.getLogger(Repetitions.class);

    private final Clock clock;
    private final Map<String, First> known = new LinkedHashMap<>();

    private final Optional<KeptAnswers> kept;

    /**
     * @param kept what outlives this process
     */
    Repetitions(Clock clock, Optional<KeptAnswers> kept) {
        this.clock = clock;
        this.kept = kept;
    }

    private record First(String request, Instant expires, CompletableFuture<Answer> answer) {}

    /** What tells two requests under one key apart. */
    private static String request(Call call) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(call.body());
            return call.method() + " " + call.path() + " " + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    Answer once(Call call, RefName ref, Supplier<Answer> work) {
        String key = call.headers().get("idempotency-key");
        if (key == null || call.method().equals("GET") || call.method().equals("HEAD")) {
            return work.get();
        }
        requireUuid(key);
        First mine =
                new First(request(call), clock.instant().plus(KEPT), new CompletableFuture<>());
        String name = call.principal() + "/" + ref + "/" + key;
        First first = remember(name, mine);
        if (!first.equals(mine)) {
            requireSame(key, first.request(), mine);
            return first.answer().join();
        }
        return done(name, mine, () -> remembered(key, name, mine).orElseGet(work));
    }

    private static void requireSame(String key, String request, First mine) {
        if (!request.equals(mine.request())) {
            throw RestErrors.otherRequest(key);
        }
    }

    /** What another process, or this one before a restart, answered. */
    private Optional<Answer> remembered(String key, String name, First mine) {
        Optional<KeptAnswers.Kept> before = kept.flatMap(k -> k.find(name, clock.instant()));
        before.ifPresent(b -> requireSame(key, b.request(), mine));
        return before.map(b -> new Answer(b.status(), b.headers(), b.body()));
    }

    /** The answer counts, whether or not it can be kept. */
    private void keep(String name, First mine, Answer answer) {
        if (kept.isEmpty() || answer.stream().isPresent() || answer.body().length > BODY_MAX) {
            return;
        }
        try {
            kept.get()
                    .keep(
                            name,
                            new KeptAnswers.Kept(
                                    mine.request(),
                                    answer.status(),
                                    answer.headers(),
                                    answer.body()),
                            clock.instant(),
                            mine.expires());
        } catch (TarnException e) {
            log.warn("An answer is not kept for a request that may come again: {}", e.getMessage());
        }
    }

    private Answer done(String name, First mine, Supplier<Answer> work) {
        try {
            Answer answer = work.get();
            if (answer.status() >= 500) {
                // Nobody knows what came of it, or it may go better next time: let it be tried.
                forget(name, mine);
            } else {
                keep(name, mine, answer);
            }
            mine.answer().complete(answer);
            return answer;
        } catch (RuntimeException | Error e) {
            forget(name, mine);
            mine.answer().completeExceptionally(e);
            throw e;
        }
    }

    private synchronized First remember(String name, First mine) {
        Instant now = clock.instant();
        Iterator<First> oldest = known.values().iterator();
        while (oldest.hasNext()) {
            First first = oldest.next();
            if (first.expires().isAfter(now) && known.size() < KEYS_MAX) {
                break;
            }
            oldest.remove();
        }
        First before = known.putIfAbsent(name, mine);
        return before == null ? mine : before;
    }

    private synchronized void forget(String name, First mine) {
        known.remove(name, mine);
    }

    private static void requireUuid(String key) {
        try {
            UUID.fromString(key);
        } catch (IllegalArgumentException e) {
            throw RestErrors.idempotencyKey(key);
        }
    }
}
