package dev.tarn.storage;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file or folder of a server: {@code sftp://user@host:port/path}. A path that begins with {@code
 * /~/} is below the user's own folder.
 *
 * @param server everything before the path
 * @param path as the server knows it; begins with a slash
 */
record SftpLocation(String server, Optional<String> user, String host, int port, String path) {
    static final String SCHEME = "sftp://";

    private static final int PORT = 22;
    private static final Pattern FORM =
            Pattern.compile(
                    "(sftp://(?:([^@/:]+)@)?([A-Za-z0-9._-]+|\\[[0-9a-fA-F:]+])(?::(\\d{1,5}))?)(/(?s:.*))");

    static SftpLocation parse(String location) {
        Matcher form = FORM.matcher(location);
        if (!form.matches()) {
            throw SftpErrors.notALocation(location);
        }
        String host = form.group(3);
        return new SftpLocation(
                form.group(1),
                Optional.ofNullable(form.group(2)),
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                form.group(4) == null ? PORT : Integer.parseInt(form.group(4)),
                form.group(5));
    }

    /** As files of this server are told. */
    String location(String otherPath) {
        return server + otherPath;
    }

    /** For messages. */
    String address() {
        return host + ":" + port;
    }
}
