package dev.tarn.cli.shell;

import dev.tarn.app.At;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;

/** The texts of what can be wrong about what is typed in a shell. */
final class ShellErrors {
    private ShellErrors() {}

    static TarnException unknownCommand(String word) {
        return new TarnException(
                ErrorCode.USAGE, "There is no command '%s' here. \\? shows them.".formatted(word));
    }

    static TarnException onlyBranchesChange(At at) {
        return new TarnException(
                ErrorCode.USAGE,
                "%s is a state of the past, and only branches can be changed. \\at main goes to one."
                        .formatted(at));
    }

    static TarnException terminalFailed(Exception cause) {
        return new TarnException(
                ErrorCode.INTERNAL,
                "The terminal cannot be used: %s. `tarn query` works without one."
                        .formatted(cause.getMessage()),
                cause);
    }
}
