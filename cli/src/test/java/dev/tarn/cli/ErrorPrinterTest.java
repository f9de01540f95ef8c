package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ErrorPrinterTest {
    @TempDir Path folder;

    @Test
    void allProblemsAreToldAndTheFirstDecidesTheExitCode() {
        TestConsole console = new TestConsole(folder);

        int code =
                new ErrorPrinter(console.console())
                        .print(
                                new TarnException(
                                        List.of(
                                                Problem.at(
                                                        ErrorCode.COLUMN_NOT_FOUND,
                                                        new Place("models/orders.sql", 12, 8),
                                                        "Column 'amout' does not exist."),
                                                Problem.of(
                                                        ErrorCode.STORAGE_FULL,
                                                        "The disk is full."))));

        assertThat(console.err())
                .isEqualTo(
                        """
                        models/orders.sql:12:8: Column 'amout' does not exist. [COLUMN_NOT_FOUND]
                        The disk is full. [STORAGE_FULL]
                        2 problems.
                        """);
        assertThat(code).isEqualTo(2);
    }

    @Test
    void exitCodesFollowWhoHasToAct() {
        assertThat(ErrorPrinter.exitCode(ErrorCode.CHECK_FAILED)).isEqualTo(1);
        assertThat(ErrorPrinter.exitCode(ErrorCode.UNKNOWN_KEY)).isEqualTo(2);
        assertThat(ErrorPrinter.exitCode(ErrorCode.CATALOG_BUSY)).isEqualTo(3);
        assertThat(ErrorPrinter.exitCode(ErrorCode.INTERRUPTED)).isEqualTo(130);
    }

    @Test
    void somethingUnexpectedIsTarnsFault() {
        TestConsole console = new TestConsole(folder);

        int code =
                new ErrorPrinter(console.console())
                        .printUnexpected(new IllegalStateException("no such thing"), false);

        assertThat(console.err())
                .isEqualTo(
                        "Tarn itself failed: java.lang.IllegalStateException: no such thing. Run it"
                                + " again with --verbose to see where, and report it with that"
                                + " text. [INTERNAL]\n");
        assertThat(code).isEqualTo(3);
    }
}
