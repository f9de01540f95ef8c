package dev.tarn.schedule;

import dev.tarn.model.job.TaskKind;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TemplateText;
import dev.tarn.spi.Containers;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Starts classes and containers. What they are told goes through no shell. */
final class ProgramTask {
    private static final int NAME_PART_MAX = 20;

    private final Doing doing;
    private final Templates templates;
    private final ShellTask processes;

    ProgramTask(Doing doing, Templates templates, ShellTask processes) {
        this.doing = doing;
        this.templates = templates;
        this.processes = processes;
    }

    /** With the Java that this server runs on. */
    String javaClass(
            TaskKind.JavaClass kind,
            TaskWork.Order order,
            Map<String, @Nullable Object> names,
            Control control) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(templates.render(kind.options(), names));
        if (!kind.path().isEmpty()) {
            command.add("-cp");
            command.add(
                    kind.path().stream()
                            .map(entry -> entry(entry, names))
                            .collect(Collectors.joining(File.pathSeparator)));
        }
        command.add(templates.render(kind.name(), names).strip());
        command.addAll(templates.render(kind.arguments(), names));
        return processes.run(
                command,
                doing.folder(),
                templates.render(kind.environment(), names),
                order,
                control);
    }

    private String entry(TemplateText text, Map<String, @Nullable Object> names) {
        String entry = templates.render(text, names).strip();
        boolean all = entry.endsWith("/*");
        Path place = doing.folder().resolve(all ? entry.substring(0, entry.length() - 2) : entry);
        if (!(all ? Files.isDirectory(place) : Files.exists(place))) {
            throw ScheduleErrors.notOnPath(text.place(), place);
        }
        return all ? place + File.separator + "*" : place.toString();
    }

    String container(
            TaskKind.Container kind,
            TaskWork.Order order,
            Map<String, @Nullable Object> names,
            Control control) {
        Map<String, String> environment = new LinkedHashMap<>(ShellTask.told(order, control));
        environment.putAll(templates.render(kind.environment(), names));
        Map<String, String> folders = new LinkedHashMap<>();
        templates
                .render(kind.folders(), names)
                .forEach((from, to) ->
                        folders.put(doing.folder().resolve(from).normalize().toString(), to));
        return doing.container(
                new Containers.Order(
                        name(order.run().id().value(), order.state().task()),
                        templates.render(kind.image(), names).strip(),
                        templates.render(kind.command(), names),
                        environment,
                        folders,
                        kind.memoryBytes(),
                        kind.cpus()),
                kind.runner(),
                control);
    }

    /** The same for each attempt, so that there are never two. */
    static String name(String run, TaskName task) {
        String readable = task.value().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String part =
                readable.length() > NAME_PART_MAX ? readable.substring(0, NAME_PART_MAX) : readable;
        return "tarn-%s-%s-%s"
                .formatted(run, part, Seen.hash(task.value()).substring(0, 8))
                .replaceAll("-+", "-");
    }
}
