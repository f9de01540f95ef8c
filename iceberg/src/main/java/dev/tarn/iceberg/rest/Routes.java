package dev.tarn.iceberg.rest;

import dev.tarn.model.RefName;
import dev.tarn.model.Suggestion;
import dev.tarn.spi.HttpProtocol.Answer;
import dev.tarn.spi.HttpProtocol.Call;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.rest.Endpoint;

/**
 * Which request goes where. Paths are {@code /v1/refs/REF/…} for the warehouse of a ref and {@code
 * /v1/…} for {@code main}.
 */
final class Routes {
    private final List<Route> all = new ArrayList<>();

    /** Answers the requests of one route. */
    @FunctionalInterface
    interface Handler {
        Answer answer(Exchange exchange);
    }

    /**
     * A kind of request.
     *
     * @param pattern segments behind the ref; those in braces take any value
     * @param commits whether a failure must not leave the client in doubt
     */
    record Route(String method, List<String> pattern, boolean commits, Handler handler) {
        private boolean fits(List<String> segments) {
            if (segments.size() != pattern.size()) {
                return false;
            }
            for (int i = 0; i < pattern.size(); i++) {
                if (!pattern.get(i).startsWith("{") && !pattern.get(i).equals(segments.get(i))) {
                    return false;
                }
            }
            return true;
        }

        private Map<String, String> variables(List<String> segments) {
            Map<String, String> variables = new HashMap<>();
            for (int i = 0; i < pattern.size(); i++) {
                String part = pattern.get(i);
                if (part.startsWith("{")) {
                    variables.put(part.substring(1, part.length() - 1), segments.get(i));
                }
            }
            return variables;
        }
    }

    /** A request that has found its way. */
    record Found(Route route, Exchange exchange) {}

    void add(Endpoint endpoint, Handler handler) {
        String path = endpoint.path().replace("/v1/{prefix}/", "");
        boolean commits = !endpoint.httpMethod().equals("GET");
        all.add(new Route(endpoint.httpMethod(), List.of(path.split("/")), commits, handler));
    }

    void add(String method, String path, Handler handler) {
        all.add(new Route(method, List.of(path.split("/")), false, handler));
    }

    Found find(Call call) {
        List<String> segments = segments(call.path());
        boolean versioned = !segments.isEmpty() && segments.getFirst().equals("v1");
        List<String> rest = versioned ? segments.subList(1, segments.size()) : segments;
        RefName ref = RefName.MAIN;
        if (versioned && rest.size() > 1 && rest.getFirst().equals("refs")) {
            ref = Names.ref(rest.get(1));
            rest = rest.subList(2, rest.size());
        }
        TreeSet<String> methods = new TreeSet<>();
        for (Route route : all) {
            if (versioned && route.fits(rest)) {
                if (route.method().equals(call.method())) {
                    return new Found(route, new Exchange(call, ref, route.variables(rest)));
                }
                methods.add(route.method());
            }
        }
        throw RestErrors.noRoute(call.method(), call.path(), hint(methods, rest));
    }

    private String hint(Set<String> methods, List<String> segments) {
        if (!methods.isEmpty()) {
            return " There is " + String.join(", ", methods) + ".";
        }
        if (segments.isEmpty()) {
            return " The configuration is at /v1/config.";
        }
        List<String> words =
                all.stream()
                        .flatMap(r -> r.pattern().stream())
                        .filter(p -> !p.startsWith("{"))
                        .distinct()
                        .toList();
        return segments.stream()
                .filter(s -> !words.contains(s))
                .map(s -> Suggestion.hint(s, words))
                .filter(h -> !h.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static List<String> segments(String path) {
        return Arrays.stream(path.split("/")).filter(s -> !s.isEmpty()).toList();
    }
}
