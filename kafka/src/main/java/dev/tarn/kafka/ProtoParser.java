package dev.tarn.kafka;

import java.io.Serial;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the text of a {@code .proto} file of version 2, 3 or an edition: messages, fields,
 * enumerations. What says nothing of the bytes of a message is passed over: options, services,
 * reserved numbers, extensions.
 */
final class ProtoParser {
    private static final int MOST_DEPTH = 100;

    private final List<String> tokens;
    private int at;
    private int depth;
    private String scope = "";
    private boolean presence = true;
    private final Map<String, ProtoMessage> messages = new HashMap<>();
    private final Map<String, List<String>> enums = new HashMap<>();

    ProtoParser(String text) throws Unreadable {
        this.tokens = tokens(text);
    }

    /** Why a text is no such file. */
    static final class Unreadable extends Exception {
        @Serial private static final long serialVersionUID = 1L;

        Unreadable(String reason) {
            super(reason, null, false, false);
        }
    }

    /** The messages at the top of the file, in its order. */
    List<ProtoMessage> file() throws Unreadable {
        List<ProtoMessage> top = new ArrayList<>();
        while (at < tokens.size()) {
            switch (next()) {
                case "syntax" -> {
                    expect("=");
                    presence = !next().contains("proto3");
                    expect(";");
                }
                case "package" -> {
                    scope = next();
                    expect(";");
                }
                case "message" -> top.add(message());
                case "enum" -> enumeration();
                case ";" -> {}
                default -> passOver();
            }
        }
        return top;
    }

    /** Adds what the file declares, by full name. */
    void addTo(Map<String, ProtoMessage> allMessages, Map<String, List<String>> allEnums) {
        allMessages.putAll(messages);
        allEnums.putAll(enums);
    }

    private ProtoMessage message() throws Unreadable {
        String outer = scope;
        scope = outer.isEmpty() ? name() : outer + "." + name();
        expect("{");
        List<ProtoMessage.Field> fields = new ArrayList<>();
        List<ProtoMessage> nested = new ArrayList<>();
        if (++depth > MOST_DEPTH) {
            throw new Unreadable("its messages are nested too deeply");
        }
        members(fields, nested, 0);
        depth--;
        ProtoMessage message = new ProtoMessage(scope, fields, nested);
        messages.put(scope, message);
        scope = outer;
        return message;
    }

    private void members(List<ProtoMessage.Field> fields, List<ProtoMessage> nested, int oneOf)
            throws Unreadable {
        int choices = 0;
        while (!peek().equals("}")) {
            String word = next();
            switch (word) {
                case "message" -> nested.add(message());
                case "enum" -> enumeration();
                case "oneof" -> {
                    next();
                    expect("{");
                    members(fields, nested, ++choices);
                }
                case "option", "reserved", "extensions", "extend" -> passOver();
                case "group" -> throw new Unreadable("groups are not supported");
                case ";" -> {}
                default -> fields.add(field(word, oneOf));
            }
        }
        expect("}");
    }

    private ProtoMessage.Field field(String first, int oneOf) throws Unreadable {
        boolean repeated = first.equals("repeated");
        boolean labelled = repeated || first.equals("optional") || first.equals("required");
        String type = labelled ? next() : first;
        Optional<String> key = Optional.empty();
        if (type.equals("map") && peek().equals("<")) {
            expect("<");
            key = Optional.of(next());
            expect(",");
            type = next();
            expect(">");
        }
        if (type.equals("group")) {
            throw new Unreadable("groups are not supported");
        }
        String name = next();
        expect("=");
        int number = number();
        if (peek().equals("[")) {
            options();
        }
        expect(";");
        boolean always = !presence && !labelled && oneOf == 0;
        return new ProtoMessage.Field(name, number, type, key, repeated, always, oneOf);
    }

    private void enumeration() throws Unreadable {
        String name = scope.isEmpty() ? next() : scope + "." + next();
        List<String> symbols = new ArrayList<>();
        expect("{");
        while (!peek().equals("}")) {
            String word = next();
            if (word.equals("option") || word.equals("reserved")) {
                passOver();
            } else if (!word.equals(";")) {
                expect("=");
                symbols.add(number() + "=" + word);
                if (peek().equals("[")) {
                    options();
                }
                expect(";");
            }
        }
        expect("}");
        enums.put(name, symbols);
    }

    private String name() throws Unreadable {
        String word = next();
        if (!isWord(word.charAt(0))) {
            throw new Unreadable("'" + word + "' stands where a name is expected");
        }
        return word;
    }

    private int number() throws Unreadable {
        String word = next();
        boolean negative = word.equals("-");
        try {
            int number = Integer.decode(negative ? next() : word);
            return negative ? -number : number;
        } catch (NumberFormatException e) {
            throw new Unreadable("'" + word + "' stands where a number is expected");
        }
    }

    /** Options in brackets, which may have lists among them. */
    private void options() throws Unreadable {
        int open = 0;
        do {
            String word = next();
            open += word.equals("[") ? 1 : 0;
            open -= word.equals("]") ? 1 : 0;
        } while (open > 0);
    }

    /** To the end of a statement, or of the block that it opens. */
    private void passOver() throws Unreadable {
        int depth = 0;
        while (true) {
            String word = next();
            depth += word.equals("{") ? 1 : 0;
            depth -= word.equals("}") ? 1 : 0;
            if (depth == 0 && (word.equals(";") || word.equals("}"))) {
                return;
            }
        }
    }

    private String peek() throws Unreadable {
        if (at >= tokens.size()) {
            throw new Unreadable("it ends too early");
        }
        return tokens.get(at);
    }

    private String next() throws Unreadable {
        String word = peek();
        at++;
        return word;
    }

    private void expect(String word) throws Unreadable {
        String found = next();
        if (!found.equals(word)) {
            throw new Unreadable("'" + found + "' stands where '" + word + "' is expected");
        }
    }

    private static List<String> tokens(String text) throws Unreadable {
        List<String> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                at = end < 0 ? text.length() : end + 2;
            } else if (c == '"' || c == '\'') {
                int end = at + 1;
                while (end < text.length() && text.charAt(end) != c) {
                    end += text.charAt(end) == '\\' ? 2 : 1;
                }
                if (end >= text.length()) {
                    throw new Unreadable("a text is not closed");
                }
                tokens.add(text.substring(at, end + 1));
                at = end + 1;
            } else if (isWord(c)) {
                int end = at;
                while (end < text.length() && isWord(text.charAt(end))) {
                    end++;
                }
                tokens.add(text.substring(at, end));
                at = end;
            } else {
                tokens.add(String.valueOf(c));
                at++;
            }
        }
        return tokens;
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '.';
    }
}
