package dev.tarn.cli;

import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Listing;
import dev.tarn.project.PackageInstaller.Installed;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Installs the packages a project asks for. */
@Command(
        name = "deps",
        sortOptions = false,
        description = {
            "Install the packages of packages.yml or dependencies.yml.",
            "",
            "They come from folders, from git, or from the package hub. package-lock.yml keeps which"
                    + " ones they were; as long as it fits, the same are installed again."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn deps",
            "  tarn deps --upgrade               newer versions, if there are"
        })
final class DepsCommand extends ProjectCommand {
    @Option(names = "--upgrade", description = "Look for newer versions than the locked ones.")
    boolean upgrade;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    DepsCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        List<Installed> installed = tarn.installPackages(upgrade);
        Listing<Installed> listing =
                new Listing<Installed>()
                        .left("PACKAGE", "name", Installed::name)
                        .left("VERSION", "version", Installed::version)
                        .left("FROM", "from", Installed::origin);
        print(listing, installed, json, "The project asks for no packages.");
        return DONE;
    }
}
