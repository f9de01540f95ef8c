package dev.tarn.cli.shell;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.util.List;
import java.util.stream.Collectors;

/** The texts of what can be wrong about what is typed in a shell. */
final class ShellErrors {
    private ShellErrors() {}

    static TarnException unknownCommand(String word) {
        return new TarnException(
                ErrorCode.USAGE, "There is no command '%s' here. \\? shows them.".formatted(word));
    }

    static TarnException tableNotFound(String text, List<TableName> found, List<TableName> all) {
        if (!found.isEmpty()) {
            String names =
                    found.stream().map(TableName::toString).collect(Collectors.joining(", "));
            return new TarnException(
                    ErrorCode.TABLE_NOT_FOUND,
                    "'%s' is in several schemas. Write one of %s.".formatted(text, names));
        }
        List<String> tables = all.stream().map(TableName::table).distinct().toList();
        return new TarnException(
                ErrorCode.TABLE_NOT_FOUND,
                "There is no table '%s'.%s \\d lists them."
                        .formatted(text, Suggestion.hint(text, tables)));
    }

    static TarnException terminalFailed(Exception cause) {
        return new TarnException(
                ErrorCode.INTERNAL,
                "The terminal cannot be used: %s. `tarn query` works without one."
                        .formatted(cause.getMessage()),
                cause);
    }
}
