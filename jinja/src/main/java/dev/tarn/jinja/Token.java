package dev.tarn.jinja;

import org.jspecify.annotations.Nullable;

/** A piece of a template as the lexer sees it. */
record Token(Type type, String text, @Nullable Object value, int offset, int end) {
    /** What sort of piece; the words appear in messages. */
    enum Type {
        DATA("template data / text"),
        VARIABLE_BEGIN("begin of print statement"),
        VARIABLE_END("end of print statement"),
        BLOCK_BEGIN("begin of statement block"),
        BLOCK_END("end of statement block"),
        NAME("name"),
        STRING("string"),
        INTEGER("integer"),
        FLOAT("float"),
        OPERATOR("operator"),
        END("end of template");

        final String words;

        Type(String words) {
            this.words = words;
        }
    }

    boolean operator(String operator) {
        return type == Type.OPERATOR && text.equals(operator);
    }

    boolean name(String name) {
        return type == Type.NAME && text.equals(name);
    }

    String describe() {
        return type == Type.NAME || type == Type.OPERATOR ? text : type.words;
    }
}
