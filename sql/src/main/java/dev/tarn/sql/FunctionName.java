package dev.tarn.sql;

import java.util.List;
import java.util.Locale;

/**
 * The name of a function as bound: where it is kept, then its own name, all in lower case. Some
 * operators are functions that are kept nowhere.
 */
public record FunctionName(List<String> path) {
    public FunctionName {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("A function's name has at least one part");
        }
        path = path.stream().map(p -> p.toLowerCase(Locale.ROOT)).toList();
    }

    /** Its own name, without where it is kept. */
    public String name() {
        return path.getLast();
    }

    /** Where it is kept, such as {@code system.main}; empty for nowhere. */
    public String home() {
        return String.join(".", path.subList(0, path.size() - 1));
    }

    @Override
    public String toString() {
        return String.join(".", path);
    }
}
