package dev.tarn.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Floating point numbers as Python writes them. */
final class FloatText {
    private FloatText() {}

    /** Returns repr(value): the shortest text that reads back as the same number. */
    static String shortest(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = shortest(value, new BigDecimal(Double.toString(value)));
        int exponent = exact.precision() - exact.scale() - 1;
        if (exponent < -4 || exponent >= 16) {
            String digits = exact.unscaledValue().abs().toString();
            String mantissa =
                    digits.length() > 1 ? digits.charAt(0) + "." + digits.substring(1) : digits;
            return (value < 0 ? "-" : "") + mantissa + exponent('e', exponent);
        }
        String plain = exact.toPlainString();
        return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }

    /** Java writes at least two digits, which matters for the smallest numbers only. */
    private static BigDecimal shortest(double value, BigDecimal written) {
        BigDecimal digit = written.round(new MathContext(1));
        return Math.abs(value) < 1e-300 && digit.doubleValue() == value
                ? digit
                : written.stripTrailingZeros();
    }

    /**
     * Formats the absolute value as one of the types e, f, g (or their capitals) of a format
     * specification.
     */
    static String format(double value, char type, int precision, boolean alternate) {
        double positive = Math.abs(value);
        boolean upper = Character.isUpperCase(type);
        if (Double.isNaN(positive) || Double.isInfinite(positive)) {
            String text = Double.isNaN(positive) ? "nan" : "inf";
            return upper ? text.toUpperCase(Locale.ROOT) : text;
        }
        return format(new BigDecimal(positive), type, precision, alternate);
    }

    static String format(BigDecimal positive, char type, int precision, boolean alternate) {
        Values.checkSize(precision);
        return switch (type) {
            case 'f', 'F' -> {
                String text = positive.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
                yield alternate && precision == 0 ? text + "." : text;
            }
            case 'e', 'E' -> scientific(positive, type, precision);
            default -> general(positive, type, Math.max(1, precision), alternate);
        };
    }

    private static String scientific(BigDecimal positive, char type, int precision) {
        if (positive.signum() == 0) {
            return (precision > 0 ? "0." + "0".repeat(precision) : "0") + type + "+00";
        }
        BigDecimal rounded = positive.round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        StringBuilder digits = new StringBuilder(rounded.unscaledValue().toString());
        while (digits.length() < precision + 1) {
            digits.append('0');
        }
        String fraction = precision > 0 ? "." + digits.substring(1, precision + 1) : "";
        return digits.charAt(0) + fraction + exponent(type, exponent);
    }

    private static String general(
            BigDecimal positive, char type, int precision, boolean alternate) {
        if (positive.signum() == 0) {
            return alternate && precision > 1 ? "0." + "0".repeat(precision - 1) : "0";
        }
        BigDecimal rounded = positive.round(new MathContext(precision, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < precision) {
            return alternate
                    ? rounded.setScale(precision - 1 - exponent, RoundingMode.HALF_EVEN)
                            .toPlainString()
                    : rounded.stripTrailingZeros().toPlainString();
        }
        char letter = type == 'G' ? 'E' : 'e';
        String text = scientific(positive, letter, precision - 1);
        if (alternate) {
            return text;
        }
        int at = text.indexOf(letter);
        return stripZeros(text.substring(0, at)) + text.substring(at);
    }

    private static String stripZeros(String digits) {
        if (digits.indexOf('.') < 0) {
            return digits;
        }
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        return digits.substring(0, digits.charAt(end - 1) == '.' ? end - 1 : end);
    }

    private static String exponent(char letter, int exponent) {
        int size = Math.abs(exponent);
        return letter + (exponent < 0 ? "-" : "+") + (size < 10 ? "0" : "") + size;
    }
}
