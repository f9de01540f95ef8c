package dev.tarn.cli;

import dev.tarn.cli.output.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "version",
        description = "Show the version of Tarn and what it runs on.",
        footerHeading = "%nExamples:%n",
        footer = {"  tarn version", "  tarn version --json"})
final class VersionCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin HelpOption help = new HelpOption();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    VersionCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        if (json) {
            Map<String, String> all = new LinkedHashMap<>();
            all.put("tarn", version());
            all.put("java", System.getProperty("java.version"));
            all.put("javaVendor", System.getProperty("java.vendor"));
            all.put("os", System.getProperty("os.name"));
            all.put("arch", System.getProperty("os.arch"));
            Json.print(all, invocation.out());
        } else {
            invocation.out().println(line());
        }
        return ProjectCommand.DONE;
    }

    /** {@code tarn 0.1.0 (Java 25.0.3, Linux amd64)}. */
    static String line() {
        return "tarn %s (Java %s, %s %s)"
                .formatted(
                        version(),
                        System.getProperty("java.version"),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"));
    }

    private static String version() {
        String version = Cli.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
