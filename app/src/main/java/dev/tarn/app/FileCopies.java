package dev.tarn.app;

import dev.tarn.model.AsOf;
import dev.tarn.model.Problem;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.FileCopy;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import dev.tarn.run.CatalogRelations;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes the rows of published tables to files, for other programs. The table is what counts: runs
 * read it, and its past can be read. A file follows what is published on the main ref, and is
 * written when a build ends and finds that it does not; so a build that was killed in between is
 * made up for by the next one.
 */
final class FileCopies {
    private final Wiring wiring;
    private final Path project;
    private final Path work;
    private final Path records;

    FileCopies(Wiring wiring, Path projectDirectory) {
        this.wiring = wiring;
        this.project = projectDirectory.toAbsolutePath().normalize();
        this.work = wiring.settings().workDirectory().toAbsolutePath().normalize();
        this.records = work.resolve("copies");
    }

    /** The models among some nodes whose rows go to files. */
    private static List<Node.Model> models(Project project, Collection<NodeId> nodes) {
        return nodes.stream()
                .map(id -> project.nodes().get(id))
                .filter(n -> n instanceof Node.Model m && copy(m).isPresent())
                .map(Node.Model.class::cast)
                .toList();
    }

    private static Optional<FileCopy> copy(Node.Model model) {
        return model.materialization() instanceof Materialization.Table table
                ? table.copy()
                : Optional.empty();
    }

    /**
     * @throws TarnException before anything is built, when a file would be where none may be
     */
    void requirePlaces(Project graph, Collection<NodeId> nodes) {
        List<Problem> problems = new ArrayList<>();
        for (Node.Model model : models(graph, nodes)) {
            FileCopy copy = copy(model).orElseThrow();
            if (copy.location().contains("://")) {
                problems.add(CopyErrors.remote(model, copy.location()));
            } else if (!isAllowed(place(copy))) {
                problems.add(CopyErrors.outside(model, copy.location()));
            }
        }
        if (!problems.isEmpty()) {
            throw new TarnException(problems);
        }
    }

    private Path place(FileCopy copy) {
        return project.resolve(copy.location()).toAbsolutePath().normalize();
    }

    /** Inside of the project or of a folder that the settings name, links followed. */
    private boolean isAllowed(Path place) {
        Path real = real(place);
        Path warehouse = Path.of(wiring.settings().warehouse());
        boolean own =
                real.startsWith(real(work))
                        || (wiring.settings().isLocal() && real.startsWith(real(warehouse)));
        return !own
                && !real.equals(real(project))
                && Stream.concat(Stream.of(project), wiring.settings().copyFolders().stream())
                        .anyMatch(folder -> real.startsWith(real(folder)));
    }

    /** With the links of everything that is there already followed. */
    private static Path real(Path place) {
        Path there = place.toAbsolutePath().normalize();
        Path missing = Path.of("");
        while (there != null && !Files.exists(there)) {
            missing = there.getFileName().resolve(missing);
            there = there.getParent();
        }
        try {
            return there == null ? place : there.toRealPath().resolve(missing).normalize();
        } catch (IOException e) {
            return place;
        }
    }

    /**
     * Brings the files of models up to what is published.
     *
     * @throws TarnException when a file cannot be written; its table is published all the same
     */
    void follow(Project graph, Collection<NodeId> nodes) {
        List<Node.Model> models = models(graph, nodes);
        if (models.isEmpty()) {
            return;
        }
        List<Problem> problems = new ArrayList<>();
        try {
            Files.createDirectories(records);
            try (FileChannel channel =
                            FileChannel.open(
                                    records.resolve("lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (!lock.isValid()) {
                    throw new IOException("the lock of " + records + " is gone");
                }
                CatalogView view = wiring.catalog().read(RefName.MAIN, AsOf.head());
                for (Node.Model model : models) {
                    follow(model, view, problems);
                }
            }
        } catch (IOException e) {
            problems.add(CopyErrors.failed(models.getFirst(), records.toString(), e));
        }
        if (!problems.isEmpty()) {
            throw new TarnException(problems);
        }
    }

    private void follow(Node.Model model, CatalogView view, List<Problem> problems) {
        FileCopy copy = copy(model).orElseThrow();
        Optional<TablePointer> published =
                view.find(EntryKey.of(model.relation())).flatMap(Versioned::pointer);
        if (published.isEmpty()) {
            return;
        }
        Path record = records.resolve(model.relation() + ".txt");
        String wanted = (published.get() + " " + copy).replace('\n', ' ');
        try {
            if (!CopyRecord.read(record).isOf(wanted)) {
                write(model, copy, view, record, wanted);
            }
        } catch (IOException e) {
            problems.add(CopyErrors.failed(model, copy.location(), e));
        } catch (TarnException e) {
            problems.addAll(e.at(model.common().place()).problems());
        }
    }

    private void write(
            Node.Model model, FileCopy copy, CatalogView view, Path record, String wanted)
            throws IOException {
        Path scratch = Files.createTempDirectory(records, "writing-");
        try {
            Path rows = scratch.resolve("rows.parquet");
            try (EngineSession session = wiring.engine().open(Engine.SessionOptions.TRUSTED)) {
                session.resolver(new CatalogRelations(view, wiring.tables(), wiring.past()));
                SqlText all =
                        SqlText.of(
                                "select * from %s.%s"
                                        .formatted(
                                                Type.quoted(model.relation().schema()),
                                                Type.quoted(model.relation().table())));
                long unused = session.export(all, rows);
            }
            Path made = scratch.resolve("made");
            try (EngineSession session = wiring.engine().open(Engine.SessionOptions.TRUSTED)) {
                session.execute(copying(rows, made, copy));
            }
            CopyRecord before = CopyRecord.read(record);
            List<Path> placed = place(made, place(copy));
            before.removeOthers(placed);
            CopyRecord.write(record, wanted, placed);
        } finally {
            delete(scratch);
        }
    }

    private static String copying(Path rows, Path made, FileCopy copy) {
        List<String> options = new ArrayList<>(List.of("FORMAT " + copy.format()));
        for (Map.Entry<String, String> option : copy.options().entrySet()) {
            options.add(
                    option.getKey().toUpperCase(java.util.Locale.ROOT) + " " + option.getValue());
        }
        if (!copy.partitionBy().isEmpty()) {
            options.add(
                    copy.partitionBy().stream()
                            .map(Type::quoted)
                            .collect(Collectors.joining(", ", "PARTITION_BY (", ")")));
        }
        return "COPY (SELECT * FROM read_parquet('%s')) TO '%s' (%s)"
                .formatted(
                        rows.toString().replace("'", "''"),
                        made.toString().replace("'", "''"),
                        String.join(", ", options));
    }

    /** Puts what was made where it belongs, file by file, each whole or not at all. */
    private static List<Path> place(Path made, Path target) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(made)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        List<Path> placed = new ArrayList<>();
        for (Path file : files) {
            Path to = file.equals(made) ? target : target.resolve(made.relativize(file).toString());
            Files.createDirectories(to.getParent());
            Path beside = to.resolveSibling("." + to.getFileName() + ".part");
            Files.copy(file, beside, StandardCopyOption.REPLACE_EXISTING);
            Files.move(
                    beside,
                    to,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
            placed.add(to);
        }
        return placed;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
