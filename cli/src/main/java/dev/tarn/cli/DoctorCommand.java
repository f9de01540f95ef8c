package dev.tarn.cli;

import dev.tarn.app.Setting;
import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Amounts;
import dev.tarn.cli.output.Json;
import dev.tarn.cli.output.Listing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description = {
            "Show what Tarn runs on and every setting with where it comes from.",
            "",
            "Good to read first when something is odd, and to attach to a report."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tarn doctor", "  tarn doctor -C shop --json"})
final class DoctorCommand extends ProjectCommand {
    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    DoctorCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        List<Setting> machine = machine();
        List<Setting> settings = tarn.settings().origins();
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("machine", listing().objects(machine));
            all.put("settings", listing().objects(settings));
            Json.print(all, invocation.out());
            return DONE;
        }
        invocation.out().println(VersionCommand.line());
        invocation.out().println();
        print(listing(), machine, false, "");
        invocation.out().println();
        print(listing(), settings, false, "There are no settings.");
        return DONE;
    }

    private List<Setting> machine() {
        Console console = invocation.console();
        List<Setting> all = new ArrayList<>();
        String home = System.getProperty("java.home", "");
        all.add(new Setting("java.home", home, javaOrigin(console.environment(), home)));
        all.add(
                new Setting(
                        "heap",
                        Amounts.bytes(Runtime.getRuntime().maxMemory()),
                        console.environment().containsKey("TARN_JAVA_OPTS")
                                ? "TARN_JAVA_OPTS"
                                : "default"));
        all.add(
                new Setting(
                        "processors",
                        Integer.toString(Runtime.getRuntime().availableProcessors()),
                        "machine"));
        all.add(
                new Setting(
                        "project",
                        project.directory(console).toString(),
                        project.projectDir.isPresent() ? "--project-dir" : "working directory"));
        all.add(
                new Setting(
                        "terminal",
                        console.outIsTerminal() ? console.columns() + " columns" : "none",
                        "standard output"));
        return all;
    }

    private static String javaOrigin(Map<String, String> environment, String home) {
        if (home.equals(environment.get("TARN_JAVA_HOME"))) {
            return "TARN_JAVA_HOME";
        }
        return home.equals(environment.get("JAVA_HOME")) ? "JAVA_HOME" : "found";
    }

    private static Listing<Setting> listing() {
        return new Listing<Setting>()
                .left("SETTING", "name", Setting::name)
                .left("VALUE", "value", Setting::value)
                .left("FROM", "origin", Setting::origin);
    }
}
