package dev.tarn.iceberg.rest;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.spi.HttpProtocol;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NamespaceNotEmptyException;
import org.apache.iceberg.exceptions.NoSuchIcebergTableException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchPlanIdException;
import org.apache.iceberg.exceptions.NoSuchPlanTaskException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NoSuchViewException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.UnprocessableEntityException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.rest.responses.ErrorResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what went wrong into the error object of the specification. */
final class Failures {
    private static final Logger log = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** The first that fits decides; kinds that extend others stand before them. */
    private static final Map<Class<?>, Integer> STATUS =
            Map.ofEntries(
                    Map.entry(NoSuchNamespaceException.class, 404),
                    Map.entry(NoSuchTableException.class, 404),
                    Map.entry(NoSuchIcebergTableException.class, 404),
                    Map.entry(NoSuchViewException.class, 404),
                    Map.entry(NoSuchPlanIdException.class, 404),
                    Map.entry(NoSuchPlanTaskException.class, 404),
                    Map.entry(NotFoundException.class, 404),
                    Map.entry(AlreadyExistsException.class, 409),
                    Map.entry(NamespaceNotEmptyException.class, 409),
                    Map.entry(CommitFailedException.class, 409),
                    Map.entry(UnprocessableEntityException.class, 422),
                    Map.entry(CommitStateUnknownException.class, 500),
                    Map.entry(ForbiddenException.class, 403),
                    Map.entry(NotAuthorizedException.class, 401),
                    Map.entry(BadRequestException.class, 400),
                    Map.entry(ValidationException.class, 400),
                    Map.entry(IllegalArgumentException.class, 400),
                    Map.entry(UnsupportedOperationException.class, 406));

    /** Status, kind and text of an error. */
    private record Told(int status, String type, String message) {}

    static HttpProtocol.Answer answer(Exception failure, boolean commits) {
        Told told = failure instanceof TarnException ours ? told(ours, commits) : told(failure);
        Map<String, String> headers = told.status() == 503 ? Map.of("Retry-After", "1") : Map.of();
        return Json.answer(
                told.status(),
                ErrorResponse.builder()
                        .responseCode(told.status())
                        .withType(told.type())
                        .withMessage(told.message())
                        .build(),
                headers);
    }

    private static Told told(Exception failure) {
        for (Class<?> kind = failure.getClass(); kind != null; kind = kind.getSuperclass()) {
            Integer status = STATUS.get(kind);
            if (status != null) {
                return new Told(
                        status,
                        kind.getSimpleName(),
                        Optional.ofNullable(failure.getMessage()).orElse(kind.getSimpleName()));
            }
        }
        log.error("A request to the Iceberg REST catalog failed", failure);
        return new Told(
                500,
                "InternalServerError",
                "Tarn failed to answer: %s. Its log has the details.".formatted(failure));
    }

    private static Told told(TarnException failure, boolean commits) {
        String message = failure.getMessage() == null ? "" : failure.getMessage();
        ErrorCode code = failure.code();
        return switch (code) {
            case REF_NOT_FOUND, PUBLICATION_NOT_FOUND, RUN_NOT_FOUND ->
                    new Told(404, "NoSuchWarehouseException", message);
            case TABLE_NOT_FOUND -> new Told(404, "NoSuchTableException", message);
            case FILE_MISSING -> new Told(404, "NotFoundException", message);
            case UNSUPPORTED -> new Told(403, "ForbiddenException", message);
            case COMMIT_CONFLICT -> new Told(409, "CommitFailedException", message);
            case COMMIT_OUTCOME_UNKNOWN -> new Told(500, "CommitStateUnknownException", message);
            case CATALOG_BUSY ->
                    // Nothing happened, and clients try commits again that are told so.
                    commits
                            ? new Told(409, "CommitFailedException", message)
                            : new Told(503, "ServiceUnavailableException", message);
            default ->
                    switch (code.blame()) {
                        case USER, DATA -> new Told(400, "BadRequestException", message);
                        case ENVIRONMENT -> {
                            log.error("A request to the Iceberg REST catalog failed", failure);
                            yield code.retryable() && !commits
                                    ? new Told(503, "ServiceUnavailableException", message)
                                    : new Told(500, "InternalServerError", message);
                        }
                    };
        };
    }
}
