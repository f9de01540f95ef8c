package dev.tarn.cli;

import dev.tarn.app.BuildOptions;
import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.run.Publishing;
import dev.tarn.run.RunRequest.InputData;
import dev.tarn.run.RunRequest.Period;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Executes nodes of some kinds and publishes what they made. */
@Command(sortOptions = false)
class BuildCommand extends ProjectCommand {
    private final String name;
    private final Set<NodeKind> kinds;

    @Mixin SelectionOptions selection = new SelectionOptions();

    @Option(
            names = {"--ref", "--target"},
            paramLabel = "REF",
            description = "The ref to publish to. Default: main.")
    String ref = RefName.MAIN.value();

    @Option(
            names = {"--full", "--full-refresh"},
            description = "Build everything anew, even what has not changed.")
    boolean full;

    @Option(names = "--store-failures", description = "Keep the failing rows of checks in tables.")
    boolean storeFailures;

    @Option(
            names = "--keep-going",
            description = "Run what can be run, even if queries of other nodes are wrong.")
    boolean keepGoing;

    @Option(
            names = "--publish",
            paramLabel = "WHEN",
            description = {
                "together: all of the run at its end, if nothing failed; each: a node as soon as",
                "it is done, whatever fails later. Default: run.publish in tarn.yml, or together."
            },
            converter = PublishingConverter.class)
    @Nullable Publishing publishing;

    @Option(
            names = "--empty",
            description = "Build tables without rows, to see whether they can be.")
    boolean empty;

    @Option(names = "--json", description = "Print the report as JSON.")
    boolean json;

    @Mixin ServerOptions server = new ServerOptions();

    BuildCommand(Invocation invocation, String name, Set<NodeKind> kinds) {
        super(invocation);
        this.name = name;
        this.kinds = kinds;
    }

    @Override
    int run(Tarn tarn) {
        return handedOver(tarn)
                .orElseGet(() ->
                        new Building(invocation, project.again()).build(tarn, request(), json));
    }

    /** Whether a server did it, and with what exit code. */
    final Optional<Integer> handedOver(Tarn tarn) {
        HandOver.Order order = HandOver.build(name, request(), project);
        Optional<String> unsaid = unsaid();
        return new HandOver(invocation, project, server)
                .tried(
                        tarn,
                        unsaid.isEmpty()
                                ? order
                                : new HandOver.Order(order.path(), order.body(), unsaid),
                        json);
    }

    /** An option that was given and that a server cannot be told. */
    Optional<String> unsaid() {
        if (storeFailures) {
            return Optional.of("--store-failures");
        }
        if (keepGoing) {
            return Optional.of("--keep-going");
        }
        if (publishing != null) {
            return Optional.of("--publish");
        }
        return empty ? Optional.of("--empty") : Optional.empty();
    }

    /** What was typed. */
    final BuildRequest request() {
        String asTyped = (name + " " + selection + (full ? " --full" : "")).strip();
        return new BuildRequest(
                asTyped.replaceAll(" +", " "),
                kinds,
                selection.select,
                selection.exclude,
                new RefName(ref),
                full,
                storeFailures,
                Optional.empty(),
                BuildOptions.NONE
                        .withKeepGoing(keepGoing)
                        .withData(new InputData(empty, Period.OPEN, Period.OPEN))
                        .withPublishing(Optional.ofNullable(publishing)));
    }

    /** The words that people type. */
    static final class PublishingConverter implements CommandLine.ITypeConverter<Publishing> {
        @Override
        public Publishing convert(String value) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "together" -> Publishing.TOGETHER;
                case "each" -> Publishing.EACH;
                default ->
                        throw new CommandLine.TypeConversionException(
                                "expected 'together' or 'each', not '" + value + "'");
            };
        }
    }
}
