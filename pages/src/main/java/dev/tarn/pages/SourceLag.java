package dev.tarn.pages;

import dev.tarn.app.At;
import dev.tarn.app.Sources;
import dev.tarn.app.Tarn;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.Node;
import dev.tarn.spi.OpenSource.Lag;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How much of a source is still to be read; a page does not wait long to hear it. */
final class SourceLag {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Ground ground;

    SourceLag(Ground ground) {
        this.ground = ground;
    }

    /**
     * What a source said.
     *
     * @param amount how much waits, or why that is not known
     * @param newest how old the newest of it is that was read; empty where it does not say
     */
    record Told(String amount, String newest) {}

    /** Asks it. Empty for sources that cannot say so, such as files. */
    Optional<Told> of(Node.Source source) {
        if (!isConnected(source)) {
            return Optional.empty();
        }
        CompletableFuture<Optional<Told>> asked = new CompletableFuture<>();
        Thread asking = Thread.ofVirtual().name("lag").start(() -> asked.complete(ask(source)));
        try {
            return asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            asking.interrupt();
            return Optional.of(new Told("no answer", ""));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(new Told("not known", ""));
        }
    }

    private Optional<Told> ask(Node.Source source) {
        try (Tarn now = ground.tarn().again()) {
            List<Sources.Behind> behind =
                    now.sources()
                            .behind(
                                    List.of(
                                            "source:"
                                                    + source.sourceName()
                                                    + "."
                                                    + source.common().fqn().getLast()),
                                    List.of(),
                                    At.MAIN);
            return behind.stream().findFirst().map(b -> told(b.lag()));
        } catch (TarnException e) {
            return Optional.of(new Told("not reachable", ""));
        }
    }

    /** What all sources said when they were last asked, by their tables. */
    Map<TableName, Told> known() {
        Map<TableName, Told> known = new HashMap<>();
        try (Tarn now = ground.tarn().again()) {
            now.sources().known().forEach(b -> known.put(b.table(), told(b.lag())));
        } catch (TarnException unknownNow) {
            return Map.of();
        }
        return known;
    }

    static boolean isConnected(Node.Source source) {
        return source.ingest().flatMap(IngestSpec::connector).isPresent();
    }

    static Told told(Lag lag) {
        String amount =
                lag.rows() >= 0
                        ? Show.count(lag.rows(), "row", "rows")
                        : lag.bytes() >= 0 ? Show.bytes(lag.bytes()) : "not known";
        Duration age = lag.of();
        return new Told(
                amount,
                age == null ? "" : "newest change read: %s old".formatted(Show.length(age)));
    }
}
