package dev.tarn.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code {% for target in sequence if condition recursive %}} with its {@code else}. */
final class ForLoop extends Statement {
    private final Statements.Target target;
    private final Expression sequence;
    private final @Nullable Expression condition;
    private final Body body;
    private final Body otherwise;
    private final boolean usesLoop;

    ForLoop(
            Mark mark,
            Statements.Target target,
            Expression sequence,
            @Nullable Expression condition,
            Body body,
            Body otherwise,
            boolean usesLoop) {
        super(mark);
        this.target = target;
        this.sequence = sequence;
        this.condition = condition;
        this.body = body;
        this.otherwise = otherwise;
        this.usesLoop = usesLoop;
    }

    @Override
    Flow execute(Scope scope, Output out) {
        loop(scope, out, sequence.evaluate(scope), sequence.mark, 1);
        return Flow.NEXT;
    }

    /** Renders the loop over other values, as {@code loop(children)} does. */
    String recurse(Scope scope, Session session, @Nullable Object values, int depth) {
        session.enter();
        try {
            Output out = new Output(session);
            loop(scope, out, values, mark, depth);
            return out.finish();
        } finally {
            session.leave();
        }
    }

    private void loop(Scope scope, Output out, @Nullable Object values, Mark place, int depth) {
        boolean any;
        try {
            Iterator<Object> items = Sequences.iterate(values);
            int length = Sequences.lengthOrNone(values);
            if (condition != null) {
                List<Object> chosen = choose(scope, items, condition);
                items = chosen.iterator();
                length = chosen.size();
            }
            any =
                    usesLoop
                            ? withVariable(
                                    scope, out, new LoopVariable(this, scope, items, length, depth))
                            : plain(scope, out, items);
        } catch (RuntimeException e) {
            throw failure(e, place);
        }
        if (!any) {
            otherwise.run(scope.child(), out);
        }
    }

    private List<Object> choose(Scope scope, Iterator<Object> items, Expression test) {
        List<Object> chosen = new ArrayList<>();
        while (items.hasNext()) {
            Object item = items.next();
            Scope inner = scope.child();
            begin(inner, item);
            if (Operators.truthy(test.evaluate(inner), test)) {
                chosen.add(item);
            }
        }
        return chosen;
    }

    private boolean plain(Scope scope, Output out, Iterator<Object> items) {
        boolean any = false;
        while (items.hasNext()) {
            any = true;
            Scope inner = scope.child();
            begin(inner, items.next());
            if (body.run(inner, out) == Flow.BREAK) {
                break;
            }
        }
        return any;
    }

    private boolean withVariable(Scope scope, Output out, LoopVariable variable) {
        boolean any = false;
        while (variable.advance()) {
            any = true;
            Scope inner = scope.child();
            inner.set("loop", variable);
            begin(inner, variable.current());
            if (body.run(inner, out) == Flow.BREAK) {
                break;
            }
        }
        return any;
    }

    private void begin(Scope inner, @Nullable Object item) {
        try {
            inner.session.iterate();
            target.assign(inner, item);
        } catch (RuntimeException e) {
            throw failure(e, mark);
        }
    }
}
