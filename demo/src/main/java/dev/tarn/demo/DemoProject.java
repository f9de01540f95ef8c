package dev.tarn.demo;

import dev.tarn.demo.Template.Existing;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** The project that makes tables of the shop's files: bronze, silver and gold. */
public final class DemoProject {
    private static final Template TEMPLATE = new Template("shop");

    private DemoProject() {}

    /**
     * Writes the project's files; it reads what {@link DemoShop#generate} puts into the folder
     * {@code landing} beside them. Files of an earlier demo are replaced.
     *
     * @return the files
     */
    public static List<Path> write(Path dir) {
        return TEMPLATE.copyTo(dir, Existing.REPLACE, UnaryOperator.identity());
    }
}
