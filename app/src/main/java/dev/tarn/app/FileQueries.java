package dev.tarn.app;

import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.ExternalSpec;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.run.TableWriter;
import dev.tarn.run.TaskContext;
import dev.tarn.run.TaskResult;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sources whose rows the engine reads from files. The rows become a table of the warehouse, so that
 * a run sees the same throughout and its past can be read; it is made again when the files are
 * others than those it was made of.
 */
final class FileQueries {
    /** In a table's attributes, what its files were when it was made. */
    private static final String FILES = "files";

    private static final Pattern TEXT = Pattern.compile("'((?:[^']++|'')*+)'");

    private final Engine engine;
    private final Path projectRoot;

    FileQueries(Engine engine, Path projectRoot) {
        this.engine = engine;
        this.projectRoot = projectRoot.toAbsolutePath().normalize();
    }

    /** Sources that are read from files are read by whoever needs them, and only then. */
    static Set<NodeId> behind(Project project, Set<NodeId> selected) {
        Set<NodeId> all = new LinkedHashSet<>();
        Deque<NodeId> open = new ArrayDeque<>();
        for (NodeId id : selected) {
            Node node = project.nodes().get(id);
            if (!(node instanceof Node.Source source && source.isReadFromFiles())) {
                all.add(id);
                open.add(id);
            }
        }
        Set<NodeId> seen = new HashSet<>(all);
        while (!open.isEmpty()) {
            Node node = project.nodes().get(open.remove());
            for (NodeId input : node == null ? List.<NodeId>of() : node.dependsOn()) {
                Node read = project.nodes().get(input);
                if (read instanceof Node.Source source && source.isReadFromFiles()) {
                    all.add(input);
                } else if (read instanceof Node.Model m
                        && !m.materialization().isKept()
                        && seen.add(input)) {
                    open.add(input);
                }
            }
        }
        return all;
    }

    private static ExternalSpec spec(Node.Source source) {
        return source.external().orElseThrow();
    }

    /** Hands over the query for the rows, while what it reads is there. */
    private <T> T reading(ExternalSpec spec, EngineSession session, Function<SqlText, T> use) {
        if (spec.database().isEmpty()) {
            return use.apply(rows(spec, spec.location()));
        }
        return new AttachedDatabase(engine, projectRoot, spec)
                .reading(session, prefix -> use.apply(rows(spec, prefix + spec.location())));
    }

    private static SqlText rows(ExternalSpec spec, String relation) {
        return new SqlText("select * from " + relation, offset -> Optional.of(spec.place()));
    }

    /** The columns that the files have now; empty when they cannot be read. */
    Optional<Schema> columns(Node.Source source) {
        try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            return Optional.of(reading(spec(source), session, session::describe));
        } catch (TarnException e) {
            // Nobody may read it; whoever does is told why it cannot be read.
            return Optional.empty();
        }
    }

    /** Makes the source's table of what the files hold, if they are not those it was made of. */
    TaskResult load(Node.Source source, TaskContext context) {
        EngineSession session = context.session();
        Optional<Versioned> existing = context.view().find(EntryKey.of(source.relation()));
        Optional<String> files = files(spec(source), session);
        Optional<String> before =
                existing.map(Versioned::entry)
                        .filter(Entry.Table.class::isInstance)
                        .map(e -> e.attributes().get(FILES));
        if (files.isPresent() && files.equals(before)) {
            return TaskResult.unchanged("the same files");
        }
        TableWriter.Written written =
                reading(
                        spec(source),
                        session,
                        rows ->
                                context.writer()
                                        .replace(
                                                source.relation(),
                                                existing.flatMap(Versioned::pointer),
                                                TableDefinition.of(session.describe(rows)),
                                                rows));
        Map<String, String> attributes = new HashMap<>();
        attributes.put("node", source.id().value());
        attributes.put("run", context.run().value());
        files.ifPresent(f -> attributes.put(FILES, f));
        source.common().owner().ifPresent(owner -> attributes.put("owner", owner));
        if (!source.common().description().isBlank()) {
            attributes.put("description", source.common().description());
        }
        context.commit(
                List.of(
                        Change.put(
                                EntryKey.of(source.relation()),
                                new Entry.Table(written.pointer(), attributes),
                                Expected.of(existing))),
                "read " + source.id());
        return TaskResult.done(written.rows(), written.bytes());
    }

    /**
     * What sums up the files that a call names, as they are now; empty when one of its texts may be
     * something elsewhere, so that nobody can tell.
     */
    private Optional<String> files(ExternalSpec spec, EngineSession session) {
        if (spec.database().isPresent()) {
            return new AttachedDatabase(engine, projectRoot, spec)
                    .file()
                    .flatMap(FileQueries::is)
                    .map(is -> sum(spec.location() + '\n' + spec.database() + ' ' + is));
        }
        StringBuilder all = new StringBuilder(spec.location());
        boolean found = false;
        Matcher text = TEXT.matcher(spec.location());
        while (text.find()) {
            String pattern = text.group(1).replace("''", "'");
            if (pattern.contains("://")) {
                return Optional.empty();
            }
            for (String file : matching(pattern, session)) {
                found = true;
                Optional<String> is = is(projectRoot.resolve(file));
                if (is.isEmpty()) {
                    return Optional.empty();
                }
                all.append('\n').append(file).append(' ').append(is.get());
            }
        }
        return found ? Optional.of(sum(all.toString())) : Optional.empty();
    }

    private static Set<String> matching(String pattern, EngineSession session) {
        Set<String> files = new TreeSet<>();
        SqlText query = SqlText.of("select file from glob('" + quoted(pattern) + "')");
        try (QueryResult rows = session.query(query)) {
            while (rows.next()) {
                files.add(String.valueOf(rows.value(0)));
            }
        }
        return files;
    }

    private static Optional<String> is(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(now.size() + " " + now.lastModifiedTime());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String quoted(String text) {
        return text.replace("'", "''");
    }

    private static String sum(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
