package dev.tarn.cli;

import dev.tarn.app.Tarn;
import dev.tarn.project.imports.JobImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = {
            "Make jobs of a crontab, or of a DAG file of Airflow.",
            "",
            "Nothing of the file is run. What could not be taken over is told with its line."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  crontab -l > crontab; tarn job import crontab",
            "  tarn job import dags/nightly.py --output jobs/nightly.yml"
        })
final class JobImportCommand extends ProjectCommand {
    @Parameters(paramLabel = "FILE", description = "A crontab, or a DAG file that ends in .py.")
    Path file = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where the jobs go. Default: jobs/NAME.yml in the project.")
    java.util.Optional<Path> output = java.util.Optional.empty();

    @Option(names = "--dry-run", description = "Print the jobs instead of writing them.")
    boolean dryRun;

    JobImportCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        Console console = invocation.console();
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw CliErrors.importUnreadable(file.toString());
        }
        JobImport.Taken taken = JobImport.read(file.toString(), text);
        taken.left().forEach(p -> console.err().println(p));
        if (taken.jobs().isEmpty()) {
            throw CliErrors.importNothing(file.toString());
        }
        if (dryRun) {
            console.out().print(taken.yaml());
            return DONE;
        }
        Path target = output.orElseGet(() -> standard(console));
        if (Files.exists(target)) {
            throw CliErrors.importExists(target.toString());
        }
        try {
            Path folder = target.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(target, taken.yaml());
        } catch (IOException e) {
            throw CliErrors.importUnwritable(target.toString());
        }
        List<String> jobs = taken.jobs();
        console.out()
                .printf(
                        "%s: %d %s (%s); %d %s.%n",
                        target,
                        jobs.size(),
                        jobs.size() == 1 ? "job" : "jobs",
                        String.join(", ", jobs),
                        taken.left().size(),
                        taken.left().size() == 1
                                ? "thing was left or means something else"
                                : "things were left or mean something else");
        tarn.jobs().requireRight();
        return DONE;
    }

    private Path standard(Console console) {
        String name = String.valueOf(file.getFileName()).replaceAll("\\.[a-z]+$", "");
        return project.directory(console).resolve("jobs").resolve(name + ".yml");
    }
}
