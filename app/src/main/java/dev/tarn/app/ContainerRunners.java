package dev.tarn.app;

import dev.tarn.containers.CommandContainers;
import dev.tarn.containers.KubernetesConfig;
import dev.tarn.containers.KubernetesContainers;
import dev.tarn.schedule.Control;
import dev.tarn.spi.Containers;
import dev.tarn.storage.SecretRef;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What runs containers, as settings and tasks say. Each is looked for when it is first needed. */
final class ContainerRunners {
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final String CLUSTER = "kubernetes";

    private final JobSettings settings;
    private final Path project;
    private final Map<String, String> environment;
    private final Map<String, Containers> known = new ConcurrentHashMap<>();

    ContainerRunners(JobSettings settings, Path project, Map<String, String> environment) {
        this.settings = settings;
        this.project = project;
        this.environment = environment;
    }

    /**
     * @param wanted by the task
     */
    String run(Containers.Order order, Optional<String> wanted, Control control) {
        String name =
                wanted.or(settings::containers)
                        .orElse(settings.kubernetes().url().isPresent() ? CLUSTER : "any");
        return runner(name).run(order, new Watching(control));
    }

    private Containers runner(String name) {
        Containers there = known.get(name);
        if (there == null) {
            there =
                    switch (name) {
                        case CLUSTER -> cluster();
                        case "any" -> command(CommandContainers.PROGRAMS);
                        default -> command(List.of(name));
                    };
            known.put(name, there);
        }
        return there;
    }

    private Containers command(List<String> names) {
        return CommandContainers.find(names, environment.getOrDefault("PATH", ""));
    }

    private Containers cluster() {
        JobSettings.Kubernetes where = settings.kubernetes();
        Optional<Supplier<String>> token =
                where.token().map(t -> () -> SecretRef.parse(t, environment).resolve());
        return KubernetesContainers.open(
                new KubernetesConfig(
                        where.url(),
                        where.namespace(),
                        token,
                        where.ca().map(project::resolve),
                        where.account(),
                        POLL));
    }

    private record Watching(Control control) implements Containers.Watch {
        @Override
        public void print(String text) {
            control.printText(text);
        }

        @Override
        public void onStop(Runnable action) {
            control.onStop(action);
        }

        @Override
        public boolean isStopped() {
            return control.isStopped();
        }

        @Override
        public boolean isHandedOver() {
            return control.isHandedOver();
        }
    }
}
