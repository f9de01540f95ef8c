package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong while work goes on, each mistake once. Safe for use by many threads. */
final class Problems {
    private static final Comparator<Problem> BY_PLACE =
            Comparator.comparing((Problem p) -> p.place().map(Place::file).orElse(""))
                    .thenComparing(p -> p.place().map(Place::line).orElse(0))
                    .thenComparing(p -> p.place().map(Place::column).orElse(0))
                    .thenComparing(Problem::message);

    private final Set<Problem> found = new LinkedHashSet<>();

    synchronized void add(Problem problem) {
        found.add(problem);
    }

    void add(ErrorCode code, Place place, String message) {
        add(Problem.at(code, place, message));
    }

    synchronized void addAll(List<Problem> problems) {
        found.addAll(problems);
    }

    synchronized boolean isEmpty() {
        return found.isEmpty();
    }

    /** All of them, by file, line and column. */
    synchronized List<Problem> sorted() {
        List<Problem> all = new ArrayList<>(found);
        all.sort(BY_PLACE);
        return all;
    }

    /** Ends the work if anything is wrong. */
    void throwIfAny() {
        if (!isEmpty()) {
            throw new TarnException(sorted());
        }
    }
}
