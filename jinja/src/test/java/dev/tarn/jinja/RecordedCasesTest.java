package dev.tarn.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Templates with their output, or their whole error, one a line in the case files beside this
 * class. Control characters are written as their Unicode pictures.
 */
final class RecordedCasesTest {
    private static final String ARROW = "  ⇒  ";

    private final JinjaEnvironment plain = JinjaEnvironment.builder().loopControls().build();
    private final JinjaEnvironment trimming =
            JinjaEnvironment.builder().trimBlocks().lstripBlocks().build();

    @TestFactory
    Stream<DynamicTest> templatesGiveTheOutputOfPython() {
        return Stream.of(
                        "strings",
                        "numbers",
                        "formats",
                        "sequences",
                        "filters",
                        "tests",
                        "scoping",
                        "macros",
                        "whitespace")
                .flatMap(file -> cases(file, (in, out) -> renders(plain, in, out)));
    }

    @TestFactory
    Stream<DynamicTest> tagsOnTheirOwnLineLeaveNoTrace() {
        return cases("trimmed", (in, out) -> renders(trimming, in, out));
    }

    @TestFactory
    Stream<DynamicTest> mistakesAreReportedWithTheirPlace() {
        JinjaEnvironment strict = JinjaEnvironment.builder().build();
        return Stream.of("errors", "syntax")
                .flatMap(file -> cases(file, (in, out) -> fails(strict, in, out)));
    }

    private interface Check {
        void run(String template, String expected);
    }

    private static Stream<DynamicTest> cases(String file, Check check) {
        return text(file)
                .lines()
                .map(line -> {
                    int arrow = line.indexOf(ARROW);
                    String template = unescape(line.substring(0, arrow));
                    String expected = unescape(line.substring(arrow + ARROW.length()));
                    return DynamicTest.dynamicTest(
                            file + ": " + line.substring(0, arrow),
                            () -> check.run(template, expected));
                });
    }

    private static String text(String file) {
        try (InputStream in = RecordedCasesTest.class.getResourceAsStream(file + ".cases")) {
            return new String(
                    Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String unescape(String text) {
        return text.replace('⏎', '\n').replace('␍', '\r').replace('␉', '\t').replace('␀', '\0');
    }

    private static void renders(JinjaEnvironment environment, String template, String expected) {
        assertThat(environment.parse("t", template).render(Context.of(Map.of())).text())
                .isEqualTo(expected);
    }

    private static void fails(JinjaEnvironment environment, String template, String expected) {
        JinjaException error =
                catchThrowableOfType(
                        JinjaException.class,
                        () -> environment.parse("t", template).render(Context.of(Map.of())));
        assertThat(error.kind() + " " + error.report()).isEqualTo(expected);
    }
}
