package dev.tarn.jinja;

/** Collects text and where it came from. */
final class Output {
    private final Session session;
    private final StringBuilder text = new StringBuilder();
    private final Segments segments = new Segments();

    Output(Session session) {
        this.session = session;
    }

    /** Writes a stretch of the template itself. */
    void literal(String part, Mark mark) {
        segments.add(text.length(), mark.offset(), mark.source());
        append(part, mark);
    }

    /** Writes what an expression gave. */
    void value(String part, Mark mark) {
        if (part.isEmpty()) {
            return;
        }
        Segments inner = session.origins.of(part);
        if (inner == null) {
            segments.add(text.length(), ~mark.offset(), mark.source());
        } else {
            segments.addAll(text.length(), inner);
        }
        append(part, mark);
    }

    private void append(String part, Mark mark) {
        if (text.length() + (long) part.length() > session.limits.outputChars()) {
            throw LimitErrors.output(session.limits.outputChars()).at(mark);
        }
        text.append(part);
    }

    /** Returns the text as a value, which carries its map along. */
    String finish() {
        String result = text.toString();
        session.origins.remember(result, segments);
        return result;
    }

    Rendered render(TemplateSource fallback) {
        return new Rendered(text.toString(), segments.toMap(fallback));
    }
}
