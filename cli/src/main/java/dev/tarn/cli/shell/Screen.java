package dev.tarn.cli.shell;

import dev.tarn.cli.output.Paint;
import dev.tarn.model.TarnException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Where a shell shows things.
 *
 * @param columns of the terminal now; 0 for any width
 * @param errors shows what went wrong
 */
public record Screen(
        PrintStream out,
        Paint paint,
        IntSupplier columns,
        Clock clock,
        Consumer<TarnException> errors) {}
