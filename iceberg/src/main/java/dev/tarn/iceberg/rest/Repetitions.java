package dev.tarn.iceberg.rest;

import dev.tarn.model.RefName;
import dev.tarn.spi.HttpProtocol.Answer;
import dev.tarn.spi.HttpProtocol.Call;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Requests that say by a key that they are one request, however often it is sent: the first is
 * done, the others get its answer. Kept in memory for half an hour; after a restart of the server
 * the requirements of a commit still keep it from being done twice.
 */
final class Repetitions {
    static final Duration KEPT = Duration.ofMinutes(30);
    private static final int KEYS_MAX = 10_000;

    private final Clock clock;
    private final Map<String, First> known = new LinkedHashMap<>();

    Repetitions(Clock clock) {
        this.clock = clock;
    }

    private record First(
            String method,
            String path,
            int body,
            Instant expires,
            CompletableFuture<Answer> answer) {
        boolean isSame(Call call) {
            return method.equals(call.method())
                    && path.equals(call.path())
                    && body == Arrays.hashCode(call.body());
        }
    }

    Answer once(Call call, RefName ref, Supplier<Answer> work) {
        String key = call.headers().get("idempotency-key");
        if (key == null || call.method().equals("GET") || call.method().equals("HEAD")) {
            return work.get();
        }
        requireUuid(key);
        First mine =
                new First(
                        call.method(),
                        call.path(),
                        Arrays.hashCode(call.body()),
                        clock.instant().plus(KEPT),
                        new CompletableFuture<>());
        String name = call.principal() + "/" + ref + "/" + key;
        First first = remember(name, mine);
        if (!first.equals(mine)) {
            if (!first.isSame(call)) {
                throw RestErrors.otherRequest(key);
            }
            return first.answer().join();
        }
        return done(name, mine, work);
    }

    private Answer done(String name, First mine, Supplier<Answer> work) {
        try {
            Answer answer = work.get();
            if (answer.status() >= 500) {
                // Nobody knows what came of it, or it may go better next time: let it be tried.
                forget(name, mine);
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
