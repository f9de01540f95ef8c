package dev.tarn.project;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** A project under test: files written one by one into a folder. */
final class ProjectFolder {
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-04T05:06:07Z"), ZoneOffset.UTC);

    final Path root;
    final List<Problem> notes = Collections.synchronizedList(new ArrayList<>());

    ProjectFolder(Path root) {
        this.root = root;
        write("dbt_project.yml", "name: shop\nversion: '1.0'\n");
    }

    ProjectFolder write(String file, String text) {
        try {
            Path path = root.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ProjectRequest request() {
        return ProjectRequest.of(root, CLOCK).withNotes(notes::add);
    }

    Project compile() {
        return ProjectCompiler.compile(request());
    }

    Node.Model model(String name) {
        return (Node.Model) node(compile(), "model.shop." + name);
    }

    static Node node(Project project, String id) {
        return project.find(new NodeId(id)).orElseThrow();
    }

    /** The SQL of a model with its blanks made single. */
    String sql(String model) {
        return model(model).sql().sql().replaceAll("\\s+", " ").strip();
    }

    /** Everything that is said when the project does not compile, a line each. */
    String errors() {
        return errors(request());
    }

    static String errors(ProjectRequest request) {
        TarnException e =
                catchThrowableOfType(TarnException.class, () -> ProjectCompiler.compile(request));
        return e.problems().stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }
}
