package dev.tarn.pages;

import dev.tarn.app.At;
import dev.tarn.app.Sources;
import dev.tarn.app.Tarn;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.Node;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a source how much of it is still to be read; a page does not wait long for that. */
final class SourceLag {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Ground ground;

    SourceLag(Ground ground) {
        this.ground = ground;
    }

    /** Empty for sources that cannot say so, such as files. */
    Optional<String> of(Node.Source source) {
        if (source.ingest().flatMap(IngestSpec::connector).isEmpty()) {
            return Optional.empty();
        }
        CompletableFuture<Optional<String>> asked = new CompletableFuture<>();
        Thread asking = Thread.ofVirtual().name("lag").start(() -> asked.complete(ask(source)));
        try {
            return asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            asking.interrupt();
            return Optional.of("no answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of("not known");
        }
    }

    private Optional<String> ask(Node.Source source) {
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
            return behind.stream()
                    .findFirst()
                    .map(b ->
                            b.lag().rows() < 0
                                    ? "not known"
                                    : Show.count(b.lag().rows(), "row", "rows"));
        } catch (TarnException e) {
            return Optional.of("not reachable");
        }
    }
}
