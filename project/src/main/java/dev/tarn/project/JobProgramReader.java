package dev.tarn.project;

import dev.tarn.model.job.TaskKind;
import dev.tarn.model.job.TemplateText;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads tasks that are programs: classes and containers. */
final class JobProgramReader {
    private static final List<String> RUNNERS =
            List.of("docker", "podman", "nerdctl", "kubernetes");
    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,5})\\s*(k|m|g)(i?)b?");

    private final JobText texts;
    private final Problems problems;

    JobProgramReader(JobText texts, Problems problems) {
        this.texts = texts;
        this.problems = problems;
    }

    /** A name, or a mapping with the name and what it needs. */
    Optional<TaskKind> javaClass(YamlSection task) {
        Map<String, TemplateText> environment = texts.templateMap(task, "environment");
        if (task.value("java").filter(YamlValue.Mapping.class::isInstance).isEmpty()) {
            task.required("java");
            return texts.template(task, "java")
                    .map(name ->
                            new TaskKind.JavaClass(
                                    name, List.of(), List.of(), List.of(), environment));
        }
        YamlSection java = task.section("java").orElseThrow();
        java.required("class");
        List<TemplateText> path = texts.templates(java, "path");
        List<TemplateText> arguments = texts.templates(java, "arguments");
        List<TemplateText> options = texts.templates(java, "options");
        Optional<TaskKind> made =
                texts.template(java, "class")
                        .map(name ->
                                new TaskKind.JavaClass(
                                        name, path, arguments, options, environment));
        java.refuseOthers();
        return made;
    }

    /** An image, or a mapping with the image and what it needs. */
    Optional<TaskKind> container(YamlSection task) {
        Map<String, TemplateText> environment = texts.templateMap(task, "environment");
        if (task.value("container").filter(YamlValue.Mapping.class::isInstance).isEmpty()) {
            task.required("container");
            return texts.template(task, "container")
                    .map(image ->
                            new TaskKind.Container(
                                    image,
                                    List.of(),
                                    environment,
                                    Map.of(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty()));
        }
        YamlSection container = task.section("container").orElseThrow();
        container.required("image");
        List<TemplateText> command = texts.templates(container, "command");
        Map<String, TemplateText> folders = texts.templateMap(container, "folders");
        Optional<Long> memory = memory(container);
        Optional<String> cpus = cpus(container);
        Optional<String> runner = runner(container);
        Optional<TaskKind> made =
                texts.template(container, "image")
                        .map(image ->
                                new TaskKind.Container(
                                        image,
                                        command,
                                        environment,
                                        folders,
                                        memory,
                                        cpus,
                                        runner));
        container.refuseOthers();
        return made;
    }

    private Optional<Long> memory(YamlSection container) {
        Optional<String> text = container.text("memory");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Matcher size = SIZE.matcher(text.get().strip().toLowerCase(Locale.ROOT));
        if (!size.matches()) {
            problems.add(
                    JobErrors.notSize(
                            JobText.place(container, "memory"),
                            JobText.what(container, "memory"),
                            text.get()));
            return Optional.empty();
        }
        long base = size.group(3).isEmpty() ? 1000 : 1024;
        long bytes = Long.parseLong(size.group(1));
        for (int i = "kmg".indexOf(size.group(2)); i >= 0; i--) {
            bytes *= base;
        }
        return Optional.of(bytes);
    }

    private Optional<String> cpus(YamlSection container) {
        return texts.number(container, "cpus", 0.01, 1_000, "from 0.01 to 1000, such as 0.5")
                .map(n -> n == Math.rint(n) ? Long.toString(Math.round(n)) : Double.toString(n));
    }

    private Optional<String> runner(YamlSection container) {
        Optional<String> runner = container.text("runner");
        if (runner.isPresent() && !RUNNERS.contains(runner.get())) {
            problems.add(
                    YamlErrors.notOneOf(
                            JobText.place(container, "runner"),
                            JobText.what(container, "runner"),
                            runner.get(),
                            RUNNERS));
            return Optional.empty();
        }
        return runner;
    }
}
