package dev.tarn.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.spi.Containers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * By a real program of this machine: {@code scripts/judge-containers} names it and an image that
 * has a shell. The same is asked of stand-ins where there is none, by the other tests.
 */
@Timeout(240)
final class RealContainersTest {
    private static final String PROGRAM = System.getenv().getOrDefault("TARN_CONTAINERS", "");
    private static final String IMAGE = System.getenv().getOrDefault("TARN_CONTAINERS_IMAGE", "");

    @TempDir Path folder;

    private Containers program;

    @BeforeEach
    void find() {
        assumeTrue(
                !PROGRAM.isEmpty() && !IMAGE.isEmpty(),
                "No program runs containers here: scripts/judge-containers finds or fetches one.");
        Path file = Path.of(PROGRAM);
        program =
                CommandContainers.find(
                        List.of(String.valueOf(file.getFileName())),
                        String.valueOf(file.getParent()));
    }

    private Containers.Order order(String name, String image, String script) {
        return new Containers.Order(
                name,
                image,
                List.of("/bin/sh", "-c", script),
                Map.of("GREETING", "hello; $(world)"),
                Map.of(folder.toString(), "/in"),
                Optional.of(64L << 20),
                Optional.of("0.5"));
    }

    /** What a program says of containers that are there. */
    private static String listed() throws Exception {
        Process process =
                new ProcessBuilder(PROGRAM, "ps", "--all", "--format", "{{.Names}} {{.Status}}")
                        .redirectErrorStream(true)
                        .start();
        String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return all;
    }

    @Test
    void aContainerReadsPrintsAndHandsOn() throws Exception {
        Files.writeString(folder.resolve("a.txt"), "from outside\n");
        Notes notes = new Notes();
        String output =
                program.run(
                        order(
                                "tarn-real-1",
                                IMAGE,
                                "cat /in/a.txt; echo \"$GREETING\"; echo trouble >&2; echo 42 > $TARN_OUTPUT"),
                        notes);
        assertThat(output).isEqualTo("42");
        assertThat(notes.printed()).contains("from outside\n", "hello; $(world)\n", "trouble\n");
        assertThat(listed()).doesNotContain("tarn-real-1");
    }

    @Test
    void codesAndMissingCommandsAndImagesAreToldApart() {
        assertThatThrownBy(() ->
                        program.run(
                                order("tarn-real-2", IMAGE, "echo bad luck; exit 3"), new Notes()))
                .hasMessage(
                        "The container ended with code 3: bad luck. `tarn job log` shows what it printed. [NODE_FAILED]");
        assertThatThrownBy(() ->
                        program.run(
                                new Containers.Order(
                                        "tarn-real-3",
                                        IMAGE,
                                        List.of("/no/such"),
                                        Map.of(),
                                        Map.of(),
                                        Optional.empty(),
                                        Optional.empty()),
                                new Notes()))
                .hasMessageStartingWith("The image %s cannot run the command: ".formatted(IMAGE));
        assertThatThrownBy(() ->
                        program.run(
                                order("tarn-real-4", "localhost:1/tarn/gone:1", "exit 0"),
                                new Notes()))
                .hasMessageContaining("cannot run the image localhost:1/tarn/gone:1: ")
                .extracting(e -> ((TarnException) e).code())
                .isEqualTo(ErrorCode.STORAGE_FAILED);
    }

    @Test
    void whatIsStoppedIsGone() throws Exception {
        Notes notes = new Notes();
        CompletableFuture<String> run =
                CompletableFuture.supplyAsync(
                        () ->
                                program.run(
                                        order("tarn-real-5", IMAGE, "echo begun; exec sleep 600"),
                                        notes),
                        r -> Thread.ofVirtual().start(r));
        notes.awaitPrinted("begun");
        assertThat(listed()).contains("tarn-real-5");
        notes.stop(false);
        assertThatThrownBy(run::get)
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("The container was stopped. [INTERRUPTED]");
        assertThat(listed()).doesNotContain("tarn-real-5");
    }

    @Test
    void whatAServerThatWasKilledLeftBehindIsNeverThereTwice() throws Exception {
        Process left =
                new ProcessBuilder(
                                PROGRAM,
                                "run",
                                "--name",
                                "tarn-real-6",
                                IMAGE,
                                "/bin/sh",
                                "-c",
                                "echo begun; exec sleep 600")
                        .redirectErrorStream(true)
                        .start();
        assertThat(left.inputReader().readLine()).isEqualTo("begun");
        left.destroyForcibly();
        assertThat(listed()).contains("tarn-real-6");
        Notes notes = new Notes();
        assertThat(program.run(order("tarn-real-6", IMAGE, "echo again > $TARN_OUTPUT"), notes))
                .isEqualTo("again");
        assertThat(listed()).doesNotContain("tarn-real-6");
    }
}
