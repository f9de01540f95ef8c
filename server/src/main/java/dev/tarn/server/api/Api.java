package dev.tarn.server.api;

import dev.tarn.app.Tarn;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.spi.HttpProtocol;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The API of one warehouse. */
public final class Api implements HttpProtocol {
    private static final Logger log = LoggerFactory.getLogger(Api.class);
    private static final int BODY_MAX = 1 << 20;

    private final List<Route> routes;

    /** Tables outside of the warehouse cannot be named. */
    public Api(Tarn tarn) {
        this(tarn, false);
    }

    /**
     * @param anyLocation whether tables may be attached and adopted that lie outside of the
     *     warehouse
     */
    public Api(Tarn tarn, boolean anyLocation) {
        this.routes =
                Stream.of(
                                new JobRoutes(tarn.jobs()).all(),
                                new BackfillRoutes(tarn.jobs()).all(),
                                new WarehouseRoutes(tarn).all(),
                                new ProjectRoutes(tarn).all(),
                                new CareRoutes(tarn, anyLocation).all(),
                                new AlertRoutes(tarn.alerts()).all(),
                                own())
                        .flatMap(List::stream)
                        .toList();
    }

    /** Everything that can be asked. */
    List<Route> routes() {
        return routes;
    }

    private List<Route> own() {
        return List.of(
                new Route(
                        "GET",
                        "/openapi.json",
                        "This description.",
                        List.of(),
                        List.of(),
                        asked -> json(200, OpenApi.describe(routes()))));
    }

    @Override
    public Answer answer(Call call) {
        try {
            if (call.body().length > BODY_MAX) {
                return problem(
                        413,
                        "Too large",
                        Problem.of(
                                ErrorCode.USAGE,
                                "A request may have %,d bytes here.".formatted(BODY_MAX)));
            }
            if (isOfAnotherPage(call)) {
                return problem(
                        403,
                        "Forbidden",
                        Problem.of(
                                ErrorCode.USAGE,
                                "Web pages of other sites and of other programs may not ask this server."));
            }
            return route(call);
        } catch (TarnException e) {
            int status = status(e.code());
            return json(
                    status,
                    Facts.problem(status, title(e.code()), e.problems()),
                    "application/problem+json");
        } catch (RuntimeException e) {
            log.error("{} {} failed", call.method(), call.path(), e);
            return problem(
                    500,
                    "Internal error",
                    Problem.of(
                            ErrorCode.INTERNAL, "Tarn failed to answer. Its log has the details."));
        }
    }

    /**
     * The gate refuses other sites; a page that another program of this machine serves, on another
     * port, is none of ours either. Programs say no origin.
     */
    private static boolean isOfAnotherPage(Call call) {
        String origin = call.headers().get("origin");
        String host = call.headers().getOrDefault("host", "");
        return origin != null
                && !origin.toLowerCase(Locale.ROOT)
                        .equals("http://" + host.toLowerCase(Locale.ROOT));
    }

    private Answer route(Call call) {
        String method = call.method().equals("HEAD") ? "GET" : call.method();
        SortedSet<String> understood = new TreeSet<>();
        for (Route route : routes) {
            Optional<Map<String, String>> names = route.match(call.path());
            names.ifPresent(unused -> understood.addAll(methods(route)));
            if (names.isPresent() && route.method().equals(method)) {
                return route.handler().answer(new Asked(call, names.get(), route.body()));
            }
        }
        if (understood.isEmpty()) {
            return problem(
                    404,
                    "Not found",
                    Problem.of(
                            ErrorCode.USAGE,
                            "There is no %s. See /api/v1/openapi.json.".formatted(call.path())));
        }
        Answer refused =
                problem(
                        405,
                        "Not allowed",
                        Problem.of(
                                ErrorCode.USAGE,
                                "%s does not understand %s. See /api/v1/openapi.json."
                                        .formatted(call.path(), call.method())));
        Map<String, String> headers = new LinkedHashMap<>(refused.headers());
        headers.put("Allow", String.join(", ", understood));
        return new Answer(refused.status(), headers, refused.body());
    }

    private static List<String> methods(Route route) {
        return route.method().equals("GET") ? List.of("GET", "HEAD") : List.of(route.method());
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case NODE_NOT_FOUND, RUN_NOT_FOUND, TABLE_NOT_FOUND, REF_NOT_FOUND -> 404;
            case REF_EXISTS, TABLE_EXISTS, COMMIT_CONFLICT, MERGE_CONFLICT, OUTDATED -> 409;
            case UNSUPPORTED -> 501;
            case INTERNAL -> 500;
            default ->
                    switch (code.blame()) {
                        case USER -> 400;
                        case DATA -> 422;
                        case ENVIRONMENT -> 503;
                    };
        };
    }

    private static String title(ErrorCode code) {
        String words = code.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    private static Answer problem(int status, String title, Problem problem) {
        return json(
                status, Facts.problem(status, title, List.of(problem)), "application/problem+json");
    }

    static Answer json(int status, @Nullable Object value) {
        return json(status, value, "application/json");
    }

    private static Answer json(int status, @Nullable Object value, String type) {
        return new Answer(
                status,
                Map.of("Content-Type", type, "Cache-Control", "no-store"),
                JsonText.bytes(value));
    }
}
