package dev.tarn.demo;

import java.nio.file.Path;

/** Writes a shop in a process of its own, so that a test can bound its memory. */
final class GenerateMain {
    private GenerateMain() {}

    public static void main(String[] args) {
        DemoSummary summary =
                DemoShop.generate(Path.of(args[0]), DemoSize.of(Double.parseDouble(args[1])));
        System.out.println(summary.events().distinct());
    }
}
