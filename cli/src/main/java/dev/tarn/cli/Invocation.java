package dev.tarn.cli;

import java.io.PrintStream;

/** One start of the program: what it was started with, and how it is stopped. */
record Invocation(Console console, Interrupts interrupts) {
    PrintStream out() {
        return console.out();
    }

    PrintStream err() {
        return console.err();
    }
}
