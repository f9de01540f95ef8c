package dev.tarn.app;

import dev.tarn.model.TarnException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far tables are behind their sources, as those said a while ago. Sources are asked beside, at
 * most once a minute and only while somebody looks, so that nobody who looks waits for a source.
 */
final class SourceLags implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SourceLags.class);
    private static final Duration ASKED_EVERY = Duration.ofMinutes(1);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final Clock clock;
    private List<Sources.Behind> known = List.of();
    private Instant askedAt = Instant.MIN;
    private @Nullable Thread asking;
    private boolean closed;

    SourceLags(Clock clock) {
        this.clock = clock;
    }

    /** What is known; nothing of sources that could not say so. */
    synchronized List<Sources.Behind> known(Supplier<List<Sources.Behind>> ask) {
        Instant now = clock.instant();
        if (!closed && asking == null && !askedAt.isAfter(now.minus(ASKED_EVERY))) {
            askedAt = now;
            asking = Thread.ofPlatform().name("lag").daemon(true).start(() -> told(ask));
        }
        return known;
    }

    private void told(Supplier<List<Sources.Behind>> ask) {
        List<Sources.Behind> answer = List.of();
        try {
            answer = ask.get();
        } catch (TarnException e) {
            log.debug("How far behind sources are is not known: {}", e.getMessage());
        } catch (RuntimeException e) {
            log.warn("Sources could not be asked how far behind they are", e);
        } finally {
            synchronized (this) {
                known = List.copyOf(answer);
                asking = null;
            }
        }
    }

    /** Waits a while for a source that is being asked. */
    @Override
    public void close() {
        Thread working;
        synchronized (this) {
            closed = true;
            working = asking;
        }
        if (working != null) {
            working.interrupt();
            try {
                boolean unused = working.join(CLOSING);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
