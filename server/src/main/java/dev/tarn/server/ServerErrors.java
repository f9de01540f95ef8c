package dev.tarn.server;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;

/** What the server says when it does not start. */
final class ServerErrors {
    private ServerErrors() {}

    static TarnException notLoopback(String host) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "Tarn listens on this machine only; '%s' can be reached from others. Use 127.0.0.1, and a tunnel such as `ssh -L` from elsewhere."
                        .formatted(host));
    }

    static TarnException hostUnknown(String host) {
        return new TarnException(
                ErrorCode.USAGE,
                "There is no address for '%s'. Use 127.0.0.1 or localhost.".formatted(host));
    }

    static TarnException portTaken(String host, int port) {
        return new TarnException(
                ErrorCode.USAGE,
                "Cannot listen on %s:%d: another program does. Choose another with --port, or 0 for any free one."
                        .formatted(host, port));
    }

    static TarnException notStarted(String host, int port, Exception cause) {
        return new TarnException(
                ErrorCode.INTERNAL,
                "Cannot listen on %s:%d: %s.".formatted(host, port, reason(cause)),
                cause);
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    static TarnException tokenShort() {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "The token has fewer than 16 characters and is easily guessed. `openssl rand -hex 32` makes a good one.");
    }
}
