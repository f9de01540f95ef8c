package dev.tarn.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.spi.Containers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** By a program that behaves as docker does: it runs the command on this machine. */
@Timeout(60)
final class CommandContainersTest {
    /** Writes down what it is told; the last words after the image are executed. */
    private static final String DOCKER =
            """
            #!/bin/sh
            here=$(dirname "$0")
            echo "$@" >> "$here/told"
            case "$1" in
              rm) test -f "$here/pid" && kill $(cat "$here/pid") 2>/dev/null; exit 0;;
            esac
            shift
            while [ "$1" != image:1 ] && [ "$1" != gone:1 ]; do
              case "$1" in
                *:/tarn-output) output=${1%:/tarn-output};;
              esac
              shift
            done
            if [ "$1" = gone:1 ]; then
              echo "Unable to find image 'gone:1' locally"
              echo "pull access denied for gone"
              exit 125
            fi
            shift
            echo $$ > "$here/pid"
            TARN_OUTPUT=$output exec "$@"
            """;

    @TempDir Path folder;
    private Containers docker;

    @BeforeEach
    void makeProgram() throws IOException {
        Path program = folder.resolve("docker");
        Files.writeString(program, DOCKER);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        docker = CommandContainers.find(CommandContainers.PROGRAMS, "/none:" + folder);
    }

    private static Containers.Order order(String image, String script) {
        return new Containers.Order(
                "tarn-a-b",
                image,
                List.of("/bin/sh", "-c", script),
                Map.of("GREETING", "hello; world"),
                Map.of("/data", "/in"),
                Optional.of(1024L),
                Optional.of("0.5"));
    }

    @Test
    void aContainerPrintsAndHandsOn() throws IOException {
        Notes notes = new Notes();
        String output =
                docker.run(
                        order("image:1", "echo one; echo \"$GREETING\"; echo 42 > $TARN_OUTPUT"),
                        notes);
        assertThat(output).isEqualTo("42");
        assertThat(notes.printed()).isEqualTo("one\nhello; world\n");
        String told = Files.readString(folder.resolve("told"));
        assertThat(told.lines().toList().getFirst()).isEqualTo("rm --force tarn-a-b");
        assertThat(told)
                .contains("run --rm --name tarn-a-b --label dev.tarn.task=tarn-a-b")
                .contains("--memory 1024b --cpus 0.5 -v /data:/in")
                .contains("-e GREETING image:1")
                .doesNotContain("hello; world");
    }

    @Test
    void aCodeOtherThanZeroIsAFailureWithTheLastLine() {
        assertThatThrownBy(() -> docker.run(order("image:1", "echo bad luck; exit 3"), new Notes()))
                .hasMessage(
                        "The container ended with code 3: bad luck. `tarn job log` shows what it printed. [NODE_FAILED]")
                .extracting(e -> ((TarnException) e).code())
                .isEqualTo(ErrorCode.NODE_FAILED);
        assertThatThrownBy(() -> docker.run(order("image:1", "exec /no/such"), new Notes()))
                .hasMessageStartingWith("The image image:1 cannot run the command: ");
    }

    @Test
    void anImageThatIsNotThereMayBeTriedAgain() {
        assertThatThrownBy(() -> docker.run(order("gone:1", ""), new Notes()))
                .hasMessage(
                        "docker cannot run the image gone:1: pull access denied for gone. [STORAGE_FAILED]")
                .extracting(e -> ((TarnException) e).code().retryable())
                .isEqualTo(true);
    }

    @Test
    void whatIsStoppedIsRemoved() throws Exception {
        Notes notes = new Notes();
        CompletableFuture<String> run =
                CompletableFuture.supplyAsync(
                        () -> docker.run(order("image:1", "echo begun; exec sleep 600"), notes),
                        r -> Thread.ofVirtual().start(r));
        notes.awaitPrinted("begun");
        notes.stop(false);
        assertThatThrownBy(run::get)
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("The container was stopped. [INTERRUPTED]");
        assertThat(Files.readString(folder.resolve("told")).lines().toList().getLast())
                .isEqualTo("rm --force tarn-a-b");
    }

    @Test
    void aMachineWithoutSuchAProgramIsTold() {
        assertThatThrownBy(() -> CommandContainers.find(CommandContainers.PROGRAMS, "/none"))
                .hasMessage(
                        "There is none of docker, podman, nerdctl on this machine's path. Install one of them, or name a cluster: kubernetes.url in tarn.yml. [CONFIG_INVALID]");
        assertThatThrownBy(() -> CommandContainers.find(List.of("podman"), "/none"))
                .hasMessage(
                        "There is no program podman on this machine's path. Install it, or name another under 'runner'. [CONFIG_INVALID]");
    }
}
