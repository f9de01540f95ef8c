package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WrongUseTest {
    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "biuld | 'biuld' is not known to tarn. Did you mean 'build'?",
                "build --slect x | '--slect' is not known to tarn build. Did you mean '--select'?",
                "build extra | 'extra' is not known to tarn build.",
                "runs shwo x | 'shwo' is not known to tarn runs. Did you mean 'show'?",
                "show | Missing required parameter: 'TABLE'.",
                "query --limit many | Invalid value for option '--limit': 'many' is not a whole number.",
                "query --limit -1 | Invalid value for option '--limit': '-1' is less than 0.",
                "runs --limit -1 | Invalid value for option '--limit': '-1' is less than 0.",
                "history --limit 9999999999 | Invalid value for option '--limit': '9999999999' is too large a number.",
                "build --threads x | Invalid value for option '--threads': 'x' is not a whole number.",
            })
    void isToldWithASuggestionAndEndsWithTwo(String line, String reason) {
        TestConsole console = new TestConsole(folder);

        int code = console.run(line.split(" "));

        assertThat(console.err()).startsWith(reason + " Run `tarn ").endsWith(" [USAGE]\n");
        assertThat(console.out()).isEmpty();
        assertThat(code).isEqualTo(2);
    }

    @Test
    void aFormatThatDoesNotExistIsRefusedWithThoseThatDo() {
        TestConsole console = new TestConsole(folder);

        int code = console.run("query", "select 1", "--format", "cvs");

        assertThat(console.err())
                .isEqualTo(
                        "'cvs' is not a format for rows. The formats are table, csv, json, ndjson,"
                                + " parquet, arrow. Did you mean 'csv'? [USAGE]\n");
        assertThat(code).isEqualTo(2);
    }

    @Test
    void aFileWhoseEndingSaysNothingIsNotWritten() {
        TestConsole console = new TestConsole(folder);

        int code = console.run("query", "select 1", "-o", "rows.xls");

        assertThat(console.err())
                .isEqualTo(
                        "The ending of rows.xls does not say what to write. Add --format, or let it"
                                + " end with .csv, .json, .ndjson, .parquet, .arrow or .txt."
                                + " [USAGE]\n");
        assertThat(folder.resolve("rows.xls")).doesNotExist();
        assertThat(code).isEqualTo(2);
    }

    @Test
    void filesThatCannotBeReadOrWrittenAreTold() {
        TestConsole console = new TestConsole(folder);

        assertThat(console.run("query", "-f", "none.sql")).isEqualTo(2);
        assertThat(console.err())
                .isEqualTo(
                        "Cannot read %s/none.sql: there is no such file. Check the path and its"
                                + " rights. [USAGE]\n",
                        folder);
        assertThat(console.run("query", "select 1", "-o", "none/x.csv")).isEqualTo(2);
        assertThat(console.err())
                .isEqualTo(
                        "Cannot write none/x.csv: its folder does not exist. Create it, or choose"
                                + " another place. [USAGE]\n");
    }

    @Test
    void aFolderThatIsNotThereIsNotMade() {
        TestConsole console = new TestConsole(folder);

        assertThat(console.run("tables", "-C", "none")).isEqualTo(2);

        assertThat(console.err())
                .isEqualTo(
                        "There is no folder %s/none. Correct --project-dir, or `tarn init` to make a"
                                + " project. [PROJECT_NOT_FOUND]\n",
                        folder);
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void whatOtherProgramsUnderstandIsUnderstood() {
        TestConsole console = new TestConsole(folder);

        assertThat(console.run("--version")).isZero();
        assertThat(console.out()).startsWith("tarn ");
        assertThat(console.run("help", "build")).isZero();
        assertThat(console.out()).startsWith("Usage: tarn build ");
        assertThat(console.run("help")).isZero();
        assertThat(console.out()).startsWith("Usage: tarn ");
    }

    @Test
    void lookingWhereNothingIsSaysSo() {
        TestConsole console = new TestConsole(folder);

        assertThat(console.run("tables")).isZero();

        assertThat(console.err())
                .isEqualTo(
                        "There is no project in this folder or above. Go to a project's folder, or"
                                + " name it with -C.\n");
    }

    @Test
    void variablesMustBeNamesWithValues() {
        TestConsole console = new TestConsole(folder);

        int code = console.run("tables", "--vars", "since");

        assertThat(console.err())
                .isEqualTo(
                        "--vars takes names and values in YAML, such as --vars 'since: 2026-01-01',"
                                + " not 'since'. [USAGE]\n");
        assertThat(code).isEqualTo(2);
    }

    @Test
    void threadsMustBeAtLeastOne() {
        TestConsole console = new TestConsole(folder);

        int code = console.run("tables", "--threads", "0");

        assertThat(console.err()).isEqualTo("--threads must be 1 or more, not 0. [USAGE]\n");
        assertThat(code).isEqualTo(2);
    }
}
