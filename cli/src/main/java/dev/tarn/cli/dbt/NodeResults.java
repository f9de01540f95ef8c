package dev.tarn.cli.dbt;

import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.run.Batches;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The entries of {@code run_results.json}. */
final class NodeResults {
    /** The statuses of work that gave no answer. */
    private static final Set<String> UNFINISHED = Set.of("error", "partial success", "skipped");

    private NodeResults() {}

    /** One for each node that was to be built. */
    static List<Map<String, @Nullable Object>> of(
            Loading loading,
            List<Result> results,
            Map<NodeId, Batches> batches,
            Map<NodeId, Node> compiled) {
        Map<NodeId, Integer> threads = threads(results);
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (Result result : results) {
            Node node = compiled.getOrDefault(result.node().id(), result.node());
            Batches periods = batches.get(result.node().id());
            boolean isSeed = result.node() instanceof Node.Seed;
            boolean unfinished = UNFINISHED.contains(result.status());
            boolean isUnit = node instanceof Node.Check check && check.isUnit();
            boolean untold = isSeed || (isUnit && unfinished);
            Optional<String> code =
                    untold || periods != null || result.status().equals("skipped")
                            ? Optional.empty()
                            : Artifacts.code(node)
                                    .filter(c -> !result.status().equals("error") || !c.isBlank());
            Map<String, @Nullable Object> response = new LinkedHashMap<>();
            boolean loaded = isSeed && result.status().equals("success");
            if (loaded) {
                response.put("_message", loading.told(result));
                response.put("code", loading.code(result.node()));
            } else if (!unfinished) {
                response.put("_message", "OK");
            }
            if (result.status().equals("success")) {
                response.put("rows_affected", result.task().rows());
            }
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("status", result.status());
            one.put("timing", timing(result));
            one.put("thread_id", thread(threads.getOrDefault(result.node().id(), 1)));
            one.put("execution_time", result.seconds());
            one.put("adapter_response", response);
            one.put("message", loaded ? loading.told(result) : message(result, periods));
            one.put("failures", periods == null ? result.failures().orElse(null) : (Long) 0L);
            one.put("unique_id", result.node().id().value());
            one.put("compiled", untold ? null : (Object) code.isPresent());
            one.put("compiled_code", code.orElse(null));
            one.put("relation_name", loading.relation(result.node()));
            one.put("batch_results", periods == null ? null : BatchFacts.of(periods));
            all.add(one);
        }
        return all;
    }

    /** What was built period by period is told to be a success, as in dbt. */
    private static @Nullable String message(Result result, @Nullable Batches periods) {
        return periods != null && result.status().equals("success") ? "SUCCESS" : result.message();
    }

    /** Of a macro that was called by itself. */
    static Map<String, @Nullable Object> operation(
            String macro,
            Optional<String> failure,
            Instant started,
            Instant compiled,
            Instant ended) {
        Map<String, @Nullable Object> one = plain(macro, failure);
        one.put(
                "timing",
                List.of(step("compile", started, compiled), step("execute", compiled, ended)));
        one.put("execution_time", Duration.between(started, ended).toMillis() / 1000.0);
        one.put("failures", failure.isPresent() ? 1L : 0L);
        one.put("compiled", false);
        return one;
    }

    /** Whether it is only ever a part of others, and has no result. */
    static boolean isPart(Node node) {
        return node instanceof Node.Model model
                && model.materialization() instanceof Materialization.Ephemeral;
    }

    /** Of a node that was compiled only. */
    static Map<String, @Nullable Object> compiled(
            NodeId id, Optional<String> code, Optional<String> failure, @Nullable Object name) {
        Map<String, @Nullable Object> one = plain(id.value(), failure);
        one.put("compiled", code.isPresent() ? (Object) true : null);
        one.put("compiled_code", code.orElse(null));
        one.put("relation_name", name);
        return one;
    }

    /** Of a node whose table was taken over, or need not be. */
    static Map<String, @Nullable Object> cloned(Node node, @Nullable Object name) {
        Map<String, @Nullable Object> one = plain(node.id().value(), Optional.empty());
        one.put("message", "OK");
        one.put("compiled", node instanceof Node.Seed ? null : (Object) false);
        one.put("relation_name", name);
        return one;
    }

    /** Of an exposure or a saved query. */
    static Map<String, @Nullable Object> idle(NoOp idle, boolean skipped) {
        Map<String, @Nullable Object> one = plain(idle.id(), Optional.empty());
        one.put("status", skipped ? "skipped" : "no-op");
        one.put("message", skipped ? null : "NO-OP");
        one.put("failures", skipped ? null : 0L);
        return one;
    }

    /** Of what is no task of a run. */
    private static Map<String, @Nullable Object> plain(String id, Optional<String> failure) {
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put("status", failure.isPresent() ? "error" : "success");
        one.put("timing", List.of());
        one.put("thread_id", "MainThread");
        one.put("execution_time", 0.0);
        one.put("adapter_response", Map.of());
        one.put("message", failure.orElse(null));
        one.put("failures", null);
        one.put("unique_id", id);
        one.put("compiled", null);
        one.put("compiled_code", null);
        one.put("relation_name", null);
        one.put("batch_results", null);
        return one;
    }

    /** What was skipped took no time; what failed never ended its last step. */
    private static List<Map<String, @Nullable Object>> timing(Result result) {
        Optional<Instant> began = result.task().startedAt();
        Optional<Instant> ended = result.task().finishedAt();
        if (result.status().equals("skipped") || began.isEmpty()) {
            return List.of();
        }
        List<Map<String, @Nullable Object>> timing = new ArrayList<>();
        timing.add(step("compile", began.get(), began.get()));
        if (!result.status().equals("error") && ended.isPresent()) {
            timing.add(step("execute", began.get(), ended.get()));
        }
        return timing;
    }

    static Map<String, @Nullable Object> step(String name, Instant from, Instant to) {
        Map<String, @Nullable Object> step = new LinkedHashMap<>();
        step.put("name", name);
        step.put("started_at", Artifacts.time(from));
        step.put("completed_at", Artifacts.time(to));
        return step;
    }

    private static String thread(int number) {
        return "Thread-" + number + " (worker)";
    }

    /**
     * Which of so many workers did what: tasks at the same time have different ones, and the first
     * that is free takes the next. Tasks run on threads that have no number of their own.
     */
    static Map<NodeId, Integer> threads(List<Result> results) {
        List<Result> ordered =
                results.stream()
                        .filter(r -> r.task().startedAt().isPresent())
                        .sorted(Comparator.comparing(r -> r.task().startedAt().orElseThrow()))
                        .toList();
        List<Instant> busyUntil = new ArrayList<>();
        Map<NodeId, Integer> threads = new HashMap<>();
        for (Result result : ordered) {
            Instant began = result.task().startedAt().orElseThrow();
            int free = 0;
            while (free < busyUntil.size() && busyUntil.get(free).isAfter(began)) {
                free++;
            }
            if (free == busyUntil.size()) {
                busyUntil.add(began);
            }
            busyUntil.set(free, result.task().finishedAt().orElse(Instant.MAX));
            threads.put(result.node().id(), free + 1);
        }
        return threads;
    }
}
