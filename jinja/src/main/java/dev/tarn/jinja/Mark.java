package dev.tarn.jinja;

/** A position that is only turned into a line and column when somebody asks. */
record Mark(TemplateSource source, int offset) {
    Place place() {
        return source.place(offset);
    }
}
