package dev.tarn.jinja;

/** Statements that define macros or call them with a body. */
final class MacroStatements {
    private MacroStatements() {}

    /** {@code {% macro name(parameters) %}}. */
    static final class Define extends Statement {
        private final MacroDefinition definition;

        Define(MacroDefinition definition) {
            super(definition.mark());
            this.definition = definition;
        }

        @Override
        Flow execute(Scope scope, Output out) {
            scope.set(definition.name(), new MacroValue(definition, scope, null));
            return Flow.NEXT;
        }
    }

    /** {@code {% call(parameters) macro(arguments) %}}: the body becomes {@code caller}. */
    static final class CallBlock extends Statement {
        private final MacroDefinition caller;
        private final Calls.Call call;

        CallBlock(Mark mark, MacroDefinition caller, Calls.Call call) {
            super(mark);
            this.caller = caller;
            this.call = call;
        }

        @Override
        Flow execute(Scope scope, Output out) {
            Object value = call.evaluate(scope, new MacroValue(caller, scope, mark));
            String text;
            try {
                text = Values.text(value);
            } catch (RuntimeException e) {
                throw failure(e, call.mark);
            }
            out.value(text, mark);
            return Flow.NEXT;
        }
    }
}
