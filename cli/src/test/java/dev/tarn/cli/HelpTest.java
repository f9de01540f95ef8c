package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class HelpTest {
    @TempDir Path folder;

    @Test
    void theVersionIsToldAsACommandAndAsAnOption() {
        for (String asked : List.of("version", "--version", "-V")) {
            TestConsole console = new TestConsole(folder);
            assertThat(console.run(asked)).isZero();
            assertThat(console.out()).isEqualTo(VersionCommand.line() + "\n");
        }
    }

    @Test
    void withoutACommandThereIsAnOverviewInGroups() {
        TestConsole console = new TestConsole(folder);

        assertThat(console.run()).isZero();

        assertThat(console.out())
                .isEqualTo(
                        """
                        Usage: tarn [-hV] COMMAND
                        A lakehouse in one program: files become checked, published tables.

                          -h, --help      Show this help.
                          -V, --version   Show the version of Tarn and what it runs on.

                        Begin:
                          demo          Make a shop's raw files and build bronze, silver and gold tables of them.
                          init          Create a small project that builds at once.

                        Build:
                          build         Ingest, seed, build models and check, then publish all at once.
                          ingest        Land what is new in the tables of sources, each row exactly once.
                          positions     List where reading sources stands.
                          quarantine    Rows that did not fit: list, show, fix, and land them again.
                          feed          Tell other systems what changes in tables, each change exactly once.
                          seed          Load the CSV files of the project.
                          run           Build models, without checks.
                          test          Check the tables that are there.
                          snapshot      Write down how the rows of snapshots changed.
                          retry         Go on from a failed run.
                          compile       Check the whole project without running any of it.
                          ls            List the nodes of the project.
                          deps          Install the packages of packages.yml or dependencies.yml.
                          dbt           Answer as dbt does: its verbs, options, lines, artifacts and exit codes.

                        Look:
                          query         Run one SQL query and write its rows.
                          shell         Type SQL and see its rows.
                          tables        List the tables and views of the warehouse.
                          show          Show everything about a table or view.
                          explain       Show how a query would be run, or how it ran.
                          lineage       Show where columns come from, and where they go.
                          runs          List the runs there were, newest first.

                        Change:
                          sql           Change tables with SQL: all statements are published at once, or none.

                        Go back and try things:
                          history       List the versions of a table, or the publications of a ref.
                          changes       Show which rows of a table changed between two points.
                          diff          Tell what two states of the warehouse do not have alike.
                          branch        List, create, merge and delete branches of the warehouse.
                          tag           List, create and delete tags: names for states of the warehouse.
                          refs          List refs: lines of history of the warehouse.
                          restore       Make a table, a view or a whole schema what it was.
                          drop          Take a table or view off a branch.
                          undrop        Bring a dropped table or view back as it was.
                          clone         Make a new table that begins as a state of another, without copying data.

                        Tables of others:
                          attach        Show a table that somebody else writes, without copying it.
                          adopt         Make a table of others one of the warehouse's own, without rewriting its files.

                        Serve:
                          serve         Run jobs, show pages, and let other engines in: an Iceberg REST catalog.
                          job           List the jobs of the project, and work with them.
                          alert         List what is red, and say who hears of it.

                        Keep:
                          maintain      Look after tables: gather small files, write out deleted rows, forget old
                                          snapshots.
                          clean         Remove files that nothing refers to any more.
                          doctor        Show what Tarn runs on and every setting with where it comes from.
                          completion    Print a script with which a shell completes tarn's commands and options.
                          version       Show the version of Tarn and what it runs on.

                        `tarn COMMAND --help` explains a command.
                        Exit codes: 0 done, 1 the data or a check failed, 2 wrong use or configuration,
                        3 environment, 130 interrupted.
                        """);
    }

    @Test
    void theHelpOfACommandHasItsOptionsAndExamples() {
        TestConsole console = new TestConsole(folder);

        assertThat(console.run("tables", "--help")).isZero();

        assertThat(console.out())
                .isEqualTo(
                        """
                        Usage: tarn tables [OPTIONS]
                        List the tables and views of the warehouse.

                              --at=STATE             Ref, publication, run or time to look at. Default: main.
                          -C, --project-dir=DIR      Folder of the project. Default: this folder or the nearest one above.
                          -h, --help                 Show this help.
                              --json                 Print JSON.
                              --no-cache             Compile everything anew, and remember nothing of it.
                              --threads=N            How many nodes run at the same time.
                          -v, --verbose              Log more, and show where errors come from.
                              --vars=YAML            Variables of the project, as in --vars 'since: 2026-01-01'.
                              --warehouse=LOCATION   Where the tables are. Default: what the project says.

                        Examples:
                          tarn tables
                          tarn tables --at run:261121-101500-k3xq   what that run sees
                          tarn tables --json
                        """);
    }

    @Test
    void everyCommandHasAGroupADescriptionAndExamples() {
        TestConsole console = new TestConsole(folder);
        console.run();
        CommandLine root = Commands.create(new Invocation(console.console(), new Interrupts()));

        root.getSubcommands()
                .forEach((name, command) -> {
                    var usage = command.getCommandSpec().usageMessage();
                    if (usage.hidden()
                            || List.of(command.getCommandSpec().aliases()).contains(name)) {
                        return;
                    }
                    assertThat(console.out()).contains("\n  " + name + " ");
                    assertThat(usage.description()).as(name).isNotEmpty();
                    assertThat(usage.footer()).as(name).isNotEmpty();
                });
    }

    @Test
    void coloursAreForTerminalsOnlyAndCanBeRefused() {
        TestConsole plain = new TestConsole(folder);
        plain.run("--help");
        TestConsole terminal = new TestConsole(folder).onTerminal();
        terminal.run("--help");
        TestConsole refused = new TestConsole(folder).onTerminal().withEnvironment("NO_COLOR", "1");
        refused.run("--help");

        assertThat(plain.out()).doesNotContain("\u001b");
        assertThat(terminal.out()).contains("\u001b");
        assertThat(refused.out()).doesNotContain("\u001b");
    }
}
