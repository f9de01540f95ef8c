package dev.tarn.storage;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What storage says when it cannot do something. Never repeats what a secret resolved to. */
final class StorageErrors {
    private static final Set<String> UNKNOWN_KEYS =
            Set.of(
                    "InvalidAccessKeyId",
                    "SignatureDoesNotMatch",
                    "InvalidToken",
                    "ExpiredToken",
                    "AuthorizationHeaderMalformed");

    private StorageErrors() {}

    static TarnException missing(String location) {
        return new TarnException(
                ErrorCode.FILE_MISSING,
                "There is no file at %s. Somebody moved or deleted it; put it back or run again."
                        .formatted(location));
    }

    static TarnException bucketMissing(String location, String bucket) {
        return new TarnException(
                ErrorCode.FILE_MISSING,
                "The bucket '%s' of %s does not exist. Create it or correct the location."
                        .formatted(bucket, location));
    }

    static TarnException exists(String location) {
        return new TarnException(
                ErrorCode.STORAGE_DENIED,
                "There already is a file at %s, and a new one may not replace it."
                        .formatted(location));
    }

    static TarnException denied(String location, String reason, @Nullable Throwable cause) {
        return new TarnException(
                ErrorCode.STORAGE_DENIED,
                "No permission for %s (%s). Give this account the right to read and write there."
                        .formatted(location, reason),
                cause);
    }

    static TarnException full(String location, @Nullable Throwable cause) {
        return new TarnException(
                ErrorCode.STORAGE_FULL,
                "No space is left to write %s. Nothing of it was kept; free some space and run"
                                .formatted(location)
                        + " again.",
                cause);
    }

    static TarnException failed(String location, String reason, @Nullable Throwable cause) {
        return new TarnException(
                ErrorCode.STORAGE_FAILED,
                "Cannot reach %s: %s.".formatted(location, reason),
                cause);
    }

    static TarnException changed(String location) {
        return new TarnException(
                ErrorCode.SOURCE_CHANGED,
                "%s changed while it was read. Nothing of it was kept; run again."
                        .formatted(location));
    }

    static TarnException interrupted(String location) {
        Thread.currentThread().interrupt();
        return new TarnException(ErrorCode.INTERRUPTED, "Stopped while reading " + location + ".");
    }

    static TarnException notALocation(String location) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "'%s' is no place for a file. Write a path or s3://bucket/key."
                        .formatted(location));
    }

    static TarnException noStorage(String location) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "No storage is set up for %s. Use a local path, s3://bucket/key or sftp://user@host/path."
                        .formatted(location));
    }

    static TarnException noCache(String location) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "%s has no copy on this machine, and no cache is set up for it."
                        .formatted(location));
    }

    static TarnException secretForm() {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "A secret must be a reference, env:NAME or file:path. Move the secret into an"
                        + " environment variable or a file and refer to it.");
    }

    static TarnException secretMissing(SecretRef reference, String reason) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "The secret %s cannot be read: %s.".formatted(reference, reason));
    }

    /** Sorts what the operating system said into the product's codes. */
    static TarnException ofLocal(String location, IOException e) {
        String reason = reason(e);
        String text = reason.toLowerCase(Locale.ROOT);
        if (text.contains("no space left") || text.contains("quota exceeded")) {
            return full(location, e);
        }
        if (e instanceof NoSuchFileException || e instanceof NotDirectoryException) {
            return missing(location);
        }
        if (e instanceof AccessDeniedException
                || text.contains("read-only file system")
                || text.contains("permission denied")
                || text.contains("operation not permitted")) {
            return denied(location, e instanceof AccessDeniedException ? "access denied" : text, e);
        }
        return failed(location, reason, e);
    }

    /** Sorts what an S3 endpoint said into the product's codes. */
    static TarnException ofRemote(String location, SdkException e) {
        if (!(e instanceof AwsServiceException service)) {
            return ofClient(location, e);
        }
        String code =
                service.awsErrorDetails() == null || service.awsErrorDetails().errorCode() == null
                        ? "HTTP " + service.statusCode()
                        : service.awsErrorDetails().errorCode();
        return switch (service.statusCode()) {
            case 404 ->
                    code.equals("NoSuchBucket")
                            ? bucketMissing(location, S3Location.parse(location).bucket())
                            : missing(location);
            case 401, 403 ->
                    UNKNOWN_KEYS.contains(code)
                            ? keysRefused(location, code, e)
                            : denied(location, code, e);
            case 409, 412 -> exists(location);
            case 507 -> full(location, e);
            default ->
                    code.contains("StorageFull") || code.contains("QuotaExceeded")
                            ? full(location, e)
                            : failed(location, "the endpoint answered " + code, e);
        };
    }

    /** What went wrong before an endpoint could answer. */
    private static TarnException ofClient(String location, SdkException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case TarnException known -> throw known;
                case UnknownHostException host -> {
                    return unreachable(
                            location,
                            "the host %s is not known",
                            String.valueOf(host.getMessage()),
                            e);
                }
                case ConnectException refused -> {
                    return unreachable(location, "nobody listens at its endpoint", "", e);
                }
                case SocketTimeoutException slow -> {
                    return unreachable(location, "its endpoint does not answer in time", "", e);
                }
                default -> {}
            }
        }
        return String.valueOf(e.getMessage()).contains("Unable to load credentials")
                ? keysMissing(location, e)
                : failed(location, "the endpoint did not answer properly" + lowestReason(e), e);
    }

    /** What the lowest cause says, in brackets; empty when it says nothing. */
    private static String lowestReason(Throwable e) {
        Throwable cause = e.getCause();
        if (cause == null) {
            return "";
        }
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String reason = cause.getMessage();
        return reason == null ? "" : " (" + reason + ")";
    }

    private static TarnException unreachable(
            String location, String reason, String detail, Throwable cause) {
        return new TarnException(
                ErrorCode.STORAGE_FAILED,
                "Cannot reach %s: %s. Check s3.endpoint in tarn.yml and the network."
                        .formatted(location, reason.formatted(detail)),
                cause);
    }

    private static TarnException keysMissing(String location, Throwable cause) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "There are no credentials for %s. Set s3.access_key and s3.secret_key in tarn.yml, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment."
                        .formatted(location),
                cause);
    }

    private static TarnException keysRefused(String location, String code, Throwable cause) {
        return new TarnException(
                ErrorCode.STORAGE_DENIED,
                "The credentials for %s are not accepted (%s). Check s3.access_key and s3.secret_key, or what the environment holds."
                        .formatted(location, code),
                cause);
    }

    private static String reason(IOException e) {
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
