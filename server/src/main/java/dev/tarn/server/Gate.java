package dev.tarn.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask. Without a token every program of this machine may, but no web page: a browser says
 * where a request comes from, and a page of another site that had its name point here would ask for
 * that name.
 */
final class Gate {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    private final Optional<String> token;
    private final Optional<String> ours;

    Gate(Optional<String> token) {
        this(token, Optional.empty());
    }

    /**
     * @param ours what programs of the user send who started the server; is taken beside the token
     */
    Gate(Optional<String> token, Optional<String> ours) {
        this.token = token;
        this.ours = ours;
    }

    /** What was decided about a request. */
    sealed interface Decision {
        /**
         * @param principal empty where nobody has to say who it is
         */
        record Admitted(String principal) implements Decision {}

        record Refused(int status, String type, String reason) implements Decision {}
    }

    /**
     * @param header gives a header of the request by its name, or null
     */
    Decision judge(Function<String, @Nullable String> header) {
        String host = name(header.apply("Host"));
        if (!LOOPBACK.contains(host)) {
            return new Decision.Refused(
                    403,
                    "ForbiddenException",
                    "This server is localhost, and was asked for by another name.");
        }
        if (isForeign(header.apply("Origin"), header.apply("Sec-Fetch-Site"))) {
            return new Decision.Refused(
                    403, "ForbiddenException", "Web pages of other sites may not ask this server.");
        }
        String given = given(header.apply("Authorization"));
        if (isSame(given, ours)) {
            return new Decision.Admitted("tarn");
        }
        if (token.isEmpty()) {
            return new Decision.Admitted("");
        }
        return isSame(given, token)
                ? new Decision.Admitted("token")
                : new Decision.Refused(
                        401,
                        "NotAuthorizedException",
                        "This server wants a token: send it as `Authorization: Bearer …`, which Iceberg's clients do with the property `token`.");
    }

    private static boolean isForeign(@Nullable String origin, @Nullable String site) {
        boolean elsewhere =
                origin != null && !LOOPBACK.contains(name(origin.replaceFirst("^[a-z]+://", "")));
        return elsewhere || "cross-site".equals(site);
    }

    /** The name in {@code name:port}, in lower case. */
    private static String name(@Nullable String hostAndPort) {
        return hostAndPort == null
                ? ""
                : hostAndPort.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
    }

    /** Programs send the token as it is; browsers as the password of whatever name. */
    private static String given(@Nullable String authorization) {
        if (authorization == null) {
            return "";
        }
        String scheme = authorization.toLowerCase(Locale.ROOT);
        if (scheme.startsWith(BEARER)) {
            return authorization.substring(BEARER.length()).strip();
        }
        if (!scheme.startsWith(BASIC)) {
            return "";
        }
        try {
            byte[] pair =
                    Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip());
            String text = new String(pair, StandardCharsets.UTF_8);
            return text.substring(text.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** Takes as long for a wrong token as for the right one. */
    private static boolean isSame(String given, Optional<String> wanted) {
        return wanted.isPresent()
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8),
                        wanted.get().getBytes(StandardCharsets.UTF_8));
    }
}
