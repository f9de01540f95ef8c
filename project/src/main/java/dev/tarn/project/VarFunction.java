package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import dev.tarn.jinja.Values;
import org.jspecify.annotations.Nullable;

/** {@code var('name', default)} and {@code var.has_var('name')}. */
final class VarFunction implements PyCallable, PyObject {
    private final NodeContext context;
    private final boolean isRequired;

    VarFunction(NodeContext context) {
        this(context, context.executes());
    }

    /**
     * @param isRequired whether a variable that nobody set is a mistake now, and not only where its
     *     node is built
     */
    VarFunction(NodeContext context, boolean isRequired) {
        this.context = context;
        this.isRequired = isRequired;
    }

    @Override
    public @Nullable Object call(Arguments a) {
        String name = a.requireText(0, "name");
        Object value = context.noted(context.scope().variables().find(name, context.packageName()));
        if (value == Missing.VALUE) {
            if (a.has(1, "default")) {
                return a.get(1, "default", null);
            }
            if (!isRequired) {
                return null;
            }
            throw TemplateErrors.unknownVariable(
                    name,
                    context.packageName(),
                    context.scope().variables().names(context.packageName()));
        }
        if (value instanceof String text && YamlRendering.isTemplate(text)) {
            // A template in a variable gives text, whatever it is made of.
            return Values.text(
                    context.scope().jinja().parse("var " + name, text).evaluate(context));
        }
        return value;
    }

    @Override
    public @Nullable Object attribute(String name) {
        if (name.equals("has_var")) {
            return (PyCallable)
                    a ->
                            context.scope()
                                            .variables()
                                            .find(a.requireText(0, "name"), context.packageName())
                                    != Missing.VALUE;
        }
        return Missing.VALUE;
    }

    @Override
    public String typeName() {
        return "var";
    }
}
