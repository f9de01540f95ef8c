package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompletionTest {
    @TempDir Path folder;

    @Test
    void bashCompletesCommandsWithTheScript() throws IOException, InterruptedException {
        TestConsole console = new TestConsole(folder);
        assertThat(console.run("completion", "bash")).isZero();
        Path script = Files.writeString(folder.resolve("tarn.bash"), console.out());

        Process bash =
                new ProcessBuilder(
                                "bash",
                                "-c",
                                """
                                source '%s'
                                COMP_WORDS=(tarn bu) COMP_CWORD=1 COMP_LINE='tarn bu'
                                _complete_tarn
                                printf '%%s\\n' "${COMPREPLY[@]}"
                                """
                                        .formatted(script))
                        .redirectErrorStream(true)
                        .start();
        String reply = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(bash.waitFor()).as(reply).isZero();
        assertThat(reply).isEqualTo("build\n");
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
