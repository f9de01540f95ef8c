package dev.tarn.cli;

import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Amounts;
import dev.tarn.cli.output.Json;
import dev.tarn.cli.output.Listing;
import dev.tarn.model.RefName;
import dev.tarn.model.catalog.Ref;
import dev.tarn.refs.MergeRequest;
import dev.tarn.refs.Merged;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "branch",
        description = {
            "List, create, merge and delete branches of the warehouse.",
            "",
            "A branch is a copy of everything that costs nothing: build and try there, then merge."
        },
        synopsisSubcommandLabel = "[list | create | diff | merge | delete]",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn branch                              list them",
            "  tarn branch create dev",
            "  tarn build --ref dev                     build there",
            "  tarn branch diff main dev                what is different; tarn diff is the same",
            "  tarn branch merge dev                    into main, all at once",
            "  tarn branch delete dev"
        })
final class BranchCommand extends ProjectCommand {
    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    BranchCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        return list(this, tarn, json);
    }

    private static int list(ProjectCommand command, Tarn tarn, boolean json) {
        List<Ref> refs = tarn.refs().stream().filter(r -> r.kind() == Ref.Kind.BRANCH).toList();
        command.print(RefsCommand.listing(), refs, json, "There are no branches.");
        return DONE;
    }

    @Command(
            name = "list",
            description = "List branches.",
            footerHeading = "%nExamples:%n",
            footer = {"  tarn branch list", "  tarn branch list --json"})
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
            Ref created = tarn.states().createBranch(new RefName(name), at);
            invocation.out().printf("Created %s from %s.%n", created.name(), at);
            return DONE;
        }
    }

    @Command(
            name = "merge",
            description = {
                "Bring what changed on a branch to another, all in one publication.",
                "",
                "What only one side changed is taken. Rows that both added to a table are put"
                        + " together. Anything else that both changed is a conflict, and nothing is"
                        + " merged unless you say which side wins."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  tarn branch merge dev --dry-run",
                "  tarn branch merge dev                    into main",
                "  tarn branch merge main --into dev        brings dev up to date",
                "  tarn branch merge dev --prefer dev       dev wins where both changed"
            })
    static final class Merge extends ProjectCommand {
        @Parameters(paramLabel = "BRANCH", description = "The branch whose changes to bring.")
        String source = "";

        @Option(
                names = "--into",
                paramLabel = "BRANCH",
                description = "Where to bring them. Default: main.")
        String target = "main";

        @Option(
                names = "--prefer",
                paramLabel = "REF",
                description = "Which of the two wins where both changed the same thing.")
        Optional<String> prefer = Optional.empty();

        @Option(names = "--dry-run", description = "Only say what would happen.")
        boolean dryRun;

        @Option(names = "--json", description = "Print JSON.")
        boolean json;

        Merge(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            Merged merged =
                    tarn.states()
                            .merge(
                                    new MergeRequest(
                                            new RefName(source),
                                            new RefName(target),
                                            prefer.map(RefName::new),
                                            dryRun));
            if (json) {
                Json.print(object(merged), invocation.out());
                return DONE;
            }
            print(outcomes(), merged.outcomes(), false, "Nothing changed on " + source + ".");
            if (merged.publication().isPresent()) {
                invocation
                        .out()
                        .printf(
                                "Merged %s of %s into %s as publication %s.%n",
                                Amounts.count(merged.outcomes().size(), "change", "changes"),
                                source,
                                target,
                                merged.publication().get().id());
            } else if (dryRun) {
                invocation.out().println("Nothing was merged: this was a dry run.");
            }
            return DONE;
        }

        private Map<String, @Nullable Object> object(Merged merged) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            object.put("source", source);
            object.put("target", target);
            object.put("dryRun", dryRun);
            object.put("publication", merged.publication().map(p -> p.id().value()).orElse(null));
            object.put("positions", merged.positions());
            object.put("entries", outcomes().objects(merged.outcomes()));
            return object;
        }

        private static Listing<Merged.Outcome> outcomes() {
            return new Listing<Merged.Outcome>()
                    .left("TABLE", "table", o -> o.key().name())
                    .left("WHAT", "what", o -> o.kind().name().toLowerCase(Locale.ROOT));
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
            tarn.states().deleteRef(new RefName(name), Ref.Kind.BRANCH);
            invocation.out().printf("Deleted %s.%n", name);
            return DONE;
        }
    }
}
