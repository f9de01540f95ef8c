package dev.tarn.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PythonSyntaxTest {
    private static String told(String code) {
        return PythonSyntax.wrong("m.py", code).map(Object::toString).orElse("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "def model(dbt, s)~    return 1 | 1:1 | the line of 'def' lacks its ':'.",
                "async def f()~    pass | 1:1 | the line of 'def' lacks its ':'.",
                "if x == {1: 2}~    pass | 1:1 | the line of 'if' lacks its ':'.",
                "x = (1,~def f(): pass | 1:5 | '(' is never closed.",
                "x = 1)~ | 1:6 | ')' closes nothing. Open it, or remove ')'.",
                "x = [~1) | 2:2 | ')' cannot close '[' of line 1.",
                "x = 'abc~y = 1 | 1:5 | the text that begins here has no end. Close it with '.",
                "x = ```a``` + '''b~ | 1:15 | the text that begins here has no end. Close it with '''.",
                "def f():~x = 1 | 2:1 | after ':' come indented lines. Indent what belongs to it, or write 'pass'.",
                "def f(): | 1:9 | after ':' come indented lines. Indent what belongs to it, or write 'pass'.",
                "x = 1~  y = 2 | 2:3 | the line is indented further than the one before it, which does not end with ':'.",
                "if x:~    y = 1~  z = 2 | 3:3 | the line is indented like none of the blocks before it.",
            })
    void whatNoPythonReadsIsToldAtItsPlace(String code, String place, String message) {
        assertThat(told(code.strip().replace("~", "\n").replace("```", "\"\"\"")))
                .isEqualTo("m.py:%s: Python cannot read this: %s [CONFIG_INVALID]", place, message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if x: pass\nelse: y = 1\n",
                "def f(a: int = 1, *, b) -> {1: 2}:\n\treturn a",
                "x = (1 +\n# )\n2)\ny = \"it's\"",
                "with (open('a') as a,\n  open('b') as b):\n    pass",
                "x = 'a\\\nb'\nif a and \\\n  b:\n    pass",
                "x = f'{a:>{w}}' f\"{b['k']!r:'^5} {{'\" rf'\\{c}' f'\\N{DASH}'",
                "x = f'{d[\n  'k'\n]}'",
                "match x:\n  case [1, *_]:\n    pass",
                "class A: x: int; y = lambda: {1: 2}[1]",
                "@d\nasync def f():\n    async with a: await b\n",
                "\uFEFFdef f():\r\n    pass\r\n",
                "if x:\n    # a\n\n  # b\n    pass\n# c\n",
                "défi = 'é'; t = t'{défi}'; async_ = 1",
                "print 'old'",
            })
    void whatPythonMayReadPasses(String code) {
        assertThat(told(code)).isEmpty();
    }

    /** The judge is Python's own library, where there is one. */
    @Test
    void nothingOfPythonsLibraryIsRefused() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/usr/lib")), "There is no /usr/lib");
        List<String> refused = new ArrayList<>();
        try (Stream<Path> libraries = Files.list(Path.of("/usr/lib"))) {
            for (Path library :
                    libraries
                            .filter(p -> p.getFileName().toString().startsWith("python3"))
                            .toList()) {
                try (Stream<Path> files = Files.walk(library)) {
                    for (Path file : files.filter(f -> f.toString().endsWith(".py")).toList()) {
                        judge(file, refused);
                    }
                }
            }
        }
        assertThat(refused).isEmpty();
    }

    private static void judge(Path file, List<String> refused) throws IOException {
        boolean wrongOnPurpose = file.toString().matches(".*(bad|lib2to3/tests).*");
        if (wrongOnPurpose || !Files.isReadable(file)) {
            return;
        }
        try {
            PythonSyntax.wrong(file.toString(), Files.readString(file))
                    .ifPresent(p -> refused.add(p.toString()));
        } catch (MalformedInputException e) {
            // Written in an encoding of its own.
        }
    }
}
