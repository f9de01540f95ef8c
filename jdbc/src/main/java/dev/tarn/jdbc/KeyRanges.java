package dev.tarn.jdbc;

import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Where the ranges of a table's key end that are read one behind the other. While some are read,
 * the ends of the next ones are looked up. Used by one thread.
 */
final class KeyRanges implements AutoCloseable {
    private final LookUp lookUp;
    private final int most;
    private @Nullable Ahead ahead;

    /**
     * @param most how many ranges are asked for at once
     */
    KeyRanges(LookUp lookUp, int most) {
        this.lookUp = lookUp;
        this.most = most;
    }

    /** Finds the key of the n-th row behind another one; empty when there are not so many. */
    interface LookUp {
        Optional<List<String>> last(List<Column> key, List<String> after, long rows);
    }

    /**
     * The last keys of some ranges.
     *
     * @param complete whether behind them there is only one more range, which has no end
     */
    record Ends(List<List<String>> last, boolean complete) {}

    /** What is asked for. */
    private record Question(List<Column> key, List<String> after, long rows) {}

    private record Ahead(Question question, CompletableFuture<Ends> answer) {}

    /**
     * The ends of the next ranges.
     *
     * @param after the key that they are behind; empty for the first ones
     * @param rows how many a range has
     */
    Ends next(List<Column> key, List<String> after, long rows) {
        Question question = new Question(key, after, rows);
        Optional<Ends> known = known(question);
        ahead = null;
        Ends ends = known.orElseGet(() -> answer(question));
        if (!ends.complete()) {
            Question following = new Question(key, ends.last().getLast(), rows);
            ahead =
                    new Ahead(
                            following,
                            CompletableFuture.supplyAsync(
                                    () -> answer(following), KeyRanges::start));
        }
        return ends;
    }

    private static void start(Runnable work) {
        Thread.ofPlatform().daemon().name("key-ranges").start(work);
    }

    /** What was looked up, if it was that; what went wrong there is tried again. */
    private Optional<Ends> known(Question question) {
        Ahead looked = ahead;
        if (looked == null) {
            return Optional.empty();
        }
        try {
            Ends ends = looked.answer().join();
            return looked.question().equals(question) ? Optional.of(ends) : Optional.empty();
        } catch (CompletionException | CancellationException e) {
            if (e.getCause() instanceof TarnException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Ends answer(Question question) {
        List<List<String>> ends = new ArrayList<>();
        List<String> after = question.after();
        while (ends.size() < most) {
            Optional<List<String>> last = lookUp.last(question.key(), after, question.rows());
            if (last.isEmpty()) {
                return new Ends(ends, true);
            }
            after = last.get();
            ends.add(after);
        }
        return new Ends(ends, false);
    }

    /** Waits for what is being looked up. */
    @Override
    public void close() {
        Ahead looked = ahead;
        if (looked != null) {
            Ends unused =
                    looked.answer().exceptionally(failure -> new Ends(List.of(), true)).join();
        }
    }
}
