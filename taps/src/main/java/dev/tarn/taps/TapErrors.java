package dev.tarn.taps;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.time.Duration;
import java.util.Collection;

/** What is said about programs that tell records. No text has a secret in it. */
final class TapErrors {
    private TapErrors() {}

    static Problem setting(Place place, String name, String found, String wanted) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "'%s' cannot be '%s': it is %s.".formatted(name, found, wanted));
    }

    static TarnException notStarted(String command, String reason) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "'%s' cannot be started: %s. Check 'command'; it is run without a shell."
                        .formatted(command, reason));
    }

    static TarnException ended(String command, int exit, String last) {
        return new TarnException(
                ErrorCode.SOURCE_UNAVAILABLE,
                "'%s' ended with %d%s. Nothing of this batch has landed; what was published before it stays."
                        .formatted(
                                command, exit, last.isEmpty() ? "" : ", and said last: " + last));
    }

    static TarnException failed(String command, String message) {
        return new TarnException(
                ErrorCode.SOURCE_UNAVAILABLE,
                "'%s' gave up: %s Nothing of this batch has landed; what was published before it stays."
                        .formatted(command, message.endsWith(".") ? message : message + "."));
    }

    static TarnException silent(String command, Duration timeout) {
        return new TarnException(
                ErrorCode.SOURCE_UNAVAILABLE,
                "'%s' said nothing for %d seconds and was stopped. Nothing of this batch has landed; raise 'timeout' if it needs longer."
                        .formatted(command, timeout.toSeconds()));
    }

    static TarnException noMessage(String command, String line) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "'%s' told a line that is no message, so nothing of this batch has landed: %s"
                        .formatted(command, line));
    }

    static TarnException tooLong(String command, long most) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "'%s' told a line of more than %,d bytes. Raise 'max_message' if that is right."
                        .formatted(command, most));
    }

    static TarnException noState(String command) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "'%s' told rows and no state, so that all of them would come again and land twice. Say 'mode: snapshot', or name the 'key' of a row."
                        .formatted(command));
    }

    static TarnException noStream(String command, String stream, Collection<String> there) {
        return new TarnException(
                ErrorCode.SOURCE_UNREADABLE,
                "'%s' has no stream '%s'.%s There are: %s."
                        .formatted(
                                command,
                                stream,
                                dev.tarn.model.Suggestion.hint(stream, there),
                                String.join(", ", there)));
    }

    static TarnException noCatalog(String file, String reason) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "The catalog %s cannot be read: %s.".formatted(file, reason));
    }

    static TarnException interrupted(String command) {
        return new TarnException(ErrorCode.INTERRUPTED, "'%s' was stopped.".formatted(command));
    }

    static TarnException noFolder(String folder, String reason) {
        return new TarnException(
                ErrorCode.STORAGE_FAILED,
                "There is no place for the settings of a program in %s: %s."
                        .formatted(folder, reason));
    }
}
