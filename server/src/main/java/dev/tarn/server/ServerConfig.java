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
 * @param ours a secret that programs of whoever started the server send; taken beside the token
 * @param bodyBytesMax the largest request; default: 32 MiB
 * @param idle how long a connection may say nothing; default: 30 seconds
 * @param upload how long one request may take to arrive; default: one minute
 */
public record ServerConfig(
        String host,
        int port,
        Optional<String> token,
        Optional<String> ours,
        long bodyBytesMax,
        Duration idle,
        Duration upload) {
    public static final String HOST_DEFAULT = "127.0.0.1";
    public static final int PORT_DEFAULT = 8181;

    public ServerConfig(
            String host,
            int port,
            Optional<String> token,
            long bodyBytesMax,
            Duration idle,
            Duration upload) {
        this(host, port, token, Optional.empty(), bodyBytesMax, idle, upload);
    }

    public static ServerConfig of(String host, int port, Optional<String> token) {
        return new ServerConfig(
                host, port, token, 32L << 20, Duration.ofSeconds(30), Duration.ofMinutes(1));
    }

    /** The same, that takes one more secret. */
    public ServerConfig withOurs(String secret) {
        return new ServerConfig(host, port, token, Optional.of(secret), bodyBytesMax, idle, upload);
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "ServerConfig[%s:%d]".formatted(host, port);
    }
}
