package dev.tarn.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A macro as compiled: its parameters, its body, and which of the special names it uses. */
record MacroDefinition(
        Mark mark,
        String name,
        List<Formal> parameters,
        Body body,
        boolean usesCaller,
        boolean usesVarargs,
        boolean usesKwargs) {

    /** A parameter with its compiled default. */
    record Formal(Parameter described, @Nullable Expression otherwise) {
        String name() {
            return described.name();
        }
    }

    private boolean declares(String parameter) {
        for (Formal formal : parameters) {
            if (formal.name().equals(parameter)) {
                return true;
            }
        }
        return false;
    }

    /** Refuses arguments that the macro does not take. */
    void check(Arguments arguments) {
        int size = parameters.size();
        for (int i = 0; i < Math.min(size, arguments.count()); i++) {
            if (arguments.keywords().containsKey(parameters.get(i).name())) {
                throw ValueErrors.type(
                        "macro '%s' got multiple values for argument '%s'"
                                .formatted(name, parameters.get(i).name()));
            }
        }
        if (!usesKwargs) {
            for (String keyword : arguments.keywords().keySet()) {
                checkKeyword(keyword);
            }
        }
        if (!usesVarargs && arguments.count() > size) {
            throw ValueErrors.type(
                    "macro '%s' takes not more than %d argument(s)".formatted(name, size));
        }
    }

    private void checkKeyword(String keyword) {
        if (declares(keyword) || (usesCaller && keyword.equals("caller"))) {
            return;
        }
        if (keyword.equals("caller")) {
            throw ValueErrors.type(
                    "macro '"
                            + name
                            + "' was invoked with two values for the special caller argument."
                            + " This is most likely a bug.");
        }
        Set<String> known = new TreeSet<>();
        parameters.forEach(formal -> known.add(formal.name()));
        throw new JinjaException(
                JinjaException.Kind.TYPE,
                "macro '%s' takes no keyword argument '%s'".formatted(name, keyword),
                Suggestion.of(keyword, known),
                null,
                null);
    }

    /** Sets the variables that the body sees. */
    void bind(Arguments arguments, Scope scope) {
        int size = parameters.size();
        for (int i = 0; i < size; i++) {
            Formal formal = parameters.get(i);
            Object value = arguments.get(i, formal.name(), Missing.VALUE);
            if (value == Missing.VALUE) {
                value =
                        formal.otherwise() != null
                                ? formal.otherwise().evaluate(scope)
                                : scope.undefined(
                                        Undefined.Origin.special(
                                                "parameter '"
                                                        + formal.name()
                                                        + "' was not provided"));
            }
            scope.set(formal.name(), value);
        }
        if (usesCaller && !declares("caller")) {
            Object caller = arguments.get(-1, "caller", Missing.VALUE);
            scope.set(
                    "caller",
                    caller == Missing.VALUE
                            ? scope.undefined(Undefined.Origin.special("No caller defined"))
                            : caller);
        }
        if (usesVarargs) {
            List<Object> positional = arguments.positional();
            scope.set(
                    "varargs",
                    Tuple.copyOf(
                            positional.subList(
                                    Math.min(size, positional.size()), positional.size())));
        }
        if (usesKwargs) {
            Map<Object, Object> others = new LinkedHashMap<>();
            arguments
                    .keywords()
                    .forEach((keyword, value) -> {
                        boolean caller = usesCaller && keyword.equals("caller");
                        if (!caller && !declares(keyword)) {
                            others.put(keyword, value);
                        }
                    });
            scope.set("kwargs", others);
        }
    }
}
