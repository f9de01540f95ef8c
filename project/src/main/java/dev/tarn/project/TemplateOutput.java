package dev.tarn.project;

import java.util.function.Consumer;

/** Hears what templates tell people, and tells what they log from what they print. */
public interface TemplateOutput extends Consumer<String> {
    /** What a template prints is the result of a command rather than a remark. */
    void printed(String text);
}
