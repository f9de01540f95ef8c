package dev.tarn.demo;

import dev.tarn.demo.Template.Existing;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A small new project: one file of data, two models, four checks; it builds at once. */
public final class InitTemplate {
    private static final Template TEMPLATE = new Template("starter");
    private static final String NAME_MARK = "my_project_name";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    private InitTemplate() {}

    /**
     * Writes the project's files. When one of them is there already, nothing is written.
     *
     * @param projectName lower-case letters, digits and underscores, a letter first
     * @return the files
     */
    public static List<Path> write(Path dir, String projectName) {
        if (!NAME.matcher(projectName).matches()) {
            throw DemoErrors.projectName(projectName);
        }
        return TEMPLATE.copyTo(dir, Existing.REFUSE, text -> text.replace(NAME_MARK, projectName));
    }

    /** The nearest name that is allowed; a folder's name makes a good start. */
    public static String suggestName(String text) {
        String plain =
                text.strip()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9]+", "_")
                        .replaceAll("^_+|_+$", "");
        if (plain.isEmpty()) {
            return "shop";
        }
        return Character.isDigit(plain.charAt(0)) ? "p_" + plain : plain;
    }
}
