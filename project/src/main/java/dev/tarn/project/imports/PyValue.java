package dev.tarn.project.imports;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value of Python as far as it can be known without running anything. */
sealed interface PyValue {
    record Text(String text) implements PyValue {}

    record Num(double number) implements PyValue {}

    record Truth(boolean value) implements PyValue {}

    record None() implements PyValue {}

    record Items(List<PyValue> items) implements PyValue {}

    record Dict(Map<String, PyValue> items) implements PyValue {}

    /** A name that is no literal, such as a task or a class; dots are part of it. */
    record Name(String name) implements PyValue {}

    record Call(String name, List<PyValue> positional, Map<String, PyValue> named)
            implements PyValue {}

    /** Tasks before and after: {@code a >> b}. */
    record Shift(PyValue left, boolean forward, PyValue right) implements PyValue {}

    /** Something that only Python can tell. */
    record Unknown() implements PyValue {}

    default Optional<String> asText() {
        return this instanceof Text t ? Optional.of(t.text()) : Optional.empty();
    }

    default Optional<Double> asNumber() {
        return this instanceof Num n ? Optional.of(n.number()) : Optional.empty();
    }

    /** Reads an expression; what is not understood is {@link Unknown}. */
    static PyValue parse(List<PyToken> tokens, Map<String, PyValue> known) {
        Parser parser = new Parser(tokens, known);
        PyValue value = parser.shift();
        return parser.at == tokens.size() ? value : new Unknown();
    }

    /** Goes down the rules of expressions. */
    final class Parser {
        private static final int DEPTH_MAX = 200;

        private final List<PyToken> tokens;
        private final Map<String, PyValue> known;
        private int at;
        private int depth;

        Parser(List<PyToken> tokens, Map<String, PyValue> known) {
            this.tokens = tokens;
            this.known = known;
        }

        private boolean is(String sign) {
            return at < tokens.size()
                    && tokens.get(at).kind() != PyToken.Kind.TEXT
                    && tokens.get(at).text().equals(sign);
        }

        private boolean take(String sign) {
            boolean there = is(sign);
            at += there ? 1 : 0;
            return there;
        }

        PyValue shift() {
            PyValue value = sum();
            while (is(">>") || is("<<")) {
                boolean forward = is(">>");
                at++;
                value = new Shift(value, forward, sum());
            }
            return value;
        }

        private PyValue sum() {
            if (++depth > DEPTH_MAX) {
                at = tokens.size();
                return new Unknown();
            }
            PyValue value = one();
            while (is("+") || is("-") || is("*") || is("/") || is("%") || is("|")) {
                String sign = tokens.get(at++).text();
                PyValue right = one();
                value = computed(value, sign, right);
            }
            depth--;
            return value;
        }

        private static PyValue computed(PyValue left, String sign, PyValue right) {
            if (left instanceof Text a && right instanceof Text b && sign.equals("+")) {
                return new Text(a.text() + b.text());
            }
            if (left instanceof Num a && right instanceof Num b) {
                return switch (sign) {
                    case "+" -> new Num(a.number() + b.number());
                    case "-" -> new Num(a.number() - b.number());
                    case "*" -> new Num(a.number() * b.number());
                    default -> new Unknown();
                };
            }
            return new Unknown();
        }

        private PyValue one() {
            if (at >= tokens.size()) {
                return new Unknown();
            }
            PyToken token = tokens.get(at++);
            return switch (token.kind()) {
                case TEXT -> text(token);
                case FORMATTED -> {
                    while (at < tokens.size()
                            && tokens.get(at).kind().name().matches("TEXT|FORMATTED")) {
                        at++;
                    }
                    yield new Unknown();
                }
                case NUMBER ->
                        token.text().matches("\\d+(\\.\\d*)?")
                                ? new Num(Double.parseDouble(token.text()))
                                : new Unknown();
                case NAME -> name(token);
                case SIGN -> sign(token);
            };
        }

        /** Texts that follow each other are one. */
        private PyValue text(PyToken first) {
            StringBuilder text = new StringBuilder(first.text());
            while (at < tokens.size() && tokens.get(at).kind() == PyToken.Kind.TEXT) {
                text.append(tokens.get(at++).text());
            }
            return new Text(text.toString());
        }

        private PyValue sign(PyToken token) {
            return switch (token.text()) {
                case "-" -> one() instanceof Num n ? new Num(-n.number()) : new Unknown();
                case "(" -> {
                    List<PyValue> items = new ArrayList<>();
                    boolean comma = list(")", items);
                    yield items.size() == 1 && !comma ? items.getFirst() : new Items(items);
                }
                case "[" -> {
                    List<PyValue> items = new ArrayList<>();
                    boolean unused = list("]", items);
                    yield new Items(items);
                }
                case "{" -> dict();
                default -> new Unknown();
            };
        }

        /** Returns whether there was a comma. */
        private boolean list(String end, List<PyValue> items) {
            boolean comma = false;
            while (at < tokens.size() && !take(end)) {
                items.add(shift());
                comma |= is(",");
                if (!take(",") && !is(end)) {
                    skip(end);
                    items.add(new Unknown());
                }
            }
            return comma;
        }

        private PyValue dict() {
            Map<String, PyValue> items = new LinkedHashMap<>();
            while (at < tokens.size() && !take("}")) {
                PyValue key = shift();
                if (take(":") && key instanceof Text text) {
                    items.put(text.text(), shift());
                }
                if (!take(",") && !is("}")) {
                    skip("}");
                }
            }
            return new Dict(items);
        }

        /** Goes to the end of what is open. */
        private void skip(String end) {
            int open = 0;
            while (at < tokens.size() && (open > 0 || !is(end))) {
                open += is("(") || is("[") || is("{") ? 1 : is(")") || is("]") || is("}") ? -1 : 0;
                at++;
            }
        }

        private PyValue name(PyToken first) {
            switch (first.text()) {
                case "True", "False" -> {
                    return new Truth(first.text().equals("True"));
                }
                case "None" -> {
                    return new None();
                }
                case "lambda", "not", "await", "if", "for" -> {
                    at = Math.max(at, tokens.size());
                    return new Unknown();
                }
                default -> {}
            }
            StringBuilder name = new StringBuilder(first.text());
            PyValue value = null;
            while (at < tokens.size()) {
                if (take(".")) {
                    if (at < tokens.size()) {
                        name.append('.').append(tokens.get(at++).text());
                    }
                } else if (take("(")) {
                    PyValue called = call(name.toString());
                    if (value != null) {
                        return new Unknown();
                    }
                    value = called;
                } else if (take("[")) {
                    skip("]");
                    boolean unused = take("]");
                    value = new Unknown();
                } else {
                    break;
                }
            }
            PyValue held = known.get(name.toString());
            return value != null ? value : held != null ? held : new Name(name.toString());
        }

        private Call call(String name) {
            List<PyValue> positional = new ArrayList<>();
            Map<String, PyValue> named = new LinkedHashMap<>();
            while (at < tokens.size() && !take(")")) {
                boolean keyword =
                        tokens.get(at).kind() == PyToken.Kind.NAME
                                && at + 1 < tokens.size()
                                && tokens.get(at + 1).text().equals("=")
                                && tokens.get(at + 1).kind() == PyToken.Kind.SIGN;
                if (keyword) {
                    String key = tokens.get(at).text();
                    at += 2;
                    named.put(key, shift());
                } else if (take("*")) {
                    boolean unused = take("*");
                    PyValue unusedValue = shift();
                    named.put("*", new Unknown());
                } else {
                    positional.add(shift());
                }
                if (!take(",") && !is(")")) {
                    skip(")");
                }
            }
            return new Call(name, positional, named);
        }
    }
}
