package dev.tarn.server;

import java.time.Duration;
import java.util.Optional;

/**
 * How the server is to listen.
 *
 * @param host a name or address of this machine's loopback; anything else is refused
 * @param port 0 for any free one
 * @param token what clients must send as {@code Authorization: Bearer …}; empty lets every program
 *     of this machine in
 * @param bodyBytesMax the largest request; default: 32 MiB
 * @param idle how long a connection may say nothing; default: 30 seconds
 * @param upload how long one request may take to arrive; default: one minute
 */
public record ServerConfig(
        String host,
        int port,
        Optional<String> token,
        long bodyBytesMax,
        Duration idle,
        Duration upload) {
    public static final String HOST_DEFAULT = "127.0.0.1";
    public static final int PORT_DEFAULT = 8181;

    public static ServerConfig of(String host, int port, Optional<String> token) {
        return new ServerConfig(
                host, port, token, 32L << 20, Duration.ofSeconds(30), Duration.ofMinutes(1));
    }

    /** Without the token, which is a secret. */
    @Override
    public String toString() {
        return "ServerConfig[%s:%d]".formatted(host, port);
    }
}
