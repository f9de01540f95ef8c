package dev.tarn.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The filters and tests that every environment has. */
final class Builtins {
    static final Map<String, FilterBody> FILTERS = filters();
    static final Map<String, TestBody> TESTS = BuiltinTests.all();

    private Builtins() {}

    /** Where a filter or test is used. */
    record Site(Scope scope, Mark mark) {}

    /** A filter as the interpreter calls it. */
    @FunctionalInterface
    interface FilterBody {
        @Nullable Object apply(Site site, @Nullable Object value, Arguments arguments);
    }

    /** A test as the interpreter calls it. */
    @FunctionalInterface
    interface TestBody {
        boolean check(Site site, @Nullable Object value, Arguments arguments);
    }

    /** A filter with a signature. */
    @FunctionalInterface
    interface Body {
        @Nullable Object apply(Site site, @Nullable Object value, Signature.Given given);
    }

    /** A filter that needs nothing but its value and arguments. */
    @FunctionalInterface
    interface PlainBody {
        @Nullable Object apply(@Nullable Object value, Signature.Given given);
    }

    /** Collects filters. */
    static final class Registry {
        private final Map<String, FilterBody> filters = new HashMap<>();

        Registry add(String name, String parameters, PlainBody body) {
            return addAt(name, parameters, (site, value, given) -> body.apply(value, given));
        }

        Registry addAt(String name, String parameters, Body body) {
            Signature signature = new Signature(name, parameters);
            filters.put(
                    name,
                    (site, value, arguments) -> body.apply(site, value, signature.bind(arguments)));
            return this;
        }

        Registry alias(String name, String existing) {
            FilterBody filter = filters.get(existing);
            if (filter != null) {
                filters.put(name, filter);
            }
            return this;
        }
    }

    private static Map<String, FilterBody> filters() {
        Registry registry = new Registry();
        TextFilters.register(registry);
        HtmlFilters.register(registry);
        NumberFilters.register(registry);
        SequenceFilters.register(registry);
        SelectionFilters.register(registry);
        return Map.copyOf(registry.filters);
    }

    /** Finds a filter for map() and friends, at the time it is used. */
    static FilterBody filter(Site site, String name) {
        FilterBody filter = site.scope().environment().filter(name);
        if (filter == null) {
            throw SyntaxErrors.unknownFilter(
                    name, site.scope().environment().filterNames(), site.mark());
        }
        return filter;
    }

    static TestBody test(Site site, String name) {
        TestBody test = site.scope().environment().test(name);
        if (test == null) {
            throw SyntaxErrors.unknownTest(
                    name, site.scope().environment().testNames(), site.mark());
        }
        return test;
    }
}
