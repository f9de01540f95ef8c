package dev.tarn.project;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * What an unquoted word of YAML means, as PyYAML decides it (YAML 1.1): {@code yes} and {@code off}
 * are truth values, {@code 010} is eight, {@code 1:30} is ninety, and {@code 1e3} is text.
 */
final class YamlScalars extends Resolver {
    private static final Pattern TRUTH =
            Pattern.compile(
                    "(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)");
    private static final Pattern NOTHING = Pattern.compile("(?:~|null|Null|NULL|)");
    private static final Pattern WHOLE =
            Pattern.compile(
                    "(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+"
                            + "|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)");
    private static final Pattern FRACTION =
            Pattern.compile(
                    "(?:[-+]?[0-9][0-9_]*\\.[0-9_]*(?:[eE][-+][0-9]+)?"
                            + "|\\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
                            + "|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\\.[0-9_]*"
                            + "|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN))");
    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    @Override
    protected void addImplicitResolvers() {
        addImplicitResolver(Tag.BOOL, TRUTH, "yYnNtTfFoO");
        addImplicitResolver(Tag.FLOAT, FRACTION, "-+0123456789.");
        addImplicitResolver(Tag.INT, WHOLE, "-+0123456789");
        addImplicitResolver(Tag.MERGE, Pattern.compile("<<"), "<");
        addImplicitResolver(Tag.NULL, NOTHING, "~nN\0");
        addImplicitResolver(Tag.NULL, Pattern.compile(""), null);
        addImplicitResolver(Tag.TIMESTAMP, DAY, "0123456789");
    }

    /** The value of a scalar under its tag. Days stay text, as templates would print them. */
    static @Nullable Object value(Tag tag, String text) {
        if (tag.equals(Tag.NULL)) {
            return null;
        }
        if (tag.equals(Tag.BOOL)) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "yes", "true", "on" -> true;
                default -> false;
            };
        }
        if (tag.equals(Tag.INT)) {
            return whole(text.replace("_", ""));
        }
        if (tag.equals(Tag.FLOAT)) {
            return fraction(text.replace("_", "").toLowerCase(Locale.ROOT));
        }
        return text;
    }

    private static Object whole(String text) {
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        BigInteger value;
        if (digits.startsWith("0b")) {
            value = new BigInteger(digits.substring(2), 2);
        } else if (digits.startsWith("0x")) {
            value = new BigInteger(digits.substring(2), 16);
        } else if (digits.indexOf(':') >= 0) {
            value = BigInteger.ZERO;
            for (String part : digits.split(":", -1)) {
                value = value.multiply(BigInteger.valueOf(60)).add(new BigInteger(part));
            }
        } else if (digits.length() > 1 && digits.startsWith("0")) {
            value = new BigInteger(digits, 8);
        } else {
            value = new BigInteger(digits);
        }
        BigInteger signed = negative ? value.negate() : value;
        if (signed.bitLength() < 64) {
            return signed.longValue();
        }
        return signed;
    }

    private static Double fraction(String text) {
        if (text.endsWith(".inf")) {
            return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (text.equals(".nan")) {
            return Double.NaN;
        }
        if (text.indexOf(':') < 0) {
            return Double.valueOf(text);
        }
        boolean negative = text.startsWith("-");
        double value = 0;
        for (String part : (negative ? text.substring(1) : text).split(":", -1)) {
            value = value * 60 + Double.parseDouble(part);
        }
        return negative ? -value : value;
    }
}
