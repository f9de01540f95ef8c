package dev.tarn.model.alert;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a project says about alerts.
 *
 * @param link where people reach the pages, in front of paths
 */
public record AlertBook(
        Optional<String> link,
        List<AlertRule> rules,
        List<AlertRoute> routes,
        Map<String, AlertChannel> channels) {
    public static final AlertBook EMPTY =
            new AlertBook(Optional.empty(), List.of(), List.of(), Map.of());

    public AlertBook {
        rules = List.copyOf(rules);
        routes = List.copyOf(routes);
        channels = Map.copyOf(channels);
    }

    /** The routes that an alert takes, in order. */
    public List<AlertRoute> routes(Alert alert) {
        List<AlertRoute> taken = new ArrayList<>();
        for (AlertRoute route : routes) {
            if (route.takes(alert)) {
                taken.add(route);
                if (!route.goesOn()) {
                    break;
                }
            }
        }
        return taken;
    }
}
