package dev.tarn.project;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be read off the texts of a project for its manifest. */
final class FactTexts {
    private static final Pattern INSTALLED = Pattern.compile("^dbt_packages/[^/]+/");
    private static final Pattern DOC =
            Pattern.compile(
                    "\\bdoc\\(\\s*['\"]([^'\"]+)['\"]\\s*(?:,\\s*['\"]([^'\"]+)['\"]\\s*)?\\)");

    private FactTexts() {}

    /** A file as its own package sees it. */
    static String inPackage(String file) {
        return INSTALLED.matcher(file).replaceFirst("");
    }

    /** The same below the folder that files of its kind are in. */
    static String below(String file) {
        String inside = inPackage(file);
        return inside.substring(inside.indexOf('/') + 1);
    }

    /** The ids of the docs blocks that a description shows. */
    static List<Object> docBlocks(String description, String packageName) {
        Set<Object> ids = new LinkedHashSet<>();
        Matcher m = DOC.matcher(description);
        while (m.find()) {
            ids.add(
                    m.group(2) == null
                            ? "doc." + packageName + "." + m.group(1)
                            : "doc." + m.group(1) + "." + m.group(2));
        }
        return new ArrayList<>(ids);
    }
}
