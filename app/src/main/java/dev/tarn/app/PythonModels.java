package dev.tarn.app;

import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.project.PythonModel;
import dev.tarn.run.NodeCompiler.MadeRows;
import dev.tarn.run.TaskContext;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs Python models, each in a process of its own, with the rights of whoever runs Tarn. Rows go
 * in and out as Arrow IPC streams, in files of a folder that only its owner may read.
 */
final class PythonModels {
    private static final String PROGRAM = "python_model.py";
    private static final String RESULT = "rows.arrow";
    private static final TableName ROWS = new TableName("__tarn_python", "rows");
    private static final TableName KEPT = new TableName("__tarn_python", "kept");

    private final String interpreter;
    private final Path scratch;
    private final Path project;
    private final Duration timeout;
    private final Consumer<String> log;

    /**
     * @param interpreter the program to start
     * @param scratch where the folders of rows are made
     * @param project the folder that the process works in
     * @param timeout how long a model may run
     * @param log takes what models print
     */
    PythonModels(
            String interpreter,
            Path scratch,
            Path project,
            Duration timeout,
            Consumer<String> log) {
        this.interpreter = interpreter;
        this.scratch = scratch;
        this.project = project;
        this.timeout = timeout;
        this.log = log;
    }

    /**
     * Runs a model; the rows are there until they are closed.
     *
     * @param incremental whether it sees the rows of its own table, to add to them
     */
    MadeRows run(Node.Model node, PythonModel model, TaskContext context, boolean incremental) {
        Path folder = null;
        try {
            Files.createDirectories(scratch);
            folder = Files.createTempDirectory(scratch, "model-");
            prepare(folder, node, model, context, incremental);
            finish(folder, node, context, start(folder, node));
            return new Rows(folder, read(context, folder.resolve(RESULT), incremental));
        } catch (IOException e) {
            delete(folder);
            throw PythonErrors.folder(node, e);
        } catch (RuntimeException | Error e) {
            delete(folder);
            throw e;
        }
    }

    private static void prepare(
            Path folder,
            Node.Model node,
            PythonModel model,
            TaskContext context,
            boolean incremental)
            throws IOException {
        List<PythonModel.Given> given = new ArrayList<>();
        for (PythonModel.Input input : model.inputs()) {
            given.add(
                    give(
                            context,
                            input.rows(),
                            folder.resolve("input-%d.arrow".formatted(given.size()))));
        }
        Optional<PythonModel.Given> old = Optional.empty();
        if (incremental) {
            SqlText rows = SqlText.of("select * from " + quoted(node.relation()));
            old = Optional.of(give(context, rows, folder.resolve("this.arrow")));
        }
        Files.writeString(folder.resolve("spec.json"), model.spec(given, old));
        try (InputStream program = PythonModels.class.getResourceAsStream(PROGRAM)) {
            if (program == null) {
                throw new IllegalStateException("The program lacks " + PROGRAM);
            }
            Files.write(folder.resolve(PROGRAM), program.readAllBytes());
        }
    }

    private static String quoted(TableName name) {
        return Type.quoted(name.schema()) + "." + Type.quoted(name.table());
    }

    /**
     * Writes the rows of an input, of the types that a table of them would have. What Arrow would
     * hand on as something else is named by its type, and travels as text.
     */
    private static PythonModel.Given give(TaskContext context, SqlText rows, Path to)
            throws IOException {
        EngineSession session = context.session();
        List<String> columns = new ArrayList<>();
        List<String> places = new ArrayList<>();
        Map<String, String> types = new LinkedHashMap<>();
        for (Field field : session.describe(rows).fields()) {
            boolean variant = field.type() == Type.Primitive.VARIANT;
            String type = variant ? "JSON" : field.type().sql();
            if (variant || isText(field.type())) {
                types.put(field.name(), type);
            }
            String place = "c" + places.size();
            places.add(place);
            columns.add("cast(%s as %s) as %s".formatted(place, type, Type.quoted(field.name())));
        }
        String head = "select " + String.join(", ", columns) + " from (\n";
        String tail = "\n) as rows(" + String.join(", ", places) + ")";
        SqlText all =
                new SqlText(
                        head + rows.sql() + tail, offset -> rows.locate(offset - head.length()));
        try (QueryResult result = session.query(all);
                OutputStream file = Files.newOutputStream(to)) {
            long unused = result.writeArrow(file);
        }
        return new PythonModel.Given(to.toAbsolutePath().toString(), types);
    }

    /** Whether Arrow would hand it on as text, or holds what it would. */
    private static boolean isText(Type type) {
        return switch (type) {
            case Type.Primitive p -> p == Type.Primitive.UUID;
            case Type.Decimal d -> false;
            case Type.Struct s -> s.fields().stream().anyMatch(f -> isText(f.type()));
            case Type.ListOf l -> isText(l.element().type());
            case Type.MapOf m -> isText(m.key().type()) || isText(m.value().type());
        };
    }

    /**
     * A query of the rows that the model returned. What adds them to a table reads them more than
     * once, also twice in one statement; so the engine keeps those.
     */
    private static SqlText read(TaskContext context, Path result, boolean incremental) {
        EngineSession session = context.session();
        session.feed(ROWS, result);
        if (!incremental) {
            return SqlText.of("select * from " + quoted(ROWS));
        }
        long unused = session.stage(KEPT, SqlText.of("select * from " + quoted(ROWS)));
        return SqlText.of("select * from " + quoted(KEPT));
    }

    private Process start(Path folder, Node.Model node) {
        ProcessBuilder builder =
                new ProcessBuilder(
                                interpreter,
                                "-B",
                                folder.resolve(PROGRAM).toString(),
                                folder.toAbsolutePath().toString())
                        .directory(project.toFile())
                        .redirectErrorStream(true);
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        builder.environment().put("PYTHONUNBUFFERED", "1");
        try {
            return builder.start();
        } catch (IOException e) {
            throw PythonErrors.noInterpreter(node, interpreter);
        }
    }

    private void finish(Path folder, Node.Model node, TaskContext context, Process process)
            throws IOException {
        Thread printed = Thread.ofVirtual().start(() -> pass(process));
        try {
            long waited = 0;
            while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
                waited += 100;
                if (context.cancellation().isCancelled()) {
                    throw PythonErrors.stopped(node);
                }
                if (waited > timeout.toMillis()) {
                    throw PythonErrors.timeout(node, timeout);
                }
            }
            printed.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw PythonErrors.stopped(node);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            close(process.getOutputStream());
        }
        Path error = folder.resolve("error.txt");
        if (Files.exists(error)) {
            throw told(node, Files.readString(error));
        }
        if (process.exitValue() != 0 || !Files.exists(folder.resolve(RESULT))) {
            throw PythonErrors.died(node, process.exitValue());
        }
    }

    /** It was open so that the process ends when this one does. */
    private static void close(OutputStream held) {
        try {
            held.close();
        } catch (IOException e) {
            // Its other end is gone already.
        }
    }

    /** What a model prints is for the people who run it. */
    private void pass(Process process) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.accept(line);
            }
        } catch (IOException e) {
            // The process is gone; why it ended is told elsewhere.
        }
    }

    private TarnException told(Node.Model node, String text) {
        String[] parts = text.split("\n", 3);
        String message = parts[2].strip();
        Place whole = node.common().place();
        int line = Integer.parseInt(parts[1]);
        Place place = line > 0 ? new Place(whole.file(), line, 1) : whole;
        return switch (parts[0]) {
            case "pyarrow" -> PythonErrors.noArrow(node, interpreter, message);
            case "oldarrow" -> PythonErrors.oldArrow(node, interpreter, message);
            case "result" -> PythonErrors.result(node, message);
            case "rows" -> PythonErrors.rows(node, message);
            default -> PythonErrors.raised(place, message);
        };
    }

    private static void delete(@org.jspecify.annotations.Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows that a model returned, in its folder. */
    private record Rows(Path folder, SqlText query) implements MadeRows {
        @Override
        public void close() {
            delete(folder);
        }
    }
}
