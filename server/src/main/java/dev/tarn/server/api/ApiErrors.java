package dev.tarn.server.api;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.util.Collection;

/** What the API says about requests as such. */
final class ApiErrors {
    private ApiErrors() {}

    static TarnException malformed(String reason, int line, int column) {
        return new TarnException(
                ErrorCode.USAGE,
                "The body is not JSON, in line %d, column %d: %s.".formatted(line, column, reason));
    }

    static TarnException notObject() {
        return new TarnException(
                ErrorCode.USAGE, "The body must be a JSON object, such as {\"params\": {}}.");
    }

    static TarnException unknownField(String field, Collection<String> known) {
        return new TarnException(
                ErrorCode.USAGE,
                "The body has a field '%s', which means nothing here.%s"
                        .formatted(field, dev.tarn.model.Suggestion.hint(field, known)));
    }

    static TarnException wrongField(String field, String wanted) {
        return new TarnException(
                ErrorCode.USAGE, "The field '%s' must be %s.".formatted(field, wanted));
    }

    static TarnException wrongParameter(String name, String value, String wanted) {
        return new TarnException(
                ErrorCode.USAGE,
                "The parameter '%s' cannot be '%s'. It must be %s.".formatted(name, value, wanted));
    }

    static TarnException serverGone(String address) {
        return new TarnException(
                ErrorCode.RUN_LOST,
                "The server at %s stopped answering while it was asked. `tarn job runs on-demand` says whether it took the work; it goes on when a server is there again."
                        .formatted(address));
    }

    static TarnException location() {
        return new TarnException(
                ErrorCode.USAGE,
                "This server names no tables that others wrote: whoever may ask it could read every file of its machine. Use `tarn attach` or `tarn adopt` there, or start it with `tarn serve --any-location`.");
    }
}
