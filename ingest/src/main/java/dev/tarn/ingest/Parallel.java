package dev.tarn.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Does one thing with many files, on all processors. */
final class Parallel {
    private Parallel() {}

    /** The results in the order of the inputs; the first failure, in that order, is thrown. */
    static <A, B> List<B> map(List<A> inputs, Function<A, B> work) {
        int threads = Math.min(inputs.size(), Runtime.getRuntime().availableProcessors());
        if (threads < 2) {
            return inputs.stream().map(work).toList();
        }
        List<Future<B>> running = new ArrayList<>();
        try (ExecutorService workers =
                Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().name("look-", 1).factory())) {
            try {
                inputs.forEach(input -> running.add(workers.submit(() -> work.apply(input))));
                List<B> results = new ArrayList<>();
                for (Future<B> one : running) {
                    results.add(one.get());
                }
                return results;
            } catch (ExecutionException e) {
                workers.shutdownNow();
                throw thrown(Objects.requireNonNullElse(e.getCause(), e));
            } catch (InterruptedException e) {
                workers.shutdownNow();
                Thread.currentThread().interrupt();
                throw IngestErrors.interrupted();
            }
        }
    }

    private static RuntimeException thrown(@Nullable Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException known
                ? known
                : new IllegalStateException(failure);
    }
}
