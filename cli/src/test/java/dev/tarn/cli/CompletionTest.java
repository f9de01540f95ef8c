package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompletionTest {
    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "tarn bu, build",
        "tarn query --format pa, parquet",
        "tarn ls --kind se, seed",
        "tarn query -C lan, landing",
        "tarn query -o lan, landing"
    })
    void bashCompletesWithTheScript(String typed, String completed)
            throws IOException, InterruptedException {
        TestConsole console = new TestConsole(folder);
        assertThat(console.run("completion", "bash")).isZero();
        Files.writeString(folder.resolve("tarn.bash"), console.out());
        Files.createDirectory(folder.resolve("landing"));

        // An interactive shell is needed: only there do files complete what the script leaves.
        Process bash =
                new ProcessBuilder("bash", "--norc", "--noprofile", "-i")
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        bash.getOutputStream()
                .write(
                        """
                        set -o emacs
                        tarn() { printf '<%%s>\\n' "$*"; }
                        source ./tarn.bash
                        %s\t
                        exit
                        """
                                .formatted(typed)
                                .getBytes(StandardCharsets.UTF_8));
        bash.getOutputStream().close();
        String reply = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(bash.waitFor()).as(reply).isZero();
        String before = typed.substring("tarn ".length(), typed.lastIndexOf(' ') + 1);
        assertThat(reply).containsPattern("<" + before + completed + "/?>");
    }

    @Test
    void zshUsesTheScriptOfBash() {
        TestConsole console = new TestConsole(folder);

        assertThat(console.run("completion", "zsh")).isZero();

        assertThat(console.out()).startsWith("autoload -U +X compinit && compinit\n");
        assertThat(console.out()).contains("_complete_tarn");
    }

    @Test
    void fishKnowsCommandsOptionsAndSubcommands() {
        TestConsole console = new TestConsole(folder);

        assertThat(console.run("completion", "fish")).isZero();

        assertThat(console.out())
                .startsWith("complete -c tarn -f\n")
                .contains(
                        "complete -c tarn -n __fish_use_subcommand -a seed -d 'Load the CSV files of"
                                + " the project.'\n",
                        "complete -c tarn -n '__fish_seen_subcommand_from runs' -a show\n",
                        "complete -c tarn -n '__fish_seen_subcommand_from query' -l at -r -F -d"
                                + " 'Ref, publication, run or time to read. Default: main.'\n")
                .doesNotContain("warm-up");
    }
}
