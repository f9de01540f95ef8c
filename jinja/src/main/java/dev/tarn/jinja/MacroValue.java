package dev.tarn.jinja;

import org.jspecify.annotations.Nullable;

/** A macro as a value: something to call that gives text, or what {@link MacroReturn} carries. */
public final class MacroValue implements PyCallable, PyObject {
    private final MacroDefinition definition;
    private final Scope scope;
    private final @Nullable Mark callerOf;

    MacroValue(MacroDefinition definition, Scope scope, @Nullable Mark callerOf) {
        this.definition = definition;
        this.scope = scope;
        this.callerOf = callerOf;
    }

    public String name() {
        return definition.name();
    }

    @Override
    public @Nullable Object call(Arguments arguments) {
        Session session = arguments.session();
        if (session == null) {
            session = new Session(scope.environment().limits());
        }
        definition.check(arguments);
        session.enter();
        try {
            Scope inner = scope.child(session);
            definition.bind(arguments, inner);
            Output out = new Output(session);
            definition.body().run(inner, out);
            return out.finish();
        } catch (MacroReturn e) {
            if (callerOf != null) {
                throw e;
            }
            return e.value();
        } catch (JinjaException e) {
            throw e.leaving(definition.name());
        } finally {
            session.leave();
        }
    }

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "name" -> definition.name();
            case "arguments" ->
                    Tuple.copyOf(
                            definition.parameters().stream()
                                    .map(MacroDefinition.Formal::name)
                                    .toList());
            case "catch_kwargs" -> definition.usesKwargs();
            case "catch_varargs" -> definition.usesVarargs();
            case "caller" -> definition.usesCaller();
            default -> Missing.VALUE;
        };
    }

    @Override
    public String typeName() {
        return "Macro";
    }

    @Override
    public String representation() {
        return callerOf == null ? "<Macro '" + definition.name() + "'>" : "<Macro anonymous>";
    }
}
