package dev.tarn.cli;

import dev.tarn.app.Samples;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "init",
        description = {
            "Create a small project that builds at once.",
            "",
            "It has a landing folder with a file, models in three layers and checks."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tarn init shop && cd shop && tarn build"})
final class InitCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin HelpOption help = new HelpOption();

    @Parameters(paramLabel = "DIR", description = "A new or empty folder.")
    Path directory = Path.of(".");

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the project. Default: the folder's.")
    String name = "";

    InitCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Path target = invocation.console().directory().resolve(directory).normalize();
        Samples.init(target, name.isEmpty() ? Samples.projectName(target) : name);
        invocation
                .out()
                .printf(
                        "Created a project in %s. Next:%n%n  cd %s%n  tarn build%n  tarn tables%n",
                        target, ProjectOptions.quoted(directory.toString()));
        return ProjectCommand.DONE;
    }
}
