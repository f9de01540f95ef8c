package dev.tarn.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a built-in function, written as in {@code "old, new, count=-1"}. A name with a
 * star takes the rest of the positional arguments, one with two stars the rest of the keywords.
 */
final class Signature {
    private final String function;
    private final List<String> names = new ArrayList<>();
    private final List<Object> defaults = new ArrayList<>();
    private boolean restPositional;
    private boolean restKeywords;

    Signature(String function, String parameters) {
        this.function = function;
        for (String parameter : parameters.split(",\\s*(?=[\\w*])")) {
            if (parameter.startsWith("**")) {
                restKeywords = true;
            } else if (parameter.startsWith("*")) {
                restPositional = true;
            } else if (!parameter.isEmpty()) {
                int equals = parameter.indexOf('=');
                names.add(equals < 0 ? parameter : parameter.substring(0, equals));
                defaults.add(
                        equals < 0 ? Missing.VALUE : constant(parameter.substring(equals + 1)));
            }
        }
    }

    private static @Nullable Object constant(String text) {
        return switch (text) {
            case "None" -> null;
            case "True" -> true;
            case "False" -> false;
            case "Missing" -> Undefined.class;
            default ->
                    text.startsWith("'")
                            ? text.substring(1, text.length() - 1)
                            : (Object) Long.valueOf(text);
        };
    }

    Given bind(Arguments arguments) {
        int size = names.size();
        List<Object> positional = arguments.positional();
        if (positional.size() > size && !restPositional) {
            throw ValueErrors.tooManyArguments(function, size, positional.size());
        }
        @Nullable Object[] values = new Object[size];
        for (int i = 0; i < size; i++) {
            values[i] = i < positional.size() ? positional.get(i) : defaults.get(i);
        }
        Map<String, Object> others = keywords(arguments, values);
        for (int i = positional.size(); i < size; i++) {
            if (values[i] == Missing.VALUE) {
                throw ValueErrors.missingArgument(function, names.get(i));
            }
        }
        List<Object> rest =
                positional.size() > size ? positional.subList(size, positional.size()) : List.of();
        return new Given(function, arguments, Arrays.asList(values), rest, others);
    }

    private Map<String, Object> keywords(Arguments arguments, @Nullable Object[] values) {
        if (arguments.keywords().isEmpty()) {
            return Map.of();
        }
        Map<String, Object> others = new LinkedHashMap<>();
        for (Map.Entry<String, Object> keyword : arguments.keywords().entrySet()) {
            int index = names.indexOf(keyword.getKey());
            if (index >= 0) {
                if (index < arguments.count()) {
                    throw ValueErrors.doubleArgument(function, keyword.getKey());
                }
                values[index] = keyword.getValue();
            } else if (restKeywords) {
                others.put(keyword.getKey(), keyword.getValue());
            } else {
                throw ValueErrors.unknownArgument(function, keyword.getKey(), names);
            }
        }
        return others;
    }

    /** The arguments of one call, in the order of the signature. */
    record Given(
            String function,
            Arguments arguments,
            List<Object> values,
            List<Object> rest,
            Map<String, Object> keywords) {

        @Nullable Object get(int index) {
            return values.get(index);
        }

        /** Says whether an argument whose default is {@code Missing} was given. */
        boolean given(int index) {
            return values.get(index) != Undefined.class;
        }

        /** Returns an argument that must be a str. */
        String text(int index) {
            return Strings.text(values.get(index));
        }

        /** Returns str() of an argument. */
        String string(int index) {
            return Values.text(values.get(index));
        }

        int size(int index) {
            return Numbers.toInt(values.get(index));
        }

        boolean flag(int index) {
            return Values.truthy(values.get(index));
        }
    }
}
