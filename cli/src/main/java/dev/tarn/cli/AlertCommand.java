package dev.tarn.cli;

import dev.tarn.alert.AlertControl;
import dev.tarn.app.Tarn;
import dev.tarn.model.alert.Alert;
import dev.tarn.model.alert.AlertKind;
import dev.tarn.model.alert.Notice;
import dev.tarn.model.alert.Silence;
import dev.tarn.model.job.Durations;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "alert",
        description = {
            "List what is red, and say who hears of it.",
            "",
            "Rules, routes and channels stand in alerts.yml. `tarn serve` looks and sends."
        },
        synopsisSubcommandLabel = "[COMMAND]",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn alert",
            "  tarn alert ack a57-1",
            "  tarn alert silence --subject 'gold.*' --for 2h --reason 'the source moves'",
            "  tarn alert test pager"
        })
class AlertCommand extends ProjectCommand {
    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    AlertCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        tarn.alerts().requireRight();
        print(AlertListings.alerts(), tarn.alerts().control().open(), json, "Nothing is red.");
        if (!json) {
            long dead = tarn.alerts().control().count(Notice.Status.DEAD);
            if (dead > 0) {
                invocation
                        .console()
                        .err()
                        .printf(
                                "%d %s given up: `tarn alert outbox --dead` shows why.%n",
                                dead, dead == 1 ? "message was" : "messages were");
            }
        }
        return DONE;
    }

    /** Who asks, for the record. */
    final String who() {
        return invocation.console().environment().getOrDefault("USER", "somebody");
    }

    @Command(
            name = "list",
            description = "List what is red, the worst first.",
            footerHeading = "%nExamples:%n",
            footer = {"  tarn alert list", "  tarn alert list --all --limit 5 --json"})
    static final class All extends AlertCommand {
        @Option(names = "--all", description = "Also what is over, newest first.")
        boolean all;

        @Option(
                names = "--limit",
                paramLabel = "N",
                converter = WholeNumbers.Count.class,
                description = "With --all: how many. Default: 20.")
        int limit = 20;

        All(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            if (!all) {
                return super.run(tarn);
            }
            List<Alert> alerts = tarn.alerts().control().all(limit);
            print(AlertListings.alerts(), alerts, json, "Nothing was red yet.");
            return DONE;
        }
    }

    @Command(
            name = "ack",
            description = "Say that you are at it: it is not repeated any more.",
            footerHeading = "%nExamples:%n",
            footer = "  tarn alert ack a57-1")
    static final class Ack extends AlertCommand {
        @Parameters(paramLabel = "ALERT", description = "Its id, as the list and messages say it.")
        String id = "";

        Ack(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            Alert alert = tarn.alerts().control().ack(id, who());
            print(AlertListings.alerts(), List.of(alert), json, "");
            return DONE;
        }
    }

    @Command(
            name = "silence",
            description = "Let nobody hear of some alerts for a while.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  tarn alert silence --subject 'gold.*' --for 2h --reason 'the source moves'",
                "  tarn alert silence --kind check_warned --owner finance --for 1d",
                "  tarn alert silence --end s58"
            })
    static final class Silencing extends AlertCommand {
        @Option(names = "--kind", paramLabel = "KIND", description = "Of one kind only.")
        Optional<AlertKind> kind = Optional.empty();

        @Option(
                names = "--subject",
                paramLabel = "PATTERN",
                description = "About what; * stands for any letters.")
        Optional<String> subject = Optional.empty();

        @Option(names = "--owner", paramLabel = "PATTERN", description = "Whose.")
        Optional<String> owner = Optional.empty();

        @Option(names = "--for", paramLabel = "TIME", description = "How long. Default: 2h.")
        String time = "2h";

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for others.")
        String reason = "";

        @Option(names = "--end", paramLabel = "ID", description = "End a silence instead.")
        Optional<String> end = Optional.empty();

        Silencing(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            AlertControl control = tarn.alerts().control();
            if (end.isPresent()) {
                control.endSilence(end.get());
                invocation.out().println("Ended: " + end.get());
                return DONE;
            }
            Silence silence =
                    control.silence(kind, subject, owner, Durations.require(time), who(), reason);
            print(AlertListings.silences(), List.of(silence), json, "");
            return DONE;
        }
    }

    @Command(
            name = "silences",
            description = "List the silences that hold.",
            footerHeading = "%nExamples:%n",
            footer = "  tarn alert silences")
    static final class Silences extends AlertCommand {
        Silences(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            print(
                    AlertListings.silences(),
                    tarn.alerts().control().silences(),
                    json,
                    "Nothing is silenced.");
            return DONE;
        }
    }

    @Command(
            name = "outbox",
            description = "List messages that are still to be sent, or were given up.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  tarn alert outbox",
                "  tarn alert outbox --dead",
                "  tarn alert outbox --again n61-2    send one that was given up once more"
            })
    static final class Outbox extends AlertCommand {
        @Option(names = "--dead", description = "Those that were given up.")
        boolean dead;

        @Option(names = "--sent", description = "Those that were taken.")
        boolean sent;

        @Option(names = "--again", paramLabel = "ID", description = "Send one once more.")
        Optional<String> again = Optional.empty();

        @Option(
                names = "--limit",
                paramLabel = "N",
                converter = WholeNumbers.Count.class,
                description = "How many, newest first. Default: 20.")
        int limit = 20;

        Outbox(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            AlertControl control = tarn.alerts().control();
            List<Notice> notices =
                    again.map(control::again)
                            .map(List::of)
                            .orElseGet(() -> control.notices(status(), limit));
            print(AlertListings.notices(), notices, json, "No such messages.");
            return DONE;
        }

        private Notice.Status status() {
            return dead ? Notice.Status.DEAD : sent ? Notice.Status.SENT : Notice.Status.WAITING;
        }
    }

    @Command(
            name = "test",
            description = "Send a message through a channel that says that nothing is wrong.",
            footerHeading = "%nExamples:%n",
            footer = "  tarn alert test pager")
    static final class Try extends AlertCommand {
        @Parameters(paramLabel = "CHANNEL", description = "Its name in alerts.yml.")
        String channel = "";

        Try(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            tarn.alerts().requireRight();
            tarn.alerts().control().test(channel);
            invocation.out().println("Taken: channel '" + channel + "' works.");
            return DONE;
        }
    }
}
