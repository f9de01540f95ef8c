package dev.tarn.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The variable {@code loop}, which knows how far the loop is, and calls it again when recursive.
 */
final class LoopVariable implements PyObject, PyCallable {
    private final ForLoop loop;
    private final Scope scope;
    private final int depth;
    private Iterator<Object> items;
    private int length;
    private long index = -1;
    private @Nullable Object previous = Missing.VALUE;
    private @Nullable Object current = Missing.VALUE;
    private @Nullable Object next = Missing.VALUE;
    private @Nullable Object changed = Missing.VALUE;

    LoopVariable(ForLoop loop, Scope scope, Iterator<Object> items, int length, int depth) {
        this.loop = loop;
        this.scope = scope;
        this.items = items;
        this.length = length;
        this.depth = depth;
    }

    boolean advance() {
        if (!peek()) {
            return false;
        }
        previous = current;
        current = next;
        next = Missing.VALUE;
        index++;
        return true;
    }

    private boolean peek() {
        if (next == Missing.VALUE && items.hasNext()) {
            next = items.next();
        }
        return next != Missing.VALUE;
    }

    @Nullable Object current() {
        return current;
    }

    private long total() {
        if (length < 0) {
            List<Object> rest = new ArrayList<>();
            items.forEachRemaining(rest::add);
            length = (int) index + 1 + (next == Missing.VALUE ? 0 : 1) + rest.size();
            items = rest.iterator();
        }
        return length;
    }

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "index" -> index + 1;
            case "index0" -> index;
            case "first" -> index == 0;
            case "last" -> !peek();
            case "length" -> total();
            case "revindex" -> total() - index;
            case "revindex0" -> total() - index - 1;
            case "depth" -> (long) depth;
            case "depth0" -> depth - 1L;
            case "previtem" -> neighbour(previous, "there is no previous item");
            case "nextitem" -> neighbour(peek() ? next : Missing.VALUE, "there is no next item");
            case "cycle" -> (PyCallable) this::cycle;
            case "changed" -> (PyCallable) this::changed;
            default -> Missing.VALUE;
        };
    }

    private @Nullable Object neighbour(@Nullable Object item, String reason) {
        return item == Missing.VALUE ? scope.undefined(Undefined.Origin.special(reason)) : item;
    }

    private @Nullable Object cycle(Arguments arguments) {
        if (arguments.count() == 0) {
            throw ValueErrors.type("no items for cycling given");
        }
        return arguments.positional().get((int) (index % arguments.count()));
    }

    private boolean changed(Arguments arguments) {
        Object values = Tuple.copyOf(arguments.positional());
        boolean differs = changed == Missing.VALUE || !Comparison.equal(changed, values);
        changed = values;
        return differs;
    }

    @Override
    public Object call(Arguments arguments) {
        Session session = arguments.session() == null ? scope.session : arguments.session();
        Object values = arguments.require(0, "iterable");
        Sequences.iterate(values); // a failure belongs to the call
        return loop.recurse(scope, session, values, depth + 1);
    }

    @Override
    public String typeName() {
        return "LoopContext";
    }

    @Override
    public String representation() {
        return "<LoopContext " + (index + 1) + "/" + total() + ">";
    }
}
