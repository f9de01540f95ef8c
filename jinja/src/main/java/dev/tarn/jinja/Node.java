package dev.tarn.jinja;

import java.util.ConcurrentModificationException;

/** A part of a compiled template, which knows where it stands. Immutable. */
abstract class Node {
    final Mark mark;

    Node(Mark mark) {
        this.mark = mark;
    }

    /** Gives an error its place; what host code threw becomes an error of ours. */
    static RuntimeException failure(RuntimeException error, Mark place) {
        return switch (error) {
            case JinjaException e -> e.at(place);
            case MacroReturn e -> e;
            case ConcurrentModificationException e ->
                    ValueErrors.runtime("dictionary changed size during iteration").at(place);
            default -> {
                String message = error.getMessage();
                yield new JinjaException(
                        JinjaException.Kind.HOST,
                        message == null ? error.getClass().getSimpleName() : message,
                        null,
                        place.place(),
                        error);
            }
        };
    }
}
