package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.Values;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code validation}: what {@code config.get} may check a setting with. */
final class ValidationValue extends NamedValues {
    @Override
    @Nullable Object named(String name) {
        return name.equals("any") ? (PyCallable) ValidationValue::any : Missing.VALUE;
    }

    @Override
    List<String> names() {
        return List.of("any");
    }

    /** Takes a value if it is one of those given. */
    private static Object any(Arguments allowed) {
        return (PyCallable)
                a -> {
                    Object value = a.require(0, "value");
                    for (Object one : allowed.positional()) {
                        if (Values.equal(one, value)) {
                            return null;
                        }
                    }
                    throw TemplateErrors.failed(
                            "Expected value \"%s\" to be one of %s."
                                    .formatted(
                                            Values.text(value),
                                            allowed.positional().stream()
                                                    .map(Values::text)
                                                    .collect(Collectors.joining(","))));
                };
    }

    @Override
    public String typeName() {
        return "validation";
    }
}
