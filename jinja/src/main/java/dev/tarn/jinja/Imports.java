package dev.tarn.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Statements that use other templates: include, import and from. */
final class Imports {
    private Imports() {}

    private static Template load(Scope scope, Expression expression, @Nullable Object value) {
        try {
            return value instanceof Undefined undefined
                    ? fail(undefined)
                    : scope.environment().template(Strings.text(value));
        } catch (JinjaException e) {
            throw e.at(expression.mark);
        }
    }

    private static Template fail(Undefined undefined) {
        throw undefined.error();
    }

    /** Returns the first of several templates that exists. */
    private static Template select(Scope scope, Expression expression, @Nullable Object value) {
        if (!(value instanceof List<?> names)) {
            return load(scope, expression, value);
        }
        for (Object name : names) {
            try {
                return load(scope, expression, name);
            } catch (JinjaException e) {
                if (e.kind() != JinjaException.Kind.TEMPLATE_NOT_FOUND) {
                    throw e;
                }
            }
        }
        throw new JinjaException(
                JinjaException.Kind.TEMPLATE_NOT_FOUND,
                "None of these templates was found: "
                        + String.join(", ", names.stream().map(Values::text).toList())
                        + ".",
                null,
                expression.mark.place(),
                null);
    }

    /** Executes another template and returns its variables. */
    private static Scope execute(
            Scope scope, Template template, boolean withContext, Mark mark, Output out) {
        Rendering rendering =
                withContext
                        ? new Rendering(scope)
                        : new Rendering(scope.environment(), name -> Missing.VALUE, scope.session);
        scope.session.enter();
        try {
            template.execute(rendering, out);
        } catch (JinjaException e) {
            throw e.leaving(template.name()).at(mark);
        } finally {
            scope.session.leave();
        }
        return rendering.root;
    }

    /** {@code {% include name ignore missing without context %}}. */
    static final class Include extends Statement {
        private final Expression template;
        private final boolean ignoreMissing;
        private final boolean withContext;

        Include(Mark mark, Expression template, boolean ignoreMissing, boolean withContext) {
            super(mark);
            this.template = template;
            this.ignoreMissing = ignoreMissing;
            this.withContext = withContext;
        }

        @Override
        Flow execute(Scope scope, Output out) {
            Object name = template.evaluate(scope);
            Template found;
            try {
                found = select(scope, template, name);
            } catch (JinjaException e) {
                if (ignoreMissing && e.kind() == JinjaException.Kind.TEMPLATE_NOT_FOUND) {
                    return Flow.NEXT;
                }
                throw e;
            }
            Imports.execute(scope, found, withContext, template.mark, out);
            return Flow.NEXT;
        }
    }

    /** A template's variables as one value. */
    static final class Module implements PyObject {
        private final String name;
        private final String text;
        private final Map<String, Object> exported;

        Module(String name, String text, Map<String, Object> variables) {
            this.name = name;
            this.text = text;
            Map<String, Object> visible = new LinkedHashMap<>();
            variables.forEach((key, value) -> {
                if (!key.startsWith("_")) {
                    visible.put(key, value);
                }
            });
            this.exported = visible;
        }

        @Override
        public @Nullable Object attribute(String attribute) {
            Object value = exported.get(attribute);
            return value == null && !exported.containsKey(attribute) ? Missing.VALUE : value;
        }

        @Override
        public String text() {
            return text;
        }

        @Override
        public String representation() {
            return "<TemplateModule '" + name + "'>";
        }

        @Override
        public String typeName() {
            return "TemplateModule";
        }
    }

    /** {@code {% import name as target %}}. */
    static final class Import extends Statement {
        private final Expression template;
        private final String target;
        private final boolean withContext;

        Import(Mark mark, Expression template, String target, boolean withContext) {
            super(mark);
            this.template = template;
            this.target = target;
            this.withContext = withContext;
        }

        @Override
        Flow execute(Scope scope, Output out) {
            scope.set(target, module(scope, template, withContext));
            return Flow.NEXT;
        }
    }

    private static Module module(Scope scope, Expression template, boolean withContext) {
        Template found = load(scope, template, template.evaluate(scope));
        Output out = new Output(scope.session);
        Scope root = execute(scope, found, withContext, template.mark, out);
        return new Module(found.name(), out.finish(), root.own());
    }

    /** One name of a from import, and what it is called here. */
    record Imported(String name, String alias, Mark mark) {}

    /** {@code {% from name import a, b as c %}}. */
    static final class FromImport extends Statement {
        private final Expression template;
        private final List<Imported> names;
        private final boolean withContext;

        FromImport(Mark mark, Expression template, List<Imported> names, boolean withContext) {
            super(mark);
            this.template = template;
            this.names = List.copyOf(names);
            this.withContext = withContext;
        }

        @Override
        Flow execute(Scope scope, Output out) {
            Module module = module(scope, template, withContext);
            for (Imported imported : names) {
                Object value = module.attribute(imported.name());
                scope.set(
                        imported.alias(),
                        value == Missing.VALUE
                                ? scope.undefined(
                                        Undefined.Origin.special(missing(module.name, imported)))
                                : value);
            }
            return Flow.NEXT;
        }

        private static String missing(String template, Imported imported) {
            Place place = imported.mark().place();
            return "the template '%s' (imported on line %d in '%s') does not export %s '%s'"
                    .formatted(
                            template,
                            place.line(),
                            place.template(),
                            "the requested name",
                            imported.name());
        }
    }

    /** {@code {% extends name %}}. */
    static final class Extends extends Statement {
        private final Expression template;

        Extends(Mark mark, Expression template) {
            super(mark);
            this.template = template;
        }

        @Override
        Flow execute(Scope scope, Output out) {
            if (scope.rendering.extended()) {
                throw ValueErrors.runtime("extended multiple times").at(mark);
            }
            scope.rendering.extend(load(scope, template, template.evaluate(scope)));
            return Flow.NEXT;
        }
    }
}
