package dev.tarn.iceberg;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Does the same with many things, a few at a time. */
final class Parallel {
    private static final int AT_ONCE = 16;

    private Parallel() {}

    /** Results in the order of the things. The first failure is thrown after all have ended. */
    static <T, R> List<R> map(List<T> things, Function<T, R> work) {
        if (things.size() < 2) {
            return things.stream().map(work).toList();
        }
        try (ExecutorService workers =
                Executors.newFixedThreadPool(
                        Math.min(AT_ONCE, things.size()), Thread.ofVirtual().factory())) {
            List<Callable<R>> tasks = new ArrayList<>();
            for (T thing : things) {
                tasks.add(() -> work.apply(thing));
            }
            List<R> results = new ArrayList<>();
            for (Future<R> done : workers.invokeAll(tasks)) {
                results.add(done.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw IcebergErrors.interrupted(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
