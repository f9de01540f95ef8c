package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line does with what compiles remember. */
final class CompileCacheCommandTest {
    @TempDir Path temp;

    private Path cache = Path.of("compile-cache");
    private TestConsole tarn = new TestConsole(cache);

    @BeforeEach
    void createProject() {
        assertThat(new TestConsole(temp).run("init", "shop")).isZero();
        cache = temp.resolve("shop/.tarn/compile-cache");
        tarn = new TestConsole(temp.resolve("shop"));
    }

    @Test
    void aCompileIsRememberedUnlessSomebodyDoesNotWantIt() {
        assertThat(tarn.run("compile", "--no-cache")).as(tarn.err()).isZero();
        String fresh = tarn.out();
        assertThat(cache).doesNotExist();

        assertThat(tarn.run("compile")).as(tarn.err()).isZero();
        assertThat(tarn.out()).isEqualTo(fresh);
        assertThat(cache).isRegularFile();

        assertThat(tarn.run("compile")).as(tarn.err()).isZero();
        assertThat(tarn.out()).isEqualTo(fresh);
        assertThat(tarn.run("build")).as(tarn.err()).isZero();
    }

    @Test
    void cleaningForgets() {
        assertThat(tarn.run("compile")).as(tarn.err()).isZero();
        assertThat(tarn.run("clean", "--dry-run")).as(tarn.err()).isZero();
        assertThat(tarn.out()).contains("Would forget what compiles remembered, ");
        assertThat(cache).isRegularFile();

        assertThat(tarn.run("clean")).as(tarn.err()).isZero();
        assertThat(tarn.out()).contains("Forgot what compiles remembered, ");
        assertThat(cache).doesNotExist();

        assertThat(tarn.run("clean")).as(tarn.err()).isZero();
        assertThat(tarn.out()).doesNotContain("remembered");
    }
}
