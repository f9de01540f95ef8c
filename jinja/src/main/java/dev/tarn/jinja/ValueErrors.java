package dev.tarn.jinja;

import dev.tarn.jinja.JinjaException.Kind;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The texts of errors about values; they follow Python's wording. */
final class ValueErrors {
    private ValueErrors() {}

    static JinjaException type(String reason) {
        return new JinjaException(Kind.TYPE, reason, null, null, null);
    }

    static JinjaException value(String reason) {
        return new JinjaException(Kind.VALUE, reason, null, null, null);
    }

    static JinjaException runtime(String reason) {
        return new JinjaException(Kind.RUNTIME, reason, null, null, null);
    }

    static JinjaException key(@Nullable Object key) {
        return new JinjaException(
                Kind.KEY, "KeyError: " + Values.representation(key), null, null, null);
    }

    static JinjaException index(String reason) {
        return new JinjaException(Kind.INDEX, reason, null, null, null);
    }

    static JinjaException zeroDivision(String reason) {
        return new JinjaException(Kind.ZERO_DIVISION, reason, null, null, null);
    }

    static JinjaException operands(String operator, @Nullable Object left, @Nullable Object right) {
        if (left instanceof Undefined undefined) {
            return undefined.error();
        }
        if (right instanceof Undefined undefined) {
            return undefined.error();
        }
        return type(
                "unsupported operand type(s) for %s: '%s' and '%s'"
                        .formatted(operator, Values.typeName(left), Values.typeName(right)));
    }

    static JinjaException notOrdered(
            String operator, @Nullable Object left, @Nullable Object right) {
        if (left instanceof Undefined undefined) {
            return undefined.error();
        }
        if (right instanceof Undefined undefined) {
            return undefined.error();
        }
        return type(
                "'%s' not supported between instances of '%s' and '%s'"
                        .formatted(operator, Values.typeName(left), Values.typeName(right)));
    }

    /** An object of this type cannot do something, as in "'int' object is not iterable". */
    static JinjaException cannot(@Nullable Object value, String what) {
        return value instanceof Undefined undefined
                ? undefined.error()
                : type("'%s' object %s".formatted(Values.typeName(value), what));
    }

    static JinjaException missingArgument(String name) {
        return type("missing required argument '" + name + "'");
    }

    static JinjaException missingArgument(String function, String name) {
        return type("%s() missing required argument '%s'".formatted(function, name));
    }

    static JinjaException tooManyArguments(String function, int most, int given) {
        return type(
                "%s() takes at most %d argument%s (%d given)"
                        .formatted(function, most, most == 1 ? "" : "s", given));
    }

    static JinjaException unknownArgument(String function, String name, Collection<String> known) {
        return new JinjaException(
                Kind.TYPE,
                "%s() got an unexpected keyword argument '%s'".formatted(function, name),
                Suggestion.of(name, known),
                null,
                null);
    }

    static JinjaException doubleArgument(String function, String name) {
        return type("%s() got multiple values for argument '%s'".formatted(function, name));
    }

    static JinjaException readOnly(@Nullable Object value) {
        return type("this %s cannot be changed".formatted(Values.typeName(value)));
    }

    static JinjaException mustBeText(@Nullable Object value) {
        return value instanceof Undefined undefined
                ? undefined.error()
                : type("must be str, not " + Values.typeName(value));
    }
}
