package dev.tarn.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Parses what stands on the left of an assignment. */
final class TargetParser {
    private static final Set<String> CONSTANTS =
            Set.of("true", "True", "false", "False", "none", "None");

    private final TokenStream tokens;

    TargetParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    /** Parses the target of {@code set}: names, attributes of namespaces, tuples. */
    Statements.Target assignmentTarget() {
        return tuple(true);
    }

    /** Parses the target of {@code for}. */
    Statements.Target loopTarget() {
        return tuple(false);
    }

    /** Parses a single name. */
    Statements.Target parameterTarget() {
        return name(false);
    }

    private Statements.Target tuple(boolean withAttributes) {
        List<Statements.Target> parts = new ArrayList<>();
        boolean tuple = false;
        while (true) {
            parts.add(part(withAttributes));
            if (!tokens.skipOperator(",")) {
                break;
            }
            tuple = true;
            boolean more =
                    (tokens.at(Token.Type.NAME) && !tokens.atName("in")) || tokens.atOperator("(");
            if (!more) {
                break;
            }
        }
        return tuple ? new Statements.TupleTarget(List.copyOf(parts)) : parts.getFirst();
    }

    private Statements.Target part(boolean withAttributes) {
        if (tokens.skipOperator("(")) {
            Statements.Target inner = tuple(withAttributes);
            tokens.expectOperator(")");
            return inner;
        }
        return name(withAttributes);
    }

    private Statements.Target name(boolean withAttributes) {
        Mark mark = tokens.mark();
        String name = tokens.name();
        if (withAttributes && tokens.skipOperator(".")) {
            return new Statements.AttributeTarget(name, tokens.name());
        }
        if (CONSTANTS.contains(name)) {
            throw SyntaxErrors.of("can't assign to 'const'", mark);
        }
        return new Statements.NameTarget(name);
    }
}
