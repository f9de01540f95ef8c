package dev.tarn.server;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.tarn.spi.HttpProtocol.Answer;
import dev.tarn.spi.HttpProtocol.Call;
import dev.tarn.spi.HttpProtocol.Refusals;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.HttpConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server on this machine's loopback. Every request passes the gate first; what is below a mount
 * is answered by its protocol, one virtual thread for each request. Closing waits for requests that
 * are being answered.
 */
public final class TarnServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TarnServer.class);
    private static final List<HandlerType> METHODS =
            List.of(
                    HandlerType.GET,
                    HandlerType.HEAD,
                    HandlerType.POST,
                    HandlerType.PUT,
                    HandlerType.PATCH,
                    HandlerType.DELETE,
                    HandlerType.OPTIONS);
    private static final long STOP_MILLIS = 1_000;
    private static final int TOKEN_MIN = 16;
    private static final String FORM = "tarn.refusals";

    /** All bodies together that are being answered. */
    private static final long BODIES_MAX = 256L << 20;

    private final ServerConfig config;
    private final Clock clock;
    private final Gate gate;
    private final BodyRoom room = new BodyRoom(BODIES_MAX);
    private final Javalin javalin;

    private TarnServer(ServerConfig config, List<Mount> mounts, Clock clock) {
        this.config = config;
        this.clock = clock;
        this.gate = new Gate(config.token(), config.ours());
        this.javalin = Javalin.create(j -> configure(j, mounts));
    }

    /**
     * @throws dev.tarn.model.TarnException {@code UNSUPPORTED} for an address that other machines
     *     reach; {@code USAGE} when the port is taken
     */
    public static TarnServer start(ServerConfig config, List<Mount> mounts, Clock clock) {
        requireLoopback(config.host());
        if (config.token().filter(t -> t.length() < TOKEN_MIN).isPresent()) {
            throw ServerErrors.tokenShort();
        }
        TarnServer server = new TarnServer(config, mounts, clock);
        try {
            server.javalin.start(config.host(), config.port());
        } catch (RuntimeException e) {
            for (Throwable t = e; t != null; t = t.getCause()) {
                if (t instanceof BindException) {
                    throw ServerErrors.portTaken(config.host(), config.port());
                }
            }
            throw ServerErrors.notStarted(config.host(), config.port(), e);
        }
        return server;
    }

    private static void requireLoopback(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    throw ServerErrors.notLoopback(host);
                }
            }
        } catch (UnknownHostException e) {
            throw ServerErrors.hostUnknown(host);
        }
    }

    /** The port it listens on. */
    public int port() {
        return javalin.port();
    }

    private void configure(JavalinConfig javalinConfig, List<Mount> mounts) {
        javalinConfig.startup.showJavalinBanner = false;
        javalinConfig.startup.startupWatcherEnabled = false;
        javalinConfig.concurrency.useVirtualThreads = true;
        javalinConfig.jetty.modifyHttpConfiguration(this::limit);
        javalinConfig.jetty.modifyServer(server -> {
            server.setStopTimeout(STOP_MILLIS);
            server.setErrorHandler(new BadRequests());
        });
        // Names of tables may hold any character, so that paths hold encoded slashes and worse;
        // nothing here looks for files by a path.
        javalinConfig.jetty.modifyServletContextHandler(handler -> {
            handler.getServletHandler().setDecodeAmbiguousURIs(true);
            handler.insertHandler(new Methods(METHODS.stream().map(HandlerType::name).toList()));
        });
        javalinConfig.routes.exception(Exception.class, this::failed);
        for (HandlerType method : METHODS) {
            for (Mount mount : mounts) {
                javalinConfig.routes.addHttpHandler(
                        method, mount.path() + "/*", context -> handle(context, mount));
            }
            // The first that fits answers; this one fits everything.
            if (mounts.stream().noneMatch(m -> m.path().isEmpty())) {
                javalinConfig.routes.addHttpHandler(
                        method, "/*", context -> nothingHere(context, mounts));
            }
        }
    }

    private void limit(HttpConfiguration http) {
        http.setUriCompliance(UriCompliance.UNSAFE);
        http.setSendServerVersion(false);
        http.setIdleTimeout(config.idle().toMillis());
    }

    private void handle(Context context, Mount mount) throws IOException {
        context.attribute(FORM, mount.protocol().refusals());
        String path = context.req().getRequestURI().substring(mount.path().length());
        Gate.Decision decision =
                mount.protocol().knowsWho(path)
                        ? new Gate.Decision.Admitted("")
                        : gate.judge(context::header);
        switch (decision) {
            case Gate.Decision.Refused refused -> {
                if (refused.status() == 401) {
                    context.header("WWW-Authenticate", "Bearer, Basic realm=\"Tarn\"");
                }
                refuse(context, refused.status(), refused.type(), refused.reason());
            }
            case Gate.Decision.Admitted admitted -> {
                try (BodyRoom.Share share = room.share()) {
                    answer(
                            context,
                            mount.protocol()
                                    .answer(call(context, mount, admitted.principal(), share)));
                }
            }
        }
    }

    /** Javalin's own stream may compress, and keeps what is flushed; events want to arrive. */
    private static OutputStream stream(Context context, Answer answer) throws IOException {
        return answer.headers().getOrDefault("Content-Type", "").startsWith("text/event-stream")
                ? context.res().getOutputStream()
                : context.outputStream();
    }

    private static void answer(Context context, Answer answer) throws IOException {
        context.status(answer.status());
        answer.headers().forEach(context::header);
        if (answer.stream().isPresent()) {
            answer.stream().get().write(stream(context, answer));
        } else if (answer.body().length > 0) {
            context.result(answer.body());
        }
    }

    private Call call(Context context, Mount mount, String principal, BodyRoom.Share share)
            throws IOException {
        long announced = context.req().getContentLengthLong();
        if (announced > config.bodyBytesMax()) {
            throw new Bodies.TooLarge();
        }
        byte[] body = Bodies.read(context.req().getInputStream(), config, clock, share);
        Map<String, String> query = new HashMap<>();
        context.queryParamMap()
                .forEach((name, values) ->
                        query.put(name, values.isEmpty() ? "" : values.getLast()));
        Map<String, String> headers = new HashMap<>();
        for (String name : Collections.list(context.req().getHeaderNames())) {
            headers.put(name.toLowerCase(Locale.ROOT), context.req().getHeader(name));
        }
        return new Call(
                context.req().getMethod(),
                context.req().getRequestURI().substring(mount.path().length()),
                query,
                headers,
                body,
                principal);
    }

    private void failed(Exception failure, Context context) {
        switch (failure) {
            case Bodies.TooLarge e -> {
                context.header("Connection", "close");
                refuse(
                        context,
                        413,
                        "PayloadTooLargeException",
                        "A request may have %,d bytes, and this one has more. Send it in pieces."
                                .formatted(config.bodyBytesMax()));
            }
            case BodyRoom.Full e -> {
                context.header("Connection", "close");
                context.header("Retry-After", "1");
                refuse(
                        context,
                        503,
                        "ServiceUnavailableException",
                        "There are so many requests that there is no room for this one. Try again in a moment.");
            }
            case Bodies.TooSlow e -> {
                context.header("Connection", "close");
                refuse(
                        context,
                        408,
                        "RequestTimeoutException",
                        "The request did not arrive in time: it may take %d seconds, and pause for %d."
                                .formatted(config.upload().toSeconds(), config.idle().toSeconds()));
            }
            case Bodies.Broken e -> {
                context.header("Connection", "close");
                refuse(
                        context,
                        400,
                        "BadRequestException",
                        "The request breaks off, or its pieces are no chunks as HTTP has them. Nothing was done.");
            }
            case EofException e -> log.debug("A client went away", e);
            default -> {
                log.error("A request failed", failure);
                refuse(
                        context,
                        500,
                        "InternalServerError",
                        "Tarn failed to answer. Its log has the details.");
            }
        }
    }

    private static void nothingHere(Context context, List<Mount> mounts) {
        String places = mounts.stream().map(Mount::path).collect(Collectors.joining(", "));
        refuse(
                context,
                404,
                "NotFoundException",
                "There is nothing here. This server has: %s.".formatted(places));
    }

    /**
     * Clients of the catalog want errors in its own form; all others get a problem of RFC 9457,
     * which has the words of both.
     */
    private static void refuse(Context context, int status, String type, String message) {
        boolean catalog = context.attribute(FORM) == Refusals.CATALOG;
        context.status(status);
        context.contentType(catalog ? "application/json" : "application/problem+json");
        context.result(
                (catalog
                                ? "{\"error\":{\"message\":\"%s\",\"type\":\"%s\",\"code\":%d}}"
                                        .formatted(escaped(message), type, status)
                                : "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\",\"code\":\"%s\",\"problems\":[]}"
                                        .formatted(
                                                title(status),
                                                status,
                                                escaped(message),
                                                status >= 500 ? "INTERNAL" : "USAGE"))
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static String title(int status) {
        return switch (status) {
            case 401 -> "Not authorized";
            case 403 -> "Forbidden";
            case 404 -> "Not found";
            case 408 -> "Request timeout";
            case 413 -> "Too large";
            default -> "Internal error";
        };
    }

    private static String escaped(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }

    @Override
    public void close() {
        try {
            javalin.stop();
        } catch (JavalinException e) {
            // Connections that clients kept open without asking anything were cut.
            log.debug("Not every client went by itself", e);
        }
    }
}
