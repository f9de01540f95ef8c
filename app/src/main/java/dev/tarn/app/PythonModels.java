package dev.tarn.app;

import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Type;
import dev.tarn.project.PythonModel;
import dev.tarn.run.NodeCompiler.MadeRows;
import dev.tarn.run.TaskContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs Python models, each in a process of its own, with the rights of whoever runs Tarn. Rows go
 * in and out as Parquet files in a folder that only its owner may read.
 */
final class PythonModels {
    private static final String PROGRAM = "python_model.py";

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
            return new Rows(folder);
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
        List<String> files = new ArrayList<>();
        for (PythonModel.Input input : model.inputs()) {
            files.add(export(context, input.rows(), folder, "input-" + files.size()));
        }
        Optional<String> old =
                incremental
                        ? Optional.of(
                                export(
                                        context,
                                        SqlText.of("select * from " + quoted(node.relation())),
                                        folder,
                                        "this"))
                        : Optional.empty();
        Files.writeString(folder.resolve("spec.json"), model.spec(files, old));
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

    private static String export(TaskContext context, SqlText rows, Path folder, String name) {
        Path file = folder.resolve(name + ".parquet");
        long unused = context.session().export(rows, file);
        return file.toAbsolutePath().toString();
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
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
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
        }
        Path error = folder.resolve("error.txt");
        if (Files.exists(error)) {
            throw told(node, Files.readString(error));
        }
        if (process.exitValue() != 0 || !Files.exists(folder.resolve("rows.parquet"))) {
            throw PythonErrors.died(node, process.exitValue());
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
    private record Rows(Path folder) implements MadeRows {
        @Override
        public SqlText query() {
            String file = folder.resolve("rows.parquet").toAbsolutePath().toString();
            return SqlText.of("select * from read_parquet('" + file.replace("'", "''") + "')");
        }

        @Override
        public void close() {
            delete(folder);
        }
    }
}
