package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be learnt of a Python model without running it: its calls of {@code dbt.config}, {@code
 * dbt.ref} and {@code dbt.source}, whose arguments must be literals, and whether it is a model.
 */
final class PythonCode {
    private static final Set<String> ASKED = Set.of("ref", "source", "config");

    private final String file;
    private final List<PythonToken> tokens;
    private final Problems problems;
    private final List<Call> calls = new ArrayList<>();
    private int at;

    /** One call with literal arguments. */
    record Call(
            String function,
            List<@Nullable Object> positional,
            Map<String, @Nullable Object> keywords,
            Place place) {}

    private PythonCode(String file, String code, Problems problems) {
        this.file = file;
        this.tokens = PythonToken.of(code);
        this.problems = problems;
    }

    /** The calls of a model's code; what is wrong with it is noted. */
    static List<Call> calls(String file, String code, Problems problems) {
        PythonCode python = new PythonCode(file, code, problems);
        python.requireModel();
        python.findCalls();
        return python.calls;
    }

    private void requireModel() {
        int found = -1;
        int count = 0;
        for (int i = 0; i + 2 < tokens.size(); i++) {
            PythonToken token = tokens.get(i);
            if (token.is("def") && token.column() == 1 && tokens.get(i + 1).is("model")) {
                found = i;
                count++;
            }
        }
        if (count != 1) {
            problems.add(PythonErrors.oneModel(Place.of(file), count));
            return;
        }
        List<String> parameters = new ArrayList<>();
        int depth = 0;
        int i = found + 2;
        for (; i < tokens.size(); i++) {
            PythonToken token = tokens.get(i);
            boolean begins = tokens.get(i - 1).is("(") || tokens.get(i - 1).is(",");
            if (depth == 1 && begins && token.kind() == PythonToken.Kind.NAME) {
                parameters.add(token.text());
            }
            depth += token.is("(") || token.is("[") ? 1 : token.is(")") || token.is("]") ? -1 : 0;
            if (depth == 0) {
                break;
            }
        }
        if (parameters.size() != 2 || !parameters.getFirst().equals("dbt")) {
            problems.add(PythonErrors.parameters(place(tokens.get(found)), parameters));
        }
        while (i < tokens.size() && !tokens.get(i).is(":")) {
            i++;
        }
        requireReturn(found, i + 1);
    }

    /** The last line of the function must return something. */
    private void requireReturn(int def, int body) {
        if (body >= tokens.size()) {
            return;
        }
        PythonToken last = tokens.get(body);
        int indent = last.column();
        boolean onOneLine = !last.first();
        for (int i = body + 1; i < tokens.size() && !onOneLine; i++) {
            PythonToken token = tokens.get(i);
            if (token.first() && token.column() < indent) {
                break;
            }
            if (token.first() && token.column() == indent) {
                last = token;
            }
        }
        if (!last.is("return")) {
            problems.add(PythonErrors.returns(place(tokens.get(def))));
        }
    }

    private void findCalls() {
        for (int i = 0; i + 3 < tokens.size(); i++) {
            boolean own = i == 0 || !tokens.get(i - 1).is(".");
            if (own
                    && tokens.get(i).is("dbt")
                    && tokens.get(i + 1).is(".")
                    && ASKED.contains(tokens.get(i + 2).text())
                    && tokens.get(i + 3).is("(")) {
                at = i + 4;
                call(tokens.get(i + 2).text(), place(tokens.get(i)));
            }
        }
    }

    private void call(String function, Place place) {
        List<@Nullable Object> positional = new ArrayList<>();
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        try {
            while (!have(")")) {
                if (at + 1 < tokens.size()
                        && tokens.get(at).kind() == PythonToken.Kind.NAME
                        && tokens.get(at + 1).is("=")) {
                    String name = tokens.get(at).text();
                    at += 2;
                    keywords.put(name, literal());
                } else {
                    positional.add(literal());
                }
                if (!have(")")) {
                    skip(",");
                }
            }
            calls.add(new Call(function, positional, keywords, place));
        } catch (NotLiteral e) {
            problems.add(PythonErrors.notLiteral(place, function));
        }
    }

    /** Thrown where something stands that is only known when the code runs. */
    private static final class NotLiteral extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private boolean have(String sign) {
        return at < tokens.size() && tokens.get(at).is(sign);
    }

    private void skip(String sign) throws NotLiteral {
        if (!have(sign)) {
            throw new NotLiteral();
        }
        at++;
    }

    private @Nullable Object literal() throws NotLiteral {
        if (at >= tokens.size()) {
            throw new NotLiteral();
        }
        PythonToken token = tokens.get(at++);
        return switch (token.kind()) {
            case TEXT -> text(token);
            case NUMBER -> number(token.text());
            case NAME -> constant(token.text());
            case SIGN -> group(token.text());
            case FORMATTED -> throw new NotLiteral();
        };
    }

    /** Texts that stand side by side are one. */
    private String text(PythonToken first) {
        StringBuilder text = new StringBuilder(first.value());
        while (at < tokens.size() && tokens.get(at).kind() == PythonToken.Kind.TEXT) {
            text.append(tokens.get(at++).value());
        }
        return text.toString();
    }

    private static @Nullable Object constant(String name) throws NotLiteral {
        return switch (name) {
            case "True" -> true;
            case "False" -> false;
            case "None" -> null;
            default -> throw new NotLiteral();
        };
    }

    private @Nullable Object group(String open) throws NotLiteral {
        return switch (open) {
            case "-" -> negative(literal());
            case "[" -> items("]");
            case "(" -> grouped();
            case "{" -> mapping();
            default -> throw new NotLiteral();
        };
    }

    private static Object negative(@Nullable Object value) throws NotLiteral {
        if (value instanceof Long n) {
            return -n;
        }
        if (value instanceof Double d) {
            return -d;
        }
        throw new NotLiteral();
    }

    /** One value in parentheses is that value, unless a comma makes it a tuple. */
    private @Nullable Object grouped() throws NotLiteral {
        List<@Nullable Object> items = items(")");
        return items.size() == 1 && !tokens.get(at - 2).is(",") ? items.getFirst() : items;
    }

    private List<@Nullable Object> items(String close) throws NotLiteral {
        List<@Nullable Object> items = new ArrayList<>();
        while (!have(close)) {
            items.add(literal());
            if (!have(close)) {
                skip(",");
            }
        }
        at++;
        return items;
    }

    private Object mapping() throws NotLiteral {
        Map<Object, @Nullable Object> mapping = new LinkedHashMap<>();
        List<@Nullable Object> set = new ArrayList<>();
        while (!have("}")) {
            Object key = literal();
            if (have(":")) {
                at++;
                mapping.put(String.valueOf(key), literal());
            } else {
                set.add(key);
            }
            if (!have("}")) {
                skip(",");
            }
        }
        at++;
        return set.isEmpty() ? mapping : set;
    }

    private static Object number(String text) throws NotLiteral {
        String plain = text.replace("_", "");
        try {
            if (plain.matches("\\d+")) {
                BigInteger whole = new BigInteger(plain);
                return whole.bitLength() < 64 ? (Object) whole.longValue() : whole;
            }
            return Double.valueOf(plain);
        } catch (NumberFormatException e) {
            throw new NotLiteral();
        }
    }

    private Place place(PythonToken token) {
        return new Place(file, token.line(), token.column());
    }

    /** Whether a text of another language is mixed in. */
    static Optional<Problem> jinja(String file, String code) {
        List<String> lines = code.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            int at = line.indexOf("{%");
            if (at >= 0 && line.indexOf("%}", at) > at) {
                return Optional.of(PythonErrors.jinja(new Place(file, i + 1, at + 1)));
            }
        }
        return Optional.empty();
    }
}
