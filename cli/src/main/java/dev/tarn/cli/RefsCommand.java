package dev.tarn.cli;

import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Listing;
import dev.tarn.model.RefName;
import dev.tarn.model.catalog.Ref;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "refs",
        aliases = "branch",
        description = "List, create and delete refs: lines of history of the warehouse.",
        synopsisSubcommandLabel = "[create NAME | delete NAME]",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn refs",
            "  tarn branch create dev               a copy of main that costs nothing",
            "  tarn build --ref dev                 build there",
            "  tarn query \"from gold.orders\" --at dev",
            "  tarn branch delete dev"
        })
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

    private static Listing<Ref> listing() {
        return new Listing<Ref>()
                .left("REF", "ref", ref -> ref.name().value())
                .left("KIND", "kind", ref -> ref.kind().name().toLowerCase(Locale.ROOT))
                .left("FROM", "parent", ref -> ref.parent().map(Object::toString))
                .right("CUT AT", "cutAt", ref -> ref.cutAt().value())
                .right("NEWEST", "head", ref -> ref.head().value())
                .left("CREATED", "createdAt", Ref::createdAt);
    }

    @Command(
            name = "create",
            description = "Create a branch.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  tarn branch create dev",
                "  tarn branch create before-the-change --from main@12"
            })
    static final class Create extends ProjectCommand {
        @Parameters(paramLabel = "NAME", description = "What to call it.")
        String name = "";

        @Option(
                names = "--from",
                paramLabel = "STATE",
                description = "Ref, publication or time to start from. Default: main.")
        String from = "main";

        Create(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            At at = At.parse(from);
            Ref created = tarn.createBranch(new RefName(name), at);
            invocation.out().printf("Created %s from %s.%n", created.name(), at);
            return DONE;
        }
    }

    @Command(
            name = "delete",
            description = "Delete a branch and everything only it holds.",
            footerHeading = "%nExamples:%n",
            footer = "  tarn branch delete dev")
    static final class Delete extends ProjectCommand {
        @Parameters(paramLabel = "NAME", description = "The branch.")
        String name = "";

        Delete(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            tarn.deleteRef(new RefName(name));
            invocation.out().printf("Deleted %s.%n", name);
            return DONE;
        }
    }
}
