package dev.tarn.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads numbers and strings; each method returns where the literal ends. */
final class Literals {
    private static final Pattern FLOAT =
            Pattern.compile(
                    "\\d(?:_?\\d)*(?:(?:\\.\\d(?:_?\\d)*)?[eE][-+]?\\d(?:_?\\d)*|\\.\\d(?:_?\\d)*)");
    private static final Pattern INTEGER =
            Pattern.compile(
                    "0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\\da-fA-F])+|[1-9](?:_?\\d)*|0(?:_?0)*");

    private Literals() {}

    static int number(TemplateSource source, int start, int limit, List<Token> tokens) {
        Matcher matcher = FLOAT.matcher(source.text).region(start, limit);
        boolean afterDot = start > 0 && source.text.charAt(start - 1) == '.';
        if (!afterDot && matcher.lookingAt()) {
            String digits = matcher.group().replace("_", "");
            tokens.add(
                    new Token(
                            Token.Type.FLOAT,
                            matcher.group(),
                            Double.parseDouble(digits),
                            start,
                            matcher.end()));
            return matcher.end();
        }
        matcher = INTEGER.matcher(source.text).region(start, limit);
        if (!matcher.lookingAt()) {
            throw SyntaxErrors.of("invalid number", new Mark(source, start));
        }
        Object value = integer(matcher.group().replace("_", "").toLowerCase(Locale.ROOT));
        tokens.add(new Token(Token.Type.INTEGER, matcher.group(), value, start, matcher.end()));
        return matcher.end();
    }

    private static Object integer(String digits) {
        String prefix = digits.length() > 2 ? digits.substring(0, 2) : "";
        return Numbers.normal(
                switch (prefix) {
                    case "0x" -> new BigInteger(digits.substring(2), 16);
                    case "0o" -> new BigInteger(digits.substring(2), 8);
                    case "0b" -> new BigInteger(digits.substring(2), 2);
                    default -> new BigInteger(digits);
                });
    }

    static int string(TemplateSource source, int start, int limit, List<Token> tokens) {
        String text = source.text;
        char quote = text.charAt(start);
        StringBuilder value = new StringBuilder();
        int i = start + 1;
        while (i < limit && text.charAt(i) != quote) {
            if (text.charAt(i) == '\\' && i + 1 < limit) {
                i = escape(source, i, limit, value);
            } else {
                value.append(text.charAt(i++));
            }
        }
        if (i >= limit) {
            throw SyntaxErrors.of(
                    "unexpected char '" + (quote == '\'' ? "\\'" : "\"") + "' at " + start,
                    "The text that starts here is not closed.",
                    new Mark(source, start));
        }
        tokens.add(new Token(Token.Type.STRING, value.toString(), value.toString(), start, i + 1));
        return i + 1;
    }

    private static int escape(TemplateSource source, int at, int limit, StringBuilder value) {
        char c = source.text.charAt(at + 1);
        switch (c) {
            case '\n' -> {}
            case '\\', '\'', '"' -> value.append(c);
            case 'a' -> value.append('\007');
            case 'b' -> value.append('\b');
            case 'f' -> value.append('\f');
            case 'n' -> value.append('\n');
            case 'r' -> value.append('\r');
            case 't' -> value.append('\t');
            case 'v' -> value.append('\013');
            case 'x' -> {
                return hexadecimal(source, at, 2, limit, value);
            }
            case 'u' -> {
                return hexadecimal(source, at, 4, limit, value);
            }
            case 'U' -> {
                return hexadecimal(source, at, 8, limit, value);
            }
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                return octal(source, at, limit, value);
            }
            default -> value.append('\\').append(c);
        }
        return at + 2;
    }

    private static int octal(TemplateSource source, int at, int limit, StringBuilder value) {
        int code = 0;
        int i = at + 1;
        while (i < limit && i < at + 4 && Character.digit(source.text.charAt(i), 8) >= 0) {
            code = code * 8 + Character.digit(source.text.charAt(i++), 8);
        }
        value.append((char) code);
        return i;
    }

    private static int hexadecimal(
            TemplateSource source, int at, int digits, int limit, StringBuilder value) {
        int end = at + 2 + digits;
        long code = 0;
        for (int i = at + 2; i < end; i++) {
            int digit = i < limit ? Character.digit(source.text.charAt(i), 16) : -1;
            if (digit < 0) {
                throw SyntaxErrors.of(
                        "truncated \\%s escape".formatted(source.text.charAt(at + 1)),
                        new Mark(source, at));
            }
            code = code * 16 + digit;
        }
        if (!Character.isValidCodePoint((int) code) || code > Character.MAX_CODE_POINT) {
            throw SyntaxErrors.of("illegal Unicode character", new Mark(source, at));
        }
        value.appendCodePoint((int) code);
        return end;
    }
}
