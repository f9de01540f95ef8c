package dev.tarn.cli.shell;

import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;

/** Reads statements from a person at a terminal, or from a file or another program. */
public final class Shell {
    private final ShellSession session;
    private final Tarn tarn;
    private final Screen screen;

    public Shell(Tarn tarn, At at, Screen screen) {
        this.tarn = tarn;
        this.screen = screen;
        this.session = new ShellSession(tarn, at, screen);
    }

    /** Stops the statement that runs, if one does. May be called by any thread. */
    public void cancel() {
        session.cancel();
    }

    /**
     * Talks with a person until they leave.
     *
     * @param history file that keeps what was typed
     */
    public void interact(Path history) {
        try (Terminal terminal =
                TerminalBuilder.builder().system(true).nativeSignals(true).build()) {
            terminal.handle(Signal.INT, signal -> session.cancel());
            Path folder = history.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            LineReader reader =
                    LineReaderBuilder.builder()
                            .terminal(terminal)
                            .appName("tarn")
                            .parser(new SqlParser())
                            .completer(new SqlCompleter(tarn, session))
                            .variable(LineReader.HISTORY_FILE, history)
                            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "   ...> ")
                            .variable(LineReader.COMPLETION_STYLE_LIST_BACKGROUND, "bg:default")
                            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                            .option(LineReader.Option.CASE_INSENSITIVE, true)
                            .build();
            screen.out().println("\\? shows the commands, \\q leaves. SQL ends with a semicolon.");
            converse(reader);
        } catch (IOException e) {
            throw ShellErrors.terminalFailed(e);
        }
    }

    private void converse(LineReader reader) {
        while (true) {
            try {
                String input = reader.readLine(session.at() + "> ");
                if (session.accept(input) == ShellSession.Outcome.LEAVE) {
                    return;
                }
            } catch (UserInterruptException e) {
                // Ctrl-C while typing throws the line away.
            } catch (EndOfFileException e) {
                return;
            }
        }
    }

    /**
     * Does what a file or another program says, up to the first mistake.
     *
     * @return whether everything was done
     */
    public boolean read(InputStream in) throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        StringBuilder pending = new StringBuilder();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            pending.append(line).append('\n');
            if (Statements.isWhole(pending.toString())) {
                ShellSession.Outcome outcome = accept(pending);
                if (outcome != ShellSession.Outcome.DONE) {
                    return outcome == ShellSession.Outcome.LEAVE;
                }
            }
        }
        return accept(pending) != ShellSession.Outcome.FAILED;
    }

    private ShellSession.Outcome accept(StringBuilder pending) {
        String input = pending.toString();
        pending.setLength(0);
        return session.accept(input);
    }
}
