package dev.tarn.iceberg.rest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.FileScanTask;

/**
 * Scan plans whose later parts clients still have to fetch. Bounded: the oldest are forgotten, and
 * a client whose plan is gone plans again.
 */
final class Plans {
    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final int TASKS_MAX = 500_000;

    private final Clock clock;
    private final Map<String, Plan> plans = new LinkedHashMap<>();
    private int tasks;

    Plans(Clock clock) {
        this.clock = clock;
    }

    /** One plan, in parts of a bounded size; the first part went out with the plan itself. */
    record Plan(String id, List<List<FileScanTask>> parts, Instant expires) {
        List<String> laterParts() {
            List<String> names = new ArrayList<>();
            for (int i = 1; i < parts.size(); i++) {
                names.add(id + "/" + i);
            }
            return names;
        }

        private int size() {
            return parts.stream().mapToInt(List::size).sum();
        }
    }

    synchronized Plan add(List<List<FileScanTask>> parts) {
        Instant now = clock.instant();
        Plan plan = new Plan(UUID.randomUUID().toString(), parts, now.plus(KEPT));
        plans.put(plan.id(), plan);
        tasks += plan.size();
        while (plans.size() > 1
                && (tasks > TASKS_MAX
                        || plans.values().iterator().next().expires().isBefore(now))) {
            forget(plans.keySet().iterator().next());
        }
        return plan;
    }

    synchronized Plan plan(String id) {
        Plan plan = plans.get(id);
        if (plan == null || plan.expires().isBefore(clock.instant())) {
            forget(id);
            throw RestErrors.noPlan(id);
        }
        return plan;
    }

    /** A later part by the name that the plan gave it. */
    synchronized List<FileScanTask> part(String name) {
        int slash = name.indexOf('/');
        return Optional.ofNullable(slash < 0 ? null : plans.get(name.substring(0, slash)))
                .filter(plan -> !plan.expires().isBefore(clock.instant()))
                .flatMap(plan -> {
                    int index = plan.laterParts().indexOf(name);
                    return index < 0 ? Optional.empty() : Optional.of(plan.parts().get(index + 1));
                })
                .orElseThrow(() -> RestErrors.noPlanTask(name));
    }

    synchronized void forget(String id) {
        Plan gone = plans.remove(id);
        if (gone != null) {
            tasks -= gone.size();
        }
    }
}
