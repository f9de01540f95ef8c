package dev.tarn.project;

import java.util.function.Consumer;

/** Hears what templates tell people, and tells what they log from what they print. */
public interface TemplateOutput extends Consumer<String> {
    /** What a template prints is the result of a command rather than a remark. */
    void printed(String text);

    /** Whether what templates log for those who look for faults is heard. */
    boolean hearsDetails();

    /** What a template logs for those who look for faults. */
    void detail(String text);
}
