package dev.tarn.cli;

import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Listing;
import dev.tarn.model.catalog.Ref;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "refs",
        description = "List refs: lines of history of the warehouse.",
        footerHeading = "%nExamples:%n",
        footer = {"  tarn refs", "  tarn refs --all --json      those of runs, too"})
final class RefsCommand extends ProjectCommand {
    @Option(names = "--all", description = "Show the refs of runs, too.")
    boolean all;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    RefsCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        List<Ref> refs = tarn.refs().stream().filter(r -> all || r.kind() != Ref.Kind.RUN).toList();
        print(listing(), refs, json, "There are no refs.");
        return DONE;
    }

    static Listing<Ref> listing() {
        return new Listing<Ref>()
                .left("REF", "ref", ref -> ref.name().value())
                .left("KIND", "kind", ref -> ref.kind().name().toLowerCase(Locale.ROOT))
                .left("FROM", "parent", ref -> ref.parent().map(Object::toString))
                .right("CUT AT", "cutAt", ref -> ref.cutAt().value())
                .right("NEWEST", "head", ref -> ref.head().value())
                .left("CREATED", "createdAt", Ref::createdAt);
    }
}
