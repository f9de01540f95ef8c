package dev.tarn.app;

import dev.tarn.demo.BrokenFile;
import dev.tarn.demo.DemoProject;
import dev.tarn.demo.DemoShop;
import dev.tarn.demo.DemoSize;
import dev.tarn.demo.DemoSummary;
import dev.tarn.demo.InitTemplate;
import java.nio.file.Path;

/** Projects that Tarn writes: a small one to begin with, and the shop of the demo. */
public final class Samples {
    private static final String LANDING = "landing";

    private Samples() {}

    /** A project's name made from a folder's. */
    public static String projectName(Path directory) {
        Path last = directory.toAbsolutePath().normalize().getFileName();
        return InitTemplate.suggestName(last == null ? "" : last.toString());
    }

    /**
     * Writes a small project that builds at once. When one of its files is there already, nothing
     * is written.
     */
    public static void init(Path directory, String projectName) {
        InitTemplate.write(directory, projectName);
    }

    /**
     * Writes the demo: its project, and its raw files in {@code landing}.
     *
     * @param scale 1 gives a million web events
     * @return what is in the files
     */
    public static DemoSummary demo(Path directory, double scale) {
        DemoSize size = DemoSize.of(scale);
        DemoProject.write(directory);
        return DemoShop.generate(directory.resolve(LANDING), size);
    }

    /** Drops one more file into a demo, which must not reach its gold tables. */
    public static BrokenFile breakDemo(Path directory) {
        return DemoShop.brokenFile(directory.resolve(LANDING));
    }
}
