package dev.tarn.cli;

import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.model.catalog.Ref;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "tag",
        description = "List, create and delete tags: names for states of the warehouse.",
        synopsisSubcommandLabel = "[list | create | delete]",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn tag create month-end",
            "  tarn query \"from gold.orders\" --at month-end",
            "  tarn tag delete month-end"
        })
final class TagCommand extends ProjectCommand {
    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    TagCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        return list(this, tarn, json);
    }

    private static int list(ProjectCommand command, Tarn tarn, boolean json) {
        List<Ref> refs = tarn.refs().stream().filter(r -> r.kind() == Ref.Kind.TAG).toList();
        command.print(
                RefsCommand.listing(),
                refs,
                json,
                "There are no tags. `tarn tag create` makes one.");
        return DONE;
    }

    @Command(
            name = "list",
            description = "List tags.",
            footerHeading = "%nExamples:%n",
            footer = {"  tarn tag list", "  tarn tag list --json"})
    static final class All extends ProjectCommand {
        @Option(names = "--json", description = "Print JSON.")
        boolean json;

        All(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            return list(this, tarn, json);
        }
    }

    @Command(
            name = "create",
            description = "Name a state for ever. Nothing can be published to it.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  tarn tag create month-end",
                "  tarn tag create before-the-change --from main@12"
            })
    static final class Create extends ProjectCommand {
        @Parameters(paramLabel = "NAME", description = "What to call it.")
        String name = "";

        @Option(
                names = "--from",
                paramLabel = "STATE",
                description = "Ref, publication or time to name. Default: main.")
        String from = "main";

        Create(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            At at = At.parse(from);
            Ref created = tarn.states().createTag(new RefName(name), at);
            invocation.out().printf("Tagged %s as %s.%n", at, created.name());
            return DONE;
        }
    }

    @Command(
            name = "delete",
            description = "Forget a tag.",
            footerHeading = "%nExamples:%n",
            footer = "  tarn tag delete month-end")
    static final class Delete extends ProjectCommand {
        @Parameters(paramLabel = "NAME", description = "The tag.")
        String name = "";

        Delete(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            tarn.states().deleteRef(new RefName(name), Ref.Kind.TAG);
            invocation.out().printf("Deleted %s.%n", name);
            return DONE;
        }
    }
}
