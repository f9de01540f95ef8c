package dev.tarn.model;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one exception that crosses module borders. It carries one problem or, when a whole file or
 * project was looked at, all of them; the first decides code and exit code.
 */
public final class TarnException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public TarnException(Problem problem) {
        this(List.of(problem), null);
    }

    public TarnException(Problem problem, @Nullable Throwable cause) {
        this(List.of(problem), cause);
    }

    public TarnException(ErrorCode code, String message) {
        this(Problem.of(code, message));
    }

    public TarnException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(List.of(Problem.of(code, message)), cause);
    }

    public TarnException(List<Problem> problems) {
        this(problems, null);
    }

    public TarnException(List<Problem> problems, @Nullable Throwable cause) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")), cause);
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("An exception needs at least one problem");
        }
        this.problems = List.copyOf(problems);
    }

    /** The same, told of a place wherever a problem has none of its own. */
    public TarnException at(Place place) {
        return new TarnException(
                problems.stream()
                        .map(p ->
                                p.place().isPresent()
                                        ? p
                                        : Problem.at(p.code(), place, p.message()))
                        .toList(),
                this);
    }

    public List<Problem> problems() {
        return problems;
    }

    public ErrorCode code() {
        return problems.getFirst().code();
    }
}
