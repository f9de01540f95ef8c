package dev.tarn.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions that every template can call. */
final class Globals {
    private static final String LOREM =
            "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor"
                    + " incididunt ut labore et dolore magna aliqua.";

    static final Map<String, Object> ALL =
            Map.of(
                    "range", function("range", "*args", Globals::range),
                    "dict", function("dict", "other=None, **kwargs", Globals::dict),
                    "namespace",
                            function(
                                    "namespace",
                                    "other=None, **kwargs",
                                    given -> new Namespace(given.get(0), given.keywords())),
                    "cycler", function("cycler", "*items", given -> new Cycler(given.rest())),
                    "joiner", function("joiner", "sep=', '", given -> new Joiner(given.string(0))),
                    "lipsum",
                            function(
                                    "lipsum",
                                    "n=5, html=True, min=20, max=100",
                                    Globals::loremIpsum));

    private Globals() {}

    /** What a function does with its arguments. */
    @FunctionalInterface
    private interface Body {
        @Nullable Object call(Signature.Given given);
    }

    private static PyCallable function(String name, String parameters, Body body) {
        Signature signature = new Signature(name, parameters);
        return arguments -> body.call(signature.bind(arguments));
    }

    private static Object range(Signature.Given given) {
        List<Object> bounds = given.rest();
        if (bounds.isEmpty() || bounds.size() > 3) {
            throw ValueErrors.type(
                    "range expected 1 to 3 arguments, got %d".formatted(bounds.size()));
        }
        Session session = given.arguments().session();
        Limits limits = session == null ? Limits.defaults() : session.limits;
        long first = Numbers.toLong(bounds.get(0));
        return bounds.size() == 1
                ? new Range(0, first, 1, limits.rangeSize())
                : new Range(
                        first,
                        Numbers.toLong(bounds.get(1)),
                        bounds.size() > 2 ? Numbers.toLong(bounds.get(2)) : 1,
                        limits.rangeSize());
    }

    private static Object dict(Signature.Given given) {
        Map<Object, Object> dict = new LinkedHashMap<>();
        DictMethods.putAll(dict, given.get(0));
        dict.putAll(given.keywords());
        return dict;
    }

    private static Object loremIpsum(Signature.Given given) {
        long paragraphs = Math.max(0, Math.min(1000, given.size(0)));
        boolean html = given.flag(1);
        StringBuilder text = new StringBuilder();
        for (long i = 0; i < paragraphs; i++) {
            text.append(i == 0 ? "" : html ? "\n" : "\n\n");
            text.append(html ? "<p>" + LOREM + "</p>" : LOREM);
        }
        return text.toString();
    }

    /** Gives its items in turn. */
    private static final class Cycler implements PyObject {
        private final List<Object> items;
        private int position;

        Cycler(List<Object> items) {
            if (items.isEmpty()) {
                throw ValueErrors.runtime("at least one item has to be provided");
            }
            this.items = items;
        }

        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "current" -> items.get(position);
                case "next" -> (PyCallable) arguments -> next();
                case "reset" -> (PyCallable) arguments -> reset();
                default -> Missing.VALUE;
            };
        }

        private @Nullable Object next() {
            Object item = items.get(position);
            position = (position + 1) % items.size();
            return item;
        }

        private @Nullable Object reset() {
            position = 0;
            return null;
        }
    }

    /** Gives its separator each time but the first. */
    private static final class Joiner implements PyCallable {
        private final String separator;
        private boolean used;

        Joiner(String separator) {
            this.separator = separator;
        }

        @Override
        public Object call(Arguments arguments) {
            boolean first = !used;
            used = true;
            return first ? "" : separator;
        }
    }
}
