package dev.tarn.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Expressions that call something: functions, filters and tests. */
final class Calls {
    private Calls() {}

    /** The arguments as they are written. */
    record ArgumentList(
            List<Expression> positional,
            Map<String, Expression> keywords,
            @Nullable Expression rest,
            @Nullable Expression restKeywords) {
        static final ArgumentList EMPTY = new ArgumentList(List.of(), Map.of(), null, null);

        Arguments evaluate(Scope scope, Mark mark, @Nullable Object caller) {
            List<Object> values = new ArrayList<>(positional.size());
            for (Expression expression : positional) {
                values.add(expression.evaluate(scope));
            }
            if (rest != null) {
                Object more = rest.evaluate(scope);
                try {
                    Sequences.iterate(more).forEachRemaining(values::add);
                } catch (RuntimeException e) {
                    throw Node.failure(e, rest.mark);
                }
            }
            Map<String, Object> named = Map.of();
            if (!keywords.isEmpty() || restKeywords != null || caller != null) {
                named = new LinkedHashMap<>();
                for (Map.Entry<String, Expression> keyword : keywords.entrySet()) {
                    named.put(keyword.getKey(), keyword.getValue().evaluate(scope));
                }
                if (restKeywords != null) {
                    addAll(named, restKeywords.evaluate(scope), restKeywords.mark);
                }
                if (caller != null) {
                    named.put("caller", caller);
                }
            }
            return new Arguments(
                    scope.session,
                    mark,
                    Collections.unmodifiableList(values),
                    Collections.unmodifiableMap(named));
        }

        private static void addAll(Map<String, Object> named, @Nullable Object more, Mark mark) {
            if (more instanceof Undefined undefined) {
                throw undefined.error().at(mark);
            }
            if (!(more instanceof Map<?, ?> map)) {
                throw ValueErrors.type(
                                "argument after ** must be a mapping, not " + Values.typeName(more))
                        .at(mark);
            }
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (!(entry.getKey() instanceof String name)) {
                    throw ValueErrors.type("keywords must be strings").at(mark);
                }
                if (named.containsKey(name)) {
                    throw ValueErrors.type(
                                    "got multiple values for keyword argument '" + name + "'")
                            .at(mark);
                }
                named.put(name, entry.getValue());
            }
        }
    }

    /** {@code function(arguments)}; the mark is that of the function's last name. */
    static final class Call extends Expression {
        private final Expression function;
        private final ArgumentList arguments;

        Call(Expression function, ArgumentList arguments) {
            super(function.mark);
            this.function = function;
            this.arguments = arguments;
        }

        @Override
        @Nullable Object evaluate(Scope scope) {
            return evaluate(scope, null);
        }

        @Nullable Object evaluate(Scope scope, @Nullable Object caller) {
            Object callee;
            if (function instanceof References.Attribute attribute) {
                Object owner = attribute.object.evaluate(scope);
                if (owner != null && isBuiltIn(owner, attribute.name)) {
                    Arguments given = arguments.evaluate(scope, mark, caller);
                    try {
                        return Methods.call(owner, attribute.name, given);
                    } catch (RuntimeException e) {
                        throw failure(e, mark);
                    }
                }
                callee = attribute.of(owner, scope);
            } else {
                callee = function.evaluate(scope);
            }
            Arguments given = arguments.evaluate(scope, mark, caller);
            try {
                return Values.call(callee, given);
            } catch (RuntimeException e) {
                throw failure(e, mark);
            } catch (StackOverflowError e) {
                throw LimitErrors.stack().at(mark);
            }
        }

        private static boolean isBuiltIn(Object owner, String method) {
            return !(owner instanceof PyObject)
                    && !(owner instanceof Undefined)
                    && Methods.has(owner, method);
        }
    }

    /** {@code value | filter(arguments)}; the mark is the filter's name. */
    static final class FilterCall extends Expression {
        private final @Nullable Expression value;
        private final String name;
        private final Builtins.@Nullable FilterBody filter;
        private final ArgumentList arguments;

        FilterCall(
                Mark mark,
                @Nullable Expression value,
                String name,
                Builtins.@Nullable FilterBody filter,
                ArgumentList arguments) {
            super(mark);
            this.value = value;
            this.name = name;
            this.filter = filter;
            this.arguments = arguments;
        }

        @Override
        @Nullable Object evaluate(Scope scope) {
            return apply(value == null ? "" : value.evaluate(scope), scope);
        }

        /** Applies the filter to a value that comes from elsewhere, such as a block's text. */
        @Nullable Object apply(@Nullable Object input, Scope scope) {
            if (filter == null) {
                throw SyntaxErrors.missing("filter", name, scope.environment().filterNames())
                        .at(mark);
            }
            Arguments given = arguments.evaluate(scope, mark, null);
            try {
                return filter.apply(new Builtins.Site(scope, mark), input, given);
            } catch (RuntimeException e) {
                throw failure(e, value != null && input instanceof Undefined ? value.mark : mark);
            }
        }

        /** Applies this filter to what the inner one gives, for chains without a first value. */
        static @Nullable Object chain(
                @Nullable Object input, List<FilterCall> filters, Scope scope) {
            Object result = input;
            for (FilterCall filter : filters) {
                result = filter.apply(result, scope);
            }
            return result;
        }
    }

    /** {@code value is test(arguments)}; the mark is the test's name. */
    static final class TestCall extends Expression {
        private final Expression value;
        private final String name;
        private final Builtins.@Nullable TestBody test;
        private final ArgumentList arguments;

        TestCall(
                Mark mark,
                Expression value,
                String name,
                Builtins.@Nullable TestBody test,
                ArgumentList arguments) {
            super(mark);
            this.value = value;
            this.name = name;
            this.test = test;
            this.arguments = arguments;
        }

        @Override
        Object evaluate(Scope scope) {
            Object input = value.evaluate(scope);
            if (test == null) {
                throw SyntaxErrors.missing("test", name, scope.environment().testNames()).at(mark);
            }
            Arguments given = arguments.evaluate(scope, mark, null);
            try {
                return test.check(new Builtins.Site(scope, mark), input, given);
            } catch (RuntimeException e) {
                throw failure(e, input instanceof Undefined ? value.mark : mark);
            }
        }
    }
}
