package dev.tarn.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of Python's built-in types. */
final class Methods {
    /** What a method does with its object. */
    @FunctionalInterface
    interface Body<T> {
        @Nullable Object call(T self, Signature.Given given);
    }

    /** A method of a type. */
    record Method<T>(Signature signature, Body<T> body) {
        @Nullable Object call(T self, Arguments arguments) {
            return body.call(self, signature.bind(arguments));
        }
    }

    /** Collects the methods of one type. */
    static final class Table<T> {
        private final Map<String, Method<T>> methods = new HashMap<>();

        Table<T> add(String name, String parameters, Body<T> body) {
            methods.put(name, new Method<>(new Signature(name, parameters), body));
            return this;
        }

        Map<String, Method<T>> build() {
            return Map.copyOf(methods);
        }
    }

    private Methods() {}

    static boolean has(Object owner, String name) {
        return tableOf(owner).containsKey(name);
    }

    private static Map<String, ?> tableOf(Object owner) {
        return switch (owner) {
            case String s -> StringMethods.TABLE;
            case Tuple t -> ListMethods.READING;
            case Range r -> ListMethods.READING;
            case List<?> l -> ListMethods.TABLE;
            case Map<?, ?> m -> DictMethods.TABLE;
            case Set<?> s -> SetMethods.TABLE;
            case DictView v -> SetMethods.VIEW;
            case Double d -> NumberMethods.FLOAT;
            case Boolean b -> NumberMethods.INT;
            case Number n -> NumberMethods.INT;
            case Bytes b -> NumberMethods.BYTES;
            default -> Map.of();
        };
    }

    @SuppressWarnings("unchecked")
    static @Nullable Object call(Object owner, String name, Arguments arguments) {
        Method<Object> method = (Method<Object>) tableOf(owner).get(name);
        if (method == null) {
            throw ValueErrors.cannot(owner, "has no method '" + name + "'");
        }
        try {
            return method.call(owner, arguments);
        } catch (UnsupportedOperationException e) {
            throw ValueErrors.readOnly(owner);
        }
    }
}
