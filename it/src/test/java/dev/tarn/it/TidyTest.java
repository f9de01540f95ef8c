package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Small rules that keep the sources readable. */
final class TidyTest {
    private static final int LINES_MAX = 500;
    private static final Pattern TODO = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void noFileHidesASecondIdea() throws IOException {
        List<String> long_ = new ArrayList<>();
        for (Path file : sources()) {
            try (Stream<String> lines = Files.lines(file)) {
                long count = lines.count();
                if (count > LINES_MAX) {
                    long_.add(ROOT.relativize(file) + " has " + count);
                }
            }
        }
        assertThat(long_).as("files of more than %d lines", LINES_MAX).isEmpty();
    }

    @Test
    void nothingIsLeftToDo() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : sources()) {
            if (!file.endsWith("TidyTest.java") && TODO.matcher(Files.readString(file)).find()) {
                found.add(ROOT.relativize(file).toString());
            }
        }
        assertThat(found).as("files with open ends").isEmpty();
    }

    @Test
    void noGrabBags() throws IOException {
        assertThat(sources())
                .noneMatch(f -> f.toString().contains("/util/"))
                .noneMatch(f -> f.getFileName().toString().matches(".*(Util|Utils|Impl)\\.java"));
    }

    @Test
    void everyModuleHasAReadme() {
        List<Path> without = new ArrayList<>();
        for (Path module : modules()) {
            if (!Files.exists(module.resolve("README.md"))) {
                without.add(ROOT.relativize(module));
            }
        }
        assertThat(without).as("modules without README.md").isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsFor() throws IOException {
        List<Path> without = new ArrayList<>();
        for (Path file : sources()) {
            Path info = file.resolveSibling("package-info.java");
            if (!Files.exists(info) && !without.contains(file.getParent())) {
                without.add(file.getParent());
            }
        }
        assertThat(without).as("packages without package-info.java").isEmpty();
    }

    private static List<Path> modules() {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.filter(f -> Files.exists(f.resolve("pom.xml"))).sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<Path> sources() throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path module : modules()) {
            Path src = module.resolve("src");
            if (Files.exists(src)) {
                try (Stream<Path> files = Files.walk(src)) {
                    files.filter(f -> f.toString().endsWith(".java")).forEach(all::add);
                }
            }
        }
        assertThat(all).isNotEmpty();
        return all;
    }
}
