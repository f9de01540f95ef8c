package dev.tarn.pages;

import java.util.Locale;

/** Writes metrics in Prometheus' text form, version 0.0.4. */
final class Exposition {
    static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder out = new StringBuilder(8_192);

    /** Begins a metric; its samples follow. */
    Exposition gauge(String name, String help) {
        return head(name, "gauge", help);
    }

    Exposition counter(String name, String help) {
        return head(name, "counter", help);
    }

    private Exposition head(String name, String type, String help) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        return this;
    }

    Exposition sample(String name, double value) {
        out.append(name).append(' ').append(number(value)).append('\n');
        return this;
    }

    Exposition sample(String name, long value) {
        return sample(name, (double) value);
    }

    Exposition sample(String name, long value, String... labels) {
        return sample(name, (double) value, labels);
    }

    /**
     * @param labels names and values in turn
     */
    Exposition sample(String name, double value, String... labels) {
        out.append(name).append('{');
        for (int i = 0; i < labels.length; i += 2) {
            if (i > 0) {
                out.append(',');
            }
            out.append(labels[i]).append("=\"").append(escaped(labels[i + 1])).append('"');
        }
        out.append("} ").append(number(value)).append('\n');
        return this;
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.6f", value);
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
