package dev.tarn.jinja;

import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The value of something that does not exist. Override its methods to be more lenient. */
public class Undefined {
    /**
     * What was not there.
     *
     * @param message the whole reason if it is special, else null
     * @param owner the object that lacks it, or {@link Missing#VALUE} for a variable
     * @param name the name or key
     */
    public record Origin(@Nullable String message, @Nullable Object owner, @Nullable Object name) {
        static Origin variable(String name) {
            return new Origin(null, Missing.VALUE, name);
        }

        static Origin member(@Nullable Object owner, @Nullable Object name) {
            return new Origin(null, owner, name);
        }

        static Origin special(String message) {
            return new Origin(message, Missing.VALUE, null);
        }

        /** Whether it is a name by itself, and not something of an object. */
        public boolean isVariable() {
            return message == null && owner == Missing.VALUE;
        }

        /** Returns the reason in words. */
        public String describe() {
            if (message != null) {
                return message;
            }
            if (owner == Missing.VALUE) {
                return "'" + name + "' is undefined";
            }
            String type = owner == null ? "None" : Values.typeName(owner) + " object";
            return name instanceof String
                    ? "'" + type + "' has no attribute '" + name + "'"
                    : type + " has no element " + Values.representation(name);
        }

        @Nullable String hint() {
            return owner instanceof Map<?, ?> map && name instanceof String text
                    ? Suggestion.of(text, map.keySet())
                    : null;
        }
    }

    private final Origin origin;

    public Undefined(Origin origin) {
        this.origin = origin;
    }

    public final Origin origin() {
        return origin;
    }

    /** Returns the error that says what was not there. */
    public final JinjaException error() {
        return new JinjaException(JinjaException.Kind.UNDEFINED, describe(), hint(), null, null);
    }

    /** Returns what was not there, in words. */
    protected String describe() {
        return origin.describe();
    }

    /** Returns a way out, such as a similar name. */
    protected @Nullable String hint() {
        return origin.hint();
    }

    public @Nullable Object attribute(String name) {
        throw error();
    }

    public @Nullable Object item(@Nullable Object key) {
        throw error();
    }

    public @Nullable Object call(Arguments arguments) {
        throw error();
    }

    public String text() {
        return "";
    }

    public Iterator<Object> iterate() {
        return Collections.emptyIterator();
    }

    public boolean truthy() {
        return false;
    }

    @Override
    public String toString() {
        return "Undefined";
    }

    /** Refuses everything but the tests for being defined. */
    static final class Strict extends Undefined {
        Strict(Origin origin) {
            super(origin);
        }

        @Override
        public String text() {
            throw error();
        }

        @Override
        public Iterator<Object> iterate() {
            throw error();
        }

        @Override
        public boolean truthy() {
            throw error();
        }
    }

    /** Has any attribute and item, all undefined. */
    public static class Chainable extends Undefined {
        public Chainable(Origin origin) {
            super(origin);
        }

        @Override
        public Object attribute(String name) {
            return this;
        }

        @Override
        public Object item(@Nullable Object key) {
            return this;
        }
    }
}
