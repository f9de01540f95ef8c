package dev.tarn.containers;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.spi.Containers;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs containers as jobs of a Kubernetes cluster. A job is removed by whoever learns its end; one
 * that is still there under the name of a task is therefore one whose server vanished, and is gone
 * on with rather than begun anew.
 */
public final class KubernetesContainers implements Containers {
    private static final Logger log = LoggerFactory.getLogger(KubernetesContainers.class);
    private static final String OUTPUT = "/dev/termination-log";
    private static final int CHUNK = 8 << 10;
    private static final int KEPT_SECONDS = 3600;
    private static final Set<String> HOPELESS =
            Set.of(
                    "InvalidImageName",
                    "ErrImageNeverPull",
                    "ImagePullBackOff",
                    "CreateContainerConfigError",
                    "CreateContainerError");

    private final KubernetesConfig config;
    private final Cluster cluster;

    private KubernetesContainers(KubernetesConfig config) {
        this.config = config;
        this.cluster = new Cluster(config);
    }

    /**
     * @throws TarnException {@code CONFIG_INVALID} if it is not said where the cluster is
     */
    public static KubernetesContainers open(KubernetesConfig config) {
        return new KubernetesContainers(config);
    }

    @Override
    public String run(Order order, Watch watch) {
        if (!order.folders().isEmpty()) {
            throw ContainerErrors.folders();
        }
        begin(order, watch);
        Following following = new Following(order, watch);
        boolean over = false;
        try {
            String output = following.toItsEnd();
            over = true;
            return output;
        } catch (TarnException e) {
            // What may be different when it is asked again says nothing about the job.
            boolean known =
                    following.hopeless
                            || e.code() == ErrorCode.NODE_FAILED
                            || e.code() == ErrorCode.INTERRUPTED;
            over = known && !watch.isHandedOver();
            throw e;
        } finally {
            if (over) {
                remove(order.name());
            }
        }
    }

    private void begin(Order order, Watch watch) {
        Cluster.Answer there = cluster.ask("GET", job(order.name()), Optional.empty());
        if (there.isGood()) {
            watch.print("The job %s is there already: going on with it.\n".formatted(order.name()));
            return;
        }
        if (there.status() != 404) {
            there.orThrow();
        }
        Cluster.Answer made = cluster.ask("POST", jobs(), Optional.of(description(order)));
        // Somebody else was first.
        if (made.status() != 409) {
            made.orThrow();
        }
        watch.print("Job %s in namespace %s\n".formatted(order.name(), config.namespace()));
    }

    private void remove(String name) {
        try {
            Cluster.Answer answer =
                    cluster.ask(
                            "DELETE",
                            job(name) + "?propagationPolicy=Background",
                            Optional.empty());
            if (!answer.isGood() && answer.status() != 404) {
                log.warn("The job {} could not be removed: status {}", name, answer.status());
            }
        } catch (TarnException e) {
            log.warn("The job {} could not be removed: {}", name, e.getMessage());
        }
    }

    private String jobs() {
        return "/apis/batch/v1/namespaces/%s/jobs".formatted(config.namespace());
    }

    private String job(String name) {
        return jobs() + "/" + name;
    }

    private String pods() {
        return "/api/v1/namespaces/%s/pods".formatted(config.namespace());
    }

    private String description(Order order) {
        List<Map<String, Object>> variables = new ArrayList<>();
        order.environment().forEach((k, v) -> variables.add(Map.of("name", k, "value", v)));
        variables.add(Map.of("name", "TARN_OUTPUT", "value", OUTPUT));
        Map<String, Object> container = new LinkedHashMap<>();
        container.put("name", "task");
        container.put("image", order.image());
        if (!order.command().isEmpty()) {
            container.put("command", order.command());
        }
        container.put("env", variables);
        container.put("terminationMessagePath", OUTPUT);
        Map<String, Object> limits = new LinkedHashMap<>();
        order.memoryBytes().ifPresent(b -> limits.put("memory", Long.toString(b)));
        order.cpus().ifPresent(n -> limits.put("cpu", n));
        if (!limits.isEmpty()) {
            container.put("resources", Map.of("limits", limits, "requests", limits));
        }
        Map<String, Object> pod = new LinkedHashMap<>();
        pod.put("restartPolicy", "Never");
        config.account().ifPresent(a -> pod.put("serviceAccountName", a));
        pod.put("containers", List.of(container));
        Map<String, Object> labels = Map.of("app.kubernetes.io/managed-by", "tarn");
        Map<String, Object> job = new LinkedHashMap<>();
        job.put("apiVersion", "batch/v1");
        job.put("kind", "Job");
        job.put("metadata", Map.of("name", order.name(), "labels", labels));
        job.put(
                "spec",
                Map.of(
                        "backoffLimit",
                        0,
                        "ttlSecondsAfterFinished",
                        KEPT_SECONDS,
                        "template",
                        Map.of("metadata", Map.of("labels", labels), "spec", pod)));
        return JsonTree.write(job);
    }

    /** One job from its beginning to its end. */
    private final class Following {
        private final Order order;
        private final Watch watch;
        private final CountDownLatch stop = new CountDownLatch(1);
        private final LastLine last = new LastLine();
        private long printed;
        private String told = "";

        /** Nothing will become of this job. */
        private boolean hopeless;

        Following(Order order, Watch watch) {
            this.order = order;
            this.watch = watch;
            watch.onStop(stop::countDown);
        }

        String toItsEnd() {
            while (true) {
                Optional<JsonTree> pod = pod();
                String phase = pod.flatMap(p -> p.at("status", "phase").text()).orElse("Pending");
                boolean works = !phase.equals("Pending");
                if (works) {
                    follow(pod.orElseThrow());
                }
                JsonTree status =
                        cluster.ask("GET", job(order.name()), Optional.empty())
                                .orThrow()
                                .body()
                                .at("status");
                for (JsonTree condition : status.at("conditions").items()) {
                    Optional<String> type = condition.at("type").text();
                    if (!condition.at("status").text().equals(Optional.of("True"))) {
                        continue;
                    }
                    if (type.equals(Optional.of("Complete"))) {
                        return output();
                    }
                    if (type.equals(Optional.of("Failed"))) {
                        throw failure(condition);
                    }
                }
                if (!works) {
                    pod.ifPresent(this::waiting);
                }
                pause();
            }
        }

        private void pause() {
            try {
                if (stop.await(config.poll().toMillis(), TimeUnit.MILLISECONDS)) {
                    throw ContainerErrors.stopped();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw ContainerErrors.stopped();
            }
        }

        private Optional<JsonTree> pod() {
            return cluster
                    .ask(
                            "GET",
                            pods() + "?labelSelector=job-name%3D" + order.name(),
                            Optional.empty())
                    .orThrow()
                    .body()
                    .at("items")
                    .items()
                    .stream()
                    .findFirst();
        }

        /** Why it has not begun; some reasons do not go away. */
        private void waiting(JsonTree pod) {
            for (JsonTree state : pod.at("status", "containerStatuses").items()) {
                String reason = state.at("state", "waiting", "reason").text().orElse("");
                String message = state.at("state", "waiting", "message").text().orElse("");
                if (HOPELESS.contains(reason)) {
                    hopeless = true;
                    throw ContainerErrors.cannotBegin(
                            "The cluster", order.image(), reason + ": " + message);
                }
                tell(reason);
            }
            for (JsonTree condition : pod.at("status", "conditions").items()) {
                if (condition.at("reason").text().equals(Optional.of("Unschedulable"))) {
                    tell(condition.at("message").text().orElse("Unschedulable"));
                }
            }
        }

        private void tell(String why) {
            if (!why.isBlank() && !why.equals(told)) {
                told = why;
                watch.print("waits: " + why + "\n");
            }
        }

        /** A log that breaks off is read again, without what was printed already. */
        private void follow(JsonTree pod) {
            String name = pod.at("metadata", "name").text().orElse("");
            char[] chunk = new char[CHUNK];
            long at = 0;
            try (InputStream in =
                            cluster.follow(
                                    pods() + "/" + name + "/log?container=task&follow=true");
                    Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
                watch.onStop(() -> close(in));
                for (int n = reader.read(chunk); n >= 0; n = reader.read(chunk)) {
                    int known = (int) Math.min(n, Math.max(0, printed - at));
                    at += n;
                    if (known < n) {
                        String text = new String(chunk, known, n - known);
                        watch.print(text);
                        last.add(text);
                    }
                    printed = Math.max(printed, at);
                }
            } catch (IOException | TarnException e) {
                if (watch.isStopped()) {
                    throw ContainerErrors.stopped();
                }
                log.debug("The log of {} broke off: {}", name, e.getMessage());
            }
        }

        private void close(InputStream in) {
            try {
                in.close();
            } catch (IOException e) {
                log.debug("The log of {} cannot be closed", order.name(), e);
            }
        }

        private Optional<JsonTree> ended() {
            return pod().stream()
                    .flatMap(p -> p.at("status", "containerStatuses").items().stream())
                    .map(s -> s.at("state", "terminated"))
                    .filter(JsonTree::isThere)
                    .findFirst();
        }

        private String output() {
            return ended().flatMap(t -> t.at("message").text()).map(String::strip).orElse("");
        }

        private TarnException failure(JsonTree condition) {
            Optional<JsonTree> ended = ended();
            String reason = ended.flatMap(t -> t.at("reason").text()).orElse("");
            Optional<String> code = ended.flatMap(t -> t.at("exitCode").text());
            if (code.isEmpty()) {
                hopeless = true;
                return ContainerErrors.evicted(
                        condition
                                .at("message")
                                .text()
                                .or(() -> condition.at("reason").text())
                                .orElse(""));
            }
            return ContainerErrors.failed(
                    Integer.parseInt(code.get()),
                    reason.equals("OOMKilled")
                            ? "it wanted more memory than it may have"
                            : last.text());
        }
    }
}
