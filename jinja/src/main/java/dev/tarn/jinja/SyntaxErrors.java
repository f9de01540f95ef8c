package dev.tarn.jinja;

import dev.tarn.jinja.JinjaException.Kind;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The texts of errors in the template's own grammar; they follow Jinja's wording. */
final class SyntaxErrors {
    private SyntaxErrors() {}

    static JinjaException of(String reason, Mark mark) {
        return of(reason, null, mark);
    }

    static JinjaException of(String reason, @Nullable String hint, Mark mark) {
        return new JinjaException(Kind.SYNTAX, reason, hint, mark.place(), null);
    }

    static JinjaException expected(String wanted, Token found, Mark mark) {
        return of(
                found.type() == Token.Type.END
                        ? "unexpected end of template, expected '" + wanted + "'."
                        : "expected token '" + wanted + "', got '" + found.describe() + "'",
                mark);
    }

    static JinjaException unknownTag(
            String tag, Collection<String> known, List<String> wanted, String opening, Mark mark) {
        String reason = "Encountered unknown tag '" + tag + "'." + lookingFor(wanted, opening);
        return of(reason, Suggestion.of(tag, known), mark);
    }

    static JinjaException misplacedTag(String tag, String opening, List<String> wanted, Mark mark) {
        return of(
                "Encountered unknown tag '"
                        + tag
                        + "'. You probably made a nesting mistake. Jinja is expecting this tag,"
                        + " but currently looking for "
                        + list(wanted)
                        + ". The innermost block that needs to be closed is '"
                        + opening
                        + "'.",
                mark);
    }

    static JinjaException unclosed(List<String> wanted, String opening, Mark mark) {
        return of("Unexpected end of template." + lookingFor(wanted, opening), mark);
    }

    static String lookingFor(List<String> wanted, String opening) {
        if (wanted.isEmpty()) {
            return "";
        }
        return " Jinja was looking for the following tags: "
                + list(wanted)
                + "."
                + (opening.isEmpty()
                        ? ""
                        : " The innermost block that needs to be closed is '" + opening + "'.");
    }

    private static String list(List<String> names) {
        return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(" or "));
    }

    static JinjaException unknownFilter(String name, Collection<String> known, Mark mark) {
        return new JinjaException(
                Kind.ASSERTION,
                "No filter named '" + name + "'.",
                Suggestion.of(name, known),
                mark.place(),
                null);
    }

    static JinjaException unknownTest(String name, Collection<String> known, Mark mark) {
        return new JinjaException(
                Kind.ASSERTION,
                "No test named '" + name + "'.",
                Suggestion.of(name, known),
                mark.place(),
                null);
    }

    /** The same, where the use is conditional and only fails when it is reached. */
    static JinjaException missing(String sort, String name, Collection<String> known) {
        return new JinjaException(
                Kind.RUNTIME,
                "No " + sort + " named '" + name + "' found.",
                Suggestion.of(name, known),
                null,
                null);
    }
}
